# Databricks notebook source
# MAGIC %load_ext autoreload
# MAGIC %autoreload 2

# COMMAND ----------

# MAGIC %run ../tiny

# COMMAND ----------

# MAGIC %matplotlib inline

# COMMAND ----------

%cd .
here = dbutils.notebook.entry_point.getDbutils().notebook().getContext().notebookPath().get()
print(here)

# COMMAND ----------

# MAGIC %%time
# MAGIC mlflow.set_experiment("/Shared/magics")
# MAGIC with mlflow.start_run():
# MAGIC     mlflow.set_tag("notebook", here.rsplit("/", 1)[-1])
# MAGIC     mlflow.log_metric("rmse", 50.0)
# MAGIC     log()

# COMMAND ----------

display({"rmse": 50.0})
