"""What the build tells while it works: one line that moves on a terminal, plain log lines without one."""

import sys
import time

_MIN_SECONDS = {True: 0.1, False: 10.0}


class Progress:
    """Say on standard error how far a step is, not too often."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._last = 0.0
        self._open = False

    def step(self, what: str, done: int, total: int | None = None) -> None:
        """Tell how many of a step are done; the last of a total is always told."""
        now = time.monotonic()
        finished = total is not None and done >= total
        if now - self._last < _MIN_SECONDS[self._terminal] and not (finished and self._open):
            return
        self._last = now
        text = f"{what}: {done:,}" + (f" of {total:,}" if total is not None else "")
        if self._terminal:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
            self._open = True
        else:
            print(text, file=sys.stderr, flush=True)

    def say(self, text: str) -> None:
        """Print a line of its own."""
        if self._open:
            print("\r\x1b[K", end="", file=sys.stderr)
            self._open = False
        print(text, file=sys.stderr, flush=True)
