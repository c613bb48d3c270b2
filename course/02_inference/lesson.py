# ---
# jupyter:
#   course:
#     title: Static versus dynamic inference
#     question: Must the answer exist before the question?
#     minutes: 55
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Static versus dynamic inference
#
# **Must the answer exist before the question?**
#
# Your delay service has a model. Planners now want answers, and there are two ways to give them.
#
# The night shift could predict tomorrow's flights in one go and leave the answers in a table. Or a service could stay
# awake all day and predict whenever somebody asks. In this lesson you build both, put callers on both, and measure.

# %% [markdown]
# ## What you will be able to do
#
# After 55 minutes you can
#
# - **define** static and dynamic inference in one sentence each;
# - **measure** waiting time, cost, freshness, coverage and memory of both;
# - **stop** a bad batch before anybody reads it;
# - **find** a cache that still serves yesterday's model.
#
# Before this: unit 01. You need no SQL and no HTTP; what we use of them is explained. Everything runs on your machine,
# offline. The service listens on this machine only, on a port that the system picks, and the lesson closes it again.
#
# At the end stands a decision card with your own measurements. They depend on your machine, and that is the point.

# %%
import json
import sqlite3
import time
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from fastapi import FastAPI
from sklearn.metrics import roc_auc_score
from threadpoolctl import threadpool_limits

from exercises import figures, log_losses, quiz
from exercises.callers import percentile
from exercises.comparisons import side_by_side, waiting_times
from exercises.decision_card import DecisionCard, Side
from exercises.flights import FEATURES, load_decisions, load_flights

# %%
from exercises.models import MonthlyModels, fit, linear_model, probabilities, tree_model
from exercises.serving import Service, resident_bytes
from exercises.weather import WEATHER, weather_at

QUICK = False  # True on a slow machine: a quarter of the rows, so some figures and verdicts differ
decisions = load_decisions(quick=QUICK)
trees = MonthlyModels(tree_model, decisions)
VERSION = "v2"  # boosted trees of January and February; v1, of January alone, served until now
model = trees.trained(range(1, 3)).model
day = decisions[decisions["date"] == "2013-03-08"]
local = day["decided_at"].dt.tz_convert("America/New_York").dt.hour
usual = decisions["late"][decisions["month"] < 3].mean()
print(f"Friday, 8 March 2013: {len(day)} questions, ", end="")
print(f"asked from {local.min()}:00 to {local.max()}:00 local time.")
print(f"Of these flights {day['late'].mean():.0%} arrived late: a snow storm. ", end="")
print(f"Of all so far it was {usual:.0%}.")

# %% [markdown]
# ## Two words
#
# - **Static inference**: predict ahead for everything you expect to be asked, store the answers, look them up.
# - **Dynamic inference**: predict when somebody asks, from what is known at that moment.
#
# Static is a buffet: cooked at night, tasted by the chef, served in a second. But only what stands there can be eaten.
# Dynamic cooks to order: anything on the card, hot, and the guest waits.
#
# Other names are *batch* or *offline* for static, *online* or *real-time* for dynamic. Neither word says how often the
# model is **trained**. We come back to that.

# %% [markdown]
# ## Build the static system
#
# It has three parts: a list of expected questions, what is known at night, and a table.
#
# A question is a **key**: airline, origin, destination, hour and weekday. The job does not know which will be asked
# tomorrow. It answers all that it has ever met for that weekday.
#
# The table is in **SQLite**, a real database in one file. Its primary key holds the **model's version**, and each row
# says when it was made. You will see why. The `with store:` block is a *transaction*: readers see all its rows or
# none, even if the job dies half way.

# %%
KEY = ["carrier", "origin", "dest", "hour", "weekday"]
# every question of January and February, once
known = decisions[decisions["month"] < 3].drop_duplicates(KEY)
Path("predictions.sqlite").unlink(missing_ok=True)
store = sqlite3.connect("predictions.sqlite")
columns = "key TEXT, model TEXT, as_of TEXT, p REAL, PRIMARY KEY (key, model)"
store.execute(f"CREATE TABLE answers ({columns})")


def key_of(question):
    return "|".join(str(question[name]) for name in KEY)


