"""Findings (审核问题) as values: what must be mended, explained or looked at before filing."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Level(StrEnum):
    """How grave a finding is, in the field's own three levels."""

    ERROR = "error"
    """错误: must be mended before filing."""
    VERIFY = "verify"
    """核实: may stay with a written explanation."""
    HINT = "hint"
    """提示."""


LEVEL_NAMES: dict[Level, str] = {Level.ERROR: "错误", Level.VERIFY: "核实", Level.HINT: "提示"}


class Finding(Struct, frozen=True, kw_only=True):
    """One thing to look at, with its place.

    Attributes:
        code: Stable code of the wording, such as F101.
        level: How grave it is.
        place: Row code such as ``2.7``, category code such as ``一``, ``unit.name``, ``figure.budget``,
            ``adjustment.0`` or ``form``.
        message: One Chinese sentence: where, what, why, what to do.
        part: Which field of the place it is about: ``reason``, ``remark``, ``evidence``, ``not_applicable``,
            ``average`` or ``override`` of a row, ``matter``, ``basis`` or ``points`` of a matter; "": the place as a
            whole.
    """

    code: str
    level: Level
    place: str
    message: str
    part: str = ""
