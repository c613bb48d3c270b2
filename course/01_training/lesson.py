# ---
# jupyter:
#   course:
#     title: Static versus dynamic training
#     question: How old may a model get?
#     minutes: 55
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Static versus dynamic training
#
# **How old may a model get?**
#
# You run the delay service of New York's three airports through 2013. Two hours before each flight's scheduled hour it
# answers one question: *will this flight arrive more than 15 minutes late?* Planners move crews by the answer.
# Gate staff rebook passengers by it.
#
# Today your first model goes live. Then the year begins to move away from it.

# %% [markdown]
# ## What you will be able to do
#
# After 55 minutes you can
#
# - **define** static and dynamic training in one sentence each;
# - **measure** how a model ages, without taking a hard month for decay;
# - **spot** a score that was earned with labels from the future;
# - **choose** between the two for a system of your own, and name the price.
#
# Before this: *Start here*, and `fit` and `predict_proba` of scikit-learn. Everything runs on your machine, offline.
# At the end the lesson writes a file to take to work: a decision card with the figures you measured.
#
# Run each cell with Shift+Enter. Where it says **Predict first**, answer before you go on. A prediction that misses
# teaches the most.

# %%
import hashlib
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from exercises import figures, log_losses, quiz
from exercises.decision_card import DecisionCard, Side
from exercises.flights import FEATURES, load_decisions
from exercises.models import DailyModel, MonthlyModels, fit, linear_model, probabilities, tree_model

QUICK = False  # True on a slow machine: a quarter of the rows, so some figures and verdicts differ
decisions = load_decisions(quick=QUICK)
late = decisions.groupby("month")["late"].mean()
truth = {month: rows["late"].to_numpy() for month, rows in decisions.groupby("month")}
print(f"{len(decisions):,} decisions; {decisions['late'].mean():.1%} of the flights arrived late.")
decisions[["decided_at", *FEATURES, "late"]].sample(3, random_state=26).T

# %% [markdown]
# Each column is one decision, due at `decided_at` (UTC). `hour` is local, and Monday is `weekday` 0. The weather is the
# newest *observed by then*: `temp` and `dewp` in °F (32 °F is 0 °C, 86 °F is 30 °C), wind in miles an hour. At its **dew
# point** `dewp`, air turns to fog. `late` is the label, known only after landing.
#
# ## Two words
#
# - **Static training**: train once, check once, serve that model for long.
# - **Dynamic training**: train again and again on fresh data, and serve the newest model.
#
# Static is a printed map: checked once, deaf to new roads. Dynamic is a live map: it hears of each new road, and
# believes each false report. Does the country change?

# %%
figure, [axis] = figures.panels()
figures.month_axis(axis)
figures.lines(axis, late.to_frame("late rate"), room=2)
axis.plot(1, late[1], "o", markersize=13, fillstyle="none", color=figures.VERMILION)
axis.annotate("all that the first\nmodel will see", (1, late[1]), (0.75, 0.29))
axis.set(ylim=(0, 0.4), ylabel="share of flights")
figures.picture(
    figure,
    caption="Share of flights that arrive more than 15 minutes late, by month.",
    alt=f"A line over 2013, January circled. Share late: {figures.in_words(late, months=True)}.",
    table=late.to_frame("late rate"),
)

# %% [markdown]
# January is an ordinary month. September was far calmer, December far worse. A model that learned in January will meet
# all of this.
#
# ## The January model
#
# It is 1 February. You have labels of one month, so you train on it. The model is a **logistic regression**: a weighted
# sum of the features, bent into a probability. It learns from a fixed quarter of January's rows, which saves you time,
# and is scored on every flight of February.
#
# The score is **log loss**: what your probability cost, in nats, once the truth is known. Lower is better. The
# yardstick is a constant: January's late rate, said of every flight.

# %%
JANUARY = range(1, 2)  # months as a range: from 1, before 2
SERVED = range(2, 13)


