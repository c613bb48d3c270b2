# %% answer:transform_artifact
class TransformArtifact:
    """Keep what was learned in one dict, count with numpy, and hash by hand."""

    def __init__(self, number, category):
        self.number = number
        self.category = category
        self.learned = {}

    def fit(self, frame, train):
        known = frame.loc[train, self.number].dropna().to_numpy(dtype=float)
        spread = np.sqrt(np.mean((known - known.mean()) ** 2))
        self.learned = {
            "fill": float(np.median(known)),
            "centre": float(known.mean()),
            "scale": float(spread) if spread > 0 else 1.0,
            "values": sorted({text for text in frame.loc[train, self.category] if isinstance(text, str)}),
        }
        return self

    def transform(self, frame):
        numbers = frame[self.number].to_numpy(dtype=float)
        numbers = np.where(np.isnan(numbers), self.learned["fill"], numbers)
        names = [self.number] + [f"{self.category}={value}" for value in self.learned["values"]]
        made = pd.DataFrame(0.0, index=frame.index, columns=names)
        made[self.number] = (numbers - self.learned["centre"]) / self.learned["scale"]
        for value in self.learned["values"]:
            made[f"{self.category}={value}"] = np.where(frame[self.category].isin([value]), 1.0, 0.0)
        return made

    def save(self, path):
        with open(path, "w", encoding="utf-8") as file:
            json.dump([self.number, self.category, self.learned], file, ensure_ascii=False, indent=1)

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as file:
            number, category, learned = json.load(file)
        artifact = cls(number, category)
        artifact.learned = learned
        return artifact

    def fingerprint(self):
        import hashlib

        text = repr((self.number, self.category, sorted(self.learned.items())))
        return hashlib.sha1(text.encode()).hexdigest()


def in_two_new_programs(saved, requests, frame, train):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "transform.json"
        path.write_bytes(saved)
        service = TransformArtifact.load(path)
    training = TransformArtifact(service.number, service.category).fit(frame, train)
    return service.fingerprint(), service.transform(requests), training.fingerprint()


# %% answer:asof_join
def asof_join(left, right, *, on, by, lead, max_age, known_at=None):
    """Ask for each question in turn; the best observation is a maximum of (made, known, place)."""
    made = utc(right[on])
    known = made if known_at is None else utc(right[known_at])
    by_place = {}
    for place, site in enumerate(right[by]):
        by_place.setdefault(site, []).append((made.iloc[place], known.iloc[place], place))
    chosen, ages = [], []
    for site, moment in zip(left[by], utc(left[on]) - lead):
        fits = [one for one in by_place.get(site, []) if one[1] <= moment and one[0] >= moment - max_age]
        best = max(fits, default=None)
        chosen.append(-1 if best is None else best[2])
        ages.append(pd.NaT if best is None else moment - best[0])
    values = right.drop(columns=[on, by, *([known_at] if known_at else [])]).reset_index(drop=True)
    answers = values.reindex(chosen).set_axis(left.index, axis=0)
    answers["age"] = pd.array(ages, dtype="timedelta64[ns]")
    return left.join(answers)


# %% answer:skew_report
def skew_report(serve_log, raw, transform, key):
    """One outer merge with an indicator, then each feature by itself."""
    features = transform(raw)
    wide = features.add_suffix(" (training)").assign(**{key: raw[key]})
    logged = serve_log[[key, *features.columns]].reset_index(drop=True).rename_axis("place").reset_index()
    merged = logged.merge(wide, on=key, how="outer", indicator="side")
    sides = merged["side"].value_counts()
    compared = merged[merged["side"] == "both"].sort_values("place")
    lines = []
    for name in features.columns:
        ours, theirs = compared[f"{name} (training)"].to_numpy(float), compared[name].to_numpy(float)
        gaps = np.isnan(ours), np.isnan(theirs)
        differs = np.where(gaps[0] | gaps[1], gaps[0] != gaps[1], np.abs(ours - theirs) > ATOL)
        lines.append(
            [
                name,
                len(compared),
                int(sides["left_only"]),
                int(sides["right_only"]),
                differs.sum() / len(compared) if len(compared) else None,
                population_stability(ours, theirs) if len(compared) else None,
                next((label for label, unlike in zip(compared[key], differs) if unlike), None),
            ]
        )
    names = ["feature", "rows", "only_in_log", "only_in_raw", "mismatch_rate", "psi", "example_key"]
    return pd.DataFrame(lines, columns=names)


# %% answer:materialize
def materialize(raw, transform, directory, *, code_version, params):
    """Draft and rename by hand."""
    key = stable_hash({"params": params, "content": content_hash(raw), "code_version": code_version})
    target = Path(directory) / f"features-{key}.parquet"
    if target.is_file():
        return target
    table = transform(raw, **params)
    Path(directory).mkdir(exist_ok=True, parents=True)
    draft = target.with_suffix(".half")
    try:
        table.to_parquet(draft)
        draft.rename(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return target


def read_features(path):
    return pd.read_parquet(path)