def publish(rows, answers, version, as_of):
    keys = [key_of(row) for row in rows.to_dict("records")]
    batch = [(key, version, as_of.isoformat(), p) for key, p in zip(keys, answers)]
    with store:  # one transaction
        store.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", batch)


# %%
def nightly(date, model, version):
    """Predict the day's expected questions with midnight's weather, and publish them."""
    midnight = pd.Timestamp(date, tz="America/New_York").tz_convert("UTC")
    rows = weather_at(known[known["weekday"] == date.weekday()], midnight)
    publish(rows, probabilities(model, rows).tolist(), version, midnight)
    return len(rows)


start = time.process_time()
written = [nightly(date, model, VERSION) for date in pd.date_range("2013-03-01", "2013-03-08")]
batch_seconds = (time.process_time() - start) / len(written)  # of one night, processor time
[stored_rows] = store.execute("SELECT count(*) FROM answers").fetchone()
print(f"{len(known):,} different questions so far. ", end="")
print(f"{len(written)} nights, {sum(written):,} answers written, ", end="")
print(f"{batch_seconds:.2f} s of processor a night.")
print(f"Stored rows: {stored_rows} (each Friday replaces the last)")
pd.read_sql("SELECT * FROM answers ORDER BY p DESC LIMIT 3", store)

# %% [markdown]
# A whole day, ready before anybody wakes. To run the job twice changes nothing: the same key replaces the same row.
# This is called **idempotent**, and at night it is worth gold.
#
# ## Build the dynamic system
#
# Now a service that stays awake. **FastAPI** turns functions into addresses, **uvicorn** listens for requests.
# Both systems get a route of the same service, so that callers travel the same road to each. `/stored` looks up,
# `/now` predicts from what the caller sends: the newest weather included.

# %%
app = FastAPI()
kinds = day[list(FEATURES)].dtypes
# may only read
lookup = sqlite3.connect("file:predictions.sqlite?mode=ro", uri=True, check_same_thread=False)


def predict_one(question):
    row = pd.DataFrame([question], columns=list(FEATURES)).astype(kinds)
    return float(model.predict_proba(row)[0, 1])


@app.post("/now")
async def now(question: dict):
    return {"p": predict_one(question), "model": VERSION}


# %%
@app.post("/stored")
async def stored(question: dict):
    query = "SELECT p, as_of FROM answers WHERE key = ? AND model = ?"
    found = lookup.execute(query, (key_of(question), VERSION)).fetchone()
    p, as_of = found or (None, None)
    return {"p": p, "model": VERSION, "as_of": as_of}


# as they travel: a missing number is null
questions = json.loads(day[list(FEATURES)].to_json(orient="records"))
service = Service(app).start()
no_port = "The service answers through memory: no port could be opened here."
print(no_port if service.in_memory else service)
afternoon = questions[int(np.flatnonzero(local == 15)[0])]
print("Somebody asks at 15:00 for", key_of(afternoon))
for path in ("/stored", "/now"):
    print(f"  {path:8}{service.ask(path, afternoon).body}")

# %% [markdown]
# Two answers to one question: airline F9, from LaGuardia to Denver, at 17 hours on a Friday (Monday is 0). `/stored`
# says when it was made: midnight in New York, written in UTC. Since then the storm has moved. `/now` has seen it.
#
# (If the first line says *through memory*, your machine opens no port. All that follows works, but the times
# leave out the network.)
#
# ### Predict first: one row, many rows
#
# Which costs more processor time: one answer on its own, or one answer within a batch? And how many times?

# %%
quiz("02.one_row")

# %%
march, some = decisions[decisions["month"] == 3], questions[::8]
with threadpool_limits(limits=1):
    predict_one(some[0])  # warm up
    start = time.process_time()
    alone = [predict_one(question) for question in some]
    one_seconds = (time.process_time() - start) / len(some)
    start = time.process_time()
    model.predict_proba(march[list(FEATURES)])
    row_seconds = (time.process_time() - start) / len(march)
print(f"One answer on its own: {one_seconds * 1e3:.1f} ms of processor. ", end="")
print(f"One of a batch of {len(march):,}: {row_seconds * 1e6:.1f} µs. ", end="")
print(f"Factor: {one_seconds / row_seconds:,.0f}.")
gap = np.abs(probabilities(model, day)[::8] - alone).max()
print(f"Alone and in a batch a flight gets one answer: the largest difference is {gap:.1g}.")

