# %% answer:retrain_plan
from bisect import bisect_right


def retrain_plan(rows_per_period, policy, *, window=None, alarms=(), label_delay=0):
    """Say first which lines train, then read version and range of each line from that list."""
    served = list(range(1 + label_delay, len(rows_per_period)))
    if policy == "static":
        training_lines = served[:1]
    elif policy == "triggered":
        heard = {alarm + 1 + label_delay for alarm in alarms}
        training_lines = sorted({*served[:1], *heard.intersection(served)})
    else:
        training_lines = served

    plan = []
    for serve in served:
        version = bisect_right(training_lines, serve)
        end = training_lines[version - 1] - label_delay
        periods = list(range(end))
        if policy == "sliding":
            periods = periods[-window:]
        cost_rows = int(np.sum([rows_per_period[j] for j in periods])) if serve in training_lines else 0
        plan.append(TrainSpec(serve=serve, train=range(periods[0], end), version=version, cost_rows=cost_rows))
    return plan


# %% answer:prequential
from collections import deque


def prequential(make_model, batches, *, label_delay=0, classes=(0, 1)):
    """Keep the labels that are on their way in a queue; learn what leaves it at the end of a step."""
    model = make_model()
    on_the_way = deque()
    costs = []
    learned = 0
    scores = []
    for number, (features, labels) in enumerate(batches):
        mean = None
        if learned > 0 and len(features) > 0:
            batch_costs = log_losses(np.asarray(labels), np.asarray(model.predict_proba(features))[:, 1])
            mean = sum(batch_costs) / len(batch_costs)
            costs.extend(batch_costs)
        scores.append(
            BatchScore(
                batch=number,
                rows=len(features),
                loss=mean,
                running_loss=sum(costs) / len(costs) if costs else None,
                labels_seen=learned,
            )
        )
        on_the_way.append((features, labels))
        if len(on_the_way) > label_delay:
            old_features, old_labels = on_the_way.popleft()
            if len(old_features) > 0:
                model.partial_fit(old_features, old_labels, classes=classes)
                learned += len(old_features)
    return scores


# %% answer:staleness_curve
def staleness_curve(score, origins, ages):
    """Measure every pair once, as a frame, and let groupby take the means."""
    grid = pd.MultiIndex.from_product([list(ages), list(origins)], names=["age", "origin"]).to_frame(index=False)
    gaps = []
    for row in grid.itertuples():
        period = int(row.origin) + int(row.age) + 1
        gaps.append(score(int(row.origin), period) - score(period - 1, period))
    by_age = grid.assign(gap=gaps).groupby("age", sort=False)["gap"]
    curve = pd.DataFrame({"excess_loss": by_age.mean(), "pairs": by_age.count()})
    return curve.reset_index()


# %% answer:max_age
def max_age(curve, tolerance):
    """Multiply a flag along the rows: it stays 1 until the first row that is not permitted."""
    permitted = (curve["excess_loss"] <= tolerance).astype(int).cumprod().astype(bool)
    ages = curve.loc[permitted, "age"].tolist()
    return ages[-1] if ages else None


# %% answer:drift_monitor
from bisect import bisect_left


class DriftMonitor:
    """Counts in plain dictionaries instead of pandas' value_counts."""

    def __init__(self, reference, *, min_rows=500, threshold=0.2):
        self.least = min_rows
        self.limit = threshold
        self.rules = {}
        for name in reference.columns:
            column = reference[name]
            numeric = column.dtype.kind in "iuf"
            if numeric:
                values = [float(value) for value in column.dropna()]
                rule = sorted({float(np.quantile(values, decile / 10)) for decile in range(1, 10)}) if values else []
            else:
                rule = {str(value) for value in column.dropna().unique()}
            self.rules[name] = (numeric, rule, self.shares(column, numeric, rule))

    def label(self, value, numeric, rule):
        """Name the bin of one value."""
        if pd.isna(value):
            return "missing"
        if numeric:
            return f"bin {bisect_left(rule, value)}"  # so many edges are smaller
        return str(value) if str(value) in rule else "unseen"

    def shares(self, column, numeric, rule):
        """Count the bins of one column and divide by all of its rows."""
        counts = {}
        for value, rows in column.value_counts(dropna=False).items():
            label = self.label(value, numeric, rule)
            counts[label] = counts.get(label, 0) + int(rows)
        return {label: rows / len(column) for label, rows in counts.items()}

    def check(self, current):
        """Compare each column's shares with those of the reference."""
        drifts = {}
        for name, (numeric, rule, expected) in self.rules.items():
            observed = self.shares(current[name], numeric, rule)
            terms = {}
            for label in {*expected, *observed}:
                r = max(expected.get(label, 0.0), 0.0001)
                c = max(observed.get(label, 0.0), 0.0001)
                terms[label] = c * np.log(c / r) + r * np.log(r / c)
            effect = sum(terms.values())
            reason = "ok"
            if effect > self.limit:
                reason = "shift"
            if len(current) < self.least:
                reason = "too_few"
            drifts[name] = Drift(
                effect=float(effect),
                rows=len(current),
                alarm=reason == "shift",
                reason=reason,
                worst_bin=max(terms, key=terms.get),
            )
        return drifts
