"""Spark on this machine. A session starts when a notebook first uses it, and ends with the run. Its settings are in the
file that SPARK_CONF_DIR leads to, so a session is the same however it is requested: by `spark`, by
SparkSession.builder.getOrCreate(), in a notebook or in a module that it imports."""

import contextlib
import functools
import logging
import os
import sys
import warnings

from . import imports, paths, secrets

FOLDER = "LOCAL_WORKSPACE_SPARK"


def is_installed():
    return FOLDER in os.environ


def session():
    from pyspark.sql import SparkSession

    if SparkSession.getActiveSession() is None:
        print("Starting Spark on this machine", flush=True)
    return SparkSession.builder.getOrCreate()


def context():
    return session().sparkContext


def sql_context():
    from pyspark.sql import SQLContext

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return SQLContext(context(), session())


def names(module):
    """The Spark names that a Databricks notebook has from the start."""

    def udf(*arguments, **options):
        from pyspark.sql.functions import udf

        return udf(*arguments, **options)

    return {
        "spark": Lazy("spark", "SparkSession", session, module),
        "sc": Lazy("sc", "SparkContext", context, module),
        "sqlContext": Lazy("sqlContext", "SQLContext", sql_context, module),
        "sql": lambda *arguments, **options: session().sql(*arguments, **options),
        "table": lambda name: session().table(name),
        "udf": udf,
    }


class Lazy:
    """Stands in for one of Spark's objects until it is used; then the object itself takes the name."""

    def __init__(self, name, kind, start, module):
        self.__dict__.update(_lazy_name=name, _lazy_kind=kind, _lazy_start=start, _lazy_module=module)

    def _lazy_value(self):
        value = self._lazy_start()
        if self._lazy_module.__dict__.get(self._lazy_name) is self:
            self._lazy_module.__dict__[self._lazy_name] = value
        return value

    @property
    def __class__(self):
        # For isinstance, which must not start it.
        if "pyspark.sql" not in sys.modules:
            return Lazy
        return getattr(sys.modules["pyspark"], self._lazy_kind, None) or getattr(
            sys.modules["pyspark.sql"], self._lazy_kind
        )

    def __getattr__(self, name):
        if name.startswith("__") or name.startswith("_repr_") or name.startswith("_ipython_"):
            raise AttributeError(name)  # Python itself reads these, for example in copy or inspect.
        return getattr(self._lazy_value(), name)

    def __setattr__(self, name, value):
        setattr(self._lazy_value(), name, value)

    def __dir__(self):
        return dir(self._lazy_value())

    def __repr__(self):
        return repr(self._lazy_value())


# What Databricks' own PySpark and Delta have and these lack.


def with_display(module):
    from .display import display

    module.DataFrame.display = display


def with_short_names(module):
    """Makes DeltaTable.forName find a table by its short name in the session's catalog and schema."""
    by_full_name = module.DeltaTable.forName.__func__

    def for_name(cls, sparkSession, tableOrViewName):
        parts = tableOrViewName.count(".") + 1
        catalog = sparkSession.catalog
        if parts == 1 and not sparkSession.catalog.tableExists(tableOrViewName):
            return by_full_name(cls, sparkSession, tableOrViewName)  # It reports that there is none.
        if parts == 1:
            tableOrViewName = f"{catalog.currentDatabase()}.{tableOrViewName}"
            parts = tableOrViewName.count(".") + 1
        if parts == 2:
            tableOrViewName = f"{catalog.currentCatalog()}.{tableOrViewName}"
        return by_full_name(cls, sparkSession, tableOrViewName)

    module.DeltaTable.forName = classmethod(for_name)


def with_paths_to_read(module):
    for name in ("csv", "json", "load", "orc", "parquet", "text"):
        led(module.DataFrameReader, name, writes=False)
    for name in ("csv", "json", "orc", "parquet", "save", "text"):
        led(module.DataFrameWriter, name, writes=True)


def with_paths_of_tables(module):
    with_short_names(module)
    by_path, is_table = module.DeltaTable.forPath.__func__, module.DeltaTable.isDeltaTable.__func__
    module.DeltaTable.forPath = classmethod(
        lambda cls, sparkSession, path, *more: by_path(cls, sparkSession, paths.for_spark(path), *more)
    )
    module.DeltaTable.isDeltaTable = classmethod(
        lambda cls, sparkSession, identifier: is_table(cls, sparkSession, paths.for_spark(identifier))
    )


def led(kind, name, writes):
    """The same method, accepting workspace paths: all positional arguments, and path."""
    method = getattr(kind, name)

    def address(value):
        if isinstance(value, (list, tuple)):
            return [paths.for_spark(one, writes) for one in value]
        return paths.for_spark(value, writes)

    @functools.wraps(method)
    def call(self, *arguments, **named):
        if "path" in named:
            named["path"] = address(named["path"])
        first = len(arguments) if name == "parquet" and not writes else 1
        return method(self, *map(address, arguments[:first]), *arguments[first:], **named)

    setattr(kind, name, call)


def with_secret_settings(module):
    """Secrets are set when a session is there: given to it at its start, they would be on a command line."""
    settings = secrets.of_cluster()
    if not settings:
        return
    builder = module.SparkSession.Builder
    get_or_create = builder.getOrCreate

    @functools.wraps(get_or_create)
    def made(self):
        session = get_or_create(self)
        hadoop = session.sparkContext._jsc.hadoopConfiguration()
        for name, value in settings.items():
            if name.startswith("spark.hadoop."):
                hadoop.set(name.removeprefix("spark.hadoop."), value)
            elif name.startswith("fs."):
                hadoop.set(name, value)
            with contextlib.suppress(Exception):  # Some can't change in a session that is there.
                session.conf.set(name, value)
        return session

    builder.getOrCreate = made


AFTER_IMPORT = {
    "pyspark.sql.session": with_secret_settings,
    "pyspark.sql.dataframe": with_display,
    "pyspark.sql.classic.dataframe": with_display,
    "delta.tables": with_paths_of_tables,
    "pyspark.sql.readwriter": with_paths_to_read,
}


def offer():
    if not is_installed():
        return
    imports.complete(AFTER_IMPORT)
    # As in IPython. PySpark 4.2 takes a main module without a file for its own test, which ends the process.
    if not hasattr(sys, "ps1"):
        sys.ps1 = ">>> "
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
    # It logs each raised error a second time, as a line of JSON.
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)