# %% [markdown]
# The trees are the same. Around them a table is built and checked, and a batch pays that once. So static is cheaper a
# row, but computes rows that nobody asks for. We shall divide by answers that were *used*.
#
# That both say one thing is no matter of course. A batch that numbers its airlines anew answers otherwise, and nothing
# raises. Exercise 2 finds that.
#
# ## How long do callers wait?
#
# An average hides who suffers. So look at **percentiles**: half wait less than p50, one in a hundred longer than p99.
#
# Our client is an **open loop**: it sends each question at its planned moment, whether or not the service is ready.
# Waiting counts from that moment.

# %%
at_once = service.open_loop("/now", questions[:60], [0.0] * 60)
capacity = 60 / max(reply.finished for reply in at_once)  # answers a second, if idle else
print(f"Sixty questions at once: the service predicts {capacity:.0f} times a second.")
rng, waits = np.random.default_rng(8), {}
few = questions[: int(np.clip(5 * capacity, 40, 120))]  # fewer on a slow machine
for load, share in {"calm": 0.5, "rush": 2.5}.items():
    moments = rng.exponential(1 / (share * capacity), size=len(few)).cumsum()
    for side, path in {"static": "/stored", "dynamic": "/now"}.items():
        replies = service.open_loop(path, few, moments)
        done = [reply.waited_ms for reply in replies if reply.status == 200]
        waits[f"{side}, {load}"] = done
        print(f"{side}, {load}: {len(done)} of {len(replies)} answered, ", end="")
        print(", ".join(f"p{q} {percentile(done, q / 100):.1f} ms" for q in (50, 95, 99)))
waiting_times(waits, caption="The share of callers who have their answer; dotted: p99.")

# %% [markdown]
# While it is calm, most callers of either have their answer at once. In the rush, questions come more than twice as
# fast as the service can predict. Each waits for all before it, so a **queue** grows for as long as the rush lasts.
# The lookup notices far less.
#
# (A hundred callers have one whose wait is p99. Measure thousands before you promise such a number to anybody.)
#
# So a dynamic system is sized for its busiest minute, and idles the rest of the day. A static one is sized for the
# night.
#
# ## What must stay in memory?
#
# Two fresh processes: one can look up answers, the other can predict.

# %%
service.stop()
joblib.dump(model, "model.joblib")
programs = {
    "static": "import sqlite3; db = sqlite3.connect('predictions.sqlite'); "
    "db.execute('SELECT max(p) FROM answers').fetchone()",
    "dynamic": "import joblib; model = joblib.load('model.joblib')",
}
megabytes = {side: resident_bytes(program) / 1e6 for side, program in programs.items()}
size = [Path(name).stat().st_size / 1e6 for name in ("predictions.sqlite", "model.joblib")]
print(f"Memory: {megabytes['static']:.0f} MB to look up, {megabytes['dynamic']:.0f} MB to predict.")
print(f"On disk: {size[0]:.2f} MB of answers, {size[1]:.2f} MB of model.")

# %% [markdown]
# The model itself is small. The libraries that run it are not, and every copy of the service carries them. The table
# needs almost nothing, and any language can read it.
#
# So far static wins everything: time, memory, processor. Now its two weaknesses.
#
# ## Questions that nobody foresaw
#
# ### Predict first: how many are there?
#
# The night shift answers every key that occurred in January and February. March has new flights, new hours, new routes.
# Which share of March's questions finds an answer?

# %%
quiz("02.coverage")


# %%
def asked_keys(rows, key):
    return pd.Series(list(zip(*(rows[name] for name in key))), index=rows.index)


numbered = decisions.assign(flight=load_flights()["flight"].loc[decisions["row"]].to_numpy())
past, coming, tails = numbered[numbered["month"] < 3], numbered[numbered["month"] == 3], {}
by_number = ["carrier", "flight", "origin", "dest"]
for name, key in {"route, hour, weekday": KEY, "flight number": by_number}.items():
    wanted = asked_keys(past, key).value_counts()  # most wanted first
    asked = asked_keys(coming, key).value_counts()
    tails[name] = asked.reindex(wanted.index, fill_value=0).cumsum().to_numpy() / len(coming)
    unused = 1 - asked.index.isin(wanted.index).sum() / len(wanted)
    print(f"{name}: {len(wanted):,} answers computed, {unused:.0%} of them never used, ", end="")
    print(f"{tails[name][-1]:.1%} of March found.")

