"""What a lesson does with a fitted recipe: its memory read, refitted by batch, run in passes, written anew."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from exercises.flights import CATEGORIES, FEATURES, NUMBERS, load_decisions
from exercises.recipes import inputs_by_batch, memory_of, rewrite, train_in_passes


@pytest.fixture(scope="module")
def some() -> pd.DataFrame:
    return load_decisions(quick=True).iloc[:40000:40].reset_index(drop=True)


@pytest.fixture(scope="module")
def recipe(some) -> ColumnTransformer:
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    categories = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=20, sparse_output=False)
    parts = (numbers, list(NUMBERS)), (categories, list(CATEGORIES))
    return make_column_transformer(*parts, verbose_feature_names_out=False).fit(some[list(FEATURES)])


def test_recipe_memory_is_what_fit_learned(some, recipe):
    """Gap, mean and spread of a number without gaps are its median, mean and standard deviation."""
    memory = memory_of(recipe)

    assert list(memory.index) == list(NUMBERS)
    expected = [some["distance"].median(), some["distance"].mean(), some["distance"].std(ddof=0)]
    assert memory.loc["distance"].tolist() == pytest.approx(expected)


def test_recipe_refitted_on_its_own_training_rows_changes_nothing(some, recipe):
    """One batch of all training rows has the statistics that the recipe remembers."""
    inputs = inputs_by_batch(recipe, some, np.zeros(len(some)))

    np.testing.assert_allclose(inputs, recipe.transform(some[list(FEATURES)]), atol=1e-9)


def test_recipe_refitted_on_one_flight_sees_an_average_flight(some, recipe):
    """Batches of one row have zeros in all numbers and keep their categories; the rows stay as they were."""
    before = some.copy()
    inputs = inputs_by_batch(recipe, some, np.arange(len(some)))

    assert not inputs[:, : len(NUMBERS)].any()
    assert (inputs[:, len(NUMBERS) :] == recipe.transform(some[list(FEATURES)])[:, len(NUMBERS) :]).all()
    pd.testing.assert_frame_equal(some, before)


def test_recipe_refitted_on_equal_values_only_centres_them(some, recipe):
    """A number that is the same throughout a batch becomes zero, not rounding noise blown up to one."""
    same = some.iloc[:7].assign(temp=72.3)
    inputs = inputs_by_batch(recipe, same, np.zeros(7))

    assert np.abs(inputs[:, list(NUMBERS).index("temp")]).max() < 1e-9


def test_passes_ask_for_every_row_once_a_pass():
    """Each pass reads each row exactly once; the seconds begin at zero and never fall."""
    asked: list[np.ndarray] = []
    inputs, late = np.random.default_rng(3).normal(size=(1200, 2)), np.arange(1200) % 2

    def inputs_of(places: np.ndarray) -> np.ndarray:
        asked.append(places)
        return inputs[places]

    model, seconds = train_in_passes(inputs_of, late, passes=2)

    counts = np.bincount(np.concatenate(asked), minlength=1200)
    assert counts.tolist() == [2] * 1200
    assert seconds[0] == 0.0
    assert len(seconds) == 3
    assert seconds == sorted(seconds)
    assert model.coef_.shape == (1, 2)


def test_rewritten_recipe_answers_like_the_original(some, recipe):
    """With gaps filled as the recipe fills them, the rewritten service agrees for every row, rare airports included."""
    late = some["late"].to_numpy()
    line = LogisticRegression(max_iter=300).fit(recipe.transform(some[list(FEATURES)]), late)
    answer = rewrite(recipe, line)

    rows = some[list(FEATURES)]
    questions = [
        {name: None if pd.isna(value) else value for name, value in row.items()} for row in rows.to_dict("records")
    ]
    said = [answer(question, lambda value, gap: gap if value is None else value) for question in questions]

    assert rows.isna().any(axis=None)
    np.testing.assert_allclose(said, line.predict_proba(recipe.transform(rows))[:, 1], atol=1e-12)


def test_rewritten_recipe_does_as_its_filler_says(some, recipe):
    """A filler that takes zero for a gap changes the answer for a Monday, and for nothing else."""
    late = some["late"].to_numpy()
    answer = rewrite(recipe, LogisticRegression(max_iter=300).fit(recipe.transform(some[list(FEATURES)]), late))
    monday = some[list(FEATURES)].dropna().iloc[0].to_dict() | {"hour": 9, "weekday": 0, "wind_speed": 5.0}
    monday |= {"precip": 0.1, "temp": 50.0, "dewp": 30.0, "visib": 9.0}

    def careless(value: float, gap: float) -> float:
        return value or gap

    def careful(value: float, gap: float) -> float:
        return gap if value is None else value

    assert answer(monday, careless) != answer(monday, careful)
    friday = monday | {"weekday": 4}
    assert answer(friday, careless) == answer(friday, careful)
