"""%pip, which installs nothing: it says whether what is asked for is there. What is missing fails the cell."""

import os
import re
import shlex

from .errors import NotOffered, install

# Options of pip that take the next word.
WITH_A_VALUE = {
    "-i", "--index-url", "--extra-index-url", "-c", "--constraint", "-f", "--find-links", "-t", "--target", "--timeout",
    "--retries", "--trusted-host", "--progress-bar", "--no-binary", "--only-binary", "--upgrade-strategy", "--proxy",
    "--cache-dir", "--prefix", "--root", "--platform", "--python-version", "--config-settings", "--log",
}  # fmt: skip

# "pip", "/databricks/python/bin/pip3", "python -m pip".
PIP = re.compile(r"(?:\S*/)?(?:pip3?(?:\.\d+)?|python[\d.]*\s+-m\s+pip3?)(?=\s|$)")
ENDS_THE_COMMAND = re.compile(r"\s(?:\||&?\d?>).*", re.DOTALL)


def asked_of_pip(command):
    """What a shell's commands ask of pip, a line each without the word; None where one of them is another program."""
    asked = []
    for part in re.split(r"\s*(?:&&|;)\s*", command.strip()):
        found = PIP.match(part)
        if found is None:
            return None
        asked.append(ENDS_THE_COMMAND.sub("", part[found.end() :]).strip())
    return asked


def pip(line, folder):
    words = words_of(line)
    if words[:1] == ["install"]:
        for requirement in wanted(words[1:], folder, set()):
            check_requirement(requirement)
    elif words[:1] in (["list"], ["freeze"]):
        show_all()
    else:
        print(f"%pip {' '.join(words)}: ignored; a local workspace supports install, list and freeze")


def words_of(line):
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return line.split()


def wanted(words, folder, read):
    """The requirements among the words of a command, those of files too."""
    found = []
    words = iter(words)
    for word in words:
        name, _, value = word.partition("=")
        if word in ("-r", "--requirement") or name == "--requirement":
            found.extend(listed(os.path.join(folder, value or next(words, "")), read))
        elif word.startswith("-r") and len(word) > 2:
            found.extend(listed(os.path.join(folder, word[2:]), read))
        elif word in WITH_A_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            found.append(word)
    return found


def listed(file, read):
    if file in read:
        return []
    read.add(file)
    found = []
    with open(file, encoding="utf-8-sig") as lines:
        text = re.sub(r"\\\r?\n", " ", lines.read())
    for line in text.splitlines():
        plain = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if plain.startswith("-"):
            found.extend(wanted(words_of(plain), os.path.dirname(file), read))
        elif plain:
            # A marker may follow, and hashes: blanks are part of a requirement here.
            found.append(re.sub(r"\s--\S.*", "", plain))
    return found


def show_all():
    from importlib import metadata

    names = {found.metadata["Name"]: found.version for found in metadata.distributions()}
    for name in sorted(filter(None, names), key=str.lower):
        print(f"{name}=={names[name]}")


def check_requirement(text):
    from importlib import metadata

    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        raise NotOffered(f"%pip install {text}: a local workspace only accepts packages by name") from None
    if wanted.marker is not None and not wanted.marker.evaluate():
        return
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        raise NotOffered(
            f"%pip install {text}: a local workspace installs nothing, and {wanted.name} is not in its Python "
            f"environment; add it there: {install(text)}"
        ) from None
    if wanted.specifier.contains(version, prereleases=True):
        print(f"Requirement already satisfied: {text} ({wanted.name} {version})")
    else:
        print(f"WARNING: %pip install {text}: a local workspace installs nothing; using {wanted.name} {version}")
