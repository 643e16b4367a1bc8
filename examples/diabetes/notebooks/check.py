# Databricks notebook source
# MAGIC %md
# MAGIC Tests of the data and of the feature code. They run before training, so broken data costs no training.

# COMMAND ----------

# MAGIC %run ./features

# COMMAND ----------

dbutils.widgets.text("data", "../data/diabetes.csv", "Data to check")

# COMMAND ----------

import json

import pandas as pd

rows = pd.read_csv(dbutils.widgets.get("data"))

# What each column held when the model was designed: lowest, highest, mean, standard deviation.
EXPECTED = {
    "age": (19, 79, 48.5, 13.1),
    "sex": (1, 2, 1.47, 0.50),
    "bmi": (18, 42.2, 26.4, 4.42),
    "bp": (62, 133, 94.6, 13.8),
    "s1": (97, 301, 189.1, 34.6),
    "s2": (41.6, 242.4, 115.4, 30.4),
    "s3": (22, 99, 49.8, 12.9),
    "s4": (2, 9.09, 4.07, 1.29),
    "s5": (3.2581, 6.107, 4.64, 0.522),
    "s6": (58, 124, 91.3, 11.5),
    "target": (25, 346, 152.1, 77.1),
}

# COMMAND ----------

# MAGIC %md
# MAGIC ## The data

# COMMAND ----------


def test_every_column_is_there_and_no_other():
    expected = ["id", *FEATURES, TARGET]
    assert list(rows.columns) == expected, f"columns are {list(rows.columns)}, expected {expected}"


def test_there_are_at_least_as_many_rows_as_at_first():
    assert len(rows) >= 442, f"{len(rows)} rows, expected 442 or more"


def test_no_value_is_missing():
    missing = rows.isna().sum()
    assert not missing.any(), f"missing values: {missing[missing > 0].to_dict()}"


def test_every_column_is_a_number():
    others = [column for column in rows.columns if not pd.api.types.is_numeric_dtype(rows[column])]
    assert not others, f"not numbers: {others}"


def test_no_row_comes_twice():
    assert rows["id"].is_unique, f"ids {sorted(rows['id'][rows['id'].duplicated()])[:5]} come twice"
    assert not rows.drop(columns="id").duplicated().any(), "the same measurements come under two ids"


def test_every_value_is_within_its_range():
    # Slack of a tenth of the range at each end: new patients may be slightly outside.
    outside = {}
    for column, (lowest, highest, _, _) in EXPECTED.items():
        slack = 0 if column == "sex" else (highest - lowest) / 10
        beyond = ~rows[column].between(lowest - slack, highest + slack)
        if beyond.any():
            outside[column] = rows.loc[beyond, column].head(3).tolist()
    assert not outside, f"outside of their range: {outside}"


def test_no_column_has_shifted():
    shifted = {}
    for column, (_, _, mean, deviation) in EXPECTED.items():
        by = (rows[column].mean() - mean) / deviation
        if not abs(by) <= 0.25:
            shifted[column] = f"{by:+.2f} standard deviations"
    assert not shifted, f"mean has moved: {shifted}"


def test_no_column_has_lost_or_gained_spread():
    changed = {}
    for column, (_, _, _, deviation) in EXPECTED.items():
        ratio = rows[column].std() / deviation
        if not 0.75 <= ratio <= 1.33:
            changed[column] = f"{ratio:.2f} times"
    assert not changed, f"spread has changed: {changed}"


def test_the_strong_columns_still_tell_of_the_target():
    # Rows shifted against their target keep every mean and range. This catches them.
    for column, sign in {"bmi": 1, "s5": 1, "s3": -1}.items():
        found = rows[column].corr(rows[TARGET]) * sign
        assert found > 0.25, f"{column} and {TARGET} go together by {found * sign:.2f} only"


# COMMAND ----------

# MAGIC %md
# MAGIC ## The feature code

# COMMAND ----------


def eight_rows():
    """Rows for tests of the code, so that a failure is the code's and not the data's."""
    return pd.DataFrame({column: range(8) for column in ["id", *FEATURES, TARGET]})


def test_features_are_in_the_models_order_whatever_the_files_order():
    backwards = eight_rows()[[TARGET, *FEATURES[::-1], "id"]]
    assert list(features(backwards).columns) == FEATURES


def test_features_hold_no_target_and_no_id():
    assert not {"id", TARGET} & set(features(eight_rows()).columns)


def test_features_are_floating_point_also_from_whole_numbers():
    assert (features(eight_rows()).dtypes == "float64").all()


def test_features_name_the_column_that_is_missing():
    try:
        features(eight_rows().drop(columns="bmi"))
    except ValueError as error:
        assert "lacks bmi" in str(error), error
    else:
        raise AssertionError("a missing column passed")


def test_split_parts_the_rows_without_overlap_and_always_the_same():
    known, held_out = split(eight_rows(), 0.25)
    assert sorted([*known["id"], *held_out["id"]]) == list(range(8))
    assert len(held_out) == 2
    assert list(split(eight_rows(), 0.25)[1]["id"]) == list(held_out["id"])


# COMMAND ----------

tests = [test for name, test in list(globals().items()) if name.startswith("test_")]
failures = []
for test in tests:
    try:
        test()
        print(f"passed  {test.__name__}")
    except Exception as error:
        print(f"FAILED  {test.__name__}: {error}")
        failures.append(f"{test.__name__}: {type(error).__name__}: {error}")

if failures:
    raise AssertionError(f"{len(failures)} of {len(tests)} checks failed\n" + "\n".join(failures))

# COMMAND ----------

dbutils.notebook.exit(json.dumps({"passed": len(tests)}))
