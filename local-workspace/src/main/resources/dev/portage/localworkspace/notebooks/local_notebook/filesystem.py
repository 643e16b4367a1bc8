"""dbutils.fs: the files of the workspace, of its volumes and of this machine (file:/)."""

import os
import shutil
from collections import namedtuple

from . import paths
from .errors import NotOffered

CLOUD = ("abfss:", "wasbs:", "s3:", "s3a:", "gs:", "adl:")
HEAD = 65_536


class FileInfo(namedtuple("FileInfo", "path name size modificationTime")):
    def isDir(self):
        return self.name.endswith("/")

    def isFile(self):
        return not self.isDir()


def located(path):
    """Its path on this machine and its name in the workspace."""
    text = os.fspath(path)
    if text.startswith(CLOUD):
        raise NotOffered(f"{text.split(':')[0]}: addresses are not offered by a local workspace: use /Volumes or dbfs:/")
    if text.startswith("file:"):
        plain = "/" + text[len("file:") :].lstrip("/")
        return paths.real(plain), "file:" + plain
    plain = "/" + text.removeprefix("dbfs:").lstrip("/")
    if plain.startswith("/Workspace/"):
        return paths.real(plain), "file:" + plain
    return paths.of_dbfs(plain), "dbfs:" + plain


def missing(name):
    return FileNotFoundError(f"java.io.FileNotFoundException: No such file or directory {name}")


class FileSystem:
    """dbutils.fs."""

    def ls(self, dir):
        real, name = located(dir)
        if not os.path.exists(real):
            raise missing(name)
        if os.path.isfile(real):
            return [self._info(real, name)]
        return [self._info(os.path.join(real, one), name.rstrip("/") + "/" + one) for one in sorted(os.listdir(real))]

    @staticmethod
    def _info(real, name):
        facts = os.stat(real)
        end = "/" if os.path.isdir(real) else ""
        size = 0 if end else facts.st_size
        return FileInfo(name + end, os.path.basename(name) + end, size, int(facts.st_mtime * 1000))

    def cp(self, source, dest, recurse=False):
        (real, name), (target, _) = located(source), located(dest)
        if not os.path.exists(real):
            raise missing(name)
        if os.path.isdir(real):
            if not recurse:
                raise IsADirectoryError(f"{name} is a directory: copy it with recurse=True")
            shutil.copytree(real, target, dirs_exist_ok=True)
            return True
        if os.path.isdir(target) or str(dest).endswith("/"):
            target = os.path.join(target, os.path.basename(real))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(real, target)
        return True

    def mv(self, source, dest, recurse=False):
        self.cp(source, dest, recurse)
        return self.rm(source, recurse)

    def rm(self, dir, recurse=False):
        real, name = located(dir)
        if os.path.isdir(real):
            if os.listdir(real) and not recurse:
                raise OSError(f"Cannot delete a non-empty directory without recurse=True: {name}")
            shutil.rmtree(real)
            return True
        if not os.path.exists(real):
            return False
        os.remove(real)
        return True

    def mkdirs(self, dir):
        os.makedirs(located(dir)[0], exist_ok=True)
        return True

    def put(self, file, contents, overwrite=False):
        real, name = located(file)
        if os.path.exists(real) and not overwrite:
            raise FileExistsError(f"java.nio.file.FileAlreadyExistsException: {name}; overwrite=True replaces it")
        os.makedirs(os.path.dirname(real), exist_ok=True)
        with open(real, "w", encoding="utf-8") as target:
            target.write(contents)
        print(f"Wrote {len(contents.encode())} bytes.")
        return True

    def head(self, file, maxBytes=HEAD, max_bytes=None):
        real, name = located(file)
        if not os.path.isfile(real):
            raise missing(name)
        with open(real, "rb") as source:
            return source.read(max_bytes or maxBytes).decode(errors="replace")

    def mounts(self):
        return []

    def refreshMounts(self):
        return True

    def mount(self, *_, **__):
        raise NotOffered("dbutils.fs.mount is not offered by a local workspace: put the data below dbfs:/mnt")

    updateMount = unmount = mount

    def help(self, name=None):
        print("dbutils.fs: cp, head, ls, mkdirs, mounts, mv, put, rm")