# %%
figure, [axis] = figures.panels()
steps = np.linspace(1, len(known), 15).astype(int)
tail = pd.DataFrame(index=pd.Index(steps, name="answers computed"))
for name, shares in tails.items():  # a list that has ended stays level
    tail[name] = [shares[min(step, len(shares)) - 1] for step in steps]
figures.lines(axis, tail, room=3300)
axis.set(ylim=(0, 1.05), ylabel="share of March's questions found")
axis.set(xlabel="answers computed ahead, most wanted first")
caption = "The long tail: however many answers are computed ahead, some questions are missing."
alt = " ".join(f"{name}, by answers computed: {figures.in_words(tail[name])}." for name in tail)
figures.picture(figure, caption=caption, alt=alt, table=tail)

# %% [markdown]
# Both lines end below one. What is missing is the **long tail**: questions that were never asked before. No amount of
# night work reaches them.
#
# The key decides much. A daily flight number is wanted every day, so few of them serve most; but numbers change. By
# route, hour and weekday more answers last. For every miss you need a plan: a default, or the dynamic system.
#
# > **Enough for today?** You are about halfway. Here you can stop and come back; nothing is timed.
#
# ## Answers that have grown old
#
# ### Predict first: midnight's weather
#
# The second weakness is age. We take July, with the trees of January to June. Who loses most by the night shift?

# %%
july = decisions[decisions["month"] == 7]
six = decisions[(decisions["month"] < 7) & decisions["sample"]]


def at_midnight(rows):
    return weather_at(rows, rows["date"].dt.tz_localize("America/New_York").dt.tz_convert("UTC"))


def blind(rows):
    return rows.assign(**dict.fromkeys(WEATHER, 0.0))  # a constant tells trees nothing


dynamic_model = trees.trained(range(1, 7)).model
night_model, blind_model = fit(tree_model(), at_midnight(six)), fit(tree_model(), blind(six))
served = {
    "two hours before the flight": probabilities(dynamic_model, july),
    "at midnight": probabilities(dynamic_model, at_midnight(july)),
    "at midnight, trained on midnights": probabilities(night_model, at_midnight(july)),
    "none": probabilities(blind_model, blind(july)),
}
quiz("02.midnight")

# %%
late_july = july["late"].to_numpy()
july_loss = {name: log_losses(late_july, p).mean() for name, p in served.items()}
july_auc = {name: roc_auc_score(late_july, p) for name, p in served.items()}
print("July, by the weather that the model gets", end=" ")
print("(AUC: higher is better; log loss, nats: lower is better)")
for name in served:
    print(f"  AUC {july_auc[name]:.3f}, log loss {july_loss[name]:.3f}  {name}")
# hours since the weather was observed
ages = {"static": (local + 0.0).median(), "dynamic": day["weather_age"].median()}
print("Age of the weather behind an answer on 8 March, median: ", end="")
print(f"static {ages['static']:.0f} h, dynamic {ages['dynamic']:.0f} h.")

# %%
by_hour = pd.DataFrame({"fresh": log_losses(late_july, served["two hours before the flight"])})
by_hour["midnight"] = log_losses(late_july, served["at midnight"])
# earlier and later there are few flights
by_hour = by_hour.groupby(july["hour"].to_numpy()).mean().loc[6:21]
figure, [axis] = figures.panels()
figures.lines(axis, by_hour, room=3)
figures.loss_axis(axis)
axis.set(xlabel="scheduled hour, local time", xticks=range(6, 22, 3))
gap = by_hour["midnight"] - by_hour["fresh"]
morning, later = gap.loc[:12].mean(), gap.loc[15:].mean()
print(f"Midnight's weather costs {morning:+.3f} nats until noon, {later:+.3f} from 15:00 on.")
alt = " ".join(f"Weather {name}: {figures.in_words(by_hour[name])}." for name in by_hour)
figures.picture(figure, caption="July's log loss by scheduled hour.", alt=alt, table=by_hour)

