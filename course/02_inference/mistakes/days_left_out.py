# /// mistake
# exercise = "coverage"
# misconception = "days_left_out"
# title = "Whole days are left out of an age"
# next_step = "Compare Timedelta with Timedelta; .dt.seconds is only what is left beside whole days."
# caught_by = ["every_input_is_fresh"]
# message = "An age has days too"
# ///
def coverage(batch_keys, requests, fresh_columns, max_age):
    """
    Tell how requests would have been answered from a published batch.

    Args:
        batch_keys: One row for each prediction: key, published_at and times of observation; keys are unique.
        requests: One row for each request: key and at.
        fresh_columns: List of the columns of batch_keys whose times must be at most max_age old; may be empty.
        max_age: Timedelta, inclusive.

    Returns:
        A Coverage: the shares hit, stale and miss, and the number of requests.
    """
    joined = requests.merge(batch_keys, on="key", how="left")
    published = joined["published_at"] <= joined["at"]
    fresh = published
    for column in fresh_columns:
        fresh = fresh & ((joined["at"] - joined[column]).dt.seconds <= max_age.total_seconds())
    asked = max(len(joined), 1)  # nobody asked: 0 / 1
    hit, known = int(fresh.sum()) / asked, int(published.sum()) / asked
    return Coverage(hit=hit, stale=known - hit, miss=len(joined) / asked - known, requests=len(joined))