def constant(rate, month):
    return log_losses(truth[month], np.full(len(truth[month]), rate))


linear = MonthlyModels(linear_model, decisions)
print(f"February, the January model:        {linear.losses(JANUARY, 2).mean():.3f} nats")
print(f"February, January's late rate:      {constant(late[1], 2).mean():.3f} nats")

# %% [markdown]
# The model is a little better than the constant. It is live, it gains, nothing fails. So the team turns to other work,
# and the January model stays.
#
# ### Predict first: July
#
# Five months later the same model still answers. It gets July's flights with July's weather. Which mean probability
# will it give them? Choose, then go on.

# %%
quiz("01.predict_july")

# %%
said = pd.Series({month: linear.probabilities(JANUARY, month).mean() for month in range(1, 13)})
both = pd.DataFrame({"true late rate": late, "said by the model": said})
figure, [axis] = figures.panels()
figures.month_axis(axis)
figures.lines(axis, both, room=3)
axis.set(ylim=(0, 0.4), ylabel="share of flights")
print(f"July: the model says {said[7]:.3f}, the truth is {late[7]:.3f}. Nothing failed.")
figures.picture(
    figure,
    caption="What the January model says, and what is true.",
    alt="Two lines that touch in winter and are furthest apart in summer. "
    + " ".join(f"{name}: {figures.in_words(both[name], months=True)}." for name in both),
    table=both,
)

# %% [markdown]
# The lines part in spring. In July the model calls almost every flight punctual, in one of the worst months.
#
# Which input did it? Change one and ask again: give July's flights the mean dew point of January.
#
# And what did it cost over the year? Compare with three rates, each said of every flight of a month. The last is an
# **oracle**: it knows each month's true rate, which nobody does in time.


# %%
def year_loss(losses_in):
    return np.concatenate([losses_in(month) for month in SERVED]).mean()


year = {
    "the January model": year_loss(lambda month: linear.losses(JANUARY, month)),
    "January's rate": year_loss(lambda month: constant(late[1], month)),
    "last month's rate": year_loss(lambda month: constant(late[month - 1], month)),
    "each month's true rate (oracle)": year_loss(lambda month: constant(late[month], month)),
}
july, january = (decisions[decisions["month"] == month] for month in (7, 1))
dry = probabilities(linear.trained(JANUARY).model, july.assign(dewp=january["dewp"].mean()))
print(f"With January's mean dew point: the model says {dry.mean():.3f}, the truth is {late[7]:.3f}")
beyond = (july["dewp"] > january["dewp"].max()).mean()
print(f"{beyond:.0%} of July's dew points lie above all of January's.\nLog loss from February on:")
for name, loss in year.items():
    print(f"  {loss:.3f}  {name}")

# %% [markdown]
# It was the dew point. From January the model had learned: the higher it is, the less likely a delay. July lies beyond
# all that it saw. A straight line goes on for ever, so each degree pushed the probability down. This is
# **extrapolation**, and it makes no noise. The model loses even to one number copied from January.
#
# ## Train again each month
#
# The cure seems plain: train again. But on what? On everything so far, called **expanding**. On the last months only,
# called **sliding**. Or only when an alarm rings, called **triggered**: you will build it.
#
# A **plan** says for each month which months its model learned. One rule holds for all: training ends before serving
# begins.

# %%
PLANS = {
    "static": lambda serve: JANUARY,
    "last month": lambda serve: range(serve - 1, serve),
    "three months": lambda serve: range(max(1, serve - 3), serve),
    "expanding": lambda serve: range(1, serve),
}
plan_table = pd.DataFrame(
    {name: [figures.month_span(plan(serve)) for serve in SERVED] for name, plan in PLANS.items()},
    index=pd.Index([figures.MONTHS[serve - 1] for serve in SERVED], name="serves"),
)
plan_table

