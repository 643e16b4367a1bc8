"""Unit tests of the code that training and scoring share. A notebook without magic is a module."""

import pathlib
import sys

import pandas as pd
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "notebooks"))

from features import FEATURES, TARGET, features, split


def rows(count=10):
    return pd.DataFrame({column: range(count) for column in ["id", *FEATURES, TARGET]})


def test_the_model_sees_its_columns_in_their_order_and_nothing_else():
    seen = features(rows()[[TARGET, *reversed(FEATURES), "id"]])

    assert list(seen.columns) == FEATURES
    assert set(seen.dtypes.astype(str)) == {"float64"}


def test_a_missing_column_is_named():
    with pytest.raises(ValueError, match="the data lacks bmi"):
        features(rows().drop(columns="bmi"))


def test_the_same_rows_always_part_the_same_way():
    first, second = split(rows(100), 0.25), split(rows(100), 0.25)

    assert [len(part) for part in first] == [75, 25]
    assert all(one.equals(other) for one, other in zip(first, second))
