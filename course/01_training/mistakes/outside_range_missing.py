# /// mistake
# exercise = "drift_monitor"
# misconception = "outside_range_missing"
# title = "Values outside the range of the reference are taken for missing"
# next_step = "Use the nine inner edges only; the outer bins have no end."
# caught_by = ["numbers_shift", "effect_not_certainty"]
# message = "The outer bins are open"
# ///
class DriftMonitor:
    def __init__(self, reference, *, min_rows=500, threshold=0.2):
        self.min_rows, self.threshold = min_rows, threshold
        self.edges, self.known, self.expected = {}, {}, {}
        for name, values in reference.items():
            if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
                present = values.dropna()
                edges = np.unique(np.quantile(present, np.arange(11) / 10)) if len(present) else [-np.inf, np.inf]
                self.edges[name] = edges
            else:
                self.known[name] = set(values.dropna())
            self.expected[name] = self.label(name, values).value_counts(normalize=True)

    def label(self, name, values):
        if name in self.edges:
            edges = self.edges[name]
            codes = pd.cut(values, edges, labels=False, include_lowest=True)
            return codes.map(lambda code: f"bin {int(code)}", na_action="ignore").astype(object).fillna("missing")
        labels = values.astype(object).where(values.isin(self.known[name]), "unseen")
        return labels.mask(values.isna(), "missing")

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
