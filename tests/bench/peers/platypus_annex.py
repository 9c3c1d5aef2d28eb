"""The annex as reportlab's own LongTable sets it: paragraphs in cells, merged content cells."""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle

if TYPE_CHECKING:
    from pathlib import Path

    from selfassess.export.rows import Annex

FACE, HEAD = "PeerSerif", "PeerSans"
MOST_MERGED = 4
"""A merged cell taller than a page raises in platypus, so content cells merge over this many rows at most."""


def register(fonts: Path) -> None:
    """Register the same faces under names of this peer."""
    pdfmetrics.registerFont(TTFont(FACE, str(fonts / "NotoSerifSC-Regular.ttf")))
    pdfmetrics.registerFont(TTFont(HEAD, str(fonts / "NotoSansSC-Bold.ttf")))


def render(annex: Annex) -> bytes:
    """The annex as a plain PDF."""
    body = ParagraphStyle("body", fontName=FACE, fontSize=8.5, leading=11.5, wordWrap="CJK")
    head = ParagraphStyle("head", parent=body, fontName=HEAD, alignment=1)
    table = [[Paragraph(escape(column.title), head) for column in annex.columns]]
    spans: list[tuple[object, ...]] = []
    left = 0
    for number, row in enumerate(annex.rows, start=1):
        table.append([Paragraph(escape(text), body) for text in row.texts])
        spans.extend(("SPAN", (start, number), (end, number)) for start, end in row.merges)
        left = row.content_rows or left
        if row.content_rows > 1:
            for begin in range(number, number + row.content_rows, MOST_MERGED):
                last = min(begin + MOST_MERGED, number + row.content_rows) - 1
                spans.append(("SPAN", (0, begin), (0, last)))
    width = 225 * mm
    total = sum(float(column.width) for column in annex.columns)
    flow = LongTable(table, colWidths=[width * float(c.width) / total for c in annex.columns], repeatRows=1)
    flow.setStyle(
        TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *spans])
    )
    out = io.BytesIO()
    margins = {"leftMargin": 35 * mm, "rightMargin": 37 * mm, "topMargin": 28 * mm, "bottomMargin": 26 * mm}
    SimpleDocTemplate(out, pagesize=landscape(A4), **margins).build([flow])
    return out.getvalue()
