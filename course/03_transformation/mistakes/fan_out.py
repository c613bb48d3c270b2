# /// mistake
# exercise = "asof_join"
# misconception = "fan_out"
# title = "A flight with two fitting observations becomes two rows"
# next_step = "Choose one observation for each left row; a merge by equal keys repeats rows."
# caught_by = ["rows_stay", "known_by_then"]
# message = "must count once"
# ///
def asof_join(left, right, *, on, by, lead, max_age, known_at=None):
    """
    Join to each left row the newest observation that was known at its decision.

    Args:
        left: Questions with the columns on and by; its index has no label twice.
        right: Observations with the columns on, by and values.
        on: Column of moments with a zone, in both frames.
        by: Column that must be equal, in both frames.
        lead: Timedelta from the decision to left[on].
        max_age: Longest Timedelta from right[on] to the decision, inclusive.
        known_at: Column of right: when the observation arrived; None if it arrived when it was made.

    Returns:
        The rows of left, in order, with right's values and the column age; missing where nothing fits.
    """
    known_at = known_at or on
    values = [column for column in right.columns if column not in (on, by, known_at)]
    seen = right.assign(_made=utc(right[on]), _known=utc(right[known_at])).sort_values("_known", kind="stable")
    seen = seen[seen["_made"] == seen.groupby(by)["_made"].cummax()]  # drop what arrived after something newer
    asked = left[[by]].assign(_decided=utc(left[on]) - lead, _row=range(len(left))).sort_values("_decided")
    pairs = asked.merge(seen, on=by)
    pairs = pairs[pairs["_known"] <= pairs["_decided"]]
    best = pairs[pairs["_made"] == pairs.groupby("_row")["_made"].transform("max")].drop(columns=[by, "_decided"])
    found = asked.merge(best, on="_row", how="left").sort_values("_row")
    found["age"] = found["_decided"] - found["_made"]
    fresh = found["age"] <= max_age
    repeated = left.iloc[found["_row"]]
    found = found[[*values, "age"]].where(fresh)
    return pd.concat([repeated.reset_index(drop=True), found.reset_index(drop=True)], axis=1).set_axis(repeated.index)
    ### END SOLUTION