# %%
figure, axes = figures.panels(4, height=3.6)
for axis, (name, plan) in zip(axes, PLANS.items()):
    for serve in SERVED:
        months = plan(serve)
        axis.barh(serve, len(months), left=months.start - 0.5, height=0.55, color=figures.BLUE)
        axis.plot(serve, serve, "s", markersize=5, color=figures.VERMILION)
    figures.month_axis(axis, letters=True)
    axis.set_title(name)
axes[0].set(yticks=SERVED, yticklabels=plan_table.index, ylabel="month served", ylim=(12.6, 1.4))
heard = [f"{name}, December: a model of {span}." for name, span in plan_table.loc["Dec"].items()]
caption = "Bars: months trained on. Squares: month served. No bar reaches its square."
alt = "Four panels, one row a served month. " + " ".join(heard)
figures.picture(figure, caption=caption, alt=alt, table=plan_table)

# %% [markdown]
# Static keeps one short bar at the left. Last month slides one bar along. Expanding grows, so its training costs more
# each month. In every panel the bar ends before the square.
#
# ### Predict first: which plan wins?
#
# Same linear model, same features, four plans. All are scored on every flight from February to December.

# %%
quiz("01.best_plan")

# %%
rows = pd.Series({serve: len(truth[serve]) for serve in SERVED})


def monthly_losses(models):
    table = pd.DataFrame(index=SERVED)
    for name, plan in PLANS.items():
        table[name] = [models.losses(plan(serve), serve).mean() for serve in SERVED]
    return table


linear_losses = monthly_losses(linear)
linear_year = linear_losses.mul(rows, axis=0).sum() / rows.sum()
print("Linear model, year's log loss:", ", ".join(f"{n} {x:.3f}" for n, x in linear_year.items()))
wins = (linear_losses["expanding"] < linear_losses["static"]).loc[3:]
lost = [figures.MONTHS[month - 1] for month in wins[~wins].index]
print(f"Expanding beats static in {wins.sum()} of {len(wins)} months from March on; ", end="")
print(f"not in: {', '.join(lost) or 'none'}.")
fresher = (linear_losses["last month"] < linear_losses["expanding"]).sum()
print(f"Last month alone beats expanding in {fresher} of {len(SERVED)} months.")

# %% [markdown]
# All three dynamic plans beat static by far, and the oracle too. Even one month's rows, if they are last month's, repair
# nearly everything. Among the three the gaps are small, and month by month the order changes: another year might crown
# another plan. Unit 06 asks how sure such a gap is. Where static wins a month, it is by luck: it calls everybody
# punctual, and September nearly was.
#
# ## The same for trees
#
# Was it the plan, or the straight line? Swap the model. **Boosted trees** cut each feature into steps, and beyond the
# outermost step the answer stays level. A tree cannot extrapolate. Before you look: will it gain as much?

# %%
trees = MonthlyModels(tree_model, decisions)
tree_losses = monthly_losses(trees)
tree_year = tree_losses.mul(rows, axis=0).sum() / rows.sum()
print("Boosted trees, year's log loss:", ", ".join(f"{n} {x:.3f}" for n, x in tree_year.items()))
line, tree = (losses.loc[7, "static"] for losses in (linear_losses, tree_losses))
print(f"July, static: linear model {line:.3f}, trees {tree:.3f}.")

# %%
side = pd.concat([linear_losses.add_prefix("linear, "), tree_losses.add_prefix("trees, ")], axis=1)
figure, axes = figures.panels(2, width=9.5, height=3.8)
titles = "linear model", "boosted trees"
for axis, title, losses in zip(axes, titles, (linear_losses, tree_losses)):
    figures.month_axis(axis, letters=True)
    figures.lines(axis, losses, room=4.6)
    axis.set_title(title)
