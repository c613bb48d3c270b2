# /// mistake
# exercise = "asof_join"
# misconception = "columns_collide"
# title = "A helper column covers one of the caller's"
# next_step = "Join a frame that holds only by, the decision and a number; put left beside it at the end."
# caught_by = ["rows_stay"]
# message = "Left has columns row, at and decision"
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
    seen = seen[[by, "_made", "_known", *values]]
    seen = seen[seen["_made"] == seen.groupby(by)["_made"].cummax()]  # drop what arrived after something newer
    asked = left.assign(_decided=utc(left[on]) - lead, row=range(len(left))).sort_values("_decided")
    found = pd.merge_asof(asked, seen, left_on="_decided", right_on="_known", by=by).sort_values("row")
    found["age"] = found["_decided"] - found["_made"]
    fresh = found["age"] <= max_age
    mine = [column for column in left.columns if column != on]
    found = pd.concat([found[mine], found[[*values, "age"]].where(fresh)], axis=1).set_axis(left.index)
    return found.assign(**{on: left[on]})[[*left.columns, *values, "age"]]
