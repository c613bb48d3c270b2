# ---
# jupyter:
#   course:
#     title: When to transform data
#     question: Transform before training, or while?
#     minutes: 55
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # When to transform data
#
# **Transform before training, or while?** It is a question of memory: who remembers the recipe?
#
# No model of yours has ever read a flight. A flight is text, miles and °F, with holes. The model reads numbers near
# zero, without holes.
#
# Between the two stands a **recipe**: fill the holes, subtract this, divide by that. It was learned once, from old
# flights. Training used it, and each answer of the service needs it again. In this lesson you decide where it lives.
# Then you lose it, in one way after another, and watch which dials notice.

# %% [markdown]
# ## What you will be able to do
#
# After 55 minutes you can
#
# - **define** transforming before and while training in one sentence each;
# - **measure** processor time, disk, waiting time and skew of both;
# - **find** a fault of the inputs that no error and no AUC shows;
# - **join** each decision with what was known by then, and nothing later;
# - **keep** recipe and model in one file that a new process can open.
#
# Before this: units 01 and 02, and `fit` and `transform` of scikit-learn. Everything runs on your machine, offline. At
# the end stands a decision card with your own measurements.

# %%
import json
import subprocess
import sys
import time
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, RobustScaler, StandardScaler
from threadpoolctl import threadpool_limits

# %%
from exercises import figures, log_losses, quiz
from exercises.comparisons import side_by_side, two_dials
from exercises.decision_card import DecisionCard, Side
from exercises.flights import CATEGORIES, FEATURES, NUMBERS, load_decisions, load_flights, load_weather
from exercises.models import fit, probabilities, tree_model
from exercises.recipes import inputs_by_batch, memory_of, rewrite, train_in_passes
from exercises.weather import weather_at

threadpool_limits(1)  # so that processor time means the same on every machine
QUICK = False  # True on a slow machine: a quarter of the rows, so some figures and verdicts differ
decisions = load_decisions(quick=QUICK)
past = decisions[decisions["sample"] & (decisions["month"] < 7)]
july = decisions[decisions["month"] == 7]
raw, raw_july = past[list(FEATURES)], july[list(FEATURES)]
print(f"Learn from {len(past):,} flights of January to June, serve {len(july):,} of July.")
print(f"{july['pressure'].isna().mean():.0%} of July's flights come without an air pressure.")

# %% [markdown]
# ## A recipe has a memory
#
# Here it is, in scikit-learn. Numbers: fill a gap with the **median**, subtract the **mean**, divide by the **spread**,
# the standard deviation. Categories, such as the airline: one column for each value that is frequent enough, one for
# the rare.
#
# `fit` looks at the data and remembers. `transform` looks at its memory and changes data. Everything that follows hangs
# on this difference.


# %%
def make_recipe(scaler=StandardScaler):
    numbers = make_pipeline(SimpleImputer(strategy="median"), scaler())
    rare = {"handle_unknown": "infrequent_if_exist", "min_frequency": 20}
    categories = OneHotEncoder(**rare, sparse_output=False)
    parts = (numbers, list(NUMBERS)), (categories, list(CATEGORIES))
    return make_column_transformer(*parts, verbose_feature_names_out=False)


recipe = make_recipe().fit(raw)
memory = memory_of(recipe)
columns = list(recipe.get_feature_names_out())
warm = raw_july["temp"].iloc[100]
became = (warm - memory.loc["temp", "mean"]) / memory.loc["temp", "spread"]
print(f"{len(FEATURES)} raw columns become {len(columns)}. ", end="")
print(f"A July hour of {warm:.0f} °F ({(warm - 32) * 5 / 9:.0f} °C) becomes {became:+.2f}.")
memory.round(2).T

# %% [markdown]
# Thirty numbers and a list of names: that is the memory. (`gap` is what fills one.) Lose any, and the model reads another
# flight.
#
# ## Two words
#
# - **Transform before training**: apply the recipe once to all training data, store the result, train from that file.
# - **Transform while training**: store raw data, and let the recipe run as a part of the model.
#
# *Before* cuts all vegetables the evening before. *While* cuts at the stove, slower for each dish, and brings the knife
# along.
#
# Now both. *Before* writes a **parquet** file: a table stored by columns, typed and compressed. *While* makes a
# **pipeline**: recipe and model as one object. The model is a logistic regression, called *the line*.

