"""Every window around the table: no text cut off, every field named and reached by Tab, freed on close."""

from __future__ import annotations

from contextlib import suppress

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QGroupBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QToolButton,
    QWidget,
)

from selfassess.errors import CatalogueError
from selfassess.gui.adjustments_editor import AdjustmentsEditor
from selfassess.gui.correction_dialog import CorrectionDialog
from selfassess.gui.crash import CrashDialog
from selfassess.gui.fault_list_dialog import FaultListDialog
from selfassess.gui.findings_panel import FindingsPanel
from selfassess.gui.fonts import TextSize
from selfassess.gui.new_draft_dialog import NewDraftDialog
from selfassess.gui.preview_dialog import PreviewDialog
from selfassess.gui.previous_dialog import PreviousDialog
from selfassess.gui.start_page import StartPage
from selfassess.gui.unit_page import UnitPage
from selfassess.store.library import Library

NAMES = [
    "start page",
    "new draft",
    "unit page",
    "adjustments",
    "findings",
    "correction of a row",
    "correction of a category",
    "preview",
    "last year",
    "faults",
    "crash",
]
PAGES = ("unit page", "adjustments", "findings")
"""Parts of the main window."""


@pytest.fixture
def make(example, places, settings, qtbot):
    """Makes a window by name, shown in a size that a small screen has."""
    faults = CatalogueError("E201", ("第 2.7 行：应为数。请改正。",), name="2022.toml", count=1)
    makers = {
        "start page": lambda: StartPage(Library(places.drafts), places),
        "new draft": lambda: NewDraftDialog(places),
        "unit page": lambda: UnitPage(example, places),
        "adjustments": lambda: AdjustmentsEditor(example),
        "findings": lambda: FindingsPanel(example, str),
        "correction of a row": lambda: CorrectionDialog(example, "2.7", places),
        "correction of a category": lambda: CorrectionDialog(example, "二", places),
        "preview": lambda: PreviewDialog(example, places, settings),
        "last year": lambda: PreviousDialog(example, Library(places.drafts)),
        "faults": lambda: FaultListDialog("指标体系有误", faults, ("知道了",), None),
        "crash": lambda: CrashDialog("selfassess 0.1"),
    }
    made: list[QWidget] = []

    def make(name: str) -> QWidget:
        widget = makers[name]()
        made.append(widget)
        if not isinstance(widget, QDialog):
            widget.resize(1100, 680)
        widget.show()
        QApplication.processEvents()
        return widget

    yield make
    for widget in made:
        with suppress(RuntimeError):  # gone already
            widget.close()
            widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def parts(widget: QWidget, kind: type) -> list:
    return [part for part in widget.findChildren(kind) if part.isVisibleTo(widget)]


def label_fits(label: QLabel) -> bool:
    if not label.text() or not label.pixmap().isNull():
        return True
    if label.wordWrap():
        return label.height() >= label.heightForWidth(label.width())
    return label.width() >= label.sizeHint().width() and label.height() >= label.sizeHint().height()


def button_fits(button: QAbstractButton) -> bool:
    hint = button.minimumSizeHint() if isinstance(button, QToolButton) else button.sizeHint()
    return not button.text() or (button.width() >= hint.width() and button.height() >= hint.height())


def box_fits(box: QComboBox) -> bool:
    metrics = QFontMetrics(box.font())
    arrow = 20
    return box.width() >= metrics.horizontalAdvance(box.currentText()) + arrow and box.height() >= metrics.height()


def field_fits(field: QWidget) -> bool:
    return is_inner(field) or field.height() >= QFontMetrics(field.font()).height()


def group_fits(group: QGroupBox) -> bool:
    return group.width() >= QFontMetrics(group.font()).horizontalAdvance(group.title())


CHECKS = {
    QLabel: label_fits,
    QAbstractButton: button_fits,
    QComboBox: box_fits,
    QLineEdit: field_fits,
    QAbstractSpinBox: field_fits,
    QGroupBox: group_fits,
}


def cut_off(widget: QWidget) -> list[str]:
    """Texts that do not fit where they stand."""
    return [
        f"{type(part).__name__} {part.objectName()} {part.text() if hasattr(part, 'text') else ''} {part.size()}"
        for kind, fits in CHECKS.items()
        for part in parts(widget, kind)
        if not fits(part)
    ]


