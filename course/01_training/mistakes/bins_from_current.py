# /// mistake
# exercise = "drift_monitor"
# misconception = "bins_from_current"
# title = "The bins are cut anew on each batch"
# next_step = "Compute the edges once, in __init__, from the reference."
# caught_by = ["numbers_shift", "effect_not_certainty", "missing_has_a_bin"]
# message = "Cut them on the reference"
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
            present = values.dropna()
            self.edges[name] = np.unique(np.quantile(present, np.arange(1, 10) / 10) if len(present) else [])
            names = np.array([f"bin {number}" for number in range(len(self.edges[name]) + 1)], dtype=object)
            labels = names[np.searchsorted(self.edges[name], values)]
        else:
            labels = np.where(values.isin(self.known[name]), values.astype(str), "unseen")
        return pd.Series(np.where(values.isna(), "missing", labels), dtype=object)

    def check(self, current):
        drifts, rows = {}, len(current)
        for name, expected in self.expected.items():
            observed = self.label(name, current[name]).value_counts(normalize=True)
            r, c = (shares.fillna(0.0).clip(lower=1e-4) for shares in expected.align(observed))
            terms = (c - r) * np.log(c / r)
            effect = float(terms.sum())
            reason = "too_few" if rows < self.min_rows else "shift" if effect > self.threshold else "ok"
            drifts[name] = Drift(
                effect=effect, rows=rows, alarm=reason == "shift", reason=reason, worst_bin=str(terms.idxmax())
            )
        return drifts
