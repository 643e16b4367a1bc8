"""Magic commands. Those that only show or set up something pass; other languages and shells are refused by name."""

import contextlib
import io
import os
import re
import shlex
import time

from . import files, packages, spark, statements, syntax
from .display import display
from .errors import WITHOUT_SPARK, NotOffered

HARMLESS = {
    "load_ext", "reload_ext", "unload_ext", "autoreload", "matplotlib", "config", "precision", "xmode", "colors",
    "pprint", "pdb", "pinfo", "pinfo2", "pdoc", "psource", "pfile", "doctest_mode", "autosave", "automagic",
    "autocall", "autoawait", "logstart", "logstop", "logon", "logoff", "logstate", "lsmagic", "magic", "quickref",
    "tensorboard", "set_cell_max_output_size_in_mb", "gui", "reset_selective", "xdel", "history", "hist", "debug", "tb",
    "clear", "cls",
}  # fmt: skip
SHOWN = {"html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG", "md", "md-sandbox"}
SHELL = "use Python's subprocess module; for packages, %pip install"
SYSTEM = (
    "it installs no packages of the system: install them on this machine, and on Databricks by an init script of the "
    "cluster in place of the cell"
)
INSTALLERS = re.compile(r"(?:sudo\s+(?:-\S+\s+)*)?(?:apt-get|apt|dpkg|yum|dnf|apk|brew|snap)\b")
REFUSED = {
    "sql": WITHOUT_SPARK,
    "scala": "it runs only Python: write it in Python, or train in a Databricks workspace",
    "r": "it runs only Python: write it in Python, or train in a Databricks workspace",
    "sh": SHELL,
    "bash": SHELL,
    "script": SHELL,
    "system": SHELL,
    "sx": SHELL,
    "cmd": SHELL,
    "powershell": SHELL,
    "perl": SHELL,
    "ruby": SHELL,
    "conda": "use %pip install",
    "mamba": "use %pip install",
    "uv": "use %pip install",
}
LANGUAGES = {"sql", "scala", "r", "sh"}


def word_of(line):
    """The name of the magic command at the start of a line, without its signs; empty if there is none."""
    match = re.match(r"%{1,2}([A-Za-z_][\w.-]*)", line.strip())
    return match.group(1) if match else ""


def instead_of(command):
    """The alternative to a shell command that can't be run."""
    return SYSTEM if INSTALLERS.match(command) else SHELL


def refuse(name, shown):
    reason = REFUSED.get(name.lower())
    if reason is not None:
        raise NotOffered(f"A local workspace can't run a {shown} cell: {reason}")
    raise NotOffered(f"{shown} is unknown to a local workspace: remove it, or run the notebook in Databricks")


class Captured:
    """What %%capture captures."""

    def __init__(self, stdout):
        self.stdout = stdout
        self.stderr = ""
        self.outputs = []

    def show(self):
        print(self.stdout, end="")

    __call__ = show

    def __str__(self):
        return self.stdout


