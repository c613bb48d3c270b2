# /// mistake
# exercise = "coverage"
# misconception = "times_rounded"
# title = "Ages are counted in whole seconds"
# next_step = "Compare Timestamps and Timedeltas as they are; they need no rounding."
# caught_by = ["every_input_is_fresh"]
# message = "No time is rounded"
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
        fresh = fresh & ((joined["at"] - joined[column]).dt.floor("s") <= max_age)
    asked = max(len(joined), 1)  # nobody asked: 0 / 1
    hit, known = int(fresh.sum()) / asked, int(published.sum()) / asked
    return Coverage(hit=hit, stale=known - hit, miss=len(joined) / asked - known, requests=len(joined))