# %% [markdown]
# In the morning midnight's weather is good enough. In the afternoon, when July's thunderstorms come, the lines part.
# **Freshness has a price by the hour**, so you can choose by the hour: a second batch at noon may buy most of it.
#
# One line surprises: to *train* on midnights did not help. The likely reason: all flights that leave an airport on one
# day then share one weather. The trees meet few different ones, and learn them by heart.
#
# ## A model that takes an hour
#
# Suppose a better model needs an hour for one answer: a simulation, say. Questions come two hours before the flight. We
# play one day on a fake clock, with more and more machines.

# %%
import heapq


def share_in_time(asked_hours, machines, hours_each=1.0, patience=2.0):
    free, in_time = [0.0] * machines, 0
    for asked in sorted(asked_hours):
        done = max(asked, heapq.heappop(free)) + hours_each  # the first that is free
        heapq.heappush(free, done)
        in_time += done - asked <= patience
    return in_time / len(asked_hours)


for machines in (10, 30, 60, 100):
    idle = 1 - min(1.0, len(day) / (24 * machines))
    print(f"{machines:3} machines: {share_in_time(local, machines):.0%} answered ", end="")
    print(f"before the flight, {idle:.0%} idle.")
days = len(known) / 30 / 24
print(f"Ahead, without weather: {len(known):,} keys by 30 machines ", end="")
print(f"take {days:.1f} days, once a version.")

# %% [markdown]
# On demand it takes a hall of machines, half of them idle, and each caller waits an hour. On a web page that is no
# answer. Ahead, a few machines suffice, if answers may know no weather. **A slow model decides for you.**
#
# ## Tasting before serving
#
# Static inference has one best argument: you can **check predictions before publishing them**. Version v3 is due. Nobody
# knows that its feed wrote "on time" for all of February.
#
# The check compares with the trusted version *on the same questions*, not with yesterday's mean: a storm moves that,
# too.
#
# ### Predict first: who gets bad answers?
#
# Both systems get v3 at midnight. Somebody looks at the dashboard at nine.


# %%
def objection(answers, trusted):
    """Say what speaks against a batch, beside the trusted version's answers to the same keys."""
    if not np.isfinite(answers).all() or answers.min() < 0 or answers.max() > 1:
        return "some answers are no probabilities"
    shift = answers.mean() - trusted.mean()
    return f"mean answer moved by {shift:+.3f}" if abs(shift) > 0.05 else None


spoiled = decisions.assign(late=decisions["late"].where(decisions["month"] != 2, 0))
bad_model = MonthlyModels(tree_model, spoiled).trained(range(1, 3)).model
night = pd.Timestamp("2013-03-09", tz="America/New_York").tz_convert("UTC")
rows, v1 = weather_at(known[known["weekday"] == 5], night), trees.trained(range(1, 2)).model
january, trusted, bad = (probabilities(m, rows) for m in (v1, model, bad_model))
quiz("02.bad_version")

# %%
print("v2 beside v1:", objection(trusted, january) or "nothing against it")
print("v3 beside v2:", objection(bad, trusted) or "nothing against it")
saturday = decisions[decisions["date"] == "2013-03-09"]
before_nine = saturday[saturday["decided_at"].dt.tz_convert("America/New_York").dt.hour < 9]
if objection(bad, trusted) is None:
    publish(rows, bad.tolist(), "v3", night)
[published] = store.execute("SELECT count(*) FROM answers WHERE model = 'v3'").fetchone()
mean_v3, mean_v2 = (probabilities(m, before_nine).mean() for m in (bad_model, model))
print(f"Static: {published} of {len(bad):,} bad answers were published, so nobody saw one.")
print(f"Dynamic: until nine o'clock {len(before_nine)} callers had one; ", end="")
print(f"mean answer {mean_v3:.2f} in place of {mean_v2:.2f}.")

# %% [markdown]
# The table still holds what stood there before: old answers in place of bad ones. The dynamic system cannot taste, each
# answer leaves at once. It needs guards *around* the model: a gate (unit 06), a careful rollout (unit 07), monitoring.
#
# ## Between the two: a cache
#
# Most dynamic systems remember answers: ask the model once, serve the rest from a **cache**. So they inherit the troubles
# of static ones.
#
# ### Predict first: the new model
#
# From 1 to 7 March v1 answers, behind a cache by airline, route and hour. The weekday is left out, so that more is found.
# On 8 March, the day of the storm, v2 goes live. Nobody empties the cache.

