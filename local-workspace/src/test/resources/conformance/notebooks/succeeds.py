# Databricks notebook source
dbutils.widgets.text("who", "nobody")

# COMMAND ----------

dbutils.notebook.exit("hello " + dbutils.widgets.get("who"))
