"""Runs one task of a job: a Databricks notebook in source format, cell by cell, or a Python file.

Called as: python notebook_runner.py SPEC, where SPEC is a JSON file with
  kind        "notebook" or "python"
  root        the root of the checked-out repository
  path        of the notebook (without .py) or of the file (with .py), relative to the root
  parameters  of a notebook: what its widgets hold
  arguments   of a file: its command line
  result      the JSON file to write the outcome to
  cells       the file to which one JSON line is added for each cell
  values      the folder of the task values of this job run
  task        the key of this task

The outcome is {"status": "succeeded", "exit": text or null}, {"status": "failed", "error": text, "trace": text or
null} or {"status": "missing", "message": text}. Whatever the task prints goes to standard output.

The process makes itself the leader of a session, so that all it starts can be stopped with it, and it stops when its
standard input ends, so that nothing outlives the workspace.
"""

import ast
import builtins
import json
import linecache
import os
import re
import runpy
import signal
import subprocess
import sys
import threading
import traceback
import types

HEADER = "# Databricks notebook source"
SEPARATOR = "# COMMAND ----------"
MAGIC = "# MAGIC"
RUNNER = os.path.abspath(__file__)
RUNNER_MODULE = sys.modules["__main__"]  # Kept alive: the notebook takes the name __main__ over.


class NotebookExit(BaseException):
    """Raised by dbutils.notebook.exit; not an Exception, so that notebooks don't catch it by accident."""

    def __init__(self, value):
        super().__init__(value)
        self.value = value


class InputWidgetNotDefined(Exception):
    """A widget was asked for that the notebook does not declare and the job gives no value for."""


class NotebookNotFound(Exception):
    """%run or dbutils.notebook.run named a notebook that is not in the repository."""


class NotOffered(Exception):
    """The notebook uses something that exists on Databricks but not in a local workspace."""


class WorkflowException(Exception):
    """A notebook called by dbutils.notebook.run failed."""


def be_stoppable():
    """Leads a session of its own, and ends it when the workspace is gone."""
    if hasattr(os, "setsid"):
        try:
            os.setsid()
        except PermissionError:
            pass  # Already the leader of a session.
    lifeline = os.dup(0)
    os.set_inheritable(lifeline, False)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def watch():
        while True:
            try:
                if not os.read(lifeline, 1):
                    break
            except OSError:
                break
        if hasattr(os, "killpg"):
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(137)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


class Tee:
    """Writes to the log and keeps, for the page, what one cell printed."""

    LIMIT = 200_000

    def __init__(self, stream):
        self.stream = stream
        self.kept = []
        self.size = 0

    def write(self, text):
        if self.size < self.LIMIT:
            self.kept.append(text)
            self.size += len(text)
        return self.stream.write(text)

    def take(self):
        text = "".join(self.kept)[: self.LIMIT]
        self.kept = []
        self.size = 0
        return text

    def __getattr__(self, name):
        return getattr(self.stream, name)


class Cell:
    """One cell: its source as Python or as a magic command, and the line of the file it begins at."""

    def __init__(self, number, first_line, lines):
        self.number = number
        while lines and not lines[0].strip():
            lines = lines[1:]
            first_line += 1
        while lines and not lines[-1].strip():
            lines = lines[:-1]
        if lines and lines[0].startswith("# DBTITLE "):
            lines = lines[1:]
            first_line += 1
        self.first_line = first_line
        self.lines = lines

    @property
    def source(self):
        return "\n".join(self.lines)

    @property
    def is_magic(self):
        return bool(self.lines) and self.lines[0].startswith(MAGIC)

    def magic(self):
        """The text of a magic cell without its marks."""
        texts = []
        for line in self.lines:
            if line.startswith(MAGIC):
                text = line[len(MAGIC):]
                texts.append(text[1:] if text.startswith(" ") else text)
            elif line.strip():
                texts.append(None)  # Python beside magic, which a cell can't have.
        return texts


