# Databricks notebook source
# MAGIC %md
# MAGIC Predicts which of today's customers are about to leave, with exactly the given version.

# COMMAND ----------

# MAGIC %run ./customers

# COMMAND ----------

dbutils.widgets.text("model_uri", "", "models:/<name>/<version>")
dbutils.widgets.text("model_version", "")
dbutils.widgets.text("table", "churn_predictions")
dbutils.widgets.text("batch_id", "", "The same batch again replaces its rows; empty: today, UTC")
dbutils.widgets.text("promotion_id", "")

# COMMAND ----------

import os
from datetime import datetime, timezone

import mlflow

now = datetime.now(timezone.utc)
given = {name: dbutils.widgets.get(name) for name in ("model_uri", "model_version", "table", "promotion_id")}
batch_id = dbutils.widgets.get("batch_id") or now.date().isoformat()
if "'" in batch_id or "\\" in batch_id:
    raise ValueError(f"batch_id {batch_id!r} holds a quote or a backslash")

if mlflow.get_tracking_uri().startswith("databricks") and given["model_uri"].count(".") < 2:
    mlflow.set_registry_uri("databricks")  # a plain name: the workspace's own registry
model = mlflow.pyfunc.load_model(given["model_uri"])

# COMMAND ----------

current = customers(1000, start=2)
predictions = current[["id"]].assign(
    prediction=model.predict(current[FEATURES]),
    model_version=given["model_version"],
    batch_id=batch_id,
    promotion_id=given["promotion_id"],
    scored_at=now,
)

# COMMAND ----------

this_batch = f"batch_id = '{batch_id}'"
if "spark" in globals():
    # An older table may lack columns; they are added, and it has no rows of this batch yet.
    known = spark.catalog.tableExists(given["table"])
    old = known and "batch_id" not in spark.table(given["table"]).columns
    writer = spark.createDataFrame(predictions).write.format("delta").option("mergeSchema", "true")
    writer = writer.mode("append") if old else writer.mode("overwrite").option("replaceWhere", this_batch)
    writer.saveAsTable(given["table"])
else:  # no Spark: a local workspace, which keeps its tables in a folder
    from deltalake import DeltaTable, write_deltalake

    path = os.path.join(os.environ["LOCAL_WORKSPACE_TABLES"], given["table"])
    known = DeltaTable.is_deltatable(path)
    old = known and "batch_id" not in [field.name for field in DeltaTable(path).schema().fields]
    mode = {"mode": "append"} if old else {"mode": "overwrite", "predicate": this_batch}
    write_deltalake(path, predictions, schema_mode="merge", **mode)
