# Databricks notebook source
# MAGIC %md
# MAGIC Loading a registered model, and writing a batch of predictions so that writing it again changes nothing.

# COMMAND ----------

import os
import re

import mlflow

# COMMAND ----------


def load(model_uri):
    """The model behind `models:/<name>/<version>`."""
    if not model_uri:
        raise ValueError("model_uri is empty; it names the version to score with: models:/<name>/<version>")
    if mlflow.get_tracking_uri().startswith("databricks"):
        # Unity Catalog's names have three parts; a plain name is in the workspace's own registry.
        mlflow.set_registry_uri("databricks-uc" if model_uri.count(".") == 2 else "databricks")
    return mlflow.pyfunc.load_model(model_uri)


def replace_batch(predictions, table, batch_id):
    """Replaces the rows that an earlier run of the same batch wrote."""
    if not re.fullmatch(r"(\w+\.){0,2}\w+", table, re.ASCII):
        raise ValueError(f"table {table!r}: expected name, schema.name or catalog.schema.name")
    if not re.fullmatch(r"[\w./:+-]+", batch_id, re.ASCII):
        raise ValueError(f"batch_id {batch_id!r}: only letters, digits and _ . / : + - are allowed")
    this_batch = f"batch_id = '{batch_id}'"
    if "spark" in globals():
        # An older table may lack columns; they are added, and it has no rows of this batch yet.
        known = spark.catalog.tableExists(table)
        old = known and "batch_id" not in spark.table(table).columns
        writer = spark.createDataFrame(predictions).write.format("delta").option("mergeSchema", "true")
        writer = writer.mode("append") if old else writer.mode("overwrite").option("replaceWhere", this_batch)
        writer.saveAsTable(table)
    else:  # no Spark: a local workspace, which keeps its tables in a folder
        from deltalake import DeltaTable, write_deltalake

        path = os.path.join(os.environ["LOCAL_WORKSPACE_TABLES"], table)
        known = DeltaTable.is_deltatable(path)
        old = known and "batch_id" not in [field.name for field in DeltaTable(path).schema().fields]
        mode = {"mode": "append"} if old else {"mode": "overwrite", "predicate": this_batch}
        write_deltalake(path, predictions, schema_mode="merge", **mode)
