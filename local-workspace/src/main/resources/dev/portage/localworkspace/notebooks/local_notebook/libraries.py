"""The libraries of a run. What this Python already has is used as it is; everything else is installed in a folder of
its own, layered on this Python and on earlier layers, and kept for the next run with the same requirements."""

import hashlib
import importlib
import json
import os
import site
import subprocess
import sys
import sysconfig
import venv
from contextlib import contextmanager

from .errors import NotOffered
from .index import trouble
from .logins import Logins, forgotten, private, through_a_file
from .repositories import Repositories

# What pip may need to reach an index; the workspace passes it on only for that.
OF_THE_INSTALLER = "LOCAL_WORKSPACE_INSTALLER_"

# Where Spark is, if it is installed.
SPARK = "LOCAL_WORKSPACE_SPARK"

# Not "-m pip": Python would search the notebook's own files first, for pip and all that it imports.
RUN_PIP = [
    sys.executable,
    "-c",
    "import runpy, sys; sys.path[:] = filter(None, sys.path); "
    "runpy.run_module('pip', run_name='__main__', alter_sys=True)",
]

# Options that always come first: pip must not prompt.
QUIETLY = ["--no-input", "--disable-pip-version-check", "--no-color", "--progress-bar", "off", "--retries", "1"]


def taken_settings():
    """Removes the installer's settings from this process's environment, where a notebook would see them."""
    names = [name for name in os.environ if name.startswith(OF_THE_INSTALLER)]
    return {name[len(OF_THE_INSTALLER) :]: os.environ.pop(name) for name in names}


class Layers:
    """The layers of one run, each on top of the previous ones."""

    def __init__(self, spec):
        self.settings = taken_settings()
        # As a restarted process has it.
        self.environment = dict(os.environ)
        self.kept = spec["layers"]
        self.own = os.path.join(os.path.dirname(spec["result"]), "libraries")
        self.checkout = spec["checkout"]
        self.homes = []
        for home in spec.get("installed", []):
            self.use(home)

    def successor(self):
        """The environment of a restarted process of this run."""
        return {**self.environment, **{OF_THE_INSTALLER + name: value for name, value in self.settings.items()}}

    def child(self):
        """The environment of a notebook that this one calls: without what was installed here."""
        changed = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PATH")}
        paths = {name: value for name, value in self.successor().items() if name not in changed}
        return {**changed, **paths}

    def prepare(self, lines):
        """Makes a task's libraries importable. Raises NotOffered with the name of what can't be installed."""
        wanted = []
        for line in lines:
            if line.endswith(".jar"):
                print(f"{line}: a local workspace runs no JVM of its own for a task; the jar is left out")
            elif line.startswith("-") or not satisfied(line):
                wanted.append(self.library(line))
        if all(is_option(line) for line in wanted):
            return
        print("Installing libraries: " + ", ".join(line for line in wanted if not line.startswith("-")), flush=True)
        files = [line.removeprefix("-r ") for line in wanted]
        contents = [digest(file) if os.path.isabs(file) else file for file in files]
        try:
            self.add(requirements(wanted), contents, quiet=True)
        except InstallFailed as failure:
            raise NotOffered("Library installation failed: " + trouble(failure.said)) from None

    def library(self, line):
        """A task's wheel or requirements file on this machine; relative paths are in the commit."""
        if line.startswith("-r "):
            return "-r " + self.library(line[3:].strip())
        if line.endswith((".whl", ".txt")) and "://" not in line and not os.path.isabs(line):
            return os.path.normpath(os.path.join(self.checkout, line))
        return self.on_disk(line)

    def on_disk(self, path):
        """The path on this machine of a file in a volume or the workspace; anything else unchanged."""
        parts = path.split("/")[2:]
        if path.startswith("/Volumes/"):
            return os.path.join(os.environ["LOCAL_WORKSPACE_VOLUMES"], ".".join(parts[:3]), *parts[3:])
        if path.startswith("/Workspace/"):
            return os.path.join(os.environ["LOCAL_WORKSPACE_OBJECTS"], *parts)
        return path

    def add(self, arguments, contents, lasting=True, folder=None, quiet=False):
        """Puts a layer on top in which pip installs, or one of an earlier run that holds the same.

        arguments  for pip install, made by a function of the layer's folder where they need one
        contents   what decides about the packages, for the comparison with what is kept
        lasting    whether the same contents always are the same packages
        folder     where pip runs
        """
        lasting = lasting and not any(home.startswith(self.own) for home in self.homes)
        seed = [sys.version, sys.prefix, [os.path.basename(home) for home in self.homes], contents]
        key = hashlib.sha256(json.dumps(seed).encode()).hexdigest()[:24]
        place = self.kept if lasting else self.own
        home = os.path.join(place, key if lasting else f"{len(self.homes) + 1}-{key}")
        os.makedirs(place, exist_ok=True)
        with one_at_a_time(home + ".lock"):
            ready = os.path.join(home, "ready")
            if not os.path.exists(ready):
                make(home)
                words = arguments(home) if callable(arguments) else arguments
                said = self.run(home, words, folder, quiet)
                with open(ready, "w", encoding="utf-8") as file:
                    file.write(said)
            elif not quiet:
                with open(ready, encoding="utf-8") as file:
                    print(file.read(), end="")
        self.use(home)

    def run(self, home, words, folder, quiet):
        """pip's output, line by line as it appears. Raises InstallFailed."""
        python = os.path.join(home, "Scripts" if os.name == "nt" else "bin", "python")
        logins, repositories = Logins(), Repositories(home)
        words = through_a_file(logins.taken_from(repositories.taken_from(words)), home)
        settings = logins.taken_from_settings(self.settings)
        environment = {**os.environ, **settings}
        process = subprocess.Popen(
            [*RUN_PIP, "--python", python, "install", *QUIETLY, *words],
            cwd=folder,
            env={**environment, **logins.settings(home, environment), **repositories.settings(environment)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        said = []
        with process.stdout:
            for line in process.stdout:
                said.append(line)
                if not quiet:
                    print(line, end="", flush=True)
        ended = process.wait()
        forgotten(home)
        repositories.forget()
        if ended != 0:
            raise InstallFailed("".join(said))
        return "".join(said)

    def use(self, home):
        """Puts its packages before existing ones, for this process and its children."""
        self.homes.append(home)
        packages = packages_of(home)
        at = next((i for i, path in enumerate(sys.path) if path.endswith("-packages")), len(sys.path))
        sys.path.insert(at, packages)
        # Files of the layer name projects that are installed in place.
        known = list(sys.path)
        site.addsitedir(packages)
        linked = [path for path in sys.path if path not in known]
        sys.path[:] = [*known[: at + 1], *linked, *known[at + 1 :]]
        # Spark's own packages stay in front, as on Databricks: many requirements files pin another PySpark.
        there = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        of_spark = [path for path in there if SPARK in os.environ and path.startswith(os.environ[SPARK])]
        before = [*of_spark, packages, *linked, *(path for path in there if path not in of_spark)]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, before))
        programs = os.path.join(home, "Scripts" if os.name == "nt" else "bin")
        os.environ["PATH"] = os.pathsep.join(filter(None, [programs, os.environ.get("PATH")]))
        importlib.invalidate_caches()


