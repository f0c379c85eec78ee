"""The text of --help: a default is told where there is one, and once."""

import argparse


class PlainHelp(argparse.ArgumentDefaultsHelpFormatter):
    """Tells the default of every option that has one and does not tell it itself."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        has_none = action.default is None or action.default is False or action.default == ""
        if has_none or "(default:" in (action.help or ""):
            return action.help
        return super()._get_help_string(action)
