"""MLflow's and Databricks' own Python clients against workspaces: artifacts-client.py FOLDER KIND=HOST..."""

import hashlib
import os
import pathlib
import sys
import traceback

os.environ["MLFLOW_TRACKING_URI"] = "databricks"
os.environ["MLFLOW_REGISTRY_URI"] = "databricks-uc"
os.environ["DATABRICKS_AUTH_TYPE"] = "pat"
os.environ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"] = str(5 * 1024 * 1024)
os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = str(6 * 1024 * 1024)
os.environ["MLFLOW_ENABLE_ASYNC_TRACE_LOGGING"] = "false"

import mlflow
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, Schema

folder = pathlib.Path(sys.argv[1])
NAME = "main.ml.diabetes"


def predict(model_input: list[str]) -> list[str]:
    return [text.upper() for text in model_input]


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def files_of(client, run_id, path=None):
    for info in client.list_artifacts(run_id, path):
        if info.is_dir:
            yield from files_of(client, run_id, info.path)
        else:
            yield info.path, info.file_size


def try_workspace(kind, host):
    os.environ["DATABRICKS_HOST"] = host
    mlflow.set_experiment(f"/diabetes-{kind}")
    client = mlflow.MlflowClient()
    big = folder / f"big-{kind}.bin"
    big.write_bytes(os.urandom(12 * 1024 * 1024 + 17))
    with mlflow.start_run() as run:
        mlflow.log_text("seen\n", "reports/a b/é.txt")
        mlflow.log_artifact(big, "data")
        info = mlflow.pyfunc.log_model(
            name="model",
            python_model=predict,
            signature=ModelSignature(Schema([ColSpec("string")]), Schema([ColSpec("string")])),
            pip_requirements=[],
        )
    run_id = run.info.run_id
    assert dict(files_of(client, run_id)) == {
        "reports/a b/é.txt": 5,
        f"data/{big.name}": big.stat().st_size,
    }, dict(files_of(client, run_id))
    assert client.list_artifacts(run_id, "reports/a b/é.txt") == []
    down = mlflow.artifacts.download_artifacts(
        run_id=run_id, artifact_path=f"data/{big.name}", dst_path=folder / f"down-{kind}"
    )
    assert digest(down) == digest(big)
    assert mlflow.artifacts.load_text(f"runs:/{run_id}/reports/a b/é.txt") == "seen\n"

    logged = mlflow.get_logged_model(info.model_id)
    assert "/logged_models/m-" in logged.artifact_location, logged.artifact_location
    assert mlflow.pyfunc.load_model(f"models:/{info.model_id}").predict(["ana"]) == ["ANA"]

    version = mlflow.register_model(f"models:/{info.model_id}", NAME, tags={"stage_note": "first"})
    assert (version.version, version.status) == ("1", "READY"), version
    assert mlflow.register_model(f"models:/{info.model_id}", NAME).version == "2"
    client.set_registered_model_alias(NAME, "champion", "1")
    assert client.get_model_version_by_alias(NAME, "champion").version == "1"
    assert mlflow.pyfunc.load_model(f"models:/{NAME}@champion").predict(["ana"]) == ["ANA"]
    assert client.get_model_version(NAME, "1").tags == {"stage_note": "first"}
    found = client.search_model_versions(f"name = '{NAME}'")
    assert sorted(v.version for v in found) == ["1", "2"], found
    assert [m.name for m in client.search_registered_models()] == [NAME]
    try:
        client.set_model_version_tag(NAME, "1", "a.b", "c")
        raise AssertionError("a key with a dot was taken")
    except mlflow.exceptions.RestException as refused:
        assert "a.b" in str(refused)
    client.delete_model_version(NAME, "2")
    assert mlflow.register_model(f"models:/{info.model_id}", NAME).version == "3"
    print(kind, "works", flush=True)


def upload_in_parts(host):
    from databricks.sdk import WorkspaceClient
    from databricks.sdk.config import Config

    config = Config(host=host, auth_type="pat")
    config.files_ext_multipart_upload_min_stream_size = 1024 * 1024
    w = WorkspaceClient(config=config)
    path = "/Volumes/main/default/data/parts/a b.bin"
    content = os.urandom(11 * 1024 * 1024 + 3)
    (folder / "parts.bin").write_bytes(content)
    with open(folder / "parts.bin", "rb") as stream:
        w.files.upload(path, stream, overwrite=True, part_size=2 * 1024 * 1024)
    assert w.files.download(path).contents.read() == content
    with open(folder / "parts.bin", "rb") as stream:
        w.files.upload(path, stream, overwrite=True, part_size=5 * 1024 * 1024, use_parallel=False)
    assert w.files.get_metadata(path).content_length == len(content)
    print("parts work", flush=True)


hosts = [argument.split("=", 1) for argument in sys.argv[2:]]
for kind, host in hosts:
    try:
        try_workspace(kind, host)
    except Exception:
        traceback.print_exc()
upload_in_parts(hosts[0][1])
