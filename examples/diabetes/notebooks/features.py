# Databricks notebook source
# MAGIC %md
# MAGIC What the other notebooks share: the model's input, and the rows it is evaluated on.

# COMMAND ----------

from sklearn.model_selection import train_test_split

FEATURES = ["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]
TARGET = "target"

# COMMAND ----------


def features(rows):
    """The model's input: its ten columns, in its order, as floating point; other columns are dropped."""
    missing = [column for column in FEATURES if column not in rows.columns]
    if missing:
        raise ValueError(f"the data lacks {', '.join(missing)}; it has {', '.join(rows.columns)}")
    return rows[FEATURES].astype("float64")


def split(rows, test_size):
    """Rows to train on and rows to evaluate on. The split is always the same."""
    return train_test_split(rows, test_size=test_size, random_state=42)
