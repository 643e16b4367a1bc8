"""What MLflow's client does otherwise on Databricks, as a local workspace is one for it.

"databricks" is the address of the workspace itself. MLflow's own client takes that word for a workspace with
Databricks' artifact storage; the server behind a local workspace serves artifacts itself, which needs its address in
full. "databricks-uc", Unity Catalog, is the same registry here: a model of three parts is one of that name.

Models are kept by cloudpickle on Databricks. Elsewhere MLflow's default is skops, which refuses all but a few kinds of
scikit-learn's models, and with them most notebooks that were written on Databricks.
"""

import functools
import os
import re

from . import imports


def here(uri):
    """The workspace's address for Databricks' words for it, also with a profile; anything else as it is."""
    if isinstance(uri, str) and re.fullmatch(r"databricks(-uc)?(://.*)?", uri):
        return os.environ["DATABRICKS_HOST"]
    return uri


def taking(function):
    """The same function, which takes those words for addresses."""

    @functools.wraps(function)
    def call(*arguments, **named):
        return function(*map(here, arguments), **{name: here(value) for name, value in named.items()})

    return call


def telling(is_databricks):
    """The same question, answered by yes for this workspace too."""
    return lambda uri: uri == os.environ["DATABRICKS_HOST"] or is_databricks(uri)


def in_this_environment(spark_udf):
    """Scoring in Spark runs in the run's own Python: there is no second environment to build on a local workspace."""

    @functools.wraps(spark_udf)
    def call(spark, model_uri, result_type=None, env_manager=None, *more, **named):
        if env_manager not in (None, "local"):
            print(f"spark_udf: a local workspace scores in its own Python environment, not by {env_manager}")
        return spark_udf(spark, model_uri, result_type, "local", *more, **named)

    return call


# By module: its functions, each with what is made of it.
CHANGED = {
    "mlflow.tracking._tracking_service.utils": {"set_tracking_uri": taking, "_resolve_tracking_uri": taking},
    "mlflow.tracking._model_registry.utils": {"set_registry_uri": taking, "_resolve_registry_uri": taking},
    "mlflow.pyfunc": {"spark_udf": in_this_environment},
    "mlflow.sklearn": {"is_databricks_uri": telling},
    "mlflow.lightgbm": {"is_databricks_uri": telling},
    "mlflow.pytorch": {"is_databricks_uri": telling},
}


def with_changes(module):
    for name, change in CHANGED[module.__name__].items():
        function = getattr(module, name, None)
        if function is not None:
            setattr(module, name, change(function))


def offer():
    if "DATABRICKS_HOST" in os.environ:
        imports.complete(dict.fromkeys(CHANGED, with_changes))
