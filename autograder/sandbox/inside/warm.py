"""
Doing once in a server what each job would else pay for: imports at first use, caches, compiled patterns.

Decides nothing; leaves nothing behind but warm memory. What a profile does not import is not warmed.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable

from autograder.protocol.codec import Codec
from autograder.protocol.records import Registry


def up() -> None:
    """Warm what cells use: frames and their text, models, figures."""
    for module, act in (("pandas", _frames), ("sklearn", _models), ("matplotlib.pyplot", _figures)):
        if module in sys.modules:
            act()


def up_protocol(registry: Registry) -> None:
    """Warm the learner's side of the protocol with values of many kinds."""
    import numpy as np
    import pandas as pd

    codec = Codec(registry)
    frame = pd.DataFrame({"n": [1.5, 2.5], "s": ["a", "b"], "c": pd.Categorical(["x", "y"])})
    frame["t"] = pd.to_datetime(["2013-01-01", "2013-01-02"], utc=True)
    for value in ({"a": [1, 2.5, None, ("x", b"y")]}, np.arange(3.0), frame, frame["s"]):
        codec.decode(codec.encode(value))


def _frames() -> None:
    import numpy as np
    import pandas as pd

    frame = pd.DataFrame({"g": ["a", "b", "a"], "x": [1.0, np.nan, 3.0], "n": [1, 2, 3]})
    frame["t"] = pd.to_datetime(["2013-01-01", "2013-02-01", "2013-03-01"], utc=True).tz_convert("America/New_York")
    acts: tuple[Callable[[], object], ...] = (
        lambda: repr(frame),
        lambda: frame._repr_html_(),  # type: ignore[operator]
        frame.describe,
        lambda: frame.groupby("g")["x"].agg(["mean", "count"]),
        lambda: frame.merge(frame, on="g").sort_values(["g", "n_x"]),
        lambda: frame["t"].dt.floor("D").dt.month.value_counts(),
        lambda: frame["g"].str.upper().astype("category").cat.codes,
        lambda: frame.set_index("t").sort_index()["x"].rolling("30D").mean(),
        lambda: pd.cut(frame["x"], [0, 2, 4]).value_counts(),
        lambda: frame.pivot_table(index="g", values="x"),
        lambda: np.quantile(frame["x"].dropna(), [0.1, 0.9]),
        lambda: np.random.default_rng(0).normal(size=3),
    )
    for act in acts:
        act()


def _models() -> None:
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression())
    inputs = np.array([[0.0], [1.0], [2.0], [3.0]])
    model.fit(inputs, np.array([0, 1, 0, 1])).predict_proba(inputs)
    repr(model)


def _figures() -> None:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([1, 2], [3, 4], label="a")
    axes.legend()
    figure.savefig(io.BytesIO(), format="png")
    plt.close(figure)