# %%
weeks = march[march["date"].between("2013-03-01", "2013-03-14")]
said = {"v1": probabilities(v1, weeks), "v2": probabilities(model, weeks)}
live = np.where(weeks["date"] < "2013-03-08", "v1", "v2")
second = (live == "v2").nonzero()[0]  # the week of the new model
keys, dates = asked_keys(weeks, KEY[:4]), weeks["date"].to_numpy()
designs = {
    "key alone": list(keys),
    "key and version": list(zip(keys, live)),
    "key, version and day": list(zip(keys, live, dates)),
    "no cache": range(len(weeks)),
}
quiz("02.new_model")

# %%
caches = pd.DataFrame(index=list(designs), columns=["found", "from v1", "log loss"], dtype=float)
for name, design in designs.items():
    cache, served_by = {}, []
    for place, key in enumerate(design):
        served_by.append(cache.setdefault(key, place))  # the first who asks fills it
    first = np.array(served_by)[second]
    answers = np.where(live[first] == "v1", said["v1"][first], said["v2"][first])
    loss = log_losses(weeks["late"].to_numpy()[second], answers).mean()
    caches.loc[name] = (first != second).mean(), (live[first] == "v1").mean(), loss
print(f"The week after v2 went live: {caches.loc['key alone', 'from v1']:.0%} ", end="")
print("of the answers still came from v1, and no request failed.")
caches.round(3)

# %% [markdown]
# Every dashboard says v2. Callers get v1, and a rollback would be as deaf. With the **version in the key** the
# old answers can no longer be found.
#
# Look at the loss, too. With the version alone it is *worst of all*: v2's first answers were made in the storm, and the
# cache repeats them all week. Only a limit to their age, called **time to live**, cures that. With a day as limit hardly
# anything is found: a cache pays only where questions come back before answers grow old.
#
# One more trap. To save space somebody rounds answers to one decimal. Take lesson 01's January line, in July. Every
# answer is in the cache. How many are found?

# %%
tenths = MonthlyModels(linear_model, decisions).probabilities(range(1, 2), 7).round(1)
cache = dict(enumerate(tenths.tolist()))
careless = sum(1 for key in cache if cache.get(key))  # "if there is an answer"
careful = sum(1 for key in cache if cache.get(key) is not None)
print(f"if cache.get(key):             {careless / len(cache):.0%} found")
print(f"if cache.get(key) is not None: {careful / len(cache):.0%} found")

# %% [markdown]
# An answer of zero counts as nothing in Python, so the careless line calls it a miss. The model is asked again, for
# every flight that is surely on time. Nothing breaks. Only the bill grows, and the callers wait.
#
# ## Two choices, not one
#
# Static or dynamic *training* was the choice of unit 01. Static or dynamic *inference* is another one. Are they tied
# together? July decides: two trainings, two inferences. What the table does not hold gets last months' late rate.

# %%
found = asked_keys(july, KEY).isin(asked_keys(decisions[decisions["month"] < 7], KEY)).to_numpy()
base = decisions["late"][decisions["month"] < 7].mean()
corners = pd.DataFrame(index=["ahead, at midnight", "on demand"])
for training, months in {"trained once": range(1, 2), "trained monthly": range(1, 7)}.items():
    ahead = np.where(found, probabilities(trees.trained(months).model, at_midnight(july)), base)
    pair = ahead, trees.probabilities(months, 7)
    corners[training] = [log_losses(late_july, p).mean() for p in pair]
print(f"{found.mean():.0%} of July's questions had occurred before.")
print("Log loss of the four systems in July, nats:")
corners.round(3)

# %% [markdown]
# Four systems, each one possible, each in use somewhere. Fresh training pays with either inference, fresh inference with
# either training. But the gains are not equal: fresh weather is worth little to a model that never saw summer.
#
# So ask twice. For training: *how fast does the world change?* For inference: *how fast does the input change, and who
# waits?*
#
# ## Side by side
#
# Everything you measured, in one row of pictures. Cost is processor time divided by answers that callers *used*.

