"""The part of IPython that notebooks import, if the environment has none: to display things and run commands. Libraries
that ask whether they run in a notebook are told that they don't, because nothing is rendered here."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys

from .display import display

MODULES = {"IPython", "IPython.display", "IPython.core", "IPython.core.display", "IPython.core.interactiveshell"}


class Shown:
    """Stands in for HTML, Markdown, Image and the like."""

    def __init__(self, data=None, *_, **__):
        self.data = data

    def __repr__(self):
        return str(self.data)


class InteractiveShell:
    """Holds the settings that notebooks change."""

    ast_node_interactivity = "last_expr"


def nothing(*_, **__):
    pass


def shown(name):
    """Any other name in IPython.display: a class for what it shows, or a function for what it does."""
    if name.startswith("_"):
        raise AttributeError(name)
    return Shown if name[0].isupper() else nothing


class Modules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds them after all other finders have failed."""

    def __init__(self, shell):
        self._shell = shell

    def find_spec(self, name, path=None, target=None):
        if name not in MODULES:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=name in ("IPython", "IPython.core"))

    def exec_module(self, module):
        if module.__name__ == "IPython":
            module.version_info = (9, 0, 0, "")
            module.__version__ = "9.0.0"
            module.get_ipython = self._get_ipython
            module.display = importlib.import_module("IPython.display")
        elif module.__name__.endswith(".interactiveshell"):
            module.InteractiveShell = InteractiveShell
        elif module.__name__.endswith(".display"):
            module.display = display
            module.__getattr__ = shown

    def _get_ipython(self):
        asks = sys._getframe(1).f_globals
        return self._shell if asks is self._shell.user_ns else None


def offer(shell):
    if importlib.util.find_spec("IPython") is None:
        sys.meta_path.append(Modules(shell))