def cells_of(source):
    lines = source.splitlines()
    if not lines or lines[0].strip() != HEADER:
        raise NotebookNotFound(f"not a notebook: its first line is not '{HEADER}'")
    cells = []
    start = 1
    for index in range(1, len(lines) + 1):
        if index == len(lines) or lines[index].strip() == SEPARATOR:
            cell = Cell(len(cells) + 1, start + 1, lines[start:index])
            if cell.lines:
                cells.append(cell)
            start = index + 1
    return cells


class Widgets:
    """dbutils.widgets. A value given by the job is there also for a widget that the notebook does not declare."""

    def __init__(self, given):
        self._given = dict(given)
        self._declared = {}

    def text(self, name, defaultValue="", label=None):
        self._declare(name, defaultValue)

    def combobox(self, name, defaultValue, choices, label=None):
        self._declare(name, defaultValue)

    def dropdown(self, name, defaultValue, choices, label=None):
        self._among(name, [defaultValue], choices)
        self._declare(name, defaultValue)

    def multiselect(self, name, defaultValue, choices, label=None):
        self._among(name, str(defaultValue).split(","), choices)
        self._declare(name, defaultValue)

    def _among(self, name, values, choices):
        missing = [value for value in values if value not in [str(choice) for choice in choices]]
        if missing:
            raise ValueError(f"The default value {missing[0]!r} of widget {name!r} is not one of its choices")

    def _declare(self, name, default):
        if not isinstance(default, str):
            raise TypeError(f"The default value of widget {name!r} must be a string, not {type(default).__name__}")
        self._declared[name] = default

    def get(self, name):
        if name in self._given:
            return self._given[name]
        if name in self._declared:
            return self._declared[name]
        raise InputWidgetNotDefined(f"No input widget named {name} is defined")

    def getArgument(self, name, defaultValue=None):
        try:
            return self.get(name)
        except InputWidgetNotDefined:
            if defaultValue is None:
                raise
            return defaultValue

    def getAll(self):
        return {**self._declared, **self._given}

    def remove(self, name):
        if name not in self._declared and name not in self._given:
            raise InputWidgetNotDefined(f"No input widget named {name} is defined")
        self._declared.pop(name, None)
        self._given.pop(name, None)

    def removeAll(self):
        self._declared.clear()
        self._given.clear()


class TaskValues:
    """dbutils.jobs.taskValues: small values from one task to the next of the same run."""

    def __init__(self, spec):
        self._folder = spec["values"]
        self._task = spec["task"]

    def _file(self, task):
        if not re.fullmatch(r"[A-Za-z0-9_-]+", task):
            raise ValueError(f"Not a task key: {task!r}")
        return os.path.join(self._folder, task + ".json")

    def _read(self, task):
        try:
            with open(self._file(task), encoding="utf-8") as file:
                return json.load(file)
        except FileNotFoundError:
            return {}

    def set(self, key, value):
        values = self._read(self._task)
        values[key] = value
        os.makedirs(self._folder, exist_ok=True)
        with open(self._file(self._task), "w", encoding="utf-8") as file:
            json.dump(values, file)

    def get(self, taskKey, key, default=None, debugValue=None):
        values = self._read(taskKey)
        if key in values:
            return values[key]
        if default is not None:
            return default
        raise ValueError(f"Task {taskKey!r} has no value {key!r}")


class Absent:
    """A part of dbutils that is not offered: using it says so."""

    def __init__(self, name, instead):
        self._name = name
        self._instead = instead

    def __getattr__(self, name):
        raise NotOffered(f"{self._name}.{name} is not offered by a local workspace: {self._instead}")


class Notebooks:
    """dbutils.notebook."""

    def __init__(self, session):
        self._session = session

    def exit(self, value):
        raise NotebookExit(str(value))

    def run(self, path, timeout_seconds=0, arguments=None):
        return self._session.call(path, timeout_seconds, arguments or {})


