"""Runs a command in its own process group, and ends the whole group when its owner is gone.

usage: python keeper.py COMMAND [ARGUMENT...]

The owner holds the other end of standard input. When that closes, for whatever reason (the owner may have
been killed hard), or when SIGTERM comes, the group gets SIGTERM and after GRACE seconds SIGKILL. The keeper
ends with the command's exit code, 128 + n for a signal n. With PORTAGE_KEPT_PID set, the command's process
id is written to that file. The command reads nothing and writes where the keeper would.
"""

import os
import signal
import subprocess
import sys
import threading

GRACE = 5.0
WINDOWS = os.name == "nt"


def end_group(pid, hard):
    try:
        if WINDOWS:
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(pid)], capture_output=True, check=False)
        else:
            os.killpg(pid, signal.SIGKILL if hard else signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        pass


def main(command):
    if not WINDOWS:
        # Detached from the terminal: Ctrl-C is for the owner, which then stops things in order.
        os.setsid()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pid_file = os.environ.pop("PORTAGE_KEPT_PID", None)

    def watch_owner():
        try:
            while os.read(0, 4096):
                pass
        except OSError:
            pass
        stop.set()

    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=not WINDOWS)
    except OSError as error:
        print(f"cannot run {command[0]}: {error}", file=sys.stderr)
        return 127
    threading.Thread(target=watch_owner, daemon=True).start()
    if pid_file:
        with open(pid_file + ".new", "w", encoding="ascii") as file:
            file.write(str(child.pid))
        os.replace(pid_file + ".new", pid_file)

    ended = threading.Event()

    def wait_for_child():
        child.wait()
        ended.set()
        stop.set()

    threading.Thread(target=wait_for_child, daemon=True).start()
    stop.wait()
    if not ended.is_set():
        end_group(child.pid, hard=False)
        ended.wait(GRACE)
    # Also after success: whatever the command left in its group ends with it.
    end_group(child.pid, hard=True)
    ended.wait(GRACE)
    code = child.returncode
    if code is None:
        return 137
    return 128 - code if code < 0 else code


if __name__ == "__main__":
    # Skips the interpreter's shutdown: a thread still reads standard input.
    os._exit(main(sys.argv[1:]))
