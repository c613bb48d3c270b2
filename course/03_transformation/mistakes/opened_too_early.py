# /// mistake
# exercise = "materialize"
# misconception = "opened_too_early"
# title = "The file is opened before its content is known"
# next_step = "Compute first, then write a draft, then rename."
# caught_by = ["whole_or_nothing"]
# message = "file"
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
        directory.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            transform(raw, **params).to_parquet(file)
    return path


def read_features(path):
    """Read a materialized table. Given: it needs no change."""
    return pd.read_parquet(path)
