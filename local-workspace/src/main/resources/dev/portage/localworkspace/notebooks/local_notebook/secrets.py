"""dbutils.secrets, by the workspace's Secrets API; secrets are printed as [REDACTED]."""

import base64
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from collections import namedtuple

FOLDER = "LOCAL_WORKSPACE_SECRETS"
NAME = re.compile(r"[A-Za-z0-9_.@-]+")
REDACTED = "[REDACTED]"

# Values of secrets, which must not appear in a log.
HIDDEN = set()

SecretScope = namedtuple("SecretScope", "name")
SecretMetadata = namedtuple("SecretMetadata", "key")


def without_secrets(text):
    # One may be part of another.
    for value in sorted(HIDDEN, key=len, reverse=True):
        if value:
            text = text.replace(value, REDACTED)
    return text


def of_cluster():
    """Spark settings of the cluster that are secrets, which take no place in any file."""
    return json.loads(os.environ.get("LOCAL_WORKSPACE_SECRET_SPARK", "{}"))


def hide_those_of_cluster():
    for name in os.environ.get("LOCAL_WORKSPACE_SECRET_VARIABLES", "").split():
        HIDDEN.add(os.environ.get(name, ""))
    HIDDEN.update(of_cluster().values())


class Secrets:
    """dbutils.secrets."""

    def __init__(self, hide):
        self._hide = hide

    def get(self, scope, key):
        value = self.getBytes(scope, key).decode()
        self._hide(value)
        return value

    def getBytes(self, scope, key):
        file = os.path.join(os.environ[FOLDER], self._name(scope), self._name(key))
        found = ask("get", f". In a local workspace a secret is a file: {file}", scope=scope, key=key)
        return base64.b64decode(found["value"])

    def listScopes(self):
        return [SecretScope(scope["name"]) for scope in ask("scopes/list", "").get("scopes", [])]

    def list(self, scope):
        folder = os.path.join(os.environ[FOLDER], self._name(scope))
        found = ask("list", f" In a local workspace a scope is a folder: {folder}", scope=scope)
        return [SecretMetadata(secret["key"]) for secret in found.get("secrets", [])]

    def help(self, name=None):
        print("dbutils.secrets: get, getBytes, list, listScopes")

    @staticmethod
    def _name(name):
        if not isinstance(name, str) or not NAME.fullmatch(name) or name.startswith("."):
            raise ValueError(f"Not a name of a secret or scope: {name!r}")
        return name


def ask(call, hint, **query):
    address = os.environ["LOCAL_WORKSPACE_HOST"] + "/api/2.0/secrets/" + call
    if query:
        address += "?" + urllib.parse.urlencode(query)
    request = urllib.request.Request(
        address, headers={"Authorization": "Bearer " + os.environ["LOCAL_WORKSPACE_LOGIN"]}
    )
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        message = json.load(refused)["message"]
        kind = {403: PermissionError, 404: LookupError}.get(refused.code, RuntimeError)
        raise kind(message + (hint if refused.code == 404 else "")) from None
