# /// mistake
# exercise = "drift_monitor"
# misconception = "certainty_for_effect"
# title = "A p-value decides about the alarm"
# next_step = "Compare the effect with the threshold; a p-value shrinks with the number of rows."
# caught_by = ["effect_not_certainty", "missing_has_a_bin"]
# message = "not how sure a test is"
# ///
from scipy.stats import ks_2samp


class DriftMonitor:
    def __init__(self, reference, *, min_rows=500, threshold=0.2):
        self.min_rows, self.threshold = min_rows, threshold
        self.reference = reference
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
            r, c = (shares.fillna(0.0).clip(lower=1e-4) for shares in expected.align(observed))
            terms = (c - r) * np.log(c / r)
            effect = float(terms.sum())
            surprise = effect > self.threshold
            if name in self.edges and rows:
                surprise = ks_2samp(self.reference[name].dropna(), current[name].dropna()).pvalue < 0.01
            reason = "too_few" if rows < self.min_rows else "shift" if surprise else "ok"
            drifts[name] = Drift(
                effect=effect, rows=rows, alarm=reason == "shift", reason=reason, worst_bin=str(terms.idxmax())
            )
        return drifts
