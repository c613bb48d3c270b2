# ---
# jupyter:
#   course:
#     title: Start here
#     question: What does a system need beyond a good model?
#     minutes: 45
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # Start here
#
# **What does a system need beyond a good model?**
#
# Every day some nine hundred flights leave New York's three airports. A flight that comes late pulls others with it:
# the same plane, the same crew, passengers who miss the next one. So the airports run a *delay service*. Two hours
# before a flight's scheduled hour it says how likely a late arrival is, and late means more than 15 minutes. Planners
# then hold a gate, move a crew or rebook passengers, and each false alarm costs money and trust. You take over this
# service for the year 2013, and whatever goes wrong in that year goes wrong for you.

# %% [markdown]
# ## What you will be able to do
#
# After 45 minutes you can
#
# - **name** the parts of a production system, and the unit that builds each;
# - **load** the year's decisions, and say what they cannot tell;
# - **read** a log loss and an AUC, the two scores of this course;
# - **work** with lessons, checks, hints and submissions;
# - **decide** whether you should refresh something first.
#
# You need some Python, pandas and scikit-learn. A self-check at the end tells how much; it locks nothing. Run each cell
# with Shift+Enter. Everything works offline.

# %%
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from exercises import figures, log_losses, quiz
from exercises.flights import load_airlines, load_decisions, load_flights, load_weather
from exercises.models import MonthlyModels, tree_model
from exercises.system_map import system_map
from exercises.testing import because

QUICK = False  # True on a slow machine: a quarter of the rows, so some figures and verdicts differ
print("Everything is here. Nothing was downloaded.")

# %% [markdown]
# ## The system on one page
#
# First a guess, before you see the picture.

# %%
quiz("00.model_share")

# %%
system_map()

# %% [markdown]
# Sculley and others drew such a picture in 2015, and it has aged well. The model is the small filled box. Everything
# around it decides whether anybody can rely on it a year later.
#
# Read it from left to right. Upper row: data come in, are checked and become features, at training and at each
# prediction alike. Lower row: a model learns from them, passes a gate, goes into service. At the right end it answers.
# Below lies what holds both rows together, above the year that tests them. Units 01 to 09 build one part each, unit 10
# runs them all. The course page shows which are ready.

# %% [markdown]
# ## The data
#
# Two tables meet in one decision: the flights, and the hourly weather at their airport. The landing comes later. It
# gives the **label**, the true answer.

# %%
flights, weather, airlines = load_flights(), load_weather(), load_airlines()
landed = flights["arr_delay"].notna()
cancelled = flights["dep_time"].isna()
print(f"{len(flights):,} flights of {len(airlines)} airlines, {len(weather):,} hours of weather.")
print(
    f"{(~landed).sum():,} flights have no arrival delay: {cancelled.sum():,} were cancelled, "
    f"{(~landed & ~cancelled).sum():,} landed elsewhere."
)
print(f"Strongest wind on record: {weather['wind_speed'].max():,.0f} mph. Hm.")
shown = ["time_hour", "carrier", "flight", "origin", "dest", "dep_time", "dep_delay", "arr_delay"]
flights[shown].head(4)

# %% [markdown]
# `EWR`, `JFK` and `LGA` are Newark, Kennedy and LaGuardia. `carrier` is a two-letter airline: `UA` is United, `B6`
# JetBlue. `time_hour` is the scheduled hour in UTC, in winter five hours ahead of New York. `dep_time` is a local clock
# reading, HHMM: 517 means 05:17, so you cannot subtract two of them. Delays are minutes, negative if early. Temperatures
# come in °F, winds in miles an hour.
#
# That wind would have blown the airport away. Real data come like this, and unit 04 deals with it.
#
# One **decision** is one row: a flight, with only what was known two hours before its scheduled hour.

# %%
decisions = load_decisions(quick=QUICK)
by_hour = decisions.groupby("hour")["late"].agg(["mean", "size"])
by_hour = by_hour[by_hour["size"] >= 500]  # a rare hour says little
print(f"{len(decisions):,} decisions; {decisions['late'].mean():.1%} of the flights arrived late.")
figure, [axis] = figures.panels()
figures.lines(axis, by_hour[["mean"]].rename(columns={"mean": "late rate"}), room=2.5)
axis.set(xlabel="scheduled hour, local time", ylabel="share of flights")
axis.set(ylim=(0, 0.45), xticks=range(5, 24, 3))
figures.picture(
    figure,
    caption="Share of flights that arrive late, by scheduled hour.",
    alt=f"A line that rises through the day. Late, by hour: {figures.in_words(by_hour['mean'])}.",
    table=by_hour.set_axis(["late rate", "flights"], axis=1),
)

