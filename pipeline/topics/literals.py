"""What a text must contain for a regular expression to match in it: plain strings, found far faster.

The idea of index-assisted search (Cho and Rajagopalan 2002): a pattern is tried only on texts that hold one
of the strings that every match holds.
"""

import re

# The parser of the standard library's own regular expressions; it has no public name.
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

# More strings than this take as long to look up as the pattern.
_MOST = 60


def literals_of(pattern: re.Pattern[str]) -> tuple[str, ...]:
    """Return strings one of which stands in every match; none when the pattern promises no string.

    For a pattern that ignores case they are case-folded, to be looked up in a case-folded text.
    """
    found = _of_sequence(parser.parse(pattern.pattern, pattern.flags), bool(pattern.flags & re.IGNORECASE))
    # What holds another one of them tells nothing more.
    shortest = [one for one in sorted(found) if not any(other in one for other in found - {one})]
    return tuple(shortest) if len(shortest) <= _MOST else ()


def _of_sequence(items: Any, ignores_case: bool) -> frozenset[str]:
    choices: list[frozenset[str]] = []
    run = ""
    for op, argument in [*items, (None, None)]:
        if op is ops.LITERAL:
            run += chr(argument)
            continue
        if run:
            choices.append(frozenset((run.casefold() if ignores_case else run,)))
            run = ""
        choices.append(_of_item(op, argument, ignores_case))
    return max(choices, key=_worth)


def _of_item(op: Any, argument: Any, ignores_case: bool) -> frozenset[str]:
    if op is ops.SUBPATTERN:
        _, added_flags, removed_flags, inner = argument
        if (added_flags | removed_flags) & re.IGNORECASE:
            return frozenset()
        return _of_sequence(inner, ignores_case)
    if op is ops.ATOMIC_GROUP:
        return _of_sequence(argument, ignores_case)
    if op is ops.BRANCH:
        parts = [_of_sequence(branch, ignores_case) for branch in argument[1]]
        return frozenset().union(*parts) if all(parts) else frozenset()
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT) and argument[0] > 0:
        return _of_sequence(argument[2], ignores_case)
    return frozenset()


def _worth(strings: frozenset[str]) -> tuple[int, int]:
    """Return how seldom a text holds one of the strings by chance: long ones first, then few."""
    return (min(map(len, strings), default=0), -len(strings))
