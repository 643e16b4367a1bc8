"""The process of a run."""

import os
import signal
import sys
import threading

from .secrets import without_secrets


# Ends with the workspace; None in a process that the workspace did not start.
LIFELINE = None


def be_stoppable():
    """Makes this process the leader of a session, and ends the session when the workspace is gone."""
    if hasattr(os, "setsid"):
        try:
            os.setsid()
        except PermissionError:
            pass  # Already the leader of a session.
    global LIFELINE
    LIFELINE = lifeline = os.dup(0)
    os.set_inheritable(lifeline, False)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def watch():
        while True:
            try:
                if not os.read(lifeline, 1):
                    break
            except OSError:
                break
        if hasattr(os, "killpg"):
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(137)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def begin_anew(arguments, environment):
    """Replaces this process by another program with the same id and group, which also ends with the workspace."""
    if LIFELINE is not None:
        os.dup2(LIFELINE, 0)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(arguments[0], arguments, environment)


class Redacting:
    """Writes everything except secrets."""

    def __init__(self, stream):
        self.stream = stream

    def write(self, text):
        return self.stream.write(without_secrets(text))

    def __getattr__(self, name):
        return getattr(self.stream, name)


class Tee:
    """Writes to the log and keeps the output of one cell for the page."""

    LIMIT = 200_000

    def __init__(self, stream):
        self.stream = stream
        self.kept = []
        self.size = 0

    def write(self, text):
        text = without_secrets(text)
        if self.size < self.LIMIT:
            self.kept.append(text)
            self.size += len(text)
        return self.stream.write(text)

    def take(self):
        text = "".join(self.kept)[: self.LIMIT]
        self.kept = []
        self.size = 0
        return text

    def __getattr__(self, name):
        return getattr(self.stream, name)