# %%
late, late_july = past["late"].array, july["late"].array
past[[*FEATURES, "late"]].to_parquet("raw.parquet", index=False)  # the source of both sides
start = time.process_time()
prepared = make_recipe().fit(raw)  # one pass over all the data
once = time.process_time() - start
inputs = pd.DataFrame(prepared.transform(raw), columns=columns)
inputs.assign(late=late).to_parquet("inputs.parquet")
preparation = time.process_time() - start
megabytes = {name: Path(name).stat().st_size / 1e6 for name in ("raw.parquet", "inputs.parquet")}
print(f"Before: prepared in {preparation:.2f} s of processor, ", end="")
print(f"{once:.2f} of them to learn the recipe.")
print(f"On disk: {megabytes['raw.parquet']:.2f} MB raw, ", end="")
print(f"{megabytes['inputs.parquet']:.2f} MB more as inputs.")


# %%
def new_line():
    return LogisticRegression(C=0.1, max_iter=300)


stored = pd.read_parquet("inputs.parquet").drop(columns="late").to_numpy()
line = new_line().fit(stored, late)  # before: from the file
pipeline = make_pipeline(make_recipe(), new_line()).fit(raw, late)  # while: from raw rows
usual = recipe.transform(raw_july)
right = pipeline.predict_proba(raw_july)[:, 1]
difference = np.abs(right - line.predict_proba(usual)[:, 1]).max()
print(f"July, largest difference between the answers of the two: {difference:.1g}.")
auc, loss = roc_auc_score(late_july, right), log_losses(late_july, right).mean()
print(f"AUC {auc:.3f}, log loss {loss:.3f}.")

# %% [markdown]
# Both roads lead to one model. So the choice is not about the score. It is about work: who does it, how often, and who
# has to remember.
#
# ## What does one more pass cost?
#
# Large models read their data in small **batches**, many times over. A recipe that is part of the model runs on each
# batch, in each pass. We measure it with a line that learns by batches, as in unit 01.

# %%
rows = pd.read_parquet("raw.parquet")[list(FEATURES)]
from_file, file_seconds = train_in_passes(lambda b: stored[b], late, passes=3)  # b: a batch
from_rows, rows_seconds = train_in_passes(lambda b: recipe.transform(rows.iloc[b]), late, passes=3)
a_pass = {"before": file_seconds[-1] / 3, "while": rows_seconds[-1] / 3}
print(f"One more pass: {a_pass['before']:.2f} s from the file, ", end="")
print(f"{a_pass['while']:.2f} s from raw rows. ", end="")
print(f"Largest difference of a weight: {np.abs(from_file.coef_ - from_rows.coef_).max():.1g}.")
work = pd.DataFrame({"before": file_seconds, "while": rows_seconds}) + [preparation, once]
figure, [axis] = figures.panels()
figures.lines(axis, work, room=0.6)
axis.set(ylim=(0, None), xticks=range(4), xlabel="passes over the training data")
figures.loss_axis(axis, "processor time, s")
alt = " ".join(f"{name}, seconds by passes: {figures.in_words(work[name])}." for name in work)
caption = "Processor time until so many passes are done, the preparation included."
figures.picture(figure, caption=caption, alt=alt, table=work.rename_axis("passes"))

# %% [markdown]
# *Before* starts higher: it computes and writes everything first. *While* rises steeper: it pays for the recipe again
# and again. Networks that pass a hundred times over pictures end far to the right of this figure.
#
# So the first advantage of *before* is: **computed once**.
#
# ## The recipe changes
#
# One day in February a station reported a wind of over a thousand miles an hour. Such a value spoils a mean. So a
# colleague improves the recipe: subtract the median, divide by the width of the middle half. It is deployed to the
# service. The file `inputs.parquet` is as it was.
#
# ### Predict first: the forgotten file
#
# Training reads the file, serving uses the new recipe. What happens?

# %%
quiz("03.forgotten_file")

# %%
improved = make_recipe(RobustScaler).fit(raw)
forgotten = line.predict_proba(improved.transform(raw_july))[:, 1]
anew = new_line().fit(improved.transform(raw), late)
remade = anew.predict_proba(improved.transform(raw_july))[:, 1]
loss_of = {
    "old recipe, old file": right,
    "new recipe, old file": forgotten,
    "new recipe, all made anew": remade,
}
for name, p in loss_of.items():
    print(f"  July's log loss {log_losses(late_july, p).mean():.3f}  {name}")
