"""What is shown and typed about supporting documents (佐证材料), in words; pure, each refusal a Chinese sentence."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from selfassess.domain.scorecard import RowState
from selfassess.errors import InputError
from selfassess.gui.unit_text import parse_date, plain, shown_date

if TYPE_CHECKING:
    from selfassess.domain.catalogue import Indicator
    from selfassess.gui.labels import Tone
    from selfassess.store.evidence import Evidence

_SEPARATORS = re.compile(r"[、,，;；/\s]+")
_MOST_DATE = 40
_NOT_A_DATE = "E173"


class Standing(NamedTuple):
    """How a row stands with its documents.

    Attributes:
        text: In words.
        tone: How it is meant.
    """

    text: str
    tone: Tone


def standing(indicator: Indicator, state: RowState, count: int, *, begun: bool) -> Standing:
    """How a row stands with its documents.

    Args:
        indicator: The row.
        state: What was entered on it.
        count: How many documents it has.
        begun: Whether any row has some; a unit that binds them on paper is not to be urged.

    Source: note 3 of the 2022 annex.
    """
    if state is RowState.NOT_APPLICABLE:
        return Standing(_with_count("不涉及", count), "muted")
    if not indicator.evidence_required:
        kinds = [kind for kind in _SEPARATORS.split(indicator.sources) if kind.endswith("数据")]
        why = f"数据来源为{'、'.join(kinds)}" if kinds else "表样没有要求"
        return Standing(_with_count(f"免提供：{why}", count), "muted")
    if count:
        return Standing(f"齐全 {count} 份", "ok")
    return Standing("缺", "verify" if begun and state is RowState.ANSWERED else "muted")


def _with_count(text: str, count: int) -> str:
    return f"{text}（已加入 {count} 份）" if count else text


def number_of(code: str, position: int) -> str:
    """编号 of a document, such as ``2.7-1``.

    Args:
        code: Code of its row.
        position: Among the row's documents, counted from 0.
    """
    return f"{code}-{position + 1}"


def particulars(evidence: Evidence) -> str:
    """文号, 日期 and 页数 on one line; "" when none is known."""
    pages = "" if evidence.pages is None else f"{evidence.pages} 页"
    return "　".join(part for part in (evidence.number, shown_date(evidence.date), pages) if part)


def parse_pages(text: str) -> int | None:
    """Typed number of pages; None for nothing.

    Raises:
        InputError: It is no whole number above 0.
    """
    kept = unicodedata.normalize("NFKC", text).strip().removesuffix("页").strip()
    if not kept:
        return None
    if not re.fullmatch(r"0*[1-9]\d{0,5}", kept, re.ASCII):
        raise InputError("E175", text=text.strip()[:20])
    return int(kept)


def parse_paper_date(text: str) -> str:
    """Typed date of a document: a day as ISO text, anything else, such as 2022年3月, as it is.

    Raises:
        InputError: A day that its month does not have, or characters that cannot be printed.
    """
    kept = plain(text, "日期", most=_MOST_DATE)
    try:
        return parse_date(kept, "日期")
    except InputError as error:
        if error.code != _NOT_A_DATE:
            raise
        return kept
