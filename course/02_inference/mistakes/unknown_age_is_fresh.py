# /// mistake
# exercise = "coverage"
# misconception = "unknown_age_is_fresh"
# title = "A missing time counts as fresh"
# next_step = "Ask whether a row is fresh, not whether it is old: a comparison with NaT is always False."
# caught_by = ["every_input_is_fresh"]
# message = "An unknown age is not fresh"
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
        fresh = fresh & ~(joined["at"] - joined[column] > max_age)
    asked = max(len(joined), 1)  # nobody asked: 0 / 1
    hit, known = int(fresh.sum()) / asked, int(published.sum()) / asked
    return Coverage(hit=hit, stale=known - hit, miss=len(joined) / asked - known, requests=len(joined))