for name, made in {"old": recipe, "new": improved}.items():
    print(f"A name that would have told, {name} recipe: inputs-{joblib.hash(made)[:8]}.parquet")

# %% [markdown]
# The columns keep their names and their number, so nothing fails. All new is as good as all old. Half new is worse than
# either.
#
# With *before*, **each change means a rerun**: seconds here, a night on big data. Who knows that it is due? A name made
# from the content does: other recipe, other name, file not found. You build that in exercise 4.
#
# *While*'s first advantage: the same raw files serve every recipe.
#
# ## All the data, or one batch?
#
# *Before* has a second advantage: it **sees all the data** before it fixes its memory. While training by batches it is
# tempting to scale each batch by itself. It needs no extra pass.

# %%
shuffled = np.random.default_rng(1).permutation(len(past)) // 500
learned = {
    "one memory of January to June": stored,
    "each batch by itself, well shuffled": inputs_by_batch(recipe, past, shuffled),
    "each batch by itself, one day a batch": inputs_by_batch(recipe, past, past["date"]),
}
memory_loss = {}
for name, inputs in learned.items():
    p = new_line().fit(inputs, late).predict_proba(usual)[:, 1]
    memory_loss[name] = log_losses(late_july, p).mean()
    print(f"  July's log loss {memory_loss[name]:.3f}  {name}")

# %%
temp = columns.index("temp")
sampled = decisions[decisions["sample"]]
seen = pd.DataFrame({"one memory": recipe.transform(sampled[list(FEATURES)])[:, temp]})
seen["each day by itself"] = inputs_by_batch(recipe, sampled, sampled["date"])[:, temp]
seen = seen.groupby(sampled["month"].to_numpy()).mean()
figure, [axis] = figures.panels()
figures.month_axis(axis)
figures.lines(axis, seen, room=4.4)
axis.set_ylabel("temperature as input, in spreads")
caption = "The temperature as the model gets it, by one memory or each day by itself: monthly means."
alt = " ".join(f"{name}: {figures.in_words(seen[name], months=True)}." for name in seen)
figures.picture(figure, caption=caption, alt=alt, table=seen)

# %% [markdown]
# Scaled by itself, a July day looks like a January day. **Summer is gone**, with all that the model could learn from
# it. A well shuffled batch is a fair sample and does no harm. But streams come in order of time.
#
# So let one pass fix the memory, on either side. It reads all **training** data: a mean over the year has seen July.
# (*Batch normalisation* in networks scales by the batch, but keeps running means to serve with.)
#
# > **Enough for today?** You are halfway.
#
# ## Serving: who runs the recipe?
#
# Now somebody asks for one flight. The pipeline brings its recipe along. Guess, then run: which takes longer, recipe or
# model, and how many times?

# %%
questions = json.loads(raw_july.to_json(orient="records"))  # as they travel: a gap is null
one = pd.DataFrame(questions[:1], columns=list(FEATURES)).astype(raw_july.dtypes)


def milliseconds(function, times=100):
    function()  # warm up
    start = time.process_time()
    for _ in range(times):
        function()
    return (time.process_time() - start) / times * 1e3


recipe_ms = milliseconds(lambda: recipe.transform(one))
model_ms = milliseconds(lambda: line.predict_proba(usual[:1]))
print(f"One flight: recipe {recipe_ms:.2f} ms, model {model_ms:.2f} ms. ", end="")
print(f"Factor: {recipe_ms / model_ms:.0f}.")

# %% [markdown]
# *While* **adds latency**: the recipe runs in each request. Little of it is arithmetic: scikit-learn builds and checks
# tables, made for many rows.
#
# The service of *before* has no such recipe, it has a file of old flights. For a new flight somebody must **recreate**
# the recipe. Often that is another team, in another language, for speed. Here it is in plain Python, with the memory
# copied into it.

# %%
rewritten = rewrite(recipe, line)  # the same sums in plain Python; how to fill a gap is left to us


def careless(value, median):
    return value or median  # if there is no value, take the median


def careful(value, median):
    return median if value is None else value


