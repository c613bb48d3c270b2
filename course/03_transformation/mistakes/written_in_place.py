# /// mistake
# exercise = "materialize"
# misconception = "written_in_place"
# title = "The file grows under its final name and is removed if writing stops"
# next_step = "Nobody removes it when the power goes: write to the draft of atomic_write."
# caught_by = ["whole_or_nothing"]
# message = "to_parquet got the final path"
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
        try:
            features.to_parquet(path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return path


def read_features(path):
    """Read a materialized table. Given: it needs no change."""
    return pd.read_parquet(path)
