"""dbutils.secrets: a secret is a file in its scope's folder; its value is printed as [REDACTED]."""

import os
import re
from collections import namedtuple

FOLDER = "LOCAL_WORKSPACE_SECRETS"
NAME = re.compile(r"[A-Za-z0-9_.@-]+")
REDACTED = "[REDACTED]"

# Secrets that were read and must not appear in a log.
HIDDEN = set()

SecretScope = namedtuple("SecretScope", "name")
SecretMetadata = namedtuple("SecretMetadata", "key")


def without_secrets(text):
    for value in HIDDEN:
        if value:
            text = text.replace(value, REDACTED)
    return text


class Secrets:
    """dbutils.secrets."""

    def __init__(self, hide):
        self._hide = hide

    def get(self, scope, key):
        value = self.getBytes(scope, key).decode()
        self._hide(value)
        return value

    def getBytes(self, scope, key):
        file = os.path.join(self._folder(scope), self._name(key))
        try:
            with open(file, "rb") as source:
                return source.read().removesuffix(b"\n")
        except FileNotFoundError:
            raise LookupError(
                f"Secret does not exist with scope: {scope} and key: {key}. In a local workspace a secret is a file: {file}"
            ) from None

    def listScopes(self):
        root = os.environ[FOLDER]
        return [SecretScope(name) for name in sorted(os.listdir(root))] if os.path.isdir(root) else []

    def list(self, scope):
        folder = self._folder(scope)
        if not os.path.isdir(folder):
            raise LookupError(f"Scope {scope} does not exist. In a local workspace it is a folder: {folder}")
        return [SecretMetadata(name) for name in sorted(os.listdir(folder))]

    def help(self, name=None):
        print("dbutils.secrets: get, getBytes, list, listScopes")

    def _folder(self, scope):
        return os.path.join(os.environ[FOLDER], self._name(scope))

    @staticmethod
    def _name(name):
        if not isinstance(name, str) or not NAME.fullmatch(name) or name.startswith("."):
            raise ValueError(f"Not a name of a secret or scope: {name!r}")
        return name
