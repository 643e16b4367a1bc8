"""The libraries that a task asks for: what this Python has is used as it is, all else is installed in a folder of its
own, layered on this Python and kept for the next run that asks for the same."""

import hashlib
import json
import os
import subprocess
import sys
import sysconfig
import venv
from contextlib import contextmanager

from .errors import NotOffered

# What pip may need to reach an index; the workspace passes it on for this alone.
OF_THE_INSTALLER = "LOCAL_WORKSPACE_INSTALLER_"


def prepare(lines, folder, checkout):
    """Makes all of it importable. Raises NotOffered, with the name of what can't be installed."""
    settings = {}
    for name in [name for name in os.environ if name.startswith(OF_THE_INSTALLER)]:
        settings[name[len(OF_THE_INSTALLER) :]] = os.environ.pop(name)
    wanted = []
    for line in lines:
        if line.endswith(".jar"):
            print(f"{line}: skipped; a local workspace runs no JVM for a task")
        elif line.startswith("-") or not satisfied(line):
            wanted.append(on_disk(line, checkout))
    if all(is_option(line) for line in wanted):
        return
    use(layer(wanted, folder, settings))


def is_option(line):
    """Whether a line only says how to install, and not what."""
    return line.startswith("-") and not line.startswith("-r ")


def on_disk(line, checkout):
    """A wheel or requirements file where it lies on this machine: in a volume, in the workspace, or in the commit."""
    if line.startswith("-r "):
        return "-r " + on_disk(line[3:].strip(), checkout)
    if line.startswith("/Volumes/"):
        parts = line.split("/")[2:]
        return os.path.join(os.environ["LOCAL_WORKSPACE_VOLUMES"], ".".join(parts[:3]), *parts[3:])
    if line.startswith("/Workspace/"):
        return os.path.join(os.environ["LOCAL_WORKSPACE_OBJECTS"], *line.split("/")[2:])
    if line.endswith((".whl", ".txt")) and "://" not in line and not os.path.isabs(line):
        return os.path.normpath(os.path.join(checkout, line))
    return line


def satisfied(line):
    from importlib import metadata

    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(line.split(" --hash")[0])
    except InvalidRequirement:
        return False
    if wanted.marker is not None and not wanted.marker.evaluate():
        return True
    if wanted.url is not None or wanted.extras:
        return False
    try:
        return wanted.specifier.contains(metadata.version(wanted.name), prereleases=True)
    except metadata.PackageNotFoundError:
        return False


def layer(wanted, folder, settings):
    """The folder of packages in which all of it is installed."""
    contents = [digest(line.removeprefix("-r ")) if os.path.isabs(line.removeprefix("-r ")) else line for line in wanted]
    key = hashlib.sha256(json.dumps([sys.version, sys.prefix, contents]).encode()).hexdigest()[:24]
    home = os.path.join(folder, key)
    packages = sysconfig.get_path("purelib", "venv", {"base": home, "platbase": home})
    os.makedirs(folder, exist_ok=True)
    with one_at_a_time(home + ".lock"):
        ready = os.path.join(home, "ready")
        if not os.path.exists(ready):
            venv.EnvBuilder(clear=True, symlinks=os.name != "nt").create(home)
            with open(os.path.join(packages, "below.pth"), "w", encoding="utf-8") as below:
                below.write("\n".join(path for path in sys.path if path.endswith("-packages")) + "\n")
            install(wanted, home, settings)
            open(ready, "w").close()
    return packages


def digest(file):
    try:
        with open(file, "rb") as content:
            return file + " " + hashlib.sha256(content.read()).hexdigest()
    except OSError as problem:
        raise NotOffered(f"Library {os.path.basename(file)} can't be installed: {problem.strerror}: {file}") from None


def install(wanted, home, settings):
    python = os.path.join(home, "Scripts" if os.name == "nt" else "bin", "python")
    requirements = os.path.join(home, "requirements.txt")
    with open(requirements, "w", encoding="utf-8") as file:
        file.write("\n".join(wanted) + "\n")
    print("Installing libraries: " + ", ".join(line for line in wanted if not line.startswith("-")), flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "--no-input", "--quiet", "--retries", "1", "-r", requirements],
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if line.strip()]
        told = [line for line in lines if line.startswith("ERROR")] or lines[-1:] or ["pip said nothing"]
        raise NotOffered("Library installation failed: " + told[-1].removeprefix("ERROR: "))


def use(packages):
    at = next((i for i, path in enumerate(sys.path) if path.endswith("-packages")), len(sys.path))
    sys.path.insert(at, packages)
    # Before what is there, as Spark is where it is installed.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [packages, os.environ.get("PYTHONPATH")]))


@contextmanager
def one_at_a_time(file):
    """Two runs that ask for the same wait for one installation."""
    with open(file, "w") as lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        except ImportError:
            pass
        yield
