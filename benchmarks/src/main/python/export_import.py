"""mlflow-export-import: exports a run to disk, then imports it. Prints one line per request."""
import json
import os
import sys
import tempfile
import time

out = sys.stdout
sys.stdout = sys.stderr  # It talks while it works.
import mlflow  # noqa: E402
from mlflow_export_import.run.export_run import RunExporter  # noqa: E402
from mlflow_export_import.run.import_run import RunImporter  # noqa: E402

print("ready", file=out, flush=True)
for line in sys.stdin:
    order = json.loads(line)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=order["scratch"]) as folder:
        mlflow.set_tracking_uri(order["source"])
        RunExporter(mlflow.MlflowClient(order["source"])).export_run(order["run"], folder)
        mlflow.set_tracking_uri(order["target"])
        run, _ = RunImporter(
            mlflow.MlflowClient(order["target"]), mlmodel_fix=False
        ).import_run(order["experimentName"], folder)
    took = time.monotonic() - began
    print(json.dumps({"seconds": took, "run": run.info.run_id}), file=out, flush=True)
