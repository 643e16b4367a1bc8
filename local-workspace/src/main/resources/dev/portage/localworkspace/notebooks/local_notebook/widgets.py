"""dbutils.widgets and dbutils.jobs.taskValues: values from the job to its notebook, and from task to task."""

import json
import os
import re

from .errors import InputWidgetNotDefined


class Widgets:
    """dbutils.widgets. A value from the job is available even for a widget that the notebook does not declare."""

    def __init__(self, given, before=None):
        """before: what state() returned in a Python that has been restarted since."""
        before = before or {}
        self.given = dict(before.get("given", given))
        self._declared = dict(before.get("declared", {}))
        self._removed = set(before.get("removed", []))

    def state(self):
        return {"given": self.given, "declared": self._declared, "removed": sorted(self._removed)}

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
        self._removed.discard(name)

    def give(self, name, value):
        """Sets a value, as %run does with its parameters."""
        self.given[name] = value
        self._removed.discard(name)

    def get(self, name):
        if name in self.given and name not in self._removed:
            return self.given[name]
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
        return {**self._declared, **{name: self.given[name] for name in self.given if name not in self._removed}}

    def remove(self, name):
        self.get(name)
        self._remove(name)

    def removeAll(self):
        """Removes the widgets; the job's values are back when a notebook declares one, as most do right after."""
        for name in {*self._declared, *self.given}:
            self._remove(name)

    def _remove(self, name):
        self._declared.pop(name, None)
        self._removed.add(name)

    def help(self, name=None):
        print("dbutils.widgets: text, dropdown, combobox, multiselect, get, getAll, remove, removeAll")


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