by_hand = np.array([rewritten(question, careless) for question in questions])
rewritten_ms = milliseconds(lambda: rewritten(questions[0], careless), times=1000)
print(f"One flight: {recipe_ms + model_ms:.2f} ms by the pipeline, ", end="")
print(f"{rewritten_ms:.4f} ms rewritten.")
for name, p in {"pipeline": right, "rewritten": by_hand}.items():
    auc, loss = roc_auc_score(late_july, p), log_losses(late_july, p).mean()
    print(f"  July's AUC {auc:.3f}, log loss {loss:.3f}  {name}")

# %% [markdown]
# Rewritten it takes next to nothing, and the two scores look alike. A review finds nothing, the dashboard is calm. Ship
# it? (You need not choose between slow and rewritten. Tools such as TF Transform and ONNX *compile* the recipe into the
# model: still *while*, nearly as fast.)
#
# Do not compare scores. Compare **inputs**, row by row: what the service used, beside what the recipe makes of the raw
# data. This is **training-serving skew**, and counting it needs no labels.

# %%
gaps = memory["gap"]
logged = [{name: careless(asked[name], gaps[name]) for name in NUMBERS} for asked in questions]
logged = pd.DataFrame(logged)
recomputed = raw_july[list(NUMBERS)].fillna(gaps).set_axis(logged.index)
apart = (logged - recomputed).abs() > 1e-6
hand_skew = apart.any(axis=1).mean()
print(f"{hand_skew:.0%} of July's flights were scored on other inputs than the model's. ", end="")
print(f"Largest difference of an answer: {np.abs(by_hand - right).max():.3f}.")
mended = np.array([rewritten(question, careful) for question in questions])
print(f"With the careful line it is {np.abs(mended - right).max():.1g}.")
skew = pd.DataFrame({"rows that differ": apart.mean()})
skew["mean moved by"] = (logged - recomputed).mean()
skew[skew["rows that differ"] > 0].rename_axis("input").round(3)

# %% [markdown]
# Monday is weekday zero. For Python zero is "nothing", so each Monday got the median, a Thursday. A calm became a
# breeze. You met the same trap in unit 02, where it cost money. Here it changes answers.
#
# This is the great disadvantage of *before*: **the recipe must be recreated at serving**. With *while* the same code
# runs on both sides. (Static inference is the mild case: the night job can call the training code itself.)
#
# ## Refitted at serving
#
# Another way to lose the memory: the service calls `fit_transform` in place of `transform`.
#
# ### Predict first: a batch of one
#
# One flight is asked, and the recipe is refitted on it. What does the model see?


# %%
def scores(p):
    return roc_auc_score(late_july, p), log_losses(late_july, p).mean()


no_rows = pd.Index([], name="flights")
refitted = pd.DataFrame(columns=["AUC", "log loss"], index=no_rows, dtype=float)
for size in (1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, len(july)):
    batches = np.arange(len(july)) // size  # flights in order of time
    refitted.loc[size] = scores(line.predict_proba(inputs_by_batch(recipe, july, batches))[:, 1])
constant = np.full(len(july), past["late"].mean())
without_model = {"AUC": 0.5, "log loss": log_losses(late_july, constant).mean()}
own = dict(zip(refitted, scores(right)))
quiz("03.batch_of_one")

# %%
lines = {"Own memory": own, "Refitted on 1": refitted.loc[1], "Refitted on 30": refitted.loc[30]}
for what, row in lines.items():
    print(f"{what}: AUC {row['AUC']:.3f}, log loss {row['log loss']:.3f}.")
figure, axes = figures.panels(2, width=9.0, one_scale=False)
for axis, score in zip(axes, refitted):
    axis.plot(refitted.index, refitted[score], color=figures.BLUE, marker="o", markersize=5)
    axis.axhline(own[score], color=figures.VERMILION, linestyle=":", label="its own memory")
    axis.set(xscale="log", title=score, xlabel="flights that the recipe is refitted on")
    axis.xaxis.set_major_formatter("{x:,.0f}")
axes[0].set_ylabel("AUC\nhigher is better \N{RIGHTWARDS ARROW}")
axes[0].legend(loc="center left", frameon=False)
figures.loss_axis(axes[1])
alt = " ".join(f"{score}, by flights: {figures.in_words(refitted[score])}." for score in refitted)
caption = "A recipe refitted at serving, by the number of flights. Dotted: its own memory."
figures.picture(figure, caption=caption, alt=alt, table=refitted)

