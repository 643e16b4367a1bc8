# Databricks notebook source
# MAGIC %md
# MAGIC Synthetic customers: only numbers, no real people. The same `start` always gives the same customers.

# COMMAND ----------

import numpy as np
import pandas as pd

FEATURES = ["months", "monthly_charge", "support_calls", "contract", "pays_by"]
TARGET = "churned"

# COMMAND ----------


def customers(count, start):
    """This many customers, and which of them left: new, expensive, monthly contracts and complaints make it likelier."""
    random = np.random.default_rng(start)
    months = random.integers(1, 73, count)
    monthly_charge = random.normal(65, 18, count).clip(15, 130).round(2)
    support_calls = random.poisson(1.2, count)
    contract = random.choice(["monthly", "yearly", "two years"], count, p=[0.5, 0.3, 0.2])
    pays_by = random.choice(["card", "transfer", "invoice"], count, p=[0.45, 0.35, 0.2])
    inclination = (
        -2.2
        - 0.045 * (months - 24)
        + 0.03 * (monthly_charge - 65)
        + 0.7 * support_calls
        + np.select([contract == "monthly", contract == "yearly"], [1.3, 0.0], -1.2)
        + np.where(pays_by == "invoice", 0.5, 0.0)
    )
    churned = random.random(count) < 1 / (1 + np.exp(-inclination))
    return pd.DataFrame(
        {
            "id": np.arange(1, count + 1),
            "months": months.astype("float64"),
            "monthly_charge": monthly_charge,
            "support_calls": support_calls.astype("float64"),
            "contract": contract,
            "pays_by": pays_by,
            "churned": churned.astype("int64"),
        }
    )