@pytest.mark.parametrize("size", list(TextSize))
@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_cut_off_at_any_size(make, theme, name, size):
    theme.set_text_size(size)
    assert cut_off(make(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_texts_grow_in_an_open_window(make, theme, name):
    window = make(name)
    theme.set_text_size(TextSize.HUGE)
    for _ in range(3):
        QApplication.processEvents()
    if isinstance(window, QDialog):
        window.adjustSize()
    for _ in range(3):
        QApplication.processEvents()
    assert cut_off(window) == []


def accessible(part: QWidget, window: QWidget) -> str:
    """What a screen reader says of a part."""
    buddy = next((label.text() for label in window.findChildren(QLabel) if label.buddy() is part), "")
    text = part.text() if isinstance(part, QAbstractButton) else ""
    return part.accessibleName() or text or buddy or part.toolTip()


@pytest.mark.parametrize("name", NAMES)
def test_a_screen_reader_can_name_everything_that_takes_the_keyboard(make, name):
    window = make(name)
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)
    nameless = [
        f"{type(part).__name__} {part.objectName()}"
        for kind in kinds
        for part in parts(window, kind)
        if part.focusPolicy() != Qt.FocusPolicy.NoFocus and not accessible(part, window) and not is_inner(part)
    ]
    assert nameless == []


def is_inner(part: QWidget) -> bool:
    """Parts of Qt's own composed widgets, which speak for them."""
    if part.objectName().startswith("qt_"):
        return True
    parent = part.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractSpinBox | QComboBox | QAbstractItemView):
            return True
        parent = parent.parentWidget()
    return False


@pytest.mark.parametrize("name", NAMES)
def test_tab_goes_round_through_everything_and_never_gets_stuck(make, name):
    window = make(name)
    window.activateWindow()
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)
    wanted = {
        part
        for kind in kinds
        for part in parts(window, kind)
        if part.isEnabled() and part.focusPolicy() & Qt.FocusPolicy.TabFocus and not is_inner(part)
    }
    reached = set()
    start = part = window.focusWidget() or window.nextInFocusChain()
    for _ in range(500):
        reached.add(part)
        part = part.nextInFocusChain()
        if part is start:
            break
    assert part is start
    assert wanted - reached == set()


def test_tab_leaves_every_text_field(make, qtbot):
    window = make("correction of a row")
    for edit in parts(window, QPlainTextEdit):
        assert edit.tabChangesFocus()


def test_the_unit_page_is_walked_through_as_it_is_printed(make, qtbot):
    page = make("unit page")
    page.show_place("unit.name")
    walked = [QApplication.focusWidget().objectName()]
    for _ in range(9):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget().objectName())
    assert walked == [
        "name",
        "unit_class",
        "year",
        "preparer",
        "reviewer",
        "head",
        "phone",
        "date",
        "figure_budget",
        "figure_spent",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_window_is_gone_after_closing(make, name, qtbot):
    window = make(name)
    destroyed = []
    window.destroyed.connect(lambda: destroyed.append(True))
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: bool(destroyed))


@pytest.mark.parametrize("name", PAGES)
def test_a_closed_window_no_longer_follows_the_document(make, name, example, qtbot):
    window = make(name)
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    example.put_unit(replace(example.entries.unit, head="李"))  # would raise in a slot of a deleted window
    example.put_adjustments(())


@pytest.mark.parametrize("name", NAMES)
def test_nothing_scrolls_sideways(make, theme, name):
    theme.set_text_size(TextSize.LARGE)
    window = make(name)
    assert [area for area in parts(window, QScrollArea) if area.horizontalScrollBar().maximum() > 0] == []


@pytest.mark.parametrize("size", [TextSize.MEDIUM, TextSize.HUGE])
@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"start page", *PAGES}])
def test_no_window_opens_larger_than_the_screen(make, theme, name, size):
    theme.set_text_size(size)
    window = make(name)
    screen = window.screen().availableSize()
    least = window.minimumSizeHint()
    assert window.width() <= max(screen.width(), least.width())
    assert window.height() <= max(screen.height(), least.height())
