"""Reads versions back with MLflow's own client. Arguments: server, model and version, repeated."""
import hashlib
import json
import os
import sys
import tempfile

import mlflow
import numpy as np

answers = []
arguments = sys.argv[1:]
while arguments:
    uri, name, version, *arguments = arguments
    mlflow.set_tracking_uri(uri)
    with tempfile.TemporaryDirectory() as temporary:
        # A separate folder inside: MLflow writes a registered_model_meta next to what it loads.
        root = mlflow.artifacts.download_artifacts(f"models:/{name}/{version}", dst_path=temporary)
        files = {}
        for folder, _, names in os.walk(root):
            for file in names:
                path = os.path.join(folder, file)
                if file != "registered_model_meta":
                    with open(path, "rb") as content:
                        files[os.path.relpath(path, root)] = hashlib.sha256(content.read()).hexdigest()
        loaded = mlflow.pyfunc.load_model(root)
        predictions = loaded.predict(np.array([[0.1, 0.2, 0.3], [0.9, 0.8, 0.7]])).tolist()
    found = mlflow.MlflowClient().get_model_version(name, version)
    run = mlflow.get_run(found.run_id)
    history = mlflow.MlflowClient().get_metric_history(found.run_id, "rmse")
    answers.append({
        "files": files,
        "predictions": predictions,
        "runStatus": run.info.status,
        "runTimes": [run.info.start_time, run.info.end_time],
        "params": run.data.params,
        "metrics": {key: str(value) for key, value in run.data.metrics.items()},
        "history": [[m.step, m.timestamp, m.value] for m in history],
        "tags": run.data.tags,
        "inputs": [d.dataset.name for d in run.inputs.dataset_inputs],
    })
print(json.dumps(answers))
