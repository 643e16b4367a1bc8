"""Runs one task of a job: a Databricks notebook, cell by cell, a Python file, or an entry point of a wheel.

Called as: python notebook_runner.py SPEC, where SPEC is a JSON file with
  kind        "notebook", "python" or "wheel"
  source      "GIT", or "WORKSPACE" for code that lies in the workspace
  root        the root of the checked-out repository, or of the workspace's folders
  checkout    the root of the checked-out repository
  path        of the notebook (without .py; with or without .ipynb) or of the file (with .py), relative to the root
  parameters  of a notebook: what its widgets hold
  package     of a wheel: the name that it is installed by
  entryPoint  of a wheel: one of its entry points, or a function of the module of its name
  arguments   of a file or wheel: its command line
  result      the JSON file to write the outcome to
  cells       the file to which one JSON line is added for each cell
  libraries   what the task has to be able to import: lines of a requirements file, wheels and jars by path
  layers      the folder where what this Python lacks is installed
  values      the folder of the task values of this job run
  task        the key of this task
  installed   folders of packages that the run has installed already; only where Python begins anew
  before      what is known of the run then: the place in its notebooks, widgets, the number of calls
  job         what the notebook's context tells: jobId, jobRunId, taskRunId, user, workspaceId as texts; ephemeral

The outcome is {"status": "succeeded", "exit": text or null}, {"status": "failed", "error": text, "trace": text or
null} or {"status": "missing", "message": text}. Whatever the task prints goes to standard output.

The process makes itself the leader of a session, so that all it starts can be stopped with it, and it stops when its
standard input ends, so that nothing outlives the workspace.
"""

import atexit
import importlib
import json
import os
import runpy
import sys
from importlib import metadata

from local_notebook import files, paths, runtime, secrets, spark, tracking, utilities
from local_notebook.errors import NotebookExit, NotebookNotReadable, NotOffered, summary, trace
from local_notebook.libraries import Layers
from local_notebook.process import Redacting, Tee, be_stoppable
from local_notebook.session import Session

RUNNER_MODULE = sys.modules["__main__"]  # Kept alive, because the notebook takes over the name __main__.


def run_notebook(spec, layers):
    session = Session(spec, layers)
    try:
        file = files.find(session.root, spec["path"])
    except NotebookNotReadable as problem:
        return failed(problem)
    if file is None:
        return missing_notebook(spec, files.why_missing(session.root, spec["path"]))
    folder = os.path.dirname(file)
    os.chdir(folder)
    # The working directory too, as in IPython: a notebook that changes it imports from there.
    sys.path[0:1] = ["", folder] if folder == session.root else ["", folder, session.root]
    sys.argv = [file]
    try:
        session.run_notebook(file)
    except NotebookExit as exit:
        return {"status": "succeeded", "exit": exit.value}
    except BaseException as raised:
        return failed(raised, session.failed_cell)
    return {"status": "succeeded", "exit": None}


def missing_notebook(spec, why):
    if of_workspace(spec):
        return {
            "status": "missing",
            "message": f'Unable to access the notebook "/{spec["path"]}". {why}Either it does not exist, or the identity '
            "used to run this job lacks the required permissions.",
        }
    return {
        "status": "missing",
        "message": f"RESOURCE_NOT_FOUND: Notebook not found: {spec['path']}. {why}Notebooks of a Git source are named relative "
        "to the repository's root, without .py.",
    }


def of_workspace(spec):
    return spec.get("source") == "WORKSPACE"


def run_python(spec, layers):
    root = os.path.realpath(spec["root"])
    file = os.path.realpath(os.path.join(root, spec["path"]))
    if not file.startswith(root + os.sep) or not os.path.isfile(file):
        return {
            "status": "missing",
            "message": f"RESOURCE_NOT_FOUND: Cannot read the python file {spec['path']}: it is not in the "
            + ("workspace" if of_workspace(spec) else "repository"),
        }
    runtime.offer(runtime.of_program(utilities.of_program(spec)))
    os.chdir(os.path.dirname(file))
    sys.path[0:1] = [os.path.dirname(file)]
    sys.argv = [file, *spec.get("arguments", [])]
    return run_program(lambda: runpy.run_path(file, run_name="__main__"))


def run_wheel(spec, layers):
    name, entry = spec["package"], spec["entryPoint"]
    runtime.offer(runtime.of_program(utilities.of_program(spec)))
    importlib.invalidate_caches()
    try:
        known = metadata.distribution(name).entry_points
    except metadata.PackageNotFoundError:
        return failed(ModuleNotFoundError(f"Python wheel with name {name} could not be found; is it among the task's libraries?"))
    sys.argv = [entry, *spec.get("arguments", [])]
    found = next((point for point in known if point.name == entry), None)

    def program():
        if found is not None:
            return found.load()()
        module = importlib.import_module(name.replace("-", "_"))
        function = getattr(module, entry, None)
        if function is None:
            raise AttributeError(f"Package {name} has neither an entry point nor a function named {entry}")
        return function()

    return run_program(program)


def run_program(program):
    try:
        program()
    except SystemExit as exit:
        if exit.code not in (None, 0):
            return failed(exit)
    except BaseException as raised:
        return failed(raised)
    return {"status": "succeeded", "exit": None}


def unprepared(spec, layers):
    """How the run ends if its libraries can't be installed; None if they are there."""
    try:
        # A restarted one has them installed already.
        if spec.get("libraries") and "installed" not in spec:
            layers.prepare(spec["libraries"])
    except NotOffered as problem:
        return failed(problem)
    return None


def failed(raised, cell=None):
    text = trace(raised, cell)
    print(text, flush=True)
    return {"status": "failed", "error": summary(raised), "trace": text}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        spec = json.load(file)
    if not spec.get("child"):
        be_stoppable()
    secrets.hide_those_of_cluster()
    sys.stdout = Tee(sys.stdout)
    sys.stderr = Redacting(sys.stderr)
    layers = Layers(spec)
    outcome = unprepared(spec, layers)
    if outcome is None:
        paths.offer()
        tracking.offer()
        spark.offer()
        outcome = RUNS[spec["kind"]](spec, layers)
    sys.stdout.flush()
    partial = spec["result"] + ".part"
    with open(partial, "w", encoding="utf-8") as file:
        json.dump(outcome, file)
    os.replace(partial, spec["result"])
    code = 0 if outcome["status"] == "succeeded" else 1
    # Threads left by the notebook must not keep a finished run alive.
    sys.stderr.flush()
    try:
        atexit._run_exitfuncs()
    finally:
        sys.stdout.flush()
        os._exit(code)


RUNS = {"notebook": run_notebook, "python": run_python, "wheel": run_wheel}

if __name__ == "__main__":
    main()
