"""No process survives the build, however it ends.

A build that is killed cannot stop what it started (Prefect's embedded server, worker processes). So a
small process of its own waits for the build to end; then it kills whatever still carries the build's mark
in its environment.
"""

import os
import secrets
import subprocess
import sys

_MARK = "ON_THE_RECORD_BUILD"

# Runs without our package, so that it is small (8 MB) and cannot fail with it. Linux: reads /proc. It looks
# until it finds nothing several times: a process that is just being started shows no environment yet.
_WATCH = f"""
import os, signal, sys, time
sys.stdin.buffer.read()
wanted = b"{_MARK}=" + sys.argv[1].encode()
quiet = 0
while quiet < 6 and os.path.isdir("/proc"):
    quiet += 1
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open(f"/proc/{{name}}/environ", "rb") as file:
                    if wanted in file.read().split(b"\\0"):
                        os.kill(int(name), signal.SIGKILL)
                        quiet = 0
            except OSError:
                pass
    time.sleep(0.05)
"""


_watcher: subprocess.Popen[bytes] | None = None


def start(*, anew: bool = False) -> None:
    """Mark everything that this process will start, and have it killed when this process ends.

    What already is under a mark is left to it, unless `anew`: a run of a schedule may end long before the
    schedule does.
    """
    global _watcher
    if anew:
        os.environ.pop(_MARK, None)
    if _MARK in os.environ:
        return
    mark = secrets.token_hex(16)
    # Before the mark is set, so that the watcher does not carry it. Its standard input is the read end of a
    # pipe whose other end is open in this process only: it comes to its end when this process does.
    _watcher = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _WATCH, mark],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.environ[_MARK] = mark