# %% [markdown]
# Asked alone, every flight is average. With some tens it is worse than a coin: they share hour and weather, and scaling
# stretches the small rest to full size.
#
# Now look at the right ends. A test with all July finds the **same AUC**. Only log loss says that the answers are
# off. So the bug passes the test, with many rows, and harms the service, with few.
#
# ## Four faults, two dials
#
# Beside *refitted each day* and *rewritten* come
#
# - **a unit**: a new feed sends the temperature in °C;
# - **an imputer left behind**: scaler and model were saved, the medians were not. The service fills gaps with zero.
#
# ### Predict first: °C for °F
#
# A change of unit. Which dial moves?

# %%
celsius = raw_july.assign(temp=(raw_july["temp"] - 32) * 5 / 9)
no_medians = raw_july.fillna(dict.fromkeys(NUMBERS, 0))
inputs_of = {
    "as trained": usual,
    "°C for °F": recipe.transform(celsius),
    "imputer left behind": recipe.transform(no_medians),
    "refitted each day": inputs_by_batch(recipe, july, july["date"]),
}
faults = {name: line.predict_proba(used)[:, 1] for name, used in inputs_of.items()}
faults["rewritten"] = by_hand
quiz("03.celsius")

# %%
dials = pd.DataFrame({name: scores(p) for name, p in faults.items()}, index=["AUC", "log loss"]).T
dials["errors"] = [int((~np.isfinite(p)).sum()) for p in faults.values()]
dials["acted on"] = [(p >= 0.3).mean() for p in faults.values()]  # staff act from here on
differ = [(np.abs(used - usual) > 1e-6).any(axis=1).mean() for used in inputs_of.values()]
dials["inputs differ"] = [*differ, hand_skew]  # share of the flights
display(dials.round(3))
two_dials(dials, without_model, caption="July, four faults of the recipe, two dials.")

# %% [markdown]
# Read the row of °C. AUC does not move, log loss is that of a mere constant, and staff act on far fewer flights. No fault
# raised an error. The imputer left behind costs most: zero hectopascal is outer space, so the model is *certain*.
#
# The last column needs no labels, and **it alone shows every fault**, after some dozens of flights. It needs two sources:
# if the new feed fills the training tables too, both sides say °C, and agree. Then a check of ranges tells (unit 04).
#
# ## Why AUC does not see it
#
# AUC asks one thing: does a late flight get *more* than a punctual one? Sort July by the right answers, in
# twenty groups.

# %%
trees = fit(tree_model(), past)
feeds = raw_july, celsius, raw_july.assign(temp=np.nan)
in_f, in_c, none = (log_losses(late_july, probabilities(trees, feed)).mean() for feed in feeds)
print(f"Boosted trees, July's log loss: {in_f:.3f} with °F, {in_c:.3f} with °C, {none:.3f} with none.")
order = np.ceil(pd.Series(right).rank(pct=True) * 20).astype(int)  # 20: said to be the likeliest
levels = pd.DataFrame({"truly late": late_july, "as trained": right})
levels["°C for °F"] = faults["°C for °F"]
levels = levels.groupby(order).mean().rename_axis("twentieth of July")
figure, [axis] = figures.panels()
figures.lines(axis, levels, room=4)
axis.set(ylim=(0, None), xticks=(1, 5, 10, 15, 20), ylabel="share, or mean probability")
axis.set_xlabel("twentieths of July, in the order of the right answers")
said = [f"{name}, by twentieth: {figures.in_words(levels[name], ends_only=True)}." for name in levels]
caption = "July sorted by the right answers: what was said, and what was true."
figures.picture(figure, caption=caption, alt=" ".join(said), table=levels)

# %% [markdown]
# Both answers rise from group to group, so their AUC is the same. But one of them lies far too low, and whoever acts
# above a threshold acts on the level.
#
# The trees hardly notice °C, by luck: they hardly need the temperature, as the last of their numbers shows. The same
# fault harms one model and spares another. So test the **inputs**, not the harm that they happen to do today.
#
# ## What was known by then?
#
# A recipe also joins tables. Each decision gets the newest weather *known at that moment*, two hours before the
# flight's hour. Here is how joins go astray.