figures.loss_axis(axes[0])
ends = {name: figures.in_words(side[name], months=True, ends_only=True) for name in side}
alt = "Two panels of four lines over February to December. "
alt += " ".join(f"{name}: {said}." for name, said in ends.items())
caption = "Log loss by month served, four plans, two kinds of model."
figures.picture(figure, caption=caption, alt=alt, table=side)

# %% [markdown]
# The static line has a mountain in summer on the left, only a hill on the right. Trees age gently, because they repeat
# the nearest thing they know. Dynamic still wins, but **not any dynamic**: for the trees last month alone is only half the
# way, expanding helps most.
#
# ## Fresher, or just more?
#
# Retraining changes several things at once. January and last month hold about equally many rows, so that step is
# *freshness*. From last month to expanding the *amount* grows, and the *mix of seasons* comes along. A control keeps
# them apart: all months so far, thinned to the rows of one.


# %%
def thinned_year(make_model):
    losses = []
    for serve in SERVED:
        past = decisions[decisions["sample"] & (decisions["month"] < serve)]
        model = fit(make_model(), past.iloc[:: serve - 1])  # as many rows as one month has
        served = decisions[decisions["month"] == serve]
        losses.append(log_losses(truth[serve], probabilities(model, served)))
    return np.concatenate(losses).mean()


models = {"linear model": (linear_year, linear_model), "boosted trees": (tree_year, tree_model)}
for kind, (loss, make_model) in models.items():
    control = thinned_year(make_model)
    steps = loss["static"], loss["last month"], control, loss["expanding"]
    fresh, mix, amount = -np.diff(steps)
    print(f"{kind}: {fresh:z.3f} by freshness, then {mix:z.3f} by mix, then {amount:z.3f} by amount")
quiz("01.tree_freshness")

# %% [markdown]
# The linear model lived off fresh rows, and little else mattered. The trees gained about as much from several seasons
# as from fresh rows, and less from sheer amount. Whoever says "retraining helped" has not yet said why.
#
# > **Enough for today?** You are halfway. Stop here and come back, if you like.
#
# ## A hard month is not decay
#
# The static model did badly in July. But July is hard for *every* model. A raw loss mixes age with season. The fair
# question: how much worse is an old model than a **fresh one, on the same month**? We reuse the eleven one-month models
# and score each on all later months. Age 0 is the model of the month just before.

# %%
pairs = pd.DataFrame(
    [(serve - 1 - month, serve, month) for serve in SERVED for month in range(1, serve)],
    columns=["extra months of age", "serves", "trained on"],
)
serve_and_month = zip(pairs["serves"], pairs["trained on"])
pairs["loss"] = [linear.losses(range(m, m + 1), serve).mean() for serve, m in serve_and_month]
pairs["excess"] = pairs["loss"] - pairs["serves"].map(linear_losses["last month"])
aging = pairs.groupby("extra months of age")[["loss", "excess"]].mean()
aging["pairs"] = pairs.groupby("extra months of age").size()
counts = ", ".join(f"{age}: {n}" for age, n in aging["pairs"].items())
print(f"{len(pairs)} pairs of model and month. By age: {counts}.")

# %%
figure, axes = figures.panels(2, one_scale=False)
titles = {"loss": "raw log loss", "excess": "excess over a fresh model"}
for axis, (column, title) in zip(axes, titles.items()):
    figures.lines(axis, aging[[column]].rename(columns={column: ""}), room=0.5)
    axis.set(title=title, xlabel="extra months of age")
    figures.loss_axis(axis, f"{column}, nats")
caption = "The same models by age: raw loss, and loss beyond a fresh model's in the same month."
alt = f"Two panels by extra months of age. Raw loss: {figures.in_words(aging['loss'])}. "
alt += f"Excess over a fresh model, which rises and falls: {figures.in_words(aging['excess'])}."
figures.picture(figure, caption=caption, alt=alt, table=aging)

