"""%pip: installs for this run what the workspace's Python lacks. If something can't be installed, the cell fails."""

import os
import re
import shlex
import subprocess
import sys

from .errors import NotOffered
from .index import trouble
from .libraries import RUN_PIP, InstallFailed, digest, satisfied

# pip options with a value.
WITH_A_VALUE = {
    "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "--timeout", "--retries", "--trusted-host",
    "--progress-bar", "--no-binary", "--only-binary", "--upgrade-strategy", "--proxy", "--cache-dir", "--platform",
    "--python-version", "--implementation", "--abi", "-C", "--config-settings", "--log", "--cert", "--client-cert",
    "--exists-action", "--src", "--report", "--use-feature", "--use-deprecated",
}  # fmt: skip
FILES = {"-r": "--requirement", "-c": "--constraint", "-e": "--editable"}
ELSEWHERE = {"-t", "--target", "--prefix", "--root", "--python"}
FOR_READING = ("show", "check", "--version", "-V", "inspect", "help")

# "pip", "/databricks/python/bin/pip3", "python -m pip".
PIP = re.compile(r"(?:\S*/)?(?:pip3?(?:\.\d+)?|python[\d.]*\s+-m\s+pip3?)(?=\s|$)")
ENDS_THE_COMMAND = re.compile(r"\s(?:\||&?\d?>).*", re.DOTALL)
ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2")
# A branch moves, a commit does not.
MOVES = re.compile(r"\b(?:git|hg|svn|bzr)\+(?!.*@[0-9a-f]{40}\b)")
NOTE = (
    "Note: {} is loaded already; dbutils.library.restartPython() or %restart_python makes the notebook use the new one."
)


def asked_of_pip(command):
    """The pip commands among shell commands, one per line without the word itself; None if one of them is another
    program."""
    asked = []
    for part in re.split(r"\s*(?:&&|;)\s*", command.strip()):
        found = PIP.match(part)
        if found is None:
            return None
        asked.append(ENDS_THE_COMMAND.sub("", part[found.end() :]).strip())
    return asked


