"""%pip, which installs nothing: it says whether what is asked for is there. What is missing fails the cell."""

import os

from .errors import NotOffered


def check(words, folder):
    if not words or words[0] != "install":
        print(f"%pip {' '.join(words)}: only install is recognised; nothing was done")
        return
    requirements, skip = [], False
    for index, word in enumerate(words[1:], 1):
        if skip:
            skip = False
        elif word in ("-r", "--requirement"):
            skip = True
            requirements.extend(listed(os.path.join(folder, words[index + 1])))
        elif word in ("-i", "--index-url", "--extra-index-url", "-c", "--constraint", "-f", "--find-links"):
            skip = True
        elif not word.startswith("-"):
            requirements.append(word.strip("\"'"))
    for requirement in requirements:
        check_requirement(requirement)


def listed(file):
    with open(file, encoding="utf-8") as lines:
        plain = [line.split("#")[0].strip() for line in lines]
    return [line for line in plain if line and not line.startswith("-")]


def check_requirement(text):
    from importlib import metadata

    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        raise NotOffered(f"%pip install {text}: a local workspace knows packages by name alone") from None
    if wanted.marker is not None and not wanted.marker.evaluate():
        return
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        raise NotOffered(
            f"%pip install {text}: a local workspace installs nothing, and {wanted.name} is not in its Python "
            "environment; add it to the locked requirements"
        ) from None
    if wanted.specifier.contains(version, prereleases=True):
        print(f"Requirement already satisfied: {text} ({wanted.name} {version})")
    else:
        print(f"WARNING: %pip install {text}: a local workspace installs nothing; going on with {wanted.name} {version}")