# %% [markdown]
# Compare the right ends. The oldest model has the highest raw loss of all, yet little excess: it was scored in December,
# and December was hard for every model. Excess grows for half a year, then shrinks: old models come close to new ones
# again. **Winter came back.**
#
# Read the oldest ages with care: one pair, two pairs. And this was season as much as drift: one year of data cannot tell
# them apart. Say both when you present a curve like this.
#
# ## Labels come late
#
# So far each month's labels were all there on its last evening. Real labels arrive after landing, after reporting,
# sometimes weeks later. What does waiting cost a model that learns *every day*?

# %%
figure, [axis] = figures.panels(height=2.3)
for delay, height, colour in ((0, 1, figures.BLUE), (2, 0, figures.VERMILION)):
    places = {"scored": 0.5, "landed": 0.72, "learned": 1 + delay}
    axis.plot(list(places.values()), [height] * 3, ":", color=colour)
    for (word, place), marker, lift in zip(places.items(), "o^s", (10, -19, 10)):
        axis.plot(place, height, marker, markersize=10, color=colour)
        axis.annotate(word, (place, height), (0, lift), textcoords="offset points", ha="center")
axis.set(xlim=(0, 4.4), ylim=(-0.5, 1.7))
axis.set(yticks=[0, 1], yticklabels=["2 days more", "next morning"])
axis.set(xticks=range(5), xticklabels=[f"morning\nof day {day}" for day in range(5)])
caption = "The flights of day 0: scored at noon, landed by evening, learned when their labels come."
alt = "Five mornings. Upper row: scored at noon of day 0, landed by evening, learned on day 1. "
alt += "Lower row, labels two days more on their way: the same, but learned on day 3."
figures.picture(figure, caption=caption, alt=alt)


# %%
def schedule(delay):
    """Put all learning and scoring in the order in which it can happen."""
    learn = [(day + 1 + delay, "learn", day) for day in range(365)]  # once labels exist
    score = [(day + 0.5, "score", day) for day in range(31, 365)]  # at noon, from 1 February on
    return [(kind, day) for _, kind, day in sorted(learn + score)]


daily, constant_year = DailyModel(decisions), year["January's rate"]
frozen = [("learn", day) for day in range(31)] + [("score", day) for day in range(31, 365)]
waiting = {"never after January": daily.replay(frozen).mean()}
waits = {0: "next morning", 1: "1 day after that", 7: "7 days after that", 30: "30 days after that"}
for delay, name in waits.items():
    waiting[name] = daily.replay(schedule(delay)).mean()
print("A model that learns day by day; labels arrive ...")
for name, loss in waiting.items():
    print(f"  {loss:.3f}  {name}")
print(f"January's rate, said of all the same flights: {constant_year:.3f}.")

# %% [markdown]
# Each wait costs, and the first day costs most: yesterday's weather is still here this morning. A month late is still
# far better than never: this fast learner leans on its last few days, and those of January say little of July.
#
# Look at the last line, too. One more day of delay, and the daily model loses to a constant. **Fast is not good by
# itself**: here it pays only while labels come at once. The expanding models above learned once a month, and lost less.
#
# ### Predict first: a report
#
# A colleague reports a far lower loss for the same daily model, on the same days, with no new feature. What happened?

# %%
quiz("01.too_good")

# %%
report = []
for day in range(365):
    report.append(("learn", day))
    if day >= 31:
        report.append(("score", day))

too_good = daily.replay(report).mean()
print(f"The report's loop: {too_good:.3f}. ", end="")
print(f"Labels next morning, honestly: {waiting['next morning']:.3f}.")

# %% [markdown]
# Two lines in the wrong order. The loop learns the day, *then* scores it. No test fails, and the figure is too good
# for anybody to complain. One question finds it: **which labels existed then?** You will build the honest loop in
# exercise 2.
#
# ### Predict first: a bad June
#
# Now to static's side. In June the landing feed breaks. It writes "on time" for every flight, and the
# labels look fine: no gaps, right type. On 1 July the expanding trees retrain on January to June, as planned.