class InstallFailed(Exception):
    """pip failed."""

    def __init__(self, said):
        super().__init__(said)
        self.said = said


def is_option(line):
    """Whether a line is an option and not a requirement."""
    return line.startswith("-") and not line.startswith("-r ")


def requirements(lines):
    """As pip arguments: through a file, because a line may have several words."""

    def arguments(home):
        path = os.path.join(home, "requirements.txt")
        private(path, "\n".join(lines) + "\n")
        return ["--quiet", "-r", path]

    return arguments


def make(home):
    """Creates an environment with everything that this process can import."""
    venv.EnvBuilder(clear=True, symlinks=os.name != "nt").create(home)
    with open(os.path.join(packages_of(home), "below.pth"), "w", encoding="utf-8") as below:
        below.write("\n".join(path for path in sys.path if path.endswith("-packages")) + "\n")


def packages_of(home):
    return sysconfig.get_path("purelib", "venv", {"base": home, "platbase": home})


def satisfied(line):
    """The installed distribution that satisfies a requirement; None if there is none or the name is unknown."""
    from importlib import metadata

    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(line.split(" --hash")[0])
    except InvalidRequirement:
        return None
    if wanted.marker is not None and not wanted.marker.evaluate():
        return f"Ignoring {wanted.name}: its marker does not apply here"
    if wanted.url is not None or wanted.extras:
        return None
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return None
    if not wanted.specifier.contains(version, prereleases=True):
        return None
    return f"Requirement already satisfied: {line} ({wanted.name} {version})"


def digest(path):
    """The digest of a file, or of a folder with everything below it."""
    total = hashlib.sha256()
    try:
        for name in files_of(path):
            total.update(os.path.relpath(name, path).encode() + b"\0")
            with open(name, "rb") as content:
                total.update(hashlib.sha256(content.read()).digest())
    except OSError as problem:
        raise NotOffered(f"Library {os.path.basename(path)} can't be installed: {problem.strerror}: {path}") from None
    return path + " " + total.hexdigest() if os.path.isfile(path) else total.hexdigest()


def files_of(path):
    if not os.path.isdir(path):
        return [path]
    found = []
    for folder, folders, files in os.walk(path):
        folders[:] = [name for name in folders if name not in (".git", "__pycache__")]
        found.extend(os.path.join(folder, name) for name in files if os.path.isfile(os.path.join(folder, name)))
    return sorted(found)


@contextmanager
def one_at_a_time(file):
    """Two runs with the same requirements share one installation."""
    with open(file, "w") as lock:
        try:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        except ImportError:
            pass
        yield
