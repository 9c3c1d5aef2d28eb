"""How the annex is put on paper (打印方案): margins, fonts, sizes, page numbers; knows no rows and no drawing."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from msgspec import Struct

POINTS_PER_MM = 72 / 25.4
PAPER = (297.0, 210.0)
"""A4 landscape, width and height in mm."""


class PageNumbers(StrEnum):
    """Where the page number stands."""

    GBT9704 = "gbt9704"
    """Where it stands on the other pages of the bound document: along the left edge, turned."""
    FOOT = "foot"
    """In the middle at the foot."""
    NONE = "none"
    """Nowhere."""


class PrintProfile(Struct, frozen=True, kw_only=True):
    """A print profile.

    Margins are those of a page whose table is read with the sheet turned; the table's head faces the left edge of the
    upright sheet on every page, which is the binding on odd pages and the outer edge on even ones.

    Attributes:
        name: 国标, 本单位 or a name of the unit's own.
        binding: Margin at the binding edge (订口), in mm: over the table on odd pages, under it on even ones.
        outer: Margin at the opposite edge (切口), in mm.
        left: Margin at the left of the table, in mm; the foot of the upright sheet.
        right: Margin at the right of the table, in mm; the head of the upright sheet.
        duplex: Whether even pages are backs, with binding and outer margin changed over.
        page_numbers: Where the page number stands.
        first_page: Number of the first page; an annex that is bound with a report goes on counting.
        sign_off: Whether fields for signatures stand under the table.
        label_size: Size of 附件1, in pt.
        title_size: Size of the title, in pt.
        head_size: Size of the line over the table, in pt.
        header_size: Size of the table's header, in pt.
        body_size: Size of the table's text, in pt.
        note_size: Size of the notes, in pt.
        leading: Distance of baselines, as a multiple of the size.
        body_font: Font file for the table's text; None: the bundled Noto Serif SC.
        heading_font: Font file for label, header and categories; None: the bundled Noto Sans SC Bold.
        title_font: Font file for the title, such as 方正小标宋; None: the body's font, drawn stronger.
    """

    name: str = "国标"
    binding: float = 28
    outer: float = 26
    left: float = 35
    right: float = 37
    duplex: bool = True
    page_numbers: PageNumbers = PageNumbers.GBT9704
    first_page: int = 1
    sign_off: bool = False
    label_size: float = 16
    title_size: float = 22
    head_size: float = 10.5
    header_size: float = 9
    body_size: float = 9
    note_size: float = 9
    leading: float = 1.35
    body_font: Path | None = None
    heading_font: Path | None = None
    title_font: Path | None = None

    def top(self, page: int) -> float:
        """Margin over the table on the page of this number, in mm."""
        return self.outer if self.duplex and page % 2 == 0 else self.binding

    def bottom(self, page: int) -> float:
        """Margin under the table on the page of this number, in mm."""
        return self.binding if self.duplex and page % 2 == 0 else self.outer

    @property
    def block(self) -> tuple[float, float]:
        """Width and height of the text block (版心), in mm; the same on odd and even pages."""
        return PAPER[0] - self.left - self.right, PAPER[1] - self.binding - self.outer


NATIONAL = PrintProfile()
"""国标. Source: GB/T 9704-2012 §5.2.1, §7.5 and §7.7: margins 37, 28, 26 and 35 mm of the upright sheet, turned."""

OFFICE = PrintProfile(
    name="本单位",
    binding=22,
    outer=20,
    left=18,
    right=18,
    duplex=False,
    page_numbers=PageNumbers.FOOT,
)
"""本单位: to start from where the annex is printed on one side and not bound with a report."""
