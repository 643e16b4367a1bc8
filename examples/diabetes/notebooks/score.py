# Databricks notebook source
# MAGIC %md
# MAGIC Scores a batch with exactly the given version, and stores the predictions with what made them.

# COMMAND ----------

# MAGIC %pip install -q -r ../requirements.txt

# COMMAND ----------

dbutils.library.restartPython()  # where %pip has replaced a package that the runtime had loaded

# COMMAND ----------

# MAGIC %run ./features

# COMMAND ----------

# MAGIC %run ./batch

# COMMAND ----------

dbutils.widgets.text("model_uri", "", "models:/<name>/<version>")
dbutils.widgets.text("model_version", "", "Version, as told in each row; empty: the end of model_uri")
dbutils.widgets.text("table", "diabetes_predictions", "Delta table of the predictions")
dbutils.widgets.text("batch_id", "", "The same batch again replaces its rows; empty: today, UTC")
dbutils.widgets.text("promotion_id", "", "The promotion that asked, if one did")
dbutils.widgets.text("data", "../data/diabetes.csv", "Rows to score")

# COMMAND ----------

import json
from datetime import datetime, timezone

import pandas as pd

now = datetime.now(timezone.utc)
model_uri = dbutils.widgets.get("model_uri")
model_version = dbutils.widgets.get("model_version") or model_uri.rpartition("/")[2]
table = dbutils.widgets.get("table")
batch_id = dbutils.widgets.get("batch_id") or now.date().isoformat()
rows = pd.read_csv(dbutils.widgets.get("data"))
model = load(model_uri)

# COMMAND ----------

predictions = pd.DataFrame(
    {
        "id": rows["id"],
        "prediction": model.predict(features(rows)),
        "model_version": model_version,
        "batch_id": batch_id,
        "promotion_id": dbutils.widgets.get("promotion_id"),
        "scored_at": now,
    }
)
replace_batch(predictions, table, batch_id)

# COMMAND ----------

dbutils.notebook.exit(json.dumps({"table": table, "batch_id": batch_id, "rows": len(predictions)}))
