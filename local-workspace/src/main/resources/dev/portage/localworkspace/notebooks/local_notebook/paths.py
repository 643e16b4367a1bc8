"""A Databricks workspace's paths in Python: /Volumes, /dbfs and /Workspace. Here they are folders of the workspace.
Python's own file functions reach them, and so do libraries that use these; a C library that opens files itself does
not."""

import builtins
import functools
import io
import os
import re

from . import imports

VOLUMES = "LOCAL_WORKSPACE_VOLUMES"
FILES = "LOCAL_WORKSPACE_DBFS"
OBJECTS = "LOCAL_WORKSPACE_OBJECTS"
LSTAT = os.lstat
PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .-]*")


def real(path):
    """The path on this machine for a workspace path; any other path unchanged."""
    if isinstance(path, int):
        return path
    try:
        text = os.fspath(path)
    except TypeError:
        return path
    if not isinstance(text, str) or text[:1] != "/":
        return path
    found = led(text)
    return path if found is None else found


def led(text):
    first, _, rest = text.lstrip("/").partition("/")
    if first == "Volumes" and VOLUMES in os.environ:
        return in_volume(rest)
    if first == "dbfs" and FILES in os.environ:
        return of_dbfs("/" + rest)
    if first == "Workspace" and not exists(text):
        # The path of a commit's notebook is that of its file here: "/Workspace" + path is the path.
        here = "/" + rest.lstrip("/")
        return here if OBJECTS not in os.environ or exists(here) else os.path.join(os.environ[OBJECTS], here[1:])
    return None


def exists(path):
    try:
        LSTAT(path)
    except OSError:
        return False
    return True


def for_spark(path, writes=False):
    """An address for Spark, where a path without a scheme is on DBFS, as for dbutils.fs. A path in the checkout or on
    this machine is found, too, because a project may not use DBFS."""
    if not isinstance(path, str) or VOLUMES not in os.environ:
        return path
    if path.startswith("dbfs:"):
        return "file:" + of_dbfs(path.removeprefix("dbfs:"))
    if not path.startswith("/"):
        return "file:" + real("/" + path[len("file:") :].lstrip("/")) if path.startswith("file:") else path
    if path.startswith(("/Volumes/", "/dbfs/", "/Workspace/")):
        return "file:" + real(path)
    there = of_dbfs(path)
    own = any(path.startswith(folder.rstrip("/") + "/") for folder in (os.getcwd(), os.environ.get("HOME", "/root")))
    if writes:
        return path if own else "file:" + there
    # A pattern is resolved by the folder in front of it.
    plain = re.split(r"[*?\[{]", there)[0].rpartition("/")[0] if re.search(r"[*?\[{]", there) else there
    return "file:" + there if exists(plain) else path


def of_dbfs(path):
    """For a DBFS path, which includes /Volumes."""
    plain = os.path.normpath("/" + path.lstrip("/"))
    if plain == "/Volumes" or plain.startswith("/Volumes/"):
        return in_volume(plain[len("/Volumes/") :])
    return os.path.join(os.environ[FILES], plain.lstrip("/"))


def in_volume(rest):
    """A volume is a folder. Naming a catalog or schema is enough for it to exist: both stand for the folder of all
    volumes."""
    parts = [part for part in os.path.normpath("/" + rest).split("/") if part]
    root = os.environ[VOLUMES]
    if len(parts) < 3 or not all(PART.fullmatch(part) for part in parts[:3]):
        return root
    return os.path.join(root, ".".join(parts[:3]), *parts[3:])


def leading(function, count):
    """The same function, accepting such paths as its first arguments."""

    @functools.wraps(function)
    def call(*arguments, **named):
        return function(*map(real, arguments[:count]), *arguments[count:], **named)

    return call


# By the number of leading path arguments.
TAKE_ONE = (
    "access chdir chmod chown getxattr lchown listdir listxattr lstat mkdir open readlink remove removexattr rmdir scandir"
    " setxattr stat statvfs truncate unlink utime"
).split()
TAKE_TWO = ("link", "rename", "replace", "symlink")


def offer():
    os.makedirs(os.environ[VOLUMES], exist_ok=True)
    os.makedirs(os.environ[FILES], exist_ok=True)
    for count, names in ((1, TAKE_ONE), (2, TAKE_TWO)):
        for name in names:
            function = getattr(os, name, None)
            if function is None:
                continue
            call = leading(function, count)
            for group in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks, os.supports_effective_ids):
                if function in group:
                    group.add(call)
            setattr(os, name, call)
    builtins.open = io.open = leading(io.open, 1)
    imports.complete({"pandas.io.common": with_paths})


def with_paths(module):
    """Some pandas readers pass a path on to a C library."""
    as_text = module.stringify_path
    module.stringify_path = lambda path, *more, **named: real(as_text(path, *more, **named))
