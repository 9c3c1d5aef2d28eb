"""What tests of exports share: the shipped form filled in, a small form built by hand, and readers of finished PDFs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from msgspec.structs import replace

from selfassess.catalogue.loader import load
from selfassess.domain.catalogue import (
    Catalogue,
    Category,
    Column,
    ColumnKey,
    Indicator,
    NotApplicablePolicy,
    Policy,
    Provenance,
    Rounding,
    Source,
)
from selfassess.domain.entries import Adjustment, Answer, Entries, Override, Unit
from selfassess.domain.rules import AdjustmentBand, Judged
from selfassess.export.pdf import AnnexPrinter
from selfassess.export.rows import Annex, annex
from selfassess.scoring import score

ROOT = Path(__file__).parents[3]
FONTS = ROOT / "resources" / "fonts"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="rewrite golden texts; read the diff afterwards")


@pytest.fixture(scope="session")
def fonts_folder() -> Path:
    return FONTS


@pytest.fixture(scope="session")
def printer() -> AnnexPrinter:
    """One printer for all tests, as one program has one."""
    return AnnexPrinter(FONTS)


@pytest.fixture(scope="session")
def working() -> Catalogue:
    """The shipped working edition."""
    return load(ROOT / "catalogues" / "xizang-dept-budget" / "2022.toml")


UNIT = Unit(
    name="西藏自治区人民政府外事办公室",
    unit_class="A",
    year="2022",
    preparer="扎西",
    reviewer="李明",
    head="王芳",
    phone="0891-6812345",
    date="2023-01-05",
)


def _filled(catalogue: Catalogue) -> Entries:
    """Every row at full points but three: one below with a reason, one 不涉及, one changed by hand."""
    rows = [indicator for _, indicator in catalogue.indicators() if not isinstance(indicator.rule, AdjustmentBand)]
    answers = {row.code: Answer(override=Override(points=row.full_points, reason="")) for row in rows}
    below, left_out, changed = rows[5], next(row for row in rows if row.may_be_not_applicable), rows[8]
    answers[below.code] = Answer(
        override=Override(points=below.full_points - Decimal("0.5"), reason=""),
        reason="年中追加项目较多，部分项目未在规定时间内完成绩效目标填报，已于2022年12月补报。",
    )
    answers[left_out.code] = Answer(not_applicable="本单位无转移支付资金")
    answers[changed.code] = Answer(
        override=Override(points=changed.full_points, reason="按核定数改定"), remark="见附件3"
    )
    matters = (
        Adjustment(matter="获评自治区预算绩效管理先进单位", basis="藏财绩〔2022〕15号", points=Decimal(5)),
        Adjustment(matter="在全区作经验交流", points=Decimal(3)),
    )
    return Entries(unit=UNIT, answers=answers, adjustments=matters)


@pytest.fixture(scope="session")
def filled_entries(working: Catalogue) -> Entries:
    return _filled(working)


@pytest.fixture(scope="session")
def filled(working: Catalogue, filled_entries: Entries) -> Annex:
    """The annex of the shipped form, filled in, with the sign-off block."""
    return annex(working, filled_entries, score(working, filled_entries), sign_off=True)


COLUMNS = tuple(
    Column(key=key, title=title, width=Decimal(width))
    for key, title, width in (
        (ColumnKey.CONTENT, "考核内容", 24),
        (ColumnKey.NAME, "指标", 22),
        (ColumnKey.FULL_POINTS, "指标值", 10),
        (ColumnKey.METHOD, "计算方法", 64),
        (ColumnKey.NATURE, "指标性质", 10),
        (ColumnKey.MODE, "考核方式", 11),
        (ColumnKey.SOURCES, "数据来源", 24),
        (ColumnKey.POINTS, "考核结果", 15),
        (ColumnKey.SUBTOTAL, "小计", 13),
        (ColumnKey.REMARK, "备注", 32),
    )
)


def indicator(code: str, content: str = "（一）内容", *, points: str = "2", **changes: object) -> Indicator:
    """A judged row."""
    row = Indicator(
        code=code,
        content=content,
        name=f"指标{code}",
        full_points=Decimal(points),
        method="按完成情况评议打分。",
        nature="定性",
        mode="年度考核",
        sources="佐证材料",
        evidence_required=True,
        may_be_not_applicable=True,
        rule=Judged(step=Decimal("0.5")),
        source=Source(provenance=Provenance.TRANSCRIBED),
    )
    return replace(row, **changes)  # type: ignore[arg-type] # by name


def form(*categories: tuple[str, list[Indicator]], **changes: object) -> Catalogue:
    """A form of categories, each a title and its rows; the title 其他事项 makes a band outside the base."""
    numerals = "一二三四五六七八九十"
    built = tuple(
        Category(
            code=numerals[number],
            title=title,
            full_points=sum((row.full_points for row in rows), Decimal(0)),
            in_base=title != "其他事项",
            indicators=tuple(rows),
            source=Source(provenance=Provenance.TRANSCRIBED),
        )
        for number, (title, rows) in enumerate(categories)
    )
    catalogue = Catalogue(
        id="small",
        edition="1",
        year=2022,
        title="2022年度自评表",
        document="",
        annex_label="附件1",
        purpose="",
        for_filing=True,
        policy=Policy(
            base=sum((each.full_points for each in built if each.in_base), Decimal(0)),
            rounding=Rounding(places=2),
            not_applicable=NotApplicablePolicy.EXCLUDE,
        ),
        columns=COLUMNS,
        figures=(),
        categories=built,
        notes=("第一条说明。", "第二条说明。"),
        total_note="（不含加分扣分。）",
    )
    return replace(catalogue, **changes)  # type: ignore[arg-type] # by name


@dataclass(frozen=True)
class Forms:
    """Builders of small forms, for tests that say what is in them."""

    indicator: Callable[..., Indicator] = indicator
    form: Callable[..., Catalogue] = form

    def annex(self, catalogue: Catalogue, entries: Entries | None = None, *, sign_off: bool = False) -> Annex:
        """The annex of a form; without entries, of an empty one."""
        entries = entries or Entries()
        return annex(catalogue, entries, score(catalogue, entries), sign_off=sign_off)

    def judged(self, **points: str) -> dict[str, Answer]:
        """Answers of judged rows: ``r1_2="1.5"`` is row 1.2."""
        return {key.removeprefix("r").replace("_", "."): Answer(points=Decimal(value)) for key, value in points.items()}

    @property
    def plain(self) -> Catalogue:
        """Two categories of two rows and a band of bonuses."""
        band = AdjustmentBand(bonus_cap=Decimal(10), deduction_cap=Decimal(10))
        return form(
            ("制度建设", [indicator("1.1"), indicator("1.2")]),
            ("预算执行", [indicator("2.1"), indicator("2.2", "（二）别的")]),
            ("其他事项", [indicator("3.1", "", points="10", rule=band)]),
        )


@pytest.fixture(scope="session")
def forms() -> Forms:
    return Forms()


@dataclass(frozen=True)
class Character:
    """A character on a page as pdfium sees it: its box in pt from the lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class ReadPage:
    """A page as pdfium sees it."""

    text: str
    characters: tuple[Character, ...]
    width: float
    height: float


class PdfReader:
    """Reads finished PDFs by a library that had no part in making them."""

    def pages(self, data: bytes, *, boxes: bool = False) -> list[ReadPage]:
        with self._open(data) as document:
            return [self._read(document[place], boxes=boxes) for place in range(len(document))]

    def text(self, data: bytes) -> str:
        return "\n".join(page.text for page in self.pages(data))

    @contextmanager
    def _open(self, data: bytes) -> Iterator[pypdfium2.PdfDocument]:
        document = pypdfium2.PdfDocument(data)
        try:
            yield document
        finally:
            document.close()

    def _read(self, page: pypdfium2.PdfPage, *, boxes: bool) -> ReadPage:
        text_page = page.get_textpage()
        try:
            text = text_page.get_text_range().replace("\r\n", "\n")
            characters: list[Character] = []
            for index in range(text_page.count_chars() if boxes else 0):
                character = text_page.get_text_range(index, 1)
                if character.strip():
                    characters.append(Character(character, *text_page.get_charbox(index)))
            return ReadPage(text, tuple(characters), *page.get_size())
        finally:
            text_page.close()


@pytest.fixture(scope="session")
def pdf_reader() -> PdfReader:
    return PdfReader()
