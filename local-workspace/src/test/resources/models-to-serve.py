"""Registers versions of the model "tripler" to be served: python models-to-serve.py FOLDER, with MLFLOW_TRACKING_URI set.

1 and 2 answer three and four times the input; 3 needs a package that no index has; 4 can't be loaded; 5 shows its
environment.
"""

import os
import sys

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import infer_signature

FOLDER = sys.argv[1]

TIMES = """
import mlflow

class Times(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return [value * {factor} for value in model_input["x"]]

mlflow.models.set_model(Times())
"""
BROKEN = """
import os, mlflow

class Broken(mlflow.pyfunc.PythonModel):
    def load_context(self, context):
        if os.environ.get("_MLFLOW_IS_IN_SERVING_ENVIRONMENT") == "true":
            raise ValueError("no lookup table here")
    def predict(self, context, model_input, params=None):
        return list(model_input["x"])

mlflow.models.set_model(Broken())
"""
SHOWS = """
import os, mlflow

class Shows(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        print("the token is", os.environ.get("HUB_TOKEN"), flush=True)
        hidden = [name for name in ("DATABRICKS_TOKEN", "MLFLOW_TRACKING_TOKEN", "LOCAL_WORKSPACE_LOGIN") if name in os.environ]
        return [os.environ.get("MODE", "") + " " + str(len(os.environ.get("HUB_TOKEN", ""))) + " " + ",".join(hidden)] * len(model_input)

mlflow.models.set_model(Shows())
"""

example = pd.DataFrame({"x": [1.0, 2.0]})
signature = infer_signature(example, example["x"].to_numpy(dtype=np.float64))
exact = [f"mlflow=={mlflow.__version__}", f"pandas=={pd.__version__}"]

def register(code, requirements):
    path = os.path.join(FOLDER, f"code{len(os.listdir(FOLDER))}.py")
    with open(path, "w", encoding="utf-8") as file:
        file.write(code)
    with mlflow.start_run():
        mlflow.pyfunc.log_model(
            name="model", python_model=path, signature=signature, pip_requirements=requirements, registered_model_name="tripler"
        )


register(TIMES.format(factor=3), exact)
register(TIMES.format(factor=4), exact)
register(TIMES.format(factor=5), [*exact, "package-that-no-index-has==9.9"])
register(BROKEN, exact)
register(SHOWS, exact)
print("registered")
