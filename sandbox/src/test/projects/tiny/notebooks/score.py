# Databricks notebook source
# MAGIC %md
# MAGIC Scores with exactly the given version: its slope is read from its own files.

# COMMAND ----------

# MAGIC %run ./tracking

# COMMAND ----------

import pyarrow
from deltalake import write_deltalake

given = {
    name: dbutils.widgets.get(name)
    for name in ("model_uri", "model_version", "table", "batch_id", "promotion_id")
}
name, number = given["model_uri"].removeprefix("models:/").split("/")
version = call("GET", "model-versions/get", name=name, version=number)["model_version"]
logged = call("GET", "logged-models/" + version["source"].removeprefix("models:/"))["model"]["info"]
slope = json.loads(send("GET", artifact(logged["artifact_uri"], "model.json")))["slope"]

# COMMAND ----------

rows = 10
predictions = pyarrow.table(
    {
        "id": list(range(rows)),
        "prediction": [slope * x for x in range(rows)],
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
