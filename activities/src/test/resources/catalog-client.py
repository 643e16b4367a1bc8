"""MLflow's own client against workspaces: catalog-client.py log|load FOLDER NAME=HOST..."""

import os
import pathlib
import sys

os.environ["MLFLOW_TRACKING_URI"] = "databricks"
os.environ["MLFLOW_REGISTRY_URI"] = "databricks-uc"
os.environ["DATABRICKS_AUTH_TYPE"] = "pat"
os.environ["MLFLOW_ENABLE_ASYNC_TRACE_LOGGING"] = "false"

import mlflow
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema

folder = pathlib.Path(sys.argv[2])
NAME = "main.ml.churn"


class Shouting(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input: list[str]) -> list[str]:
        size = pathlib.Path(context.artifacts["weights"]).stat().st_size
        return [f"{text.upper()} {size}" for text in model_input]


def log():
    mlflow.set_experiment("/churn")
    weights = folder / "weights.bin"
    weights.write_bytes(os.urandom(130 * 1024 * 1024 + 17))
    with mlflow.start_run() as run:
        mlflow.log_metric("rmse", 0.5)
        mlflow.pyfunc.log_model(
            name="model",
            python_model=Shouting(),
            artifacts={"weights": str(weights)},
            signature=ModelSignature(Schema([ColSpec("string")]), Schema([ColSpec("string")])),
            pip_requirements=[],
        )
    return run.info.run_id


def load():
    client = mlflow.MlflowClient()
    version = client.get_model_version_by_alias(NAME, "champion")
    assert version.status == "READY", version
    assert version.tags["portage_key"] == "key-1", version.tags
    assert client.get_run(version.run_id).data.metrics == {"rmse": 0.5}
    return mlflow.pyfunc.load_model(f"models:/{NAME}@champion").predict(["ana"])[0]


for workspace in sys.argv[3:]:
    name, host = workspace.split("=")
    os.environ["DATABRICKS_HOST"] = host
    print(f"{name}: {log() if sys.argv[1] == 'log' else load()}", flush=True)
