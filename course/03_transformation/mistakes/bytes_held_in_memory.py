# /// mistake
# exercise = "materialize"
# misconception = "bytes_held_in_memory"
# title = "The bytes are made in memory and then written under the final name"
# next_step = "Let to_parquet write to the draft of atomic_write."
# caught_by = ["whole_or_nothing"]
# message = "Bytes in memory must still be written"
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
        path.write_bytes(features.to_parquet())
    return path


def read_features(path):
    """Read a materialized table. Given: it needs no change."""
    return pd.read_parquet(path)
