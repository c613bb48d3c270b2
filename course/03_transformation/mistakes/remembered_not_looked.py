# /// mistake
# exercise = "materialize"
# misconception = "remembered_not_looked"
# title = "What was once written is believed to be there for ever"
# next_step = "Ask path.exists() each time, and remember nothing."
# caught_by = ["whole_or_nothing"]
# message = "Look into the folder each time"
# ///
WRITTEN = set()


def materialize(raw, transform, directory, *, code_version, params):
    """
    Transform a table once for each content, version of the code and parameters.

    Args:
        raw: The table, a frame.
        transform: transform(raw, **params) -> frame of features.
        directory: Path of the folder for the files; made if it is missing.
        code_version: Text that names the version of the transformation's code.
        params: Dict of the transformation's parameters, of plain values.

    Returns:
        Path of the parquet file with the features.
    """
    key = stable_hash({"content": content_hash(raw), "code_version": code_version, "params": params})
    path = directory / f"features-{key}.parquet"
    if path not in WRITTEN and not path.exists():
        features = transform(raw, **params)
        directory.mkdir(parents=True, exist_ok=True)
        with atomic_write(path) as draft:
            features.to_parquet(draft)
    WRITTEN.add(path)
    return path


def read_features(path):
    """Read a materialized table. Given: it needs no change."""
    return pd.read_parquet(path)
