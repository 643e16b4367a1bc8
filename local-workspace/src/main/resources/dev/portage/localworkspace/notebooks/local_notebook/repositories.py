"""Logins in addresses of Git repositories. pip calls git with an address as it is written, and git calls its helpers
with it; so both get it without the login, which git reads from a file that only this user can read."""

import os
import re
import shlex
import shutil
from urllib.parse import quote, unquote

from .logins import private

ADDRESS = re.compile(
    r"git\+(?P<scheme>https?)://(?P<user>[^\s/:@\"']+)(?::(?P<password>[^\s/@\"']*))?@"
    r"(?P<host>[^\s/@\"']+)(?P<path>/[^\s@#;\"']*)?"
)
INCLUDED = re.compile(r"(?P<option>-r|--requirement|-c|--constraint)[=\s]*(?P<file>\S+)")
# pip looks for a relative value beside the file that has it.
PLACE = re.compile(r"(?P<option>-f|--find-links)[=\s]+(?P<file>\S+)")
OF_FILES = ("-r", "--requirement", "-c", "--constraint")
LOGINS, COPIES = "git-logins", "without-logins"


class Repositories:
    """The logins for repositories in one call of pip."""

    def __init__(self, home):
        self.home = home
        self.known = []
        self.files = {}

    def taken_from(self, words):
        """The words without logins, which are kept. A requirements file that holds one is replaced by a copy."""
        plain = []
        for word in words:
            of_file = plain and plain[-1] in OF_FILES and "://" not in word
            plain.append(self._file(word) if of_file else ADDRESS.sub(self._taken, word))
        return plain

    def _taken(self, found):
        path = found["path"] or ""
        login = (unquote(found["user"]), unquote(found["password"] or ""))
        self.known.append((found["scheme"], found["host"], path, login))
        return f"git+{found['scheme']}://{found['host']}{path}"

    def _file(self, path):
        """The path of a file that says the same without logins: this one, if neither it nor what it includes has any."""
        if path in self.files:
            return self.files[path]
        self.files[path] = path
        try:
            with open(path, encoding="utf-8-sig") as file:
                lines = file.read().splitlines()
        except (OSError, UnicodeDecodeError):
            return path
        folder = os.path.dirname(path)
        plain = [self._line(line, folder) for line in lines]
        if plain != lines:
            copy = os.path.join(self.home, COPIES, f"{len(self.files)}-{os.path.basename(path)}")
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            private(copy, "\n".join(from_elsewhere(line, folder) for line in plain) + "\n")
            self.files[path] = copy
        return self.files[path]

    def _line(self, line, folder):
        found = INCLUDED.match(line.strip())
        if found is None or "://" in found["file"]:
            return ADDRESS.sub(self._taken, line)
        path = os.path.join(folder, found["file"])
        file = self._file(path)
        return line if file == path else f"{found['option']} {file}"

    def settings(self, environment):
        """What git has to know in addition. It never prompts: nobody answers."""
        settings = {"GIT_TERMINAL_PROMPT": "0"}
        if not self.known:
            return settings
        path = os.path.join(self.home, LOGINS)
        lines = [
            f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@{host}{of_repository}"
            for scheme, host, of_repository, (user, password) in self.known
        ]
        private(path, "\n".join(dict.fromkeys(lines)) + "\n")
        logins = {}
        for scheme, host, _, login in self.known:
            logins.setdefault(f"{scheme}://{host}", set()).add(login)
        first = int(environment.get("GIT_CONFIG_COUNT") or 0)
        pairs = [pair for server, of_it in logins.items() for pair in credentials(server, path, len(of_it) > 1)]
        for number, (name, value) in enumerate(pairs, first):
            settings[f"GIT_CONFIG_KEY_{number}"] = name
            settings[f"GIT_CONFIG_VALUE_{number}"] = value
        return {**settings, "GIT_CONFIG_COUNT": str(first + len(pairs))}

    def forget(self):
        """The files go with the call: a layer is kept."""
        shutil.rmtree(os.path.join(self.home, COPIES), ignore_errors=True)
        logins = os.path.join(self.home, LOGINS)
        if os.path.exists(logins):
            os.remove(logins)


def from_elsewhere(line, folder):
    """The line as a file in another folder has to write it."""
    found = INCLUDED.match(line.strip()) or PLACE.match(line.strip())
    path = os.path.join(folder, found["file"]) if found is not None else ""
    return f"{found['option']} {path}" if path and os.path.exists(path) else line


def credentials(server, path, by_repository):
    """Git's settings for one server; by repository if it has several logins."""
    name = f"credential.{server}"
    # The empty one takes back the user's own helpers, which may answer with another login.
    yield f"{name}.helper", ""
    yield f"{name}.helper", "store --file=" + shlex.quote(path.replace(os.sep, "/"))
    if by_repository:
        yield f"{name}.useHttpPath", "true"
