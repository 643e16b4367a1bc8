# Databricks notebook source
# MAGIC %run ../tiny

# COMMAND ----------

mlflow.set_experiment("/Shared/logs-outside-of-a-run")
info = log("mean", registered_model_name="logs-outside-of-a-run")
mlflow.log_metric("rmse", 50.0, model_id=info.model_id)
mlflow.end_run()

# COMMAND ----------

dbutils.notebook.exit(f"models:/logs-outside-of-a-run/{info.registered_model_version}")