class Shell:
    """What get_ipython() returns: magic commands become calls of it."""

    def __init__(self, session):
        self._session = session
        self._before = os.getcwd()
        self.user_ns = session.module.__dict__

    def run_line_magic(self, name, line="", *_, **__):
        if name in HARMLESS or name in SHOWN:
            return None
        if name == "run":
            raise SyntaxError("%run must be alone in its cell")
        command = getattr(self, "_" + name, None) if name.isidentifier() else None
        if command is None:
            refuse(name, "%" + name)
        raw = ("time", "timeit", "prun", "memit")
        return command(line.strip() if name in raw else self._expanded(line.strip()))

    def magic(self, command):
        """IPython's older form."""
        name, _, line = command.strip().lstrip("%").partition(" ")
        return self.run_line_magic(name, line)

    def system(self, command=""):
        """A shell command. For packages it does what %pip does; no other shell command is available."""
        asked = packages.asked_of_pip(self._expanded(command))
        if asked is None:
            raise NotOffered(f"A local workspace can't run !{command}: {instead_of(command)}")
        for line in asked:
            self._pip(line)

    def sh(self, lines):
        """A %sh cell. pip commands are run; for anything else the first command is reported."""
        commands = [line.strip() for line in lines if line.strip() and not line.strip().startswith("#")]
        asked = [packages.asked_of_pip(command) for command in commands]
        for command, wishes in zip(commands, asked):
            if wishes is None:
                raise NotOffered(f"A local workspace can't run a %sh cell ({command}): {instead_of(command)}")
        for wishes in asked:
            for line in wishes:
                self._pip(line)

    def getoutput(self, command=""):
        with contextlib.redirect_stdout(io.StringIO()) as kept:
            self.system(command)
        return kept.getvalue().splitlines()

    def run_cell_magic(self, name, line, cell):
        self.cell(name, line, ["", *files.lines_of(cell)], None)

    def cell(self, name, line, lines, place):
        """A cell that starts with %%name: its lines, with the command's own line left empty."""
        if name in SHOWN:
            return
        if name in ("time", "timeit", "python", "python3", "pypy", "prun"):
            body = lines
            if line.strip() and name in ("python", "python3"):
                body = [line, *lines[1:]]
            began = time.perf_counter()
            self._session.execute(body, place)
            if name in ("time", "timeit"):
                self._took(began)
        elif name == "capture":
            self._capture(line, lines, place)
        elif name in ("writefile", "file"):
            self._write(line, lines)
        elif name == "sql" and spark.is_installed():
            self.sql("\n".join([line, *lines[1:]]))
        else:
            refuse(name, "%%" + name)

    def sql(self, text):
        """A %sql cell: runs its statements in order; shows the last result and keeps it as _sqldf."""
        found = None
        for statement, parameters in statements.of(text, self._session.widgets.getAll()):
            found = spark.session().sql(statement, args=parameters)
        if found is not None:
            self.user_ns["_sqldf"] = found
            if found.columns:
                display(found)

    def _capture(self, line, lines, place):
        kept = io.StringIO()
        with contextlib.redirect_stdout(kept):
            self._session.execute(lines, place)
        names = [word for word in line.split() if not word.startswith("-")]
        if names:
            self.user_ns[names[0]] = Captured(kept.getvalue())

    @staticmethod
    def _write(line, lines):
        words = line.split()
        mode = "a" if "-a" in words else "w"
        name = line.replace("-a", "", 1).strip() if mode == "a" else line.strip()
        with open(os.path.expanduser(name.strip("\"'")), mode, encoding="utf-8") as file:
            file.write("\n".join(lines[1:]) + "\n")
        print(f"Writing {name}")

    def _expanded(self, line):
        """Replaces the notebook's names in $name, {name} and {name.field} by their values."""

        def value(match):
            name, *fields = (match.group(1) or match.group(2)).split(".")
            try:
                found = self.user_ns[name]
                for field in fields:
                    found = getattr(found, field)
            except (KeyError, AttributeError):
                return match.group(0)
            return str(found)

        return re.sub(r"\$([A-Za-z_]\w*)|\{([A-Za-z_][\w.]*)\}", value, line)

    def _took(self, began):
        print(f"Wall time: {time.perf_counter() - began:.3f} s")

    def _time(self, line):
        began = time.perf_counter()
        value = self._session.execute([line], None, shows=False) if line else None
        self._took(began)
        return value

    def _sql(self, line):
        if not spark.is_installed():
            refuse("sql", "%sql")
        self.sql(line)

    def _timeit(self, line):
        self._time(syntax.FLAGS.sub("", line))

    _prun = _memit = _timeit

    def _fs(self, line):
        """%fs ls /mnt: a call of dbutils.fs with the words as arguments."""
        words = shlex.split(line)
        done = getattr(self._session.dbutils.fs, words[0] if words else "help")(*words[1:])
        if done is not None:
            display(done)

    def _pip(self, line):
        packages.pip(line, os.getcwd(), self._session.layers)

    def _restart_python(self, line):
        self._session.restart_python()

    def _cd(self, line):
        words = [word for word in [line.strip("\"'")] if word not in ("", "-q")]
        name = words[0].removeprefix("-q ") if words else "~"
        target = self._before if name == "-" else os.path.expanduser(name)
        here = os.getcwd()
        try:
            os.chdir(target)
        except OSError as problem:
            print(problem)  # Like IPython, which continues.
            return
        self._before = here
        print(os.getcwd())

    def _pwd(self, line):
        return os.getcwd()

    def _ls(self, line):
        print("\n".join(sorted(os.listdir(os.path.expanduser(line or ".")))))

    def _cat(self, line):
        with open(os.path.expanduser(line), encoding="utf-8") as file:
            print(file.read())

    def _env(self, line):
        if not line:
            return dict(os.environ)
        name, value = (line.split("=", 1) if "=" in line else [*line.split(None, 1), None])[:2]
        if value is None:
            return os.environ.get(name.strip())
        os.environ[name.strip()] = value.strip()
        print(f"env: {name.strip()}={value.strip()}")
        return None

    _set_env = _env

    def _aimport(self, line):
        for name in line.replace(",", " ").split():
            if not name.startswith("-"):
                self._session.execute([f"import {name}"], None)

    def _names(self):
        return sorted(name for name in self.user_ns if not name.startswith("_") and name not in self._session.given)

    def _who(self, line):
        print("  ".join(self._names()))

    _whos = _who

    def _who_ls(self, line):
        return self._names()

    def _reset(self, line):
        self._session.forget_names()