def pip(line, folder, layers):
    words = words_of(line)
    if words[:1] == ["install"]:
        install(words[1:], line, folder, layers)
    elif words[:1] in (["list"], ["freeze"]):
        show_all()
    elif words[:1] and words[0] in FOR_READING:
        done = subprocess.run(
            [*RUN_PIP, *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        print(done.stdout, end="")
    elif words[:1] == ["uninstall"]:
        print(
            f"%pip {' '.join(words)}: nothing was done; a local workspace removes no package, and another version that is "
            "installed takes the place of the one before"
        )
    else:
        print(f"%pip {' '.join(words)}: nothing was done; a local workspace knows install, list, freeze, show and check")


def words_of(line):
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return line.split()


class Asked:
    """The contents of an install command."""

    def __init__(self, layers):
        self.layers = layers
        # For pip, exactly as typed.
        self.words = []
        # What determines the packages.
        self.contents = []
        # Requirements by name, including those in files.
        self.requirements = []
        # Whether all requirements are of this kind.
        self.by_name = True
        # Whether the same command always gives the same packages.
        self.lasting = True

    def take(self, words, folder):
        words = iter(words)
        for word in words:
            name, equals, value = word.partition("=")
            if not word.startswith("--") and word[:2] in FILES and len(word) > 2:
                name, equals, value = word[:2], "=", word[2:]
            name = FILES.get(name, name)
            if name in ELSEWHERE or word[:2] == "-t":
                raise NotOffered(
                    f"%pip install {name}: a local workspace installs for this run alone, not into another folder: leave "
                    f"{name} out"
                )
            if word == "--user":
                continue
            if name in FILES.values():
                self.file(name, value if equals else next(words, ""), folder)
            elif word in WITH_A_VALUE:
                option = next(words, "")
                self.words += [word, option]
                self.contents += [word, option]
            elif word.startswith("-"):
                self.words.append(word)
                self.contents.append(word)
            else:
                self.package(word, folder)
        return self

    def file(self, option, name, folder):
        path = self.layers.on_disk(os.path.join(folder, name))
        self.words += [option, path if os.path.exists(path) or option != "--editable" else name]
        if option == "--editable":
            # Linked, not copied: this run's checkout belongs to it alone.
            self.by_name = self.lasting = False
        else:
            self.contents.append(option)
            self.lines(path, name, option == "--requirement", set())

    def lines(self, path, name, wanted, read):
        """Records a requirements file and all files that it includes."""
        if path in read:
            return
        read.add(path)
        if "://" in name:
            self.by_name = self.lasting = False
            return
        try:
            with open(path, encoding="utf-8-sig") as file:
                text = file.read()
        except OSError as problem:
            raise NotOffered(f"%pip install: {name} can't be read: {problem.strerror}") from None
        self.contents.append(text)
        for line in re.sub(r"\\\r?\n", " ", text).splitlines():
            plain = re.sub(r"(?:^|\s)#.*", "", line).strip()
            found = re.match(r"(-r|--requirement|-c|--constraint)[=\s]*(.+)", plain)
            if found is not None:
                other = found.group(2).strip()
                own = wanted and found.group(1) in ("-r", "--requirement")
                self.lines(os.path.join(os.path.dirname(path), other), other, own, read)
            elif plain.startswith(("-e", "--editable", ".", "/", "file:")) or MOVES.search(plain):
                self.by_name = self.lasting = False
            elif plain and not plain.startswith("-") and wanted:
                # A marker and hashes may follow: spaces are part of a requirement here.
                self.requirements.append(re.sub(r"\s--\S.*", "", plain))

    def package(self, word, folder):
        path = self.layers.on_disk(os.path.join(folder, re.sub(r"\[[\w,\s.-]*\]$", "", word)))
        extras = word[len(word.rstrip("]").rpartition("[")[0]) :] if word.endswith("]") else ""
        local = word.startswith((".", "/", "file:")) or word.endswith(ARCHIVES) or os.sep in word and os.path.exists(path)
        if local and os.path.exists(path):
            self.by_name = False
            self.words.append(path + extras)
            self.contents.append(digest(path) + extras)
        elif local and "://" not in word:
            raise NotOffered(f"%pip install {word}: there is no such file or folder in {folder}")
        else:
            self.by_name = self.by_name and "://" not in word
            self.lasting = self.lasting and not MOVES.search(word)
            self.words.append(word)
            self.contents.append(word)
            self.requirements.append(word)


def install(words, line, folder, layers):
    asked = Asked(layers).take(words, folder)
    there = [satisfied(requirement) for requirement in asked.requirements]
    if asked.by_name and all(there):
        print("\n".join(there))
        return
    before = set(sys.modules)
    try:
        layers.add(asked.words, asked.contents, asked.lasting, folder)
    except InstallFailed as failure:
        raise NotOffered(without_logins(f"%pip {line}: {trouble(failure.said)}")) from None
    loaded = sorted(name for name in top_level(layers.homes[-1]) if name in before)
    if loaded:
        print(NOTE.format(", ".join(loaded)))


def without_logins(text):
    """Removes logins from addresses, because the message leaves the workspace."""
    return re.sub(r"://[^\s/@\"']+@", "://****@", text)


def top_level(home):
    """Names of the modules that a layer provides."""
    from importlib import metadata

    from .libraries import packages_of

    names = set()
    for found in metadata.distributions(path=[packages_of(home)]):
        for file in found.files or []:
            first = file.parts[0]
            if first.endswith(".py") and len(file.parts) == 1:
                names.add(first.removesuffix(".py"))
            elif len(file.parts) > 1 and first.isidentifier():
                names.add(first)
    return names


def show_all():
    from importlib import metadata

    names = {}
    for found in metadata.distributions():
        # The first of several versions on the path counts.
        names.setdefault(found.metadata["Name"], found.version)
    for name in sorted(filter(None, names), key=str.lower):
        print(f"{name}=={names[name]}")
