"""MLflow's own client: downloads a run's folder to disk, then logs it. Prints one line per request."""
import json
import os
import sys
import tempfile
import time

os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
out = sys.stdout
sys.stdout = sys.stderr  # It shows where a run can be seen.
from mlflow import MlflowClient  # noqa: E402
from mlflow.artifacts import download_artifacts  # noqa: E402

print("ready", file=out, flush=True)
for line in sys.stdin:
    order = json.loads(line)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=order["scratch"]) as folder:
        local = download_artifacts(
            run_id=order["run"],
            artifact_path="model",
            dst_path=folder,
            tracking_uri=order["source"],
        )
        target = MlflowClient(order["target"])
        run = target.create_run(order["experiment"])
        target.log_artifacts(run.info.run_id, local, "model")
        target.set_terminated(run.info.run_id)
    took = time.monotonic() - began
    print(json.dumps({"seconds": took, "run": run.info.run_id}), file=out, flush=True)