# %%
quiz("01.bad_june")

# %%
spoiled = decisions.assign(late=decisions["late"].where(decisions["month"] != 6, 0))
misled = MonthlyModels(tree_model, spoiled)
july_right = {name: tree_losses.loc[7, name] for name in ("static", "expanding")}
july_misled = {name: misled.losses(PLANS[name](7), 7).mean() for name in july_right}
for name, loss in july_right.items():
    print(f"July's loss, {name} trees: {loss:.3f} with right labels, ", end="")
    print(f"{july_misled[name]:.3f} after the bad June.")

# %% [markdown]
# The retrained model now loses to the one that never learned again. **What adapts to the world adapts to its faults.**
# Static's advantage, measured: checked once, no later label can spoil it. Dynamic needs a check at *every* retraining,
# and the last good version at hand. Both need their inputs watched, static also its age.
#
# ## An alarm is not harm
#
# So watch the inputs. The usual alarm is the **population stability index** (PSI). Cut a feature into ten bins that held a
# tenth of January each. A bin's share was `r` then and is `c` now. The index is the sum of `(c - r) * log(c / r)` over
# all bins; above `0.2` nats, people call it a shift.

# %%
from scipy.stats import ks_2samp

temp = {month: rows["temp"].dropna() for month, rows in decisions.groupby("month")}
distance = {month: rows["distance"] for month, rows in decisions.groupby("month")}
edges = temp[1].quantile(np.arange(1, 10) / 10)


def bin_shares(values):
    shares = np.bincount(edges.searchsorted(values), minlength=10) / len(values)
    return shares.clip(1e-4)  # an empty bin would make the logarithm infinite


for month in (7, 8):
    r, c, loss = bin_shares(temp[1]), bin_shares(temp[month]), tree_losses.loc[month]
    psi, more = ((c - r) * np.log(c / r)).sum(), loss["static"] - loss
    print(f"Temperature in {figures.MONTHS[month - 1]}: {psi:.1f} nats. Loss, static trees: ", end="")
    print(f"{more['expanding']:+.3f} against expanding, {more['last month']:+.3f} against last month")
ks, n_flights = ks_2samp(distance[1], distance[3]), len(distance[1]) + len(distance[3])
print(f"Distance, January to March, {n_flights:,} flights: p = {ks.pvalue:.0e}, ", end="")
print(f"largest gap between the cumulative shares {ks.statistic:.3f}.")

# %% [markdown]
# July and August raise the same, highest alarm: nearly all lies in the last bin. In July the old trees lost
# much. In August they lost a little to expanding, nothing to last month. **The alarm cannot tell which.**
#
# A Kolmogorov-Smirnov test calls distance "highly significant", yet its shares hardly differ. With many rows every
# trifle is. So ask first how **large** a change is, then whether it **harms**, by loss. The p-value comes last.
#
# ## A real part: versions on disk
#
# Soon somebody asks: *which model said this, and what had it learned?* So each goes to disk with a version, its training
# range and a hash. Each reads a quarter of the rows, at most 60,000.

# %%
folder = Path("versions")
folder.mkdir(exist_ok=True)
shelf = []
for version, serve in enumerate(SERVED, start=1):
    months, path = PLANS["expanding"](serve), folder / f"expanding-{version:02d}.joblib"
    trained = trees.trained(months)
    joblib.dump(trained.model, path)
    sha256, size = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size
    shelf.append([figures.month_span(months), trained.rows, trained.seconds, size, sha256[:12]])
names = ["trained on", "rows", "seconds", "bytes", "sha256"]
shelf = pd.DataFrame(shelf, index=SERVED, columns=names)
times_rows = shelf["rows"].sum() / shelf["rows"].iloc[0]
print(f"Expanding trains {len(shelf)} times and reads {times_rows:.0f} times the rows of static.")
print(f"Seconds: {shelf['seconds'].sum():.2f} against {shelf['seconds'].iloc[0]:.2f}. See {folder}/")
shelf.set_axis(range(1, 12)).rename_axis("version").round(2)

