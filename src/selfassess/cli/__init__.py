"""The command line: every verb without a window, for people as tables and for programs as JSON; knows no Qt."""

from selfassess.cli.main import VERBS, WindowVerb, run

__all__ = ["VERBS", "WindowVerb", "run"]
