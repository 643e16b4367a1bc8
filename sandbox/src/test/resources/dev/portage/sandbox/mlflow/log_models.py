"""Logs models the way notebooks do: arguments are the tracking server and an experiment."""
import json
import os
import sys
import tempfile

import mlflow
import numpy as np
from mlflow.entities import LoggedModelOutput
from mlflow.models import infer_signature
from sklearn.linear_model import Ridge

uri, experiment = sys.argv[1:]
mlflow.set_tracking_uri(uri)
mlflow.set_experiment(experiment)
client = mlflow.MlflowClient()
data = np.random.RandomState(0).rand(50, 3)
target = data @ [1, 2, 3]
model = Ridge(alpha=0.1).fit(data, target)
# Given requirements, because inferring them takes MLflow a process and many seconds per model.
kept = {
    "signature": infer_signature(data, target),
    "input_example": data[:2],
    "pip_requirements": ["scikit-learn"],
}


def facts(number):
    mlflow.set_tags({
        "mlflow.databricks.jobID": "11",
        "mlflow.databricks.jobRunID": f"{number}",
        "mlflow.source.git.commit": "c0ffee",
        "team": "risk",
    })
    mlflow.log_params({"alpha": 0.1, "seed": 7})
    for step in range(5):
        mlflow.log_metric("rmse", 1.0 / (step + 1), step=step)
    mlflow.log_metric("undefined", float("nan"))
    mlflow.log_input(mlflow.data.from_numpy(data, targets=target, name="patients"), context="train")


def saved(folder, megabytes):
    path = os.path.join(folder, "model")
    mlflow.sklearn.save_model(model, path, **kept)
    for number in range(megabytes // 32):
        with open(os.path.join(path, f"weights-{number}.bin"), "wb") as file:
            file.write(os.urandom(32 * 1024 * 1024))
    os.makedirs(os.path.join(path, "notes"))
    with open(os.path.join(path, "notes", "größe 1+2.txt"), "w") as file:
        file.write("a name with an umlaut, a space and a plus")
    open(os.path.join(path, "empty"), "w").close()
    return path


def logged(number):
    with mlflow.start_run(run_name="train") as run:
        facts(number)
        info = mlflow.sklearn.log_model(model, name="model", **kept)
        with mlflow.start_run(run_name="inner", nested=True):
            mlflow.set_tag("mlflow.databricks.jobRunID", f"{number}")
        return {"run": run.info.run_id, "model": info.model_id}


def folder(number, megabytes=0):
    with mlflow.start_run(run_name="train") as run, tempfile.TemporaryDirectory() as temporary:
        facts(number)
        mlflow.log_artifacts(saved(temporary, megabytes), "model")
        return {"run": run.info.run_id}


def logged_large(number, megabytes):
    with mlflow.start_run(run_name="train") as run, tempfile.TemporaryDirectory() as temporary:
        facts(number)
        made = client.create_logged_model(
            run.info.experiment_id, name="model", source_run_id=run.info.run_id)
        client.log_model_artifacts(made.model_id, saved(temporary, megabytes))
        client.finalize_logged_model(made.model_id, "READY")
        client.log_outputs(run.info.run_id, [LoggedModelOutput(made.model_id, 0)])
        return {"run": run.info.run_id, "model": made.model_id}


print(json.dumps({
    "logged": logged(101),
    "folder": folder(102),
    "large logged": logged_large(103, 96),
    "large folder": folder(104, 96),
    "newest": logged(105),
}))
