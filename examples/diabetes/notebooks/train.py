# Databricks notebook source
# MAGIC %md
# MAGIC # Diabetes: ridge regression
# MAGIC Predicts how far the disease has progressed one year after ten measurements were taken.

# COMMAND ----------

# MAGIC %pip install -q -r ../requirements.txt

# COMMAND ----------

dbutils.library.restartPython()  # where %pip has replaced a package that the runtime had loaded

# COMMAND ----------

# MAGIC %run ./features

# COMMAND ----------

dbutils.widgets.text("data", "../data/diabetes.csv", "Data to learn from")
dbutils.widgets.text("alpha", "1.0", "Strength of the penalty")
dbutils.widgets.text("test_size", "0.25", "Share of rows kept for measuring")

# COMMAND ----------

import json

import mlflow
import pandas as pd
import sklearn
from matplotlib.figure import Figure
from mlflow.models import infer_signature
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

alpha = float(dbutils.widgets.get("alpha"))
test_size = float(dbutils.widgets.get("test_size"))
rows = pd.read_csv(dbutils.widgets.get("data"))
known, held_out = split(rows, test_size)

# COMMAND ----------

mlflow.set_experiment("/Shared/diabetes")

with mlflow.start_run(run_name="ridge") as run:
    model = make_pipeline(StandardScaler(), Ridge(alpha=alpha))
    model.fit(features(known), known[TARGET])
    predicted = model.predict(features(held_out))

    mlflow.log_params(
        {"alpha": alpha, "test_size": test_size, "rows": len(rows), "features": len(FEATURES)}
    )
    mlflow.log_metrics(
        {
            "rmse": root_mean_squared_error(held_out[TARGET], predicted),
            "r2": r2_score(held_out[TARGET], predicted),
            "mae": mean_absolute_error(held_out[TARGET], predicted),
        }
    )

    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.subplots()
    axes.scatter(held_out[TARGET], predicted, s=12)
    axes.axline((0, 0), slope=1, color="grey", linestyle="--")
    axes.set(xlabel="measured", ylabel="predicted", title="Progression, rows not learnt from")
    mlflow.log_figure(figure, "plots/predicted_against_measured.png")

    mlflow.sklearn.log_model(
        model,
        name="model",
        signature=infer_signature(features(known), predicted),
        input_example=features(known).head(5),
        pip_requirements=[f"scikit-learn=={sklearn.__version__}"],
    )

# COMMAND ----------

dbutils.notebook.exit(json.dumps({"run_id": run.info.run_id}))
