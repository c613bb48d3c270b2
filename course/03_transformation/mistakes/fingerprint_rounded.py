# /// mistake
# exercise = "transform_artifact"
# misconception = "fingerprint_rounded"
# title = "The fingerprint rounds what was learned"
# next_step = "Hash the numbers as they are; json keeps floats exactly."
# caught_by = ["fingerprints"]
# message = "Only the last digit of a learned number differs"
# ///
class TransformArtifact:
    """
    A transformation that learned from the training rows once and is frozen from then on.

    Args:
        number: Name of the column of numbers.
        category: Name of the column of text.
    """

    def __init__(self, number, category):
        self.number = number
        self.category = category

    def fit(self, frame, train):
        """
        Learn median, mean, deviation and categories.

        Args:
            frame: Rows with both columns; more columns do not matter.
            train: Series of bool with the index of frame: True for the rows to learn from.

        Returns:
            The artifact itself.
        """
        rows = frame[train]
        self.median, self.mean = float(rows[self.number].median()), float(rows[self.number].mean())
        self.deviation = float(rows[self.number].std(ddof=0)) or 1.0
        self.categories = sorted(rows[self.category].dropna().unique())
        return self

    def transform(self, frame):
        """Return a frame of floats with the same index: the scaled number, then one column for each category."""
        columns = {self.number: (frame[self.number].fillna(self.median) - self.mean) / self.deviation}
        for value in self.categories:
            columns[f"{self.category}={value}"] = (frame[self.category] == value).astype(float)
        return pd.DataFrame(columns)

    def save(self, path):
        """Write all that a new process needs to `path`, as JSON text."""
        Path(path).write_text(json.dumps(vars(self)))

    @classmethod
    def load(cls, path):
        """Return a new artifact from what `save` wrote."""
        learned = json.loads(Path(path).read_text())
        artifact = cls(learned["number"], learned["category"])
        vars(artifact).update(learned)
        return artifact

    def fingerprint(self):
        """Return a short text: the same for the same columns and learned values, in every process."""
        numbers = [round(value, 9) for value in (self.median, self.mean, self.deviation)]
        return stable_hash([self.number, self.category, numbers, self.categories])


def in_two_new_programs(saved, requests, frame, train):
    """
    Do what two other programs do. Given: it needs no change.

    The service has the bytes of a saved artifact and requests; the nightly training has a frame and its training rows.

    Returns:
        The service's fingerprint, its transformed requests, and the training's fingerprint.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "transform.json"
        path.write_bytes(saved)
        service = TransformArtifact.load(path)
    training = TransformArtifact(service.number, service.category).fit(frame, train)
    return service.fingerprint(), service.transform(requests), training.fingerprint()
