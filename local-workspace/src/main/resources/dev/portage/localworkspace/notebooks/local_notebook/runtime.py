"""What Databricks' own packages provide to modules and programs, as notebooks have it from the start: `from
databricks.sdk.runtime import dbutils, spark`, `DBUtils(spark)`."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys

from . import spark

MODULES = ("dbruntime", "pyspark.dbutils")


class UserNamespaceInitializer:
    """Databricks' SDK gets a notebook's names from it."""

    names = {}

    @classmethod
    def getOrCreate(cls):
        return cls

    @classmethod
    def get_namespace_globals(cls):
        return cls.names


def DBUtils(spark=None, *_):
    return UserNamespaceInitializer.names["dbutils"]


class Modules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name not in MODULES:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=name == "dbruntime")

    def exec_module(self, module):
        if module.__name__ == "dbruntime":
            module.UserNamespaceInitializer = UserNamespaceInitializer
        else:
            module.DBUtils = DBUtils


def offer(names):
    """names: a notebook's names, or a program's dbutils."""
    UserNamespaceInitializer.names = names
    sys.meta_path.append(Modules())


def of_program(dbutils):
    from .display import display, displayHTML

    return {
        "dbutils": dbutils,
        "display": display,
        "displayHTML": displayHTML,
        **(spark.names(sys.modules[__name__]) if spark.is_installed() else {}),
    }
