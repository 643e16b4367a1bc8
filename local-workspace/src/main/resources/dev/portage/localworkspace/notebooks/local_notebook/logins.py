"""Logins in addresses of package indexes. Every user of a machine sees what its processes are called with, and pip calls
itself with its index's address; so pip gets addresses without logins, and the logins in a file that it alone may read."""

import os
import re
from urllib.parse import unquote

ADDRESS = re.compile(r"(?P<scheme>(?<![+\w])https?://)(?P<user>[^\s/:@\"']*)(?::(?P<password>[^\s/@\"']*))?@(?P<host>[^\s/:@\"']+)")
FILE, NETRC = "with-logins.txt", "netrc"
OF_INDEXES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS")
# Options whose value may stand in a file of requirements.
IN_A_FILE = ("-i", "--index-url", "--extra-index-url", "-f", "--find-links")
# Other programs than git read no file of logins that pip is given.
OF_A_REPOSITORY = re.compile(r"\+\w+://[^\s/]*@")


class Logins:
    """The logins of one call of pip."""

    def __init__(self):
        self.known = {}
        self.proxy = {}

    def taken_from(self, words):
        """The words without logins, which are kept; a word stays as it is where a host has two of them."""
        plain = []
        for word in words:
            if plain and plain[-1] == "--proxy":
                plain.pop()
                self.proxy = {"PIP_PROXY": word}
            elif word.startswith("--proxy="):
                self.proxy = {"PIP_PROXY": word.partition("=")[2]}
            else:
                plain.append(ADDRESS.sub(self._taken, word))
        return plain

    def taken_from_settings(self, settings):
        """The same of pip's own settings. A proxy's login is none of an index, and pip hands it to nobody."""
        return {
            name: ADDRESS.sub(self._taken, value) if name in OF_INDEXES else value for name, value in settings.items()
        }

    def _taken(self, found):
        login = (unquote(found["user"]), unquote(found["password"] or ""))
        # A word with a blank or a quote can't be written in such a file.
        if any(re.search(r"[\s\"'\\#]", part) or not part for part in login):
            return found[0]
        if self.known.setdefault(found["host"], login) != login:
            return found[0]
        return found["scheme"] + found["host"]

    def settings(self, home, environment):
        """What pip has to know besides: nothing without a login."""
        if not self.known:
            return self.proxy
        lines = [f"machine {host} login {user} password {password}" for host, (user, password) in self.known.items()]
        path = os.path.join(home, NETRC)
        private(path, "\n".join([*lines, of_the_user(environment)]) + "\n")
        return {"NETRC": path, **self.proxy}


def of_the_user(environment):
    """The user's own file of logins, which still counts for other hosts."""
    path = environment.get("NETRC") or os.path.join(os.path.expanduser("~"), ".netrc")
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def private(path, text):
    """Writes a file that only this user can read."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def through_a_file(words, home):
    """The words, with those that still hold a login in a file of requirements instead."""
    shown, hidden = [], []
    for word in words:
        option = shown[-1] if shown and shown[-1] in IN_A_FILE else None
        if not (OF_A_REPOSITORY.search(word) or ADDRESS.search(word)):
            shown.append(word)
        elif option:
            hidden.append(f"{shown.pop()} {word}")
        elif shown and shown[-1].startswith("-") and "=" not in shown[-1] and not word.startswith("-"):
            shown.append(word)  # the value of an option that such a file does not know
        else:
            hidden.append(word)
    if not hidden:
        return words
    private(os.path.join(home, FILE), "\n".join(hidden) + "\n")
    return [*shown, "-r", os.path.join(home, FILE)]


def forgotten(home):
    """The files go with the call: a layer is kept."""
    for name in (FILE, NETRC):
        if os.path.exists(os.path.join(home, name)):
            os.remove(os.path.join(home, name))
