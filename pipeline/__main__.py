"""The command line: `python -m pipeline build` and its companions."""

import argparse
import sys
from collections.abc import Sequence

from pipeline import build_command, fixture_command, schedule
from pipeline.audit import command as audit
from pipeline.diff import command as diff
from pipeline.evaluate import command as evaluate
from pipeline.export import command as export
from pipeline.faults import Fault
from pipeline.progress import Progress
from pipeline.public import command as public
from pipeline.verify import command as verify

# Exit codes: 0 all well, 1 a fault that the user can mend, 130 interrupted.
_FAULT = 1
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    progress = Progress()
    try:
        options = parser().parse_args(arguments)
        return int(options.run(options, progress))
    except Fault as fault:
        progress.say(f"error: {fault}")
        return _FAULT
    except KeyboardInterrupt:
        progress.say("interrupted; the published dataset is as it was")
        return _INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m pipeline",
        description="Turn raw news articles and official readouts into a dataset of who said what.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in (build_command, fixture_command, evaluate, schedule, verify, export, public, audit, diff):
        module.add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
