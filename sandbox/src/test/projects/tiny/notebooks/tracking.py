# Databricks notebook source
# MAGIC %md
# MAGIC The calls that MLflow's own client makes, without loading it: that takes seconds.

# COMMAND ----------

import json
import os
import urllib.parse
import urllib.request

# COMMAND ----------


def send(method, path, body=b"", **query):
    """Returns the response's body."""
    address = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/" + path
    if query:
        address += "?" + urllib.parse.urlencode(query)
    request = urllib.request.Request(address, method=method, data=body or None)
    request.add_header("Authorization", "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"])
    # Otherwise it would be sent as a form.
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def call(method, path, given=None, **query):
    """Sends and returns JSON."""
    body = b"" if given is None else json.dumps(given).encode()
    return json.loads(send(method, "mlflow/" + path, body, **query) or b"{}")


def artifact(uri, name):
    """Path of a model file whose artifacts the server serves."""
    return "mlflow-artifacts/artifacts/" + uri.removeprefix("mlflow-artifacts:/") + "/" + name
