"""The notebook's context: what it learns about itself from dbutils.notebook.entry_point. On Databricks these are Java
objects, so they are read by methods and return Scala's Option and Map."""

import json
import os

from .errors import Absent

NONE = "a local workspace knows the path, the job, its run, the user and the workspace's URL"


class Option:
    """Scala's Option."""

    def __init__(self, value):
        self._value = value

    def get(self):
        if self._value is None:
            raise ValueError("None.get")
        return self._value

    def getOrElse(self, default):
        if self._value is not None:
            return self._value
        return default() if callable(default) else default

    def isDefined(self):
        return self._value is not None

    def isEmpty(self):
        return self._value is None

    nonEmpty = isDefined

    def toString(self):
        return "None" if self._value is None else f"Some({self._value})"

    __str__ = __repr__ = toString


class Tags:
    """Scala's Map of strings."""

    def __init__(self, values):
        self._values = {key: value for key, value in values.items() if value is not None}

    def get(self, key):
        return Option(self._values.get(key))

    def apply(self, key):
        if key not in self._values:
            raise KeyError(f"key not found: {key}")
        return self._values[key]

    def getOrElse(self, key, default):
        return self.get(key).getOrElse(default)

    def contains(self, key):
        return key in self._values

    def toString(self):
        return "Map(" + ", ".join(f"{key} -> {value}" for key, value in self._values.items()) + ")"

    __str__ = __repr__ = toString


class RunId:
    """A run id as the context returns it."""

    def __init__(self, number):
        self._number = number

    def id(self):
        return self._number

    def toString(self):
        return f"RunId({self._number})"

    __str__ = __repr__ = toString


class Context(Absent):
    """What getContext() returns."""

    def __init__(self, spec, notebook):
        super().__init__("getContext()", NONE)
        job = spec.get("job", {})
        self._job = job
        self._notebook = notebook
        self._host = os.environ.get("MLFLOW_TRACKING_URI")
        browser = self._host.split("//", 1)[-1] if self._host else None
        self._tags = {
            "jobId": job.get("jobId"),
            "runId": job.get("taskRunId"),
            "idInJob": job.get("taskRunId"),
            "multitaskParentRunId": job.get("jobRunId"),
            "currentRunId": job.get("taskRunId"),
            "taskKey": spec.get("task"),
            "jobType": "EPHEMERAL" if job.get("ephemeral") else "NORMAL",
            "jobTriggerType": "manual",
            "user": job.get("user"),
            "userId": job.get("user"),
            "orgId": job.get("workspaceId"),
            "browserHostName": browser,
            "clusterId": "local-workspace",
            "notebookLanguage": "python",
        }

    def notebookPath(self):
        return Option(self._notebook)

    def apiUrl(self):
        return Option(self._host)

    def apiToken(self):
        return Option(os.environ.get("MLFLOW_TRACKING_TOKEN"))

    def browserHostName(self):
        return Option(self._tags["browserHostName"])

    def clusterId(self):
        return Option(self._tags["clusterId"])

    def workspaceId(self):
        return Option(self._tags["orgId"])

    def userName(self):
        return Option(self._tags["user"])

    def jobId(self):
        return Option(self._tags["jobId"])

    def jobGroup(self):
        return Option(f"{self._tags['runId']}_{self._tags['taskKey']}")

    def taskKey(self):
        return Option(self._tags["taskKey"])

    def idInJob(self):
        return Option(self._tags["idInJob"])

    def currentRunId(self):
        return Option(self._run("taskRunId"))

    def rootRunId(self):
        return Option(self._run("taskRunId"))

    def _run(self, name):
        number = self._job.get(name)
        return None if number is None else RunId(int(number))

    def tags(self):
        return Tags(self._tags)

    def extraContext(self):
        return Tags(self._extra())

    def _extra(self):
        return {"notebook_path": self._notebook, "api_url": self._host}

    def toJson(self):
        run = self._run("taskRunId")
        number = None if run is None else {"id": run.id()}
        return json.dumps(
            {
                "rootRunId": number,
                "currentRunId": number,
                "jobGroup": self.jobGroup().get(),
                "tags": {key: value for key, value in self._tags.items() if value is not None},
                "extraContext": self._extra(),
            }
        )

    def safeToJson(self):
        known = {key: value for key, value in self._tags.items() if value is not None}
        return json.dumps({"attributes": {**known, **self._extra()}})


class EntryPoint(Absent):
    """dbutils.notebook.entry_point and everything reached through it."""

    def __init__(self, context, widgets):
        super().__init__("dbutils.notebook.entry_point", NONE)
        self._context = context
        self._widgets = widgets

    def getDbutils(self):
        return self

    def notebook(self):
        return self

    def getContext(self):
        return self._context()

    def getCurrentBindings(self):
        return dict(self._widgets.given)