# %%
on_day = asked_keys(day, KEY).isin(asked_keys(known, KEY))
cost_us = {"static": batch_seconds / on_day.sum() * 1e6, "dynamic": one_seconds * 1e6}
p99 = {name: percentile(times, 0.99) for name, times in waits.items()}
sides = pd.DataFrame(
    {
        "p99, calm, ms": [p99["static, calm"], p99["dynamic, calm"]],
        "p99, rush, ms": [p99["static, rush"], p99["dynamic, rush"]],
        "processor, µs": cost_us.values(),
        "memory, MB": megabytes.values(),
        "age, hours": ages.values(),
        "not found, %": [100 * (1 - tails["route, hour, weekday"][-1]), 0.0],
    },
    index=list(cost_us),
)
side_by_side(sides, caption="Both systems, six measures. In each the shorter bar is better.")

# %%
static = Side(
    name="Static inference",
    definition="Predict ahead for all you expect to be asked, store the answers, look them up.",
    choose="questions can be foreseen, inputs change slowly, or each answer must be checked first",
    avoid="the tail of questions is long, or an answer of this morning misleads this evening",
    cost=f"p99 {sides.iloc[0, 0]:.1f} ms, {sides.iloc[0, 1]:.1f} in the rush. "
    f"{cost_us['static']:,.0f} µs a used answer. {megabytes['static']:.0f} MB. "
    f"{sides.iloc[0, 5]:.0f} % not found. July's loss {july_loss['at midnight']:.3f}.",
    noticed="the share of misses grows, answers are older than promised, or few of them are read",
    elsewhere="Farm: tomorrow's watering of each field. Bank: credit limits, approved before use.",
)
ask = (
    "Which share of tomorrow's questions can I list today?",
    "What does an answer lose by being half a day old?",
)

# %%
dynamic = Side(
    name="Dynamic inference",
    definition="Predict when somebody asks, from what is known at that moment.",
    choose="questions cannot be listed, or the newest input decides",
    avoid="the model is slower than callers are patient, or nobody watches what leaves",
    cost=f"p99 {sides.iloc[1, 0]:.1f} ms, {sides.iloc[1, 1]:.0f} in the rush. "
    f"{cost_us['dynamic']:,.0f} µs an answer. {megabytes['dynamic']:.0f} MB. All found. "
    f"July's loss {july_loss['two hours before the flight']:.3f}.",
    noticed="p99 climbs with traffic, machines idle at night, or callers find the bad version",
    elsewhere="Shop: a search for words nobody typed before. Clinic: an alarm at the bedside.",
)
card = DecisionCard(title="Static or dynamic inference?", sides=(static, dynamic), ask_first=ask)
written = card.save(Path("decision_card.md"))
print(f"Written for you: {written}, with a free column for your own system.")
card

# %% [markdown]
# Static is better wherever a machine or a caller pays, dynamic wherever the *answer* pays. Which of them hurts in your
# system?
#
# Often **both** are best: a table for the head, a service for the tail.
#
# ## What broke in production
#
# A shop's nightly job wrote recommendations row by row. One night it died half way. Half of the customers kept old
# answers, of a retired model. Every lookup found something, so no alarm rang for days.
#
# Three small things would have caught it: **one transaction** a batch, the **version in the key**, an alarm on the **age
# of the oldest answer**. You build the first two in exercise 3.
#
# ### Your turn: five systems

# %%
store.close()
lookup.close()
for name in ("predictions.sqlite", "model.joblib"):  # of all files the decision card stays
    Path(name).unlink()
quiz("02.five_systems")

# %% [markdown]
# ## Three lines to keep
#
# 1. Static answers are cheap, fast and checked; dynamic answers are fresh and reach the long tail.
# 2. A key without the model's version serves a model that you believe gone.
# 3. When to train and when to predict are two choices, not one.
#
# **Now build it**, in `assignment.ipynb`: count what a batch would answer (eight lines), test that both systems agree,
# then build each.
#
# **Read on.** Google's *Machine Learning Crash Course*, "Production ML systems"; Zinkevich, *Rules of Machine
# Learning*, rules 29 and 32; Breck and others, *The ML Test Score* (2017), Monitor 3; Kästner, *Machine Learning in
# Production*, chapters 10 and 13; Huyen, *Designing Machine Learning Systems*, chapter 7.