# %% [markdown]
# In the morning few flights are late. By evening, delays have piled up. Here is signal, and a model can find it.
#
# ## What these data cannot tell
#
# - **One year.** Season and lasting change look the same. We say so where it matters.
# - **One country, 2013.** Nothing here tells how flights go elsewhere or today.
# - **Only flights that landed.** Those cancelled or diverted have no label. Live, the service is asked of them too.
# - **No persons.** We compare airlines and airports, never people. *Fairness towards people is not taught here.* Where a
#   model judges people, learn it first: the fairness module of Google's Machine Learning Crash Course; Barocas, Hardt
#   and Narayanan, *Fairness and Machine Learning*; the user guide of Fairlearn.

# %% [markdown]
# ## Five minutes: log loss
#
# Our service says probabilities, so a score must judge probabilities. **Log loss** asks what each one cost, once the
# truth is known. Say *nine in ten* of a flight that was late: cheap. Say it of a flight that was punctual: costly. The
# price is minus the logarithm of what you gave to the truth, in *nats*. Lower is better.

# %%
said = np.linspace(0.02, 0.98, 25).round(2)
costs = pd.DataFrame({"late": log_losses(np.ones(25), said)}, index=said)
costs["punctual"] = log_losses(np.zeros(25), said)
figure, [axis] = figures.panels()
figures.lines(axis, costs, room=0.25)
axis.set(xlabel="probability of being late that you said", xticks=np.arange(0, 1.1, 0.2))
figures.loss_axis(axis, "cost of one answer, nats")
heard = [f"Cost if {name}: {figures.in_words(costs[name], ends_only=True)}." for name in costs]
figures.picture(
    figure,
    caption="What one answer costs, if the flight was late and if it was punctual.",
    alt="Two mirrored curves that cross in the middle. " + " ".join(heard),
    table=costs,
)

# %% [markdown]
# Near the truth an answer costs almost nothing. In the middle both outcomes cost the same. At the far end the price
# climbs without end, so *sure and mistaken* is what log loss punishes most. `log_losses` clips each probability to
# `1e-6 ... 1 - 1e-6`, so no answer costs infinitely much.
#
# Now real answers. **Boosted trees**, many small decision trees added up, learn January to June and answer for July.
# Beside them: one constant for all, and the same trees made *too sure*. For that we take the **odds**, p to 1 - p, and raise them to the third power. So three to one
# becomes twenty-seven to one, and even odds stay even.

# %%
july = decisions[decisions["month"] == 7]
y = july["late"].to_numpy()
trees = MonthlyModels(tree_model, decisions).probabilities(train=range(1, 7), serve=7)
odds = trees / (1 - trees)
answers = {
    "January to June's late rate": np.full(len(y), decisions.query("month < 7")["late"].mean()),
    "trees": trees,
    "trees, too sure (odds to the power of 3)": odds**3 / (1 + odds**3),
}
for name, p in answers.items():
    print(f"log loss {log_losses(y, p).mean():.3f}, AUC {roc_auc_score(y, p):.3f}: {name}")

# %% [markdown]
# The trees beat the constant in log loss. Made too sure, they lose even to the constant. Yet their AUC did not move at
# all. The two scores look at different things.
#
# ## Five minutes: AUC
#
# **AUC** sees only the order. Draw one late and one punctual flight, blindly. How often did the late one get the higher
# probability? Always: AUC is 1. As often as a coin: one half. Higher is better. Let us draw.

# %%
rng = np.random.default_rng(13)
of_late, of_punctual = rng.choice(trees[y == 1], 200_000), rng.choice(trees[y == 0], 200_000)
share = (of_late > of_punctual).mean()
print(f"In {share:.3f} of {len(of_late):,} pairs the late flight got more. ", end="")
print(f"The AUC is {roc_auc_score(y, trees):.3f}.")

# %%
bands = np.linspace(0, 0.85, 18)
groups = {"late flights": trees[y == 1], "punctual flights": trees[y == 0]}
table = pd.DataFrame({name: np.histogram(p, bands)[0] / len(p) for name, p in groups.items()})
table = table.set_index((bands[:-1] + 0.025).round(3))
table = table[table.max(axis=1) > 0.001]  # bands that the trees hardly ever use
figure, [axis] = figures.panels()
figures.lines(axis, table, room=0.28)
heard = [f"{name}: mean {p.mean():.2f}" for name, p in groups.items()]
axis.set(xlabel="probability that the trees said", ylabel="share of the group")
figures.picture(
    figure,
    caption="What the trees said of July's flights, by what became of them.",
    alt=f"Two overlapping humps, the late flights' further right. {'; '.join(heard)}.",
    table=table,
)

