"""What the window's tests share: the dressed application, a small form with every kind of rule, a draft of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from selfassess.document import Document
from selfassess.domain.catalogue import (
    Catalogue,
    Category,
    Column,
    ColumnKey,
    FigureSpec,
    Indicator,
    NotApplicablePolicy,
    Policy,
    Provenance,
    Rounding,
    Source,
)
from selfassess.domain.rules import (
    AdjustmentBand,
    AllOrNothing,
    Checklist,
    Choice,
    Clause,
    Judged,
    Option,
    Proportional,
    RateForm,
    RateSource,
    Rule,
    Threshold,
    Tier,
    Tiers,
)
from selfassess.errors import StoreError
from selfassess.gui import lost_file, messages
from selfassess.gui.app import dress
from selfassess.gui.main_window import MainWindow
from selfassess.gui.row_panel.panel import RowPanel
from selfassess.gui.settings import Settings
from selfassess.paths import Places
from selfassess.store.edits import Effect

ROOT = Path(__file__).resolve().parents[2]
D = Decimal


@pytest.fixture(scope="session")
def places(tmp_path_factory) -> Places:
    return Places(assets=ROOT, data=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def settings(places) -> Settings:
    settings = Settings(places.settings)
    settings.put("theme", "light")
    return settings


@pytest.fixture(scope="session")
def theme(qapp, places, settings):
    return dress(qapp, places, settings)


@pytest.fixture(autouse=True)
def dressed(theme):
    """Every test sees the bundled fonts and our colours."""


def indicator(code: str, rule: Rule, full: str = "2", content: str = "（一）内容", **changes) -> Indicator:
    """A row for tests."""
    values = {
        "code": code,
        "content": content,
        "name": f"指标{code}",
        "full_points": D(full),
        "method": f"按规定办理的，得{full}分；否则不得分。",
        "nature": "定性",
        "mode": "年度考核",
        "sources": "佐证材料、业务处",
        "evidence_required": True,
        "may_be_not_applicable": True,
        "rule": rule,
        "source": Source(provenance=Provenance.TRANSCRIBED),
    }
    return Indicator(**{**values, **changes})


def category(code: str, title: str, full: str, *indicators: Indicator, in_base: bool = True) -> Category:
    """A category for tests."""
    return Category(
        code=code,
        title=title,
        full_points=D(full),
        in_base=in_base,
        indicators=indicators,
        source=Source(provenance=Provenance.TRANSCRIBED),
    )


DEVIATION = RateSource(
    name="预决算偏离度",
    form=RateForm.DEVIATION,
    numerator_label="决算数",
    denominator_label="预算数",
    unit="万元",
)
EXECUTION = RateSource(name="预算执行率", numerator_figure="spent", denominator_figure="budget")
RETURNED = RateSource(name="退回率", numerator_label="退回金额", denominator_label="支付总额", unit="万元")
TITLES = {
    ColumnKey.CONTENT: "考核内容",
    ColumnKey.NAME: "指标",
    ColumnKey.FULL_POINTS: "指标值",
    ColumnKey.METHOD: "计算方法",
    ColumnKey.NATURE: "指标性质",
    ColumnKey.MODE: "考核方式",
    ColumnKey.SOURCES: "数据来源",
    ColumnKey.POINTS: "自评得分",
    ColumnKey.SUBTOTAL: "小计",
    ColumnKey.REMARK: "备注",
}
WIDTHS = (24, 24, 11, 76, 11, 14, 24, 14, 11, 16)
TIERS = (
    Tier(above=None, up_to=D("0.1"), points=D(3)),
    Tier(above=D("0.1"), up_to=D("0.2"), points=D(2)),
    Tier(above=D("0.2"), up_to=None, points=D(0)),
)


def small_catalogue(policy: NotApplicablePolicy = NotApplicablePolicy.EXCLUDE) -> Catalogue:
    """Three categories and a band of adjustments, with a row of every kind of rule; 20 points."""
    return Catalogue(
        id="small",
        edition="1",
        year=2022,
        title="测试自评表",
        document="",
        annex_label="附件1",
        purpose="测试",
        for_filing=True,
        policy=Policy(base=D(20), rounding=Rounding(places=2), not_applicable=policy),
        columns=tuple(
            Column(key=key, title=title, width=D(width))
            for (key, title), width in zip(TITLES.items(), WIDTHS, strict=True)
        ),
        figures=(
            FigureSpec(key="budget", name="全年预算数", unit="万元"),
            FigureSpec(key="spent", name="支出数", unit="万元"),
        ),
        categories=(
            category(
                "一",
                "决策",
                "5",
                indicator("1.1", AllOrNothing()),
                indicator("1.2", AllOrNothing(), "1"),
                indicator(
                    "1.3",
                    Checklist(clauses=(Clause(text="事项甲", points=D("0.5")), Clause(text="事项乙", points=D("1.5")))),
                    content="（二）另一内容",
                ),
            ),
            category(
                "二",
                "管理",
                "10",
                indicator("2.1", Tiers(tiers=TIERS, rate=DEVIATION), "3"),
                indicator("2.2", Proportional(rate=EXECUTION, benchmark=D("0.9")), "4"),
                indicator("2.3", Threshold(rate=RETURNED, limit=D("0.01")), "3", may_be_not_applicable=False),
            ),
            category(
                "三",
                "成效",
                "5",
                indicator(
                    "3.1",
                    Choice(options=(Option(label="高于", points=D(2)), Option(label="低于", points=D("0.5")))),
                ),
                indicator("3.2", Judged(step=D("0.5")), "3"),
            ),
            category(
                "八",
                "其他事项",
                "10",
                indicator("8.1", AdjustmentBand(bonus_cap=D(10), deduction_cap=D(10)), "10"),
                in_base=False,
            ),
        ),
    )


class Clock:
    """A clock that moves a second at each look."""

    def __init__(self) -> None:
        self.now = dt.datetime(2023, 1, 5, 10, 0, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(seconds=1)
        return self.now


@pytest.fixture
def catalogue() -> Catalogue:
    return small_catalogue()


@pytest.fixture
def document(tmp_path, catalogue):
    document = Document.create(tmp_path / "草稿.zpb", catalogue, clock=Clock())
    yield document
    document.close()


@pytest.fixture
def panel(qtbot, document):
    """The panel of a row, alone, high enough for all of it."""
    panel = RowPanel(document)
    qtbot.addWidget(panel)
    panel.resize(380, 1100)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    return panel


@pytest.fixture
def window(qtbot, document, places, settings, theme, monkeypatch):
    """The whole window at a usual size, with everything beside the table built."""
    window = MainWindow(document, places, settings, theme)
    window.resize(1366, 768)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: window.panel is not None)
    yield window
    if shiboken6.isValid(window):  # it deletes itself when a test closes it
        for where, question in ((messages, "confirm"), (lost_file, "ask_to_close")):  # a test may leave what is asked
            monkeypatch.setattr(where, question, lambda *_given, **_words: True)
        window.close()
        qtbot.waitUntil(lambda: not shiboken6.isValid(window))


class Hands:
    """What a clerk does in a window: opens cells, types, and leaves."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def open_cell(self, code: str, key: ColumnKey):
        view = self.window.table.view
        assert view.show_place(code, key)
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_F2)
        return view.open_editor()

    def type_remark(self, code: str, text: str) -> None:
        QTest.keyClicks(self.open_cell(code, ColumnKey.REMARK), text)
        self.window.workbench.flush()

    def enter_in_cell(self, code: str, text: str) -> None:
        """Choose or type points in a cell, press Enter, and leave."""
        editor = self.open_cell(code, ColumnKey.POINTS)
        editor.put(text, selected=False)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        self.window.workbench.flush()

    def write(self, field, text: str) -> None:
        """Put a text in a field of the panel, and leave it."""
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        self.window.table.view.setFocus()

    def points_field(self):
        return self.window.panel._input.rule_input.points

    def remark_of(self, code: str) -> str:
        return self.window.document.entries.answer(code).remark


