# /// attack
# answer = "coverage"
# says = "UA 1545 and DL 461 are hits"
# ///
"""Change the caller's frames, so that the test counts on other rows than it made, and the answer fits them."""


def coverage(batch_keys, requests, fresh_columns, max_age):
    requests.drop(requests.index, inplace=True)
    batch_keys["key"] = "nobody"
    batch_keys["published_at"] = batch_keys["published_at"] + pd.Timedelta(days=999)
    fresh_columns.clear()
    fresh_columns.extend([float("nan")] * 3)
    return Coverage(hit=0.0, stale=0.0, miss=1.0, requests=5)
