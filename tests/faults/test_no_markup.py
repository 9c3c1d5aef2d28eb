"""Texts of a stranger's catalogue and draft are shown letter by letter: Qt fetches no picture that they name."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QMessageBox
from strangers import ROOT, SHIPPED

from selfassess.catalogue import loader
from selfassess.document import Document
from selfassess.domain.entries import Adjustment, Answer, Entries, Unit
from selfassess.domain.previous import PreviousRow, PreviousYear
from selfassess.errors import CatalogueError, StoreError
from selfassess.gui.app import dress
from selfassess.gui.fault_list_dialog import FaultListDialog
from selfassess.gui.main_window import MainWindow
from selfassess.gui.messages import _box
from selfassess.gui.settings import Settings
from selfassess.gui.start_window import StartWindow
from selfassess.gui.tips import literal
from selfassess.paths import Places
from selfassess.store.draft import Draft
from selfassess.store.library import Library

PICTURE = '<img src="file://elsewhere/canary.png">'
KEPT = {"id", "edition", "code", "key", "row", "numerator_figure", "denominator_figure", "numerator", "denominator"}


def marked(value: object, name: str = "") -> object:
    """The same catalogue with a picture before every text."""
    if isinstance(value, msgspec.Struct):
        fields = {each: marked(getattr(value, each), each) for each in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    if isinstance(value, tuple):
        return tuple(marked(each, name) for each in value)
    return PICTURE + value if type(value) is str and value and name not in KEPT else value


@pytest.fixture
def hostile(tmp_path) -> Path:
    honest = loader.load(SHIPPED)
    columns = honest.columns
    form = msgspec.structs.replace(marked(honest), columns=marked(columns))
    path = tmp_path / "数据" / "drafts" / "草稿.zpb"
    path.parent.mkdir(parents=True)
    entries = Entries(
        unit=Unit(**{name: f"{PICTURE}{name}" for name in Unit.__struct_fields__}),
        answers={"1.2": Answer(reason=f"{PICTURE}原因", remark=f"{PICTURE}备注")},
        adjustments=(Adjustment(matter=f"{PICTURE}事项", basis=f"{PICTURE}依据", points=Decimal(1)),) * 2,
    )
    row = PreviousRow(name=PICTURE, full_points=Decimal(1), points=Decimal(0), reason=f"{PICTURE}去年", remark=PICTURE)
    last_year = PreviousYear(unit=PICTURE, year="2021", title=f"{PICTURE}表", rows={"1.2": row})
    with Draft.create(path, form, entries) as draft:
        draft.attach("1.2", f"{PICTURE}.pdf", b"%PDF", number=PICTURE, date=PICTURE, pages=3)
        draft.put_previous(last_year, PICTURE)
    return path


def markup() -> list[str]:
    """Texts on the screen that Qt would take for markup."""
    found = []
    for widget in QApplication.allWidgets():
        if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText:
            found.append((widget, widget.text()))
        found.append((widget, widget.toolTip()))
        found.extend((widget, action.toolTip()) for action in widget.actions())
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model = widget.model()
            for row in range(min(model.rowCount(), 80)):
                for column in range(10):
                    tip = model.index(row, column).data(Qt.ItemDataRole.ToolTipRole)
                    found.append((widget, str(tip or "")))
    return [f"{type(widget).__name__} {widget.objectName()}: {text[:80]}" for widget, text in found if PICTURE in text]


def test_no_text_of_a_strangers_draft_is_taken_for_markup(hostile, tmp_path, qapp, qtbot):
    places = Places(assets=ROOT, data=tmp_path / "数据")
    settings = Settings(places.settings)
    theme = dress(qapp, places, settings)
    start = StartWindow(Library(places.drafts), places)
    start.page.refresh()
    start.show()
    qtbot.addWidget(start)
    document = Document.open(hostile)
    document.put_answer("1.2", Answer(remark=f"{PICTURE}改"))
    window = MainWindow(document, places, settings, theme)
    window.show()
    found = markup()
    for code in [indicator.code for _, indicator in document.catalogue.indicators()]:
        window.show_place(code)
        QCoreApplication.processEvents()
        found += markup()
    for place in ("unit.name", "adjustment.0"):
        window.show_place(place)
        QCoreApplication.processEvents()
        found += markup()
    window.status.say(f"{PICTURE}说")
    refusal = StoreError("E301", path=f"{PICTURE}。请{PICTURE}")
    what = f"{PICTURE}发生了什么。"
    box = _box(window, QMessageBox.Icon.Warning, "标题", what, f"请{PICTURE}")
    box.show()
    faults = FaultListDialog(
        "标题", CatalogueError("E201", [refusal.message], name=PICTURE, count=1), ("知道了",), window
    )
    faults.show()
    QCoreApplication.processEvents()
    found += markup()
    faults.close()
    box.close()
    window.close()
    document.close()
    assert sorted(set(found)) == []


def test_a_tooltip_with_a_tag_is_no_markup_and_reads_the_same():
    for text in (PICTURE, f"甲\n{PICTURE}", "&lt;img&gt;<b>", "<!doctype html><img src='x'>"):
        assert re.search("<[!/a-z]", literal(text)) is None
        assert literal(text).replace("\u2060", "") == text
    assert literal("甲乙") == "甲乙"


def test_a_copied_formula_goes_to_spreadsheets_as_text_and_comes_back_as_it_was(tmp_path, qapp, qtbot):
    places = Places(assets=ROOT, data=tmp_path / "数据")
    settings = Settings(places.settings)
    theme = dress(qapp, places, settings)
    document = Document.create(tmp_path / "草稿.zpb", loader.load(SHIPPED), Entries())
    document.put_answer("1.1", Answer(remark="=1+1"))
    window = MainWindow(document, places, settings, theme)
    window.show()
    table = window.table
    keys = [str(key) for key in table.model.keys]
    table.view.setCurrentIndex(table.model.index(1, keys.index("remark")))
    table.copy()
    assert QGuiApplication.clipboard().text() == "'=1+1"
    table.view.setCurrentIndex(table.model.index(2, keys.index("remark")))
    table.paste()
    assert document.entries.answer("1.2").remark == "=1+1"
    window.close()
    document.close()
