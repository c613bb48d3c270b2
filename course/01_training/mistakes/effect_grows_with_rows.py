# /// mistake
# exercise = "drift_monitor"
# misconception = "effect_grows_with_rows"
# title = "The effect depends on the number of rows"
# next_step = "Turn counts into shares first, then floor the shares."
# caught_by = ["numbers_shift", "effect_not_certainty", "missing_has_a_bin", "categories_unseen"]
# message = "floor shares, not counts"
# ///
class DriftMonitor:
    def __init__(self, reference, *, min_rows=500, threshold=0.2):
        self.min_rows, self.threshold = min_rows, threshold
        self.edges, self.known, self.expected = {}, {}, {}
        for name, values in reference.items():
            present = values.dropna()
            if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
                self.edges[name] = np.unique(np.quantile(present, np.arange(1, 10) / 10) if len(present) else [])
            else:
                self.known[name] = set(present)
            self.expected[name] = self.label(name, values).value_counts(normalize=True)

    def label(self, name, values):
        if name in self.edges:
            names = np.array([f"bin {number}" for number in range(len(self.edges[name]) + 1)], dtype=object)
            labels = names[np.searchsorted(self.edges[name], values)]
        else:
            labels = np.where(values.isin(self.known[name]), values.astype(str), "unseen")
        return pd.Series(np.where(values.isna(), "missing", labels), dtype=object)

    def check(self, current):
        drifts, rows = {}, len(current)
        for name, expected in self.expected.items():
            observed = self.label(name, current[name]).value_counts(normalize=True)
            r, c = expected.align(observed, fill_value=0.0)
            r = (r * 1000 + 0.5) / (r * 1000 + 0.5).sum()
            c = (c * rows + 0.5) / (c * rows + 0.5).sum()
            terms = (c - r) * np.log(c / r)
            effect = float(terms.sum())
            reason = "too_few" if rows < self.min_rows else "shift" if effect > self.threshold else "ok"
            drifts[name] = Drift(
                effect=effect, rows=rows, alarm=reason == "shift", reason=reason, worst_bin=str(terms.idxmax())
            )
        return drifts
