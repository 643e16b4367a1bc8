# Databricks notebook source
# MAGIC %md
# MAGIC Scores ten rows in a moment: what is measured is what happens around it.

# COMMAND ----------

import json
import os

import pyarrow
from deltalake import write_deltalake

given = {
    name: dbutils.widgets.get(name)
    for name in ("model_version", "table", "batch_id", "promotion_id")
}

# COMMAND ----------

rows = 10
predictions = pyarrow.table(
    {
        "id": list(range(rows)),
        "prediction": [float(row) for row in range(rows)],
        "model_version": [given["model_version"]] * rows,
        "batch_id": [given["batch_id"]] * rows,
        "promotion_id": [given["promotion_id"]] * rows,
    }
)
write_deltalake(
    os.path.join(os.environ["LOCAL_WORKSPACE_TABLES"], given["table"]),
    predictions,
    mode="overwrite",
    predicate=f"batch_id = '{given['batch_id']}'",
)

# COMMAND ----------

dbutils.notebook.exit(json.dumps({"rows": rows}))
