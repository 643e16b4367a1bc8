# Databricks notebook source
# MAGIC %md
# MAGIC Logs a run with a model in MLflow 3's layout.

# COMMAND ----------

# MAGIC %run ./tracking

# COMMAND ----------

import time
import urllib.error

NAME = "/Shared/tiny"
SLOPE = 2.0

# COMMAND ----------

try:
    experiment = call("POST", "experiments/create", {"name": NAME})["experiment_id"]
except urllib.error.HTTPError:  # it is there
    found = call("GET", "experiments/get-by-name", experiment_name=NAME)
    experiment = found["experiment"]["experiment_id"]

now = int(time.time() * 1000)
context = json.loads(os.environ["MLFLOW_RUN_CONTEXT"])
tags = [{"key": key, "value": value} for key, value in context.items()]
run = call(
    "POST",
    "runs/create",
    {"experiment_id": experiment, "run_name": "train", "start_time": now, "tags": tags},
)["run"]["info"]["run_id"]
call(
    "POST",
    "runs/log-batch",
    {
        "run_id": run,
        "params": [{"key": "slope", "value": str(SLOPE)}],
        "metrics": [{"key": "accuracy", "value": 0.9, "timestamp": now, "step": 0}],
    },
)

# COMMAND ----------

model = call(
    "POST",
    "logged-models",
    {"experiment_id": experiment, "name": "model", "source_run_id": run},
)["model"]["info"]
files = {
    "MLmodel": f"""\
artifact_path: {model["artifact_uri"]}
flavors:
  python_function:
    code: code
    data: model.json
    loader_module: tiny_model
    python_version: 3.11.0
mlflow_version: 3.17.2
model_id: {model["model_id"]}
run_id: {run}
saved_input_example_info:
  artifact_path: input_example.json
  pandas_orient: split
  serving_input_path: serving_input_example.json
  type: dataframe
signature:
  inputs: '[{{"type": "double", "name": "x", "required": true}}]'
  outputs: '[{{"type": "double", "required": true}}]'
  params: null
""",
    "code/tiny_model.py": """\
import json


class Line:
    def __init__(self, slope):
        self.slope = slope

    def predict(self, rows, params=None):
        return [self.slope * x for x in rows["x"]]


def _load_pyfunc(path):
    with open(path, encoding="utf-8") as file:
        return Line(json.load(file)["slope"])
""",
    "input_example.json": json.dumps({"columns": ["x"], "data": [[3.0]]}),
    "model.json": json.dumps({"slope": SLOPE}),
    "requirements.txt": "",
    "serving_input_example.json": json.dumps({"dataframe_split": {"columns": ["x"], "data": [[3.0]]}}),
}
for name, text in files.items():
    send("PUT", artifact(model["artifact_uri"], name), text.encode())
call(
    "PATCH",
    "logged-models/" + model["model_id"],
    {"model_id": model["model_id"], "status": "LOGGED_MODEL_READY"},
)
call(
    "POST",
    "runs/outputs",
    {"run_id": run, "models": [{"model_id": model["model_id"], "step": 0}]},
)
call("POST", "runs/update", {"run_id": run, "status": "FINISHED", "end_time": int(time.time() * 1000)})

# COMMAND ----------

dbutils.notebook.exit(json.dumps({"run_id": run}))