# %%
hour, asked = pd.Timedelta("1h"), decisions[["decided_at", "origin"]]
weather = load_weather()[["origin", "time_hour"]].sort_values("time_hour")  # observed then
as_of = {"left_on": "decided_at", "right_on": "time_hour", "by": "origin"}
own_hour = asked.assign(time_hour=asked["decided_at"] + 2 * hour)  # decided two hours before
joined = {
    "as of the decision, at most 3 h old": pd.merge_asof(asked, weather, **as_of, tolerance=3 * hour),
    "as of the decision, of any age": pd.merge_asof(asked, weather, **as_of),
    "nearest to the decision": pd.merge_asof(asked, weather, **as_of, direction="nearest"),
    "of the flight's own hour": own_hour.merge(weather, on=["origin", "time_hour"]),
}
joins = pd.DataFrame(columns=["rows lost", "no weather", "from the future", "oldest, h"], dtype=int)
for name, rows in joined.items():
    age = (rows["decided_at"] - rows["time_hour"]) / hour
    joins.loc[name] = len(asked) - len(rows), age.isna().sum(), (age < 0).sum(), age.max()
joins.astype(int)

# %% [markdown]
# `merge_asof` takes the last observation that is not later; both tables must be in order of time. Only the first row is
# right: all rows kept, nothing from the future, nothing older than a limit that you chose. *Any age* takes yesterday's
# sky for today's. *Nearest* looks ahead where a hole makes the next hour nearer. *Same hour* looks two hours ahead, for every single
# flight.
#
# ### Predict first: same-hour weather
#
# Training uses the same-hour join, and so does the report on July. The service cannot: that weather does not exist yet.

# %%
quiz("03.same_hour")


# %%
def with_delay(rows, known):
    delay = load_flights()["dep_delay"].loc[rows["row"]].to_numpy()
    return rows.assign(dep_delay=delay if known else np.nan)


past_then, july_then = (weather_at(rows, rows["decided_at"] + 2 * hour) for rows in (past, july))
leaky = fit(tree_model(), past_then)
plus = [*FEATURES, "dep_delay"]
spoiled = tree_model().fit(with_delay(past, known=True)[plus], late)
promised = {"weather of 2 h before": (probabilities(trees, july),) * 2}
promised["weather of the same hour"] = probabilities(leaky, july_then), probabilities(leaky, july)
promised["departure delay as well"] = tuple(
    spoiled.predict_proba(with_delay(july, k)[plus])[:, 1] for k in (True, False)
)
leaks = {name: [*scores(report), *scores(live)] for name, (report, live) in promised.items()}
names = ["AUC reported", "log loss reported", "AUC live", "log loss live"]
pd.DataFrame(leaks, index=names).T.round(3)

# %% [markdown]
# The same-hour report promises more than the service delivers. The gap is small, and that is its danger: nobody looks
# twice. (The live model is no worse here than the honest one. The promise was false, not the model.)
#
# A join by the flight instead of by time lets anything in. Departure delay makes a splendid report, and live it is
# always missing. What comes from after the decision is called a **leak**. Ask of each column: *when was it known?*
#
# ## A real part: one file
#
# Now keep what must stay together. **joblib** writes the pipeline, memory and model in one file. A new process, that
# has never seen your notebook, opens it.

# %%
joblib.dump(pipeline, "service.joblib")
joblib.dump(line, "line_alone.joblib")
raw_july.to_parquet("july.parquet")
fresh = """
import joblib, pandas as pd
p = joblib.load("service.joblib").predict_proba(pd.read_parquet("july.parquet"))[:, 1]
pd.DataFrame({"p": p}).to_parquet("fresh.parquet")
print(joblib.load("line_alone.joblib").n_features_in_)
"""
done = subprocess.run([sys.executable, "-c", fresh], capture_output=True, text=True, check=True)
again = pd.read_parquet("fresh.parquet")["p"]
print(f"A new process, {len(again):,} answers: largest difference {np.abs(again - right).max():.1g}.")
print(f"The line alone wants {int(done.stdout)} numbers, and cannot say from where.")
print(f"The recipe's fingerprint: {joblib.hash(pipeline[0])[:12]}, ", end="")
print(f"refitted on July: {joblib.hash(make_recipe().fit(raw_july))[:12]}.")

