"""dbutils, for a notebook and for a program."""

from . import secrets
from .context import EntryPoint
from .display import display
from .errors import Absent, NotebookExit
from .filesystem import FileSystem
from .widgets import TaskValues, Widgets


class Notebooks:
    """dbutils.notebook."""

    def __init__(self, session):
        self._session = session
        self.entry_point = EntryPoint(session.context, session.widgets)

    def exit(self, value):
        raise NotebookExit(str(value))

    def run(self, path, timeout_seconds=0, arguments=None):
        return self._session.call(path, timeout_seconds, arguments or {})

    def getContext(self):
        return self._session.context()

    def help(self, name=None):
        print("dbutils.notebook: run, exit")


class Data:
    """dbutils.data."""

    def summarize(self, df, precise=False):
        frame = df.toPandas() if hasattr(df, "toPandas") else df
        display(frame.describe(include="all"))

    def help(self, name=None):
        print("dbutils.data: summarize")


def of_program(spec):
    """What a Python file or a wheel has: no notebook, and widgets without values from the job."""
    found = Absent("dbutils", "use data, fs, jobs.taskValues, library.restartPython, notebook, secrets or widgets")
    found.help = lambda name=None: print("dbutils: data, fs, jobs.taskValues, library, notebook, secrets, widgets")
    found.data = Data()
    found.fs = FileSystem()
    found.jobs = Absent("dbutils.jobs", "use taskValues")
    found.jobs.taskValues = TaskValues(spec)
    found.notebook = Absent("dbutils.notebook", "a Python file is no notebook")
    found.secrets = secrets.Secrets(secrets.HIDDEN.add)
    found.widgets = Widgets({})
    return found


def of_notebook(session):
    found = of_program(session.spec)
    found.widgets = session.widgets
    found.notebook = Notebooks(session)
    found.entry_point = found.notebook.entry_point
    found.library = Absent("dbutils.library", "use %pip install or restartPython")
    found.library.restartPython = session.restart_python
    return found
