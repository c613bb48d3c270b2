# /// mistake
# exercise = "skew_report"
# misconception = "key_zero_is_none"
# title = "Key 0 is taken for no key"
# next_step = "Ask whether anything disagrees, not whether its key is true."
# caught_by = ["silent_faults"]
# message = "0 is a key like any other"
# ///
def skew_report(serve_log, raw, transform, key):
    """
    Compare the features that served with those that training computes from the raw data of the same requests.

    Args:
        serve_log: One row for each request: key and the features that were used.
        raw: Raw data of requests: key and what transform needs.
        transform: transform(raw) -> frame of numbers, one column for each feature, with the index of raw.
        key: Name of the column that says which request a row belongs to; unique in each frame.

    Returns:
        A frame with the columns feature, rows, only_in_log, only_in_raw, mismatch_rate, psi and example_key.
    """
    computed = transform(raw).set_axis(raw[key], axis="index")
    logged = serve_log.set_index(key)
    both = logged.index[logged.index.isin(computed.index)]  # in the order of the log
    report = []
    for feature in computed.columns:
        expected, observed = computed.loc[both, feature], logged.loc[both, feature]
        agree = ((expected - observed).abs() <= ATOL) | (expected.isna() & observed.isna())
        report.append(
            {
                "feature": feature,
                "rows": len(both),
                "only_in_log": len(logged) - len(both),
                "only_in_raw": len(computed) - len(both),
                "mismatch_rate": (~agree).mean(),  # NaN if nothing was compared
                "psi": population_stability(expected, observed) if len(both) else np.nan,
                "example_key": next(iter(both[~agree]), None) or None,
            }
        )
    return pd.DataFrame(report)
