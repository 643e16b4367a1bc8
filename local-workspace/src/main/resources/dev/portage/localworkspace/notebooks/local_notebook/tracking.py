"""What MLflow's client does differently on Databricks, provided for a local workspace. "databricks" is the address of
the workspace itself. MLflow's own client takes that word for a workspace with Databricks' artifact storage; the server
behind a local workspace serves artifacts itself, which needs its full address. "databricks-uc", Unity Catalog, is the
same registry here: a three-part model is one of that name. Databricks saves models with cloudpickle. Elsewhere MLflow's
default is skops, which refuses all but a few kinds of scikit-learn models, and so most notebooks that were written on
Databricks."""

import functools
import os
import re

from . import imports


def here(uri):
    """The workspace's address for Databricks' names of it, profiles included; anything else unchanged."""
    if isinstance(uri, str) and re.fullmatch(r"databricks(-uc)?(://.*)?", uri):
        return os.environ["DATABRICKS_HOST"]
    return uri


def taking(function):
    """The same function, accepting those names as addresses."""

    @functools.wraps(function)
    def call(*arguments, **named):
        return function(*map(here, arguments), **{name: here(value) for name, value in named.items()})

    return call


def telling(is_databricks):
    """The same question, answered with yes for this workspace, too."""
    return lambda uri: uri == os.environ["DATABRICKS_HOST"] or is_databricks(uri)


def in_this_environment(spark_udf):
    """Scoring in Spark uses the run's own Python: a local workspace builds no second environment."""

    @functools.wraps(spark_udf)
    def call(spark, model_uri, result_type=None, env_manager=None, *more, **named):
        if env_manager not in (None, "local"):
            print(f"spark_udf: a local workspace scores in its own Python environment, not by {env_manager}")
        return spark_udf(spark, model_uri, result_type, "local", *more, **named)

    return call


# By module: its functions and their replacements.
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
