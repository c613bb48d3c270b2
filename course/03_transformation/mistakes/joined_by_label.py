# /// mistake
# exercise = "skew_report"
# misconception = "joined_by_label"
# title = "The key is looked up by labels that stand twice"
# next_step = "set_axis(raw[key]) gives the features the keys of their rows, whatever the index was."
# caught_by = ["no_row_is_hidden"]
# message = "Rows belong together by key"
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
    computed = transform(raw).rename(index=raw[key].to_dict())
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
                "example_key": None if agree.all() else both[~agree][0],
            }
        )
    return pd.DataFrame(report)
