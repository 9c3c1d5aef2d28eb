"""The annex set by typst: the same rows, columns, fonts and merged cells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import typst

if TYPE_CHECKING:
    from pathlib import Path

    from selfassess.export.rows import Annex

TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set page(paper: "a4", flipped: true, margin: (top: 28mm, bottom: 26mm, left: 35mm, right: 37mm), numbering: "— 1 —")
#set text(font: ("Noto Serif SC", "Noto Serif Tibetan"), size: 8.5pt, lang: "zh", region: "cn")
#align(center, text(size: 22pt, font: "Noto Sans SC", data.title))
#table(
  columns: data.widths.map(w => w * 1fr), stroke: 0.5pt, inset: 2.5pt,
  table.header(..data.heads.map(h => table.cell(align: center, text(font: "Noto Sans SC", weight: "bold", h)))),
  ..data.cells.map(c => table.cell(colspan: c.colspan, rowspan: c.rowspan, breakable: false, c.text)),
)
#for note in data.notes [#note \\ ]
"""


def cells(annex: Annex) -> list[dict[str, object]]:
    """Each visible cell with its spans, in reading order."""
    content = annex.columns[0]
    out: list[dict[str, object]] = []
    for row in annex.rows:
        first = dict(row.merges)
        skip = -1
        for place, text in enumerate(row.texts):
            if place <= skip:
                continue
            if annex.columns[place] is content and row.content_rows == 0:
                continue
            end = first.get(place, place)
            skip = end
            rowspan = row.content_rows if annex.columns[place] is content else 1
            out.append({"text": text, "colspan": end - place + 1, "rowspan": rowspan})
    return out


class TypstAnnex:
    """Keeps typst's compiler, as a program that exports again and again would."""

    def __init__(self, folder: Path, fonts: Path) -> None:
        source = folder / "annex.typ"
        source.write_text(TEMPLATE, encoding="utf-8")
        self._source = source
        self._compiler = typst.Compiler(str(source), font_paths=[str(fonts)], ignore_system_fonts=True)

    def render(self, annex: Annex) -> bytes:
        """The annex as PDF/A-2b."""
        data = {
            "title": annex.title,
            "widths": [float(column.width) for column in annex.columns],
            "heads": [column.title for column in annex.columns],
            "cells": cells(annex),
            "notes": list(annex.notes),
        }
        self._compiler = self._compiler or typst.Compiler(str(self._source))
        return self._compiler.compile(
            str(self._source), format="pdf", sys_inputs={"data": json.dumps(data)}, pdf_standards=["a-2b"]
        )
