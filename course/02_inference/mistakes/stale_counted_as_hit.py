# /// mistake
# exercise = "coverage"
# misconception = "stale_counted_as_hit"
# title = "Stale predictions count as hits"
# next_step = "Which column of the joined frame is compared with max_age, and what becomes of those that are older?"
# caught_by = ["plain_coverage", "published_in_time", "every_input_is_fresh"]
# message = "They are stale, no hits"
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
    hit, known = int(published.sum()) / asked, int(published.sum()) / asked
    return Coverage(hit=hit, stale=known - hit, miss=len(joined) / asked - known, requests=len(joined))