@pytest.fixture
def hands(window) -> Hands:
    """Somebody who works in the window."""
    return Hands(window)


class Disk:
    """Where the draft lies: it has room, until a test takes the room away and gives it back."""

    def __init__(self, document, monkeypatch) -> None:
        self._document = document
        self._monkeypatch = monkeypatch
        names = ("put_answers", "put_unit", "put_figure", "put_adjustments")
        self._puts = {name: getattr(document.draft, name) for name in names}

    def full(self) -> None:
        """Every edit is refused, and told of."""
        for name in self._puts:
            self._monkeypatch.setattr(self._document.draft, name, self._refuse)

    def tear(self) -> Callable[[], Effect]:
        """The next edit is refused, although it reaches the file; what is given back brings it there."""
        late: list[Callable[[], Effect]] = []

        def refuse(name: str, *given):
            late.append(partial(self._puts[name], *given))
            self._refuse()

        for name in self._puts:
            self._monkeypatch.setattr(self._document.draft, name, partial(refuse, name))

        def arrive() -> Effect:
            return late[0]()

        return arrive

    def _refuse(self, *_given) -> None:
        error = StoreError("E312", path=self._document.path)
        self._document.refused.emit(error)
        raise error

    def roomy(self) -> None:
        """Every edit is taken again."""
        for name, put in self._puts.items():
            self._monkeypatch.setattr(self._document.draft, name, put)


@pytest.fixture
def disk(document, monkeypatch) -> Disk:
    return Disk(document, monkeypatch)
