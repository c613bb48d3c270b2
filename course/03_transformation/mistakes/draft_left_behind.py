# /// mistake
# exercise = "materialize"
# misconception = "draft_left_behind"
# title = "A draft is left when writing breaks off"
# next_step = "Use atomic_write, or remove your draft when an error comes."
# caught_by = ["whole_or_nothing"]
# message = "a draft is left"
# ///
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
    if not path.exists():
        features = transform(raw, **params)
        directory.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        features.to_parquet(draft)
        draft.replace(path)
    return path


def read_features(path):
    """Read a materialized table. Given: it needs no change."""
    return pd.read_parquet(path)
