"""Runs one notebook, cell by cell."""

import __future__
import ast
import asyncio
import builtins
import inspect
import json
import linecache
import os
import re
import subprocess
import sys
import types

from . import files, ipython, magics, runtime, spark, syntax, utilities
from .context import Context
from .display import display, displayHTML
from .errors import (
    NotebookExit,
    NotebookNotFound,
    NotebookNotReadable,
    NotOffered,
    WorkflowException,
    summary,
)
from .process import Tee, begin_anew
from .widgets import Widgets

RUNNER = os.path.abspath(sys.argv[0])

# What a cell's "from __future__ import" enables for later cells.
FEATURES = 0
for feature in __future__.all_feature_names:
    FEATURES |= getattr(__future__, feature).compiler_flag


class Session:
    """One notebook with the notebooks that it includes by %run: they share names, widgets and dbutils."""

    def __init__(self, spec, layers):
        self.spec = spec
        self.layers = layers
        self.root = os.path.realpath(spec["root"])
        before = spec.get("before", {})
        self.widgets = Widgets(spec.get("parameters", {}), before.get("widgets"))
        self.module = types.ModuleType("__main__")
        self.called = before.get("called", 0)
        # File and cell of each running notebook, from the first to the one included last.
        self.place = []
        self.resumed = before.get("place", [])
        self.current = None
        self.failed_cell = None
        self.file = None
        self.given = set()
        self.pulled_in = []
        self.features = 0
        self.loop = None
        sys.modules["__main__"] = self.module
        self.shell = magics.Shell(self)
        ipython.offer(self.shell)
        self.dbutils = utilities.of_notebook(self)
        self.add_globals()
        runtime.offer(self.module.__dict__)

    def add_globals(self):
        # Without Spark there is no name "spark": notebooks test for it by `"spark" in globals()` or
        # `except NameError`, and then use a fallback. Those without one get the message in errors.py.
        added = {
            "__builtins__": builtins,
            "dbutils": self.dbutils,
            "display": display,
            "displayHTML": displayHTML,
            "getArgument": self.widgets.getArgument,
            "get_ipython": lambda: self.shell,
            **(spark.names(self.module) if spark.is_installed() else {}),
        }
        self.module.__dict__.update(added)
        self.given = set(added)

    def restart_python(self):
        """On Databricks a new interpreter: modules and names are gone, widgets and packages remain. The notebook
        continues with its next cell."""
        self.record(*self.current, None)
        before = {
            "place": self.place,
            "widgets": self.widgets.state(),
            "called": self.called,
        }
        spec = {**self.spec, "before": before, "installed": self.layers.homes}
        file = self.spec["result"] + ".again.json"
        with open(file, "w", encoding="utf-8") as out:
            json.dump(spec, out)
        begin_anew([sys.executable, RUNNER, file], self.layers.successor())

    def forget_names(self):
        """Like IPython's reset: names are gone, modules remain."""
        kept = {"__name__", "__builtins__"}
        for name in [name for name in self.module.__dict__ if name not in kept]:
            del self.module.__dict__[name]
        self.features = 0
        self.add_globals()

    def context(self):
        return Context(self.spec, os.path.splitext(self.file)[0] if self.file else None)

    def find(self, path, folder):
        """The notebook's file; the path has no extension, as on Databricks."""
        base = self.root if path.startswith("/") else folder
        found = files.find(self.root, os.path.join(base, path.lstrip("/") if path.startswith("/") else path))
        if found is None:
            raise NotebookNotFound(f"Notebook not found: {path}. A notebook is named without .py, relative to the one "
                                   "that calls it")
        return found

    def call(self, path, timeout_seconds, arguments):
        """dbutils.notebook.run: runs the other notebook in a separate process."""
        name = os.path.relpath(self.find(path, os.getcwd()), self.root).removesuffix(".py")
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
        for name in ("installed", "before"):
            spec.pop(name, None)
        with open(stem + ".json", "w", encoding="utf-8") as file:
            json.dump(spec, file)
        sys.stdout.flush()
        try:
            subprocess.run(
                [sys.executable, RUNNER, stem + ".json"],
                timeout=timeout_seconds or None,
                check=False,
                stdin=subprocess.DEVNULL,
                env=self.layers.child(),
            )
        except subprocess.TimeoutExpired:
            raise WorkflowException(f"Notebook {path} did not finish within {timeout_seconds} seconds") from None
        try:
            with open(spec["result"], encoding="utf-8") as file:
                outcome = json.load(file)
        except FileNotFoundError:
            raise WorkflowException(f"Notebook {path} ended without a result") from None
        if outcome["status"] != "succeeded":
            raise WorkflowException(f"Notebook {path} failed: {outcome.get('error') or outcome.get('message')}")
        return outcome["exit"]

    # Cells

    def run_notebook(self, file):
        shown = os.path.relpath(file, self.root)
        if file in self.pulled_in:
            raise NotebookNotReadable(f"circular %run: {shown} includes itself, directly or through another notebook")
        before, self.file = self.file, self.file or file
        self.pulled_in.append(file)
        cells, text = files.read(file, shown)
        if text is not None:
            remember(shown, text)
        at = self.resumed.pop(0)[1] if self.resumed else -1
        # The notebook that the cell had included, if that continues first.
        inner = self.resumed[0][0] if self.resumed else None
        self.place.append([file, at])
        for index, cell in enumerate(cells):
            self.place[-1][1] = index
            if index == at and inner is not None:
                self.run_cell(cell, file, shown, inner)
            elif index > at:
                self.run_cell(cell, file, shown)
        self.place.pop()
        self.pulled_in.pop()
        self.file = before

    def run_cell(self, cell, file, shown, inner=None):
        """inner: the notebook that the cell already includes and that has not finished."""
        if isinstance(sys.stdout, Tee):
            sys.stdout.take()
        error = None
        self.current = (cell, shown)
        try:
            if inner is not None:
                self.run_notebook(inner)
            elif not cell.is_text:
                self.run_code(cell, file)
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

    def run_code(self, cell, file):
        if cell.file.startswith(os.path.relpath(file, self.root) + ", "):
            remember(cell.file, cell.source)
        first = cell.lines[0].strip()
        word = magics.word_of(first)
        if cell.is_mixed and (word in magics.LANGUAGES or word in magics.SHOWN or word in ("run", "pip")):
            raise SyntaxError(f"A cell can contain either Python or %{word}, not both")
        if word in magics.SHOWN or word == "skip":
            return
        rest = first.lstrip("%")[len(word) :].strip()
        if first.startswith("%%") and word:
            self.shell.cell(word, rest, ["", *cell.lines[1:]], cell)
        elif word == "python":
            self.execute([rest, *cell.lines[1:]], cell)
        elif word == "sql" and spark.is_installed():
            self.shell.sql("\n".join([rest, *cell.lines[1:]]))
        elif word == "sh":
            self.shell.sh([rest, *cell.lines[1:]])
        elif word in magics.LANGUAGES:
            magics.refuse(word, "%" + word)
        elif word == "run":
            if any(line.strip() and not line.strip().startswith("#") for line in cell.lines[1:]):
                raise SyntaxError("%run must be alone in its cell")
            self.pull_in(rest, file)
        else:
            self.execute(cell.lines, cell)

    def execute(self, lines, cell, shows=True):
        """Runs Python with its magic lines, and shows or returns the value of the last expression."""
        shown, first_line = (cell.file, cell.first_line) if cell is not None else ("<magic>", 1)
        # Empty lines in front give every line its number in the file.
        before = "\n" * (first_line - 1)
        try:
            tree = self.parsed(before + "\n".join(lines), shown)
        except SyntaxError:
            changed = syntax.magic_lines(lines)
            if changed == lines:
                raise
            tree = self.parsed(before + "\n".join(changed), shown)
        last = None
        quiet = "\n".join(lines).rstrip().endswith(";")
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not quiet:
            last = ast.Expression(tree.body.pop().value)
        self.evaluate(tree, shown, "exec")
        if last is None:
            return None
        value = self.evaluate(last, shown, "eval")
        if not shows:
            return value
        if value is not None:
            print(repr(value))
        return None

    def parsed(self, text, shown):
        flags = self.features | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        return compile(text, shown, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)

    def evaluate(self, tree, shown, mode):
        """Runs it as a notebook does: with await allowed outside of functions."""
        code = compile(tree, shown, mode, self.features | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        self.features |= code.co_flags & FEATURES
        value = eval(code, self.module.__dict__)
        if not code.co_flags & inspect.CO_COROUTINE:
            return value
        if self.loop is None:
            self.loop = asyncio.Runner()
        return self.loop.run(value)

    def pull_in(self, command, file):
        words = re.findall(r'"[^"]*"|\'[^\']*\'|\$?\w+=(?:"[^"]*"|\'[^\']*\'|\S+)|\S+', command)
        if not words:
            raise SyntaxError("%run needs the path of a notebook")
        path = words[0].strip("\"'")
        for word in words[1:]:
            match = re.fullmatch(r'\$(\w+)=(?:"([^"]*)"|\'([^\']*)\'|(\S+))', word)
            if not match:
                raise SyntaxError(
                    f'%run takes parameters as $name="value", not {word}; quote a path that contains spaces, and put '
                    "comments in other cells"
                )
            self.widgets.give(match.group(1), next(g for g in match.groups()[1:] if g is not None))
        if path.endswith((".py", ".r", ".sql")):
            raise NotOffered(f"%run {path}: on Databricks %run takes a notebook, named without an extension; import a Python "
                             "file instead")
        self.run_notebook(self.find(path, os.path.dirname(file)))


def remember(shown, text):
    """Makes traces show the source lines."""
    linecache.cache[shown] = (len(text), None, [line + "\n" for line in files.lines_of(text)], shown)