# %% [markdown]
# Saved together, they answer alike. The line alone is how an imputer is left behind: whoever opens that file must
# recreate the rest.
#
# The fingerprint tells two memories apart, at once, without any data. Log it with each answer. (Opening a joblib file
# runs code from it: open only your own. It wants the same library versions, too: unit 07.)
#
# ## Side by side
#
# Two of the five measures depend on who wrote the code. *Before* is timed as rewritten by hand, with the fault that came
# along. *While* is timed as scikit-learn runs it, not compiled.

# %%
sides = pd.DataFrame(
    {
        "one more pass, s": [a_pass["before"], a_pass["while"]],
        "one flight, ms": [rewritten_ms, recipe_ms + model_ms],
        "disk, MB": [sum(megabytes.values()), megabytes["raw.parquet"]],
        "rerun after a change, s": [preparation, 0.0],
        "inputs that differ, %": [100 * hand_skew, 0.0],
    },
    index=["before", "while"],
)
side_by_side(sides, caption="Before or while training: five measures, the shorter bar is better.")

# %%
before = Side(
    name="Transform before training",
    definition="Apply the recipe once to all data, store the result, train from that file.",
    choose="the recipe is dear and rarely changes, passes are many, or a night job serves",
    avoid="the recipe changes often, or other code in another place must repeat it per request",
    cost=f"{preparation:.2f} s once and after each change, {a_pass['before']:.2f} s a pass. "
    f"{sides.iloc[0, 2]:.2f} MB. {rewritten_ms:.3f} ms a flight, rewritten: {hand_skew:.0%} "
    "with other inputs. "
    f"A forgotten rerun: log loss {scores(forgotten)[1]:.3f} in place of {own['log loss']:.3f}.",
    noticed="inputs logged at serving differ from recomputed ones, or the file is the older one",
    elsewhere="Farm: satellite pictures, cut once for all models. Bank: yearly sums a customer.",
)
ask = ("Which code runs the recipe at serving, with which memory?", "When was each column known?")

# %%
during = Side(
    name="Transform while training",
    definition="Store raw data; the recipe runs as a part of the model, in training and serving.",
    choose="you still change the recipe, or requests come one by one, to be treated as in training",
    avoid="callers cannot wait for the recipe, or a pass over raw data costs hours",
    cost=f"{a_pass['while']:.2f} s a pass, nothing after a change. {sides.iloc[1, 2]:.2f} MB. "
    f"{sides.iloc[1, 1]:.1f} ms a flight, {recipe_ms:.1f} for the recipe; no input differs. "
    f"Batches by themselves: log loss {memory_loss['each batch by itself, one day a batch']:.3f}.",
    noticed="waiting grows with each step of the recipe, or an input depends on who else is asked",
    elsewhere="Shop: a search box, words treated as in training. Clinic: one patient at a time.",
)
card = DecisionCard(title="Before or while training?", sides=(before, during), ask_first=ask)
written = card.save(Path("decision_card.md"))
print(f"Written for you: {written}, with a free column for your own system.")
card

# %% [markdown]
# Often **both** are best: costly and settled steps before, such as joins; scaling and filling inside the model. A third
# way: let the service *log the inputs it used*, and train from the log. Nothing is recreated, but a new input needs
# months of log.
#
# ## What broke in production
#
# Google Play ranked apps by a model. A few inputs were there in every training row, and never at serving. No error, no
# alarm. Once mended, two per cent more apps were installed (Baylor and others).
#
# It was found by comparing inputs logged at serving with training inputs of the same day. You build such a report in
# exercise 3.
#
# ### Your turn: five cases

# %%
quiz("03.before_or_while")

# %% [markdown]
# ## Three lines to keep
#
# 1. A recipe has a memory: fit it once on training data, freeze it, keep it with the model.
# 2. AUC sees order alone. Comparing inputs row by row needs no labels.
# 3. Each column has a time at which it was known. Join by that time.
#
# **Now build it.** Open `assignment.ipynb`. Exercise 1: an artifact, frozen, that survives a new process. Then the
# join as of the decision, the skew report, and a file named by its content.
#
# **Read on.** Google's *Machine Learning Crash Course*, "Production ML systems"; Zinkevich, *Rules of Machine
# Learning*, rules 29, 32 and 37; Baylor and others, *TFX* (2017); Breck, Polyzotis and others, *Data validation for
# machine learning* (2019).