# %% [markdown]
# Seconds are cheap here. What is costly does not stand in the table: each training must be *checked*, and somebody must
# answer at night when a check says no. In your company the same factor may mean days on rented machines.
#
# If two versions have one hash, nothing new was learned. (Two hashes prove less: bytes also change with a library.) And
# a version on disk is the way back: serve the last good one again. Loading a joblib file runs code from it, so load only
# your own.
#
# ## Advantages and disadvantages
#
# Each figure below was measured above, and code fills it in. Each lesson ends with such a card.

# %%
static = Side(
    name="Static training",
    definition="Train once, check once, then serve that model for long.",
    choose="what inputs mean stays the same, labels are slow or dear, or each model needs approval",
    avoid="seasons, prices or rivals change the answer, or serving leaves the trained range",
    cost=f"1 training. Year's loss {linear_year['static']:.3f} (linear), "
    f"{tree_year['static']:.3f} (trees). "
    f"After the bad June still {july_misled['static']:.3f} in July.",
    noticed="the excess over a fresh model grows with age, or inputs leave the trained range",
    elsewhere="Clinic: a reader of X-ray images, approved once, on one fixed machine.",
)
ask = "Which labels exist by then?", "Is an old model worse than a fresh one, in the same month?"

# %%
dynamic = Side(
    name="Dynamic training",
    definition="Train again and again on fresh data, serve the newest that passed its checks.",
    choose="the world outruns your releases, labels come soon, and each new model can be checked",
    avoid="labels can be spoiled unnoticed, or nobody is there to stop a bad model",
    cost=f"{len(shelf)} trainings, {times_rows:.0f} times the rows. "
    f"Year's loss {linear_year['expanding']:.3f} (linear), {tree_year['expanding']:.3f} (trees). "
    f"After the bad June {july_misled['expanding']:.3f} in July.",
    noticed="the newest label is old, two versions have one hash, or a new model loses to the last",
    elsewhere="Shop: next week's demand. Bank: fraud, where the other side learns too.",
)
card = DecisionCard(title="Static or dynamic training?", sides=(static, dynamic), ask_first=ask)
written = card.save(Path("decision_card.md"))
print(f"Written for you: {written}, with a free column for your own system.")
card

# %% [markdown]
# Dynamic buys a lower loss with many trainings and a new way to be hurt. Between the two stands a third answer:
# *measure first*. An excess curve on your own data costs an afternoon.
#
# ## What broke in production
#
# A table that fed a model at Google Play was stale for six months. Refreshing it alone brought two per cent more installs
# (Zinkevich). Dynamic training does not help: the nightly job reads the same rows, trains the same model, passes every
# check. The dashboard says: trained last night.
#
# Two checks tell next morning: the **age of the newest row**, and a **hash of the training data** beside
# yesterday's. You will build both, in units 04 and 08.
#
# ### Your turn: five systems

# %%
quiz("01.five_systems")

# %% [markdown]
# ## Three lines to keep
#
# 1. Static ages without a sound. Dynamic learns the world, and its faults.
# 2. A score counts only if each label existed before it was learned, and an old model is judged beside a fresh one.
# 3. Alarms need size first, then harm. Freshness, mix and amount are different gains.
#
# **Now build it.** Open `assignment.ipynb`. Exercise 1, the training plan, takes eight lines of code.
#
# **Read on.** Google's *Machine Learning Crash Course*, "Production ML systems"; Zinkevich, *Rules of Machine
# Learning*, rules 8 and 10; Breck and others, *The ML Test Score* (2017), Model 4; Gama and others, *On evaluating stream
# learning algorithms* (2013); Huyen, *Designing Machine Learning Systems*, chapter 9.