# %% [markdown]
# The two groups overlap much and differ a little: that is what such an AUC looks like. Push all probabilities up
# together, and the order stays, and AUC stays. But whoever acts above some threshold now acts on other flights.
#
# So: **AUC asks who comes first, log loss asks whether the number can be trusted.** Production acts on numbers. That is
# why log loss is the main score of this course.

# %% [markdown]
# ## How a unit works
#
# | part | where | what you do |
# |---|---|---|
# | lesson | `lesson.ipynb` | read, predict, run |
# | exercises | `assignment.ipynb` | write four parts of the system, 18 points |
# | checks | below each answer | run them as often as you like |
# | submission | last cell, or the course page | all checks run, hidden ones too |
#
# A **check** ends in a card with one of three words: *Passed*, *Not yet*, *Not started*. Try one. Run the two cells
# below as they are. Then put your own
# line in place of `raise ...`, and run both again.


# %%
def late_share(delays):
    """Return the share of flights that arrived more than 15 minutes late; delays are minutes."""
    raise NotImplementedError("late_share is not written yet")


# %%
# Check first_check: is a flight late only after its fifteenth minute?
share = late_share([40, -5, 0, 30])
assert share == 0.5, f"Two of four are late: 0.5. Yours: {share}. Divide by the number of flights?"
share = late_share([15, 15, 16, 5])
limit = "A flight with exactly 15 minutes was counted. Late is more than 15."
assert share != 0.75, because("limit_included", limit)
assert share == 0.25, f"Of 15, 15, 16 and 5 minutes one is late: 0.25. Yours: {share}."

# %% [markdown]
# A card never scolds. It says what was tried, what came, and one thing to do. Where it knows your mistake, it says so:
# try `>=` in place of `>`.
#
# ## How grading and the badge work
#
# Submitting runs the visible checks again and hidden ones too, on inputs that you have not seen. You read which check
# passed, what it earned and why not. A unit is passed at four fifths of its points. Submit as often as you like.
#
# **In self-study nothing is hidden.** All tests and solutions lie in the repository, under `course/`. Reading them early
# costs only the learning. In a class the instructor hands out a copy without them.

# %% [markdown]
# Pass every required unit and the course signs a **badge**. It says that a grader saw these answers pass. It cannot say
# who typed them.
#
# ## When you are stuck
#
# - `hint("retrain_plan")` gives the next of three hints, from a nudge to almost there. Hints cost nothing.
# - `solution("retrain_plan")` opens after a pass, or after three tries that did not hold.
# - In a terminal: `course check 01`, `course hint retrain_plan`, `course submit 01` do the same without a notebook.
# - `course doctor` looks at your machine and says how to mend what it finds.
# - `course reset 01` starts the exercises afresh, and keeps your file beside them as a backup.
#
# Nothing is timed. Attempts and answers stay on your machine.

# %% [markdown]
# ## Are you ready? Ten questions
#
# They lock nothing and earn nothing. They tell you what to refresh. Answer each, then read the feedback of all options.
#
# First Python.

# %%
quiz("00.default_list")
quiz("00.bound_method")
quiz("00.frozen")

# %% [markdown]
# Next pandas: groups, joins and clocks.

# %%
quiz("00.group_mean")
quiz("00.left_join")
quiz("00.clock_change")

# %% [markdown]
# Then scikit-learn and the two scores.

# %%
quiz("00.fit_where")
quiz("00.column_one")
quiz("00.loss_half")
quiz("00.order_only")

# %% [markdown]
# **Seven or more at once?** Go on. **Fewer?** Spend an hour first: the Python tutorial on classes, *10 minutes to pandas*
# with the pages on merging and time zones, and scikit-learn's *Getting started*. Or go on anyway and come back when
# something bites. SQL, HTTP, hashing, bootstrap and queues are explained where they are used.

# %% [markdown]
# ## Three lines to keep
#
# 1. The model is the small box. Reliability lives around it.
# 2. AUC sees order, log loss sees trust. A service acts on numbers.
# 3. *Not yet* is information: read the card, change one thing, try again.
#
# **Next:** unit 01. How old may a model get?
#
# **Read on.** Sculley and others, *Hidden Technical Debt in Machine Learning Systems* (2015); Google, *Machine Learning
# Crash Course*, "Production ML systems"; Kästner, *Machine Learning in Production*, the first chapters.
