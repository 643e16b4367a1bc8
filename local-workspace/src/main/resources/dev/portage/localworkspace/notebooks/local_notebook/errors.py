"""Errors of a notebook itself, and how they are reported."""

import os
import re
import traceback

from . import secrets

RUNNER_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


# Names that a Databricks notebook has from the start and a local workspace lacks.
OF_SPARK = {"spark", "sc", "sqlContext"}
MODULES_OF_SPARK = {"pyspark", "delta"}
WITHOUT_SPARK = "PySpark is not installed here: ./portage sandbox --spark installs it"


class NotebookExit(BaseException):
    """Raised by dbutils.notebook.exit; not an Exception, so that notebooks don't catch it by accident."""

    def __init__(self, value):
        super().__init__(value)
        self.value = value


class InputWidgetNotDefined(Exception):
    """The notebook read a widget that it does not declare and that the job gives no value for."""


class NotebookNotFound(Exception):
    """%run or dbutils.notebook.run named a notebook that is not in the repository."""


class NotebookNotReadable(Exception):
    """The file exists but is not a notebook that can be run."""


class NotOffered(Exception):
    """The notebook uses something that exists on Databricks but not in a local workspace."""


class WorkflowException(Exception):
    """A notebook called by dbutils.notebook.run failed."""


class Absent:
    """A part of Databricks that is not available: using it raises an error that says so."""

    def __init__(self, name, instead):
        self._name = name
        self._instead = instead

    def __getattr__(self, name):
        if name.startswith("__") or name.startswith("_repr_"):
            raise AttributeError(name)  # Python itself reads these, for example in copy or inspect.
        raise NotOffered(f"{self._name}.{name} is not available in a local workspace: {self._instead}")

    def __repr__(self):
        return f"<{self._name}, not available in a local workspace>"


# In traces they have plain names, like the notebook's own exceptions.
for error in (InputWidgetNotDefined, NotebookNotFound, NotebookNotReadable, NotOffered, WorkflowException):
    error.__module__ = "__main__"


def summary(raised):
    return secrets.without_secrets(summarized(raised))


def summarized(raised):
    # With PySpark neither occurs: both names and modules exist.
    if isinstance(raised, NameError) and raised.name in OF_SPARK:
        return f"NotOffered: {raised.name} is not there, since {WITHOUT_SPARK}"
    if isinstance(raised, ModuleNotFoundError) and str(raised.name).split(".")[0] in MODULES_OF_SPARK:
        return f"NotOffered: {raised}, since {WITHOUT_SPARK}"
    text = str(raised)
    cause = of_spark_worker(text)
    if cause is not None:
        return f"{cause} (in a Python function that Spark ran: {type(raised).__name__})"
    if isinstance(raised, ModuleNotFoundError) and raised.name:
        package = raised.name.split(".")[0]
        text += f". If it is a package: %pip install {package} in a notebook, libraries of its compute for a script"
    return type(raised).__name__ + (": " + text if text else "")


def of_spark_worker(text):
    """The error of a Python function that failed in a worker of Spark, out of what the JVM says of it; else None."""
    begin = text.find("An exception was thrown from the Python worker")
    if begin < 0:
        return None
    traceback_ends = re.search(r"^[A-Za-z_][\w.]*(?::.*)?$", text[begin:].partition("\n")[2], re.MULTILINE)
    return traceback_ends.group() if traceback_ends else None


def is_ours(filename):
    return os.path.abspath(filename).startswith(RUNNER_FOLDER + os.sep) or filename == "<frozen runpy>"


def trace(raised, cell=None):
    """The traceback without this runner's own frames, starting at the cell that failed."""
    report = traceback.TracebackException.from_exception(raised)
    own = report
    while own is not None:
        own.stack = traceback.StackSummary.from_list([frame for frame in own.stack if not is_ours(frame.filename)])
        own = own.__cause__ or own.__context__
    head = ""
    if cell is not None:
        shown, number, line = cell
        head = f"Cell {number} of {shown} (from line {line}):\n"
    return secrets.without_secrets(head + "".join(report.format()))
