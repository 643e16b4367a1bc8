"""Runs one task of a job: a Databricks notebook, cell by cell, or a Python file.

Called as: python notebook_runner.py SPEC, where SPEC is a JSON file with
  kind        "notebook" or "python"
  root        the root of the checked-out repository
  path        of the notebook (without .py; with or without .ipynb) or of the file (with .py), relative to the root
  parameters  of a notebook: what its widgets hold
  arguments   of a file: its command line
  result      the JSON file to write the outcome to
  cells       the file to which one JSON line is added for each cell
  libraries   what the task has to be able to import: lines of a requirements file, wheels and jars by path
  layers      the folder where what this Python lacks is installed
  values      the folder of the task values of this job run
  task        the key of this task
  job         what the notebook's context tells: jobId, jobRunId, taskRunId, user, workspaceId as texts; ephemeral

The outcome is {"status": "succeeded", "exit": text or null}, {"status": "failed", "error": text, "trace": text or
null} or {"status": "missing", "message": text}. Whatever the task prints goes to standard output.

The process makes itself the leader of a session, so that all it starts can be stopped with it, and it stops when its
standard input ends, so that nothing outlives the workspace.
"""

import atexit
import json
import os
import runpy
import sys

from local_notebook import files, libraries, spark, tracking
from local_notebook.errors import NotebookExit, NotebookNotReadable, NotOffered, summary, trace
from local_notebook.process import Tee, be_stoppable
from local_notebook.session import Session

RUNNER_MODULE = sys.modules["__main__"]  # Kept alive: the notebook takes the name __main__ over.


def run_notebook(spec):
    session = Session(spec)
    try:
        file = files.find(session.root, spec["path"])
    except NotebookNotReadable as problem:
        return failed(problem)
    if file is None:
        return missing_notebook(spec["path"], files.why_missing(session.root, spec["path"]))
    folder = os.path.dirname(file)
    os.chdir(folder)
    sys.path[0:1] = [folder] if folder == session.root else [folder, session.root]
    sys.argv = [file]
    try:
        session.run_notebook(file)
    except NotebookExit as exit:
        return {"status": "succeeded", "exit": exit.value}
    except BaseException as raised:
        return failed(raised, session.failed_cell)
    return {"status": "succeeded", "exit": None}


def missing_notebook(name, why):
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


def unprepared(spec):
    """How the run ends where its libraries can't be had; None where they are there."""
    try:
        if spec.get("libraries"):
            libraries.prepare(spec["libraries"], spec["layers"], os.environ["LOCAL_WORKSPACE_VOLUMES"])
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
    sys.stdout = Tee(sys.stdout)
    outcome = unprepared(spec)
    if outcome is None:
        tracking.offer()
        spark.offer()
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
        atexit._run_exitfuncs()
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
