"""Typed text and whole answers, checked before anything is stored; pure, every refusal is one Chinese sentence."""

from selfassess.scoring.entering.cells import parse_cell, with_points
from selfassess.scoring.entering.fit import check_answer
from selfassess.scoring.entering.numerals import parse_amount, parse_points, parse_rate, parse_ratio

__all__ = [
    "check_answer",
    "parse_amount",
    "parse_cell",
    "parse_points",
    "parse_rate",
    "parse_ratio",
    "with_points",
]
