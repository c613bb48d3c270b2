# /// mistake
# exercise = "asof_join"
# misconception = "gap_filled_by_older"
# title = "An observation with a gap is thrown away"
# next_step = "Leave gaps of right where they are; the newest observation counts as it is."
# caught_by = ["nothing_too_old", "rows_stay"]
# message = "that of an older one was taken"
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
    right = right.dropna()
    values = [column for column in right.columns if column not in (on, by, known_at)]
    seen = right.assign(_made=utc(right[on]), _known=utc(right[known_at])).sort_values("_known", kind="stable")
    seen = seen[seen["_made"] == seen.groupby(by)["_made"].cummax()]  # drop what arrived after something newer
    asked = left[[by]].assign(_decided=utc(left[on]) - lead, _row=range(len(left))).sort_values("_decided")
    found = pd.merge_asof(asked, seen, left_on="_decided", right_on="_known", by=by).sort_values("_row")
    found["age"] = found["_decided"] - found["_made"]
    fresh = found["age"] <= max_age
    found = found[[*values, "age"]].where(fresh).set_axis(left.index)
    return pd.concat([left, found], axis=1)
