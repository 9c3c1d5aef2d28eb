"""The sheet for texts that a cell cannot hold (续文): the rest of each with its place; decides nothing."""

# XlsxWriter carries no stubs and leaves some of its parameters untyped.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

from typing import TYPE_CHECKING

from selfassess.export.xlsx_cells import A4, HEI, SONG
from selfassess.export.xlsx_plan import BODY_SIZE, CONTINUED_PIXELS, height_of

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from selfassess.export.xlsx_cells import Content
    from selfassess.export.xlsx_plan import Plan

MORE_SHEET = "续文"
"""Name of the sheet for what a cell cannot hold."""


def write_continuations(workbook: Workbook, plan: Plan) -> dict[tuple[int, int], Content]:
    """The sheet for what cells cannot hold.

    Args:
        workbook: Where it goes.
        plan: What goes there.

    Returns:
        What every cell should say.
    """
    sheet = workbook.add_worksheet(MORE_SHEET)
    head = workbook.add_format({"font_name": HEI, "font_size": BODY_SIZE, "border": 1})
    body = workbook.add_format(
        {
            "font_name": SONG,
            "font_size": BODY_SIZE,
            "border": 1,
            "text_wrap": True,
            "valign": "top",
            "quote_prefix": True,
        }
    )
    rows = [("位置", "接上文"), *((piece.place, piece.text) for piece in plan.continuations)]
    sheet.set_column_pixels(0, 0, 120)
    sheet.set_column_pixels(1, 1, CONTINUED_PIXELS)
    for at, texts in enumerate(rows):
        sheet.set_row(at, height_of(texts[1], CONTINUED_PIXELS))
        for column, text in enumerate(texts):
            sheet.write_string(at, column, text, body if at else head)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.protect()
    return {(at, column): text for at, texts in enumerate(rows) for column, text in enumerate(texts)}
