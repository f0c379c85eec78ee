"""--help tells a default where there is one, and once."""

import argparse

import pytest

from pipeline.__main__ import parser
from pipeline.help_text import PlainHelp


def help_of(option: str, **more: object) -> str:
    found = argparse.ArgumentParser(formatter_class=PlainHelp, prog="x", add_help=False)
    found.add_argument(option, help="what it is", **more)  # type: ignore[arg-type]
    return found.format_help().split("what it is")[1].strip()


def test_a_default_is_told_and_none_is_not() -> None:
    assert help_of("--n", default=0) == "(default: 0)"
    assert help_of("--to", default="public") == "(default: public)"
    assert help_of("--to") == help_of("--all", action="store_true") == help_of("--more", default="") == ""


def commands() -> dict[str, argparse.ArgumentParser]:
    [action] = [one for one in parser()._actions if isinstance(one, argparse._SubParsersAction)]
    return dict(action.choices)


@pytest.mark.parametrize("name", list(commands()))
def test_every_command_says_what_it_does_and_explains_every_option_once(name: str) -> None:
    command = commands()[name]
    assert command.description
    told = " ".join(command.format_help().split())
    assert "default: None" not in told
    assert ") (default:" not in told
    assert [action.dest for action in command._actions if not action.help] == []
