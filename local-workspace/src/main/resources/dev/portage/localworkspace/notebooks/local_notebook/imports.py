"""Third-party modules that are extended as they are imported, before other code uses them."""

import importlib.machinery
import sys


class Completed:
    """Loads a module and adds what it lacks."""

    def __init__(self, loader, complete):
        self._loader = loader
        self._complete = complete

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        self._loader.exec_module(module)
        self._complete(module)

    def __getattr__(self, name):
        return getattr(self._loader, name)


class Completing:
    """Finds these modules and has each one extended by its function."""

    def __init__(self, functions):
        self._functions = functions

    def find_spec(self, name, path=None, target=None):
        if name not in self._functions:
            return None
        found = importlib.machinery.PathFinder.find_spec(name, path, target)
        if found is not None and found.loader is not None:
            found.loader = Completed(found.loader, self._functions[name])
        return found


def complete(functions):
    """functions: by module name."""
    sys.meta_path.insert(0, Completing(functions))
