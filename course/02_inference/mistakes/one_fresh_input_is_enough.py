# /// mistake
# exercise = "coverage"
# misconception = "one_fresh_input_is_enough"
# title = "One fresh input makes the prediction fresh"
# next_step = "Combine the fresh columns so that every one of them must be fresh."
# caught_by = ["every_input_is_fresh"]
# message = "All must be fresh"
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
    ages = [joined["at"] - joined[column] for column in fresh_columns]
    fresh = published & (np.any([age <= max_age for age in ages], axis=0) if ages else True)
    asked = max(len(joined), 1)  # nobody asked: 0 / 1
    hit, known = int(fresh.sum()) / asked, int(published.sum()) / asked
    return Coverage(hit=hit, stale=known - hit, miss=len(joined) / asked - known, requests=len(joined))
