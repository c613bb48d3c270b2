# /// mistake
# exercise = "coverage"
# misconception = "stale_counted_as_miss"
# title = "Stale predictions count as misses"
# next_step = "Count two things apart: was it published in time, and is it fresh?"
# caught_by = ["plain_coverage", "published_in_time", "every_input_is_fresh"]
# message = "Stale requests count as misses"
# ///
def coverage(batch_keys, requests, fresh_columns, max_age):
    """
    Tell how requests would have been answered from a published batch.

    Args:
        batch_keys: One row for each prediction: key, published_at and times of observation; keys are unique.
        requests: One row for each request: key and at.
        fresh_columns: Names of the columns of batch_keys whose times must be at most max_age old; may be empty.
        max_age: Timedelta, inclusive.

    Returns:
        A Coverage: the shares hit, stale and miss, and the number of requests.
    """
    joined = requests.merge(batch_keys, on="key", how="left")
    published = joined["published_at"] <= joined["at"]
    fresh = published
    for column in fresh_columns:
        fresh = fresh & (joined["at"] - joined[column] <= max_age)
    asked = max(len(joined), 1)  # nobody asked: 0 / 1
    hit = int(fresh.sum()) / asked
    return Coverage(hit=hit, stale=0.0, miss=len(joined) / asked - hit, requests=len(joined))