class Session:
    """One notebook with the notebooks it pulls in by %run: they share names, widgets and dbutils."""

    def __init__(self, spec):
        self.spec = spec
        self.root = os.path.realpath(spec["root"])
        self.widgets = Widgets(spec.get("parameters", {}))
        self.module = types.ModuleType("__main__")
        self.called = 0
        self.failed_cell = None
        self.fresh()
        self.dbutils = types.SimpleNamespace(
            widgets=self.widgets,
            notebook=Notebooks(self),
            jobs=types.SimpleNamespace(taskValues=TaskValues(spec)),
            library=types.SimpleNamespace(restartPython=self.restart_python),
            secrets=Absent("dbutils.secrets", "give the run what it needs by its environment"),
            fs=Absent("dbutils.fs", "use Python's own file functions"),
        )
        self.add_globals()

    def fresh(self):
        sys.modules["__main__"] = self.module

    def add_globals(self):
        names = self.module.__dict__
        names["__builtins__"] = builtins
        names["dbutils"] = self.dbutils
        names["display"] = lambda *values, **_: print(*values)
        names["displayHTML"] = lambda html: print(html)
        names["getArgument"] = self.widgets.getArgument

    def restart_python(self):
        """On Databricks a new interpreter: names are gone, widgets stay."""
        kept = {"__name__", "__builtins__"}
        for name in [name for name in self.module.__dict__ if name not in kept]:
            del self.module.__dict__[name]
        self.add_globals()

    def find(self, path, folder):
        """The notebook's path below the root, without .py; given as on Databricks, where notebooks have no ending."""
        base = self.root if path.startswith("/") else folder
        full = os.path.realpath(os.path.join(base, path.lstrip("/") if path.startswith("/") else path))
        inside = full.startswith(self.root + os.sep)
        if not inside or not os.path.isfile(full + ".py"):
            raise NotebookNotFound(f"Notebook not found: {path}. A notebook is named without .py, relative to the one "
                                   "that calls it")
        return os.path.relpath(full, self.root)

    def call(self, path, timeout_seconds, arguments):
        """dbutils.notebook.run: the other notebook in a process of its own."""
        name = self.find(path, os.getcwd())
        self.called += 1
        stem = f"{self.spec['result']}.call{self.called}"
        spec = {
            **self.spec,
            "kind": "notebook",
            "path": name,
            "parameters": {str(key): str(value) for key, value in arguments.items()},
            "result": stem + ".result.json",
            "child": True,
        }
        with open(stem + ".json", "w", encoding="utf-8") as file:
            json.dump(spec, file)
        sys.stdout.flush()
        try:
            subprocess.run(
                [sys.executable, RUNNER, stem + ".json"],
                timeout=timeout_seconds or None,
                check=False,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            raise WorkflowException(f"Notebook {path} did not end within {timeout_seconds} seconds") from None
        try:
            with open(spec["result"], encoding="utf-8") as file:
                outcome = json.load(file)
        except FileNotFoundError:
            raise WorkflowException(f"Notebook {path} ended without a result") from None
        if outcome["status"] != "succeeded":
            raise WorkflowException(f"Notebook {path} failed: {outcome.get('error') or outcome.get('message')}")
        return outcome["exit"]

    # Cells

    def run_notebook(self, name):
        file = os.path.join(self.root, name + ".py")
        with open(file, encoding="utf-8") as source:
            text = source.read()
        shown = name + ".py"
        linecache.cache[shown] = (len(text), None, text.splitlines(keepends=True), shown)
        for cell in cells_of(text):
            self.run_cell(cell, name, shown)

    def run_cell(self, cell, name, shown):
        if isinstance(sys.stdout, Tee):
            sys.stdout.take()
        error = None
        try:
            if cell.is_magic:
                self.run_magic(cell, name)
            else:
                self.run_python(cell, shown)
        except NotebookExit:
            raise
        except BaseException as raised:
            if self.failed_cell is None:
                self.failed_cell = (shown, cell.number, cell.first_line)
            error = summary(raised)
            raise
        finally:
            self.record(cell, shown, error)

    def record(self, cell, shown, error):
        output = sys.stdout.take() if isinstance(sys.stdout, Tee) else ""
        line = {"notebook": shown, "cell": cell.number, "source": cell.source, "output": output, "error": error}
        with open(self.spec["cells"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def run_python(self, cell, shown):
        # Empty lines in front make every line number that of the file.
        tree = ast.parse("\n" * (cell.first_line - 1) + cell.source, shown)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not cell.source.rstrip().endswith(";"):
            last = ast.Expression(tree.body.pop().value)
        names = self.module.__dict__
        exec(compile(tree, shown, "exec", dont_inherit=True), names)
        if last is not None:
            value = eval(compile(last, shown, "eval", dont_inherit=True), names)
            if value is not None:
                print(repr(value))

    def run_magic(self, cell, name):
        texts = cell.magic()
        command = next((text for text in texts if text is None or text.strip()), "") or ""
        word = command.split(None, 1)[0] if command.strip() else "%md"
        if None in texts:
            raise SyntaxError(f"A cell holds either Python or {word}, not both")
        if word in ("%md", "%md-sandbox"):
            return
        lines = [text for text in texts if text.strip()]
        if word == "%run":
            if len(lines) > 1:
                raise SyntaxError("%run must be alone in its cell")
            self.pull_in(command[len("%run"):].strip(), name)
        elif word == "%pip":
            for line in lines:
                if not line.startswith("%pip"):
                    raise SyntaxError("%pip must be alone in its cell")
                check_pip(line[len("%pip"):].split(), os.getcwd())
        elif word == "%python":
            source = "\n".join([command[len("%python"):].lstrip()] + texts[texts.index(command) + 1:])
            self.run_python(Cell(cell.number, cell.first_line + texts.index(command), source.splitlines()), name + ".py")
        else:
            raise NotOffered(f"A {word} cell can't be run by a local workspace, which has Python alone")

    def pull_in(self, command, name):
        words = re.findall(r'"[^"]*"|\'[^\']*\'|\$?\w+=(?:"[^"]*"|\'[^\']*\'|\S+)|\S+', command)
        if not words:
            raise SyntaxError("%run needs the path of a notebook")
        path = words[0].strip("\"'")
        for word in words[1:]:
            match = re.fullmatch(r'\$(\w+)=(?:"([^"]*)"|\'([^\']*)\'|(\S+))', word)
            if not match:
                raise SyntaxError(f'%run takes parameters as $name="value", not {word}')
            self.widgets._given[match.group(1)] = next(g for g in match.groups()[1:] if g is not None)
        folder = os.path.join(self.root, os.path.dirname(name))
        self.run_notebook(self.find(path, folder))


def check_pip(words, folder):
    """%pip installs nothing: it says whether what is asked for is there. What is missing fails the cell."""
    if not words or words[0] != "install":
        print(f"%pip {' '.join(words)}: only install is recognised; nothing was done")
        return
    requirements, skip = [], False
    for index, word in enumerate(words[1:], 1):
        if skip:
            skip = False
        elif word in ("-r", "--requirement"):
            skip = True
            file = os.path.join(folder, words[index + 1])
            with open(file, encoding="utf-8") as lines:
                for line in lines:
                    line = line.split("#")[0].strip()
                    if line and not line.startswith("-"):
                        requirements.append(line)
        elif word in ("-i", "--index-url", "--extra-index-url", "-c", "--constraint", "-f", "--find-links"):
            skip = True
        elif not word.startswith("-"):
            requirements.append(word.strip("\"'"))
    for requirement in requirements:
        check_requirement(requirement)


def check_requirement(text):
    from importlib import metadata

    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        raise NotOffered(f"%pip install {text}: a local workspace knows packages by name alone") from None
    if wanted.marker is not None and not wanted.marker.evaluate():
        return
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        raise NotOffered(
            f"%pip install {text}: a local workspace installs nothing, and {wanted.name} is not in its Python "
            "environment; add it to the locked requirements"
        ) from None
    if wanted.specifier.contains(version, prereleases=True):
        print(f"Requirement already satisfied: {text} ({wanted.name} {version})")
    else:
        print(f"WARNING: %pip install {text}: a local workspace installs nothing; going on with {wanted.name} {version}")


# Outcomes


def summary(raised):
    text = str(raised)
    return type(raised).__name__ + (": " + text if text else "")


def is_ours(filename):
    return os.path.abspath(filename) == RUNNER or filename == "<frozen runpy>"


def trace(raised, cell=None):
    """The traceback without this runner's own frames, headed by the cell that failed."""
    report = traceback.TracebackException.from_exception(raised)
    own = report
    while own is not None:
        own.stack = traceback.StackSummary.from_list(
            [frame for frame in own.stack if not is_ours(frame.filename)]
        )
        own = own.__cause__ or own.__context__
    head = ""
    if cell is not None:
        shown, number, line = cell
        head = f"Cell {number} of {shown} (from line {line}):\n"
    return head + "".join(report.format())


def run_notebook(spec):
    name = spec["path"]
    session = Session(spec)
    file = os.path.realpath(os.path.join(session.root, name + ".py"))
    if not file.startswith(session.root + os.sep) or not os.path.isfile(file):
        return missing_notebook(name)
    with open(file, encoding="utf-8") as source:
        if source.readline().strip() != HEADER:
            return missing_notebook(name, f"{name}.py is not a notebook: its first line is not '{HEADER}'. ")
    folder = os.path.dirname(file)
    os.chdir(folder)
    sys.path[0:1] = [folder] if folder == session.root else [folder, session.root]
    sys.argv = [file]
    try:
        session.run_notebook(name)
    except NotebookExit as exit:
        return {"status": "succeeded", "exit": exit.value}
    except BaseException as raised:
        return failed(raised, session.failed_cell)
    return {"status": "succeeded", "exit": None}


def missing_notebook(name, why=""):
    return {
        "status": "missing",
        "message": f"RESOURCE_NOT_FOUND: Notebook not found: {name}. {why}Notebooks of a Git source are named relative "
        "to the repository's root, without .py.",
    }


def run_python(spec):
    root = os.path.realpath(spec["root"])
    file = os.path.realpath(os.path.join(root, spec["path"]))
    if not file.startswith(root + os.sep) or not os.path.isfile(file):
        return {
            "status": "missing",
            "message": f"RESOURCE_NOT_FOUND: Cannot read the python file {spec['path']}: it is not in the repository",
        }
    os.chdir(os.path.dirname(file))
    sys.path[0:1] = [os.path.dirname(file)]
    sys.argv = [file, *spec.get("arguments", [])]
    try:
        runpy.run_path(file, run_name="__main__")
    except SystemExit as exit:
        if exit.code not in (None, 0):
            return failed(exit)
    except BaseException as raised:
        return failed(raised)
    return {"status": "succeeded", "exit": None}


def failed(raised, cell=None):
    text = trace(raised, cell)
    print(text, flush=True)
    return {"status": "failed", "error": summary(raised), "trace": text}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        spec = json.load(file)
    if not spec.get("child"):
        be_stoppable()
    sys.stdout = Tee(sys.stdout)
    outcome = run_notebook(spec) if spec["kind"] == "notebook" else run_python(spec)
    sys.stdout.flush()
    partial = spec["result"] + ".part"
    with open(partial, "w", encoding="utf-8") as file:
        json.dump(outcome, file)
    os.replace(partial, spec["result"])
    code = 0 if outcome["status"] == "succeeded" else 1
    # Threads the notebook left behind must not keep a finished run alive.
    sys.stderr.flush()
    try:
        import atexit

        atexit._run_exitfuncs()
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
