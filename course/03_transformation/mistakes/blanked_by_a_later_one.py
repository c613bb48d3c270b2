# /// mistake
# exercise = "asof_join"
# misconception = "blanked_by_a_later_one"
# title = "Joined up to the departure, then blanked"
# next_step = "Subtract lead before you join, so that the join itself looks back from the decision."
# caught_by = ["plain_join", "rows_stay", "moments_not_clocks", "known_by_then"]
# message = "Look up from the decision"
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
    asked = left[[by]].assign(_leaves=utc(left[on]), _row=range(len(left))).sort_values("_leaves")
    found = pd.merge_asof(asked, seen, left_on="_leaves", right_on="_known", by=by).sort_values("_row")
    found["age"] = found["_leaves"] - lead - found["_made"]
    fresh = (found["age"] <= max_age) & (found["_known"] <= found["_leaves"] - lead)
    found = found[[*values, "age"]].where(fresh).set_axis(left.index)
    return pd.concat([left, found], axis=1)
