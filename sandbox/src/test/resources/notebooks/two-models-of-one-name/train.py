# Databricks notebook source
# MAGIC %run ../tiny

# COMMAND ----------

mlflow.set_experiment("/Shared/two-models-of-one-name")
with mlflow.start_run() as run:
    mlflow.log_metric("rmse", 50.0)
    mlflow.set_tag("best", log(step=3).model_id)
    log(step=2)

# COMMAND ----------

dbutils.notebook.exit(str({"run_id": run.info.run_id, "ok": True}))
