"""Types into the real window in a process of its own: from Enter in a cell until what changed is painted.

Usage: ``edit_in_window.py ROWS EDITS FOLDER``. Prints JSON: per edit the milliseconds from the key press until the
row's subtotal and the total have been painted anew (``painted``) and until nothing was left to do (``rest``). Each
edit is on the disk before it is painted, and that is looked at: the draft is opened again at the end.
"""

from __future__ import annotations

import json
import sys
import time
from decimal import Decimal
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "src"))

from forms import REMARK, ROOT, big_catalogue, filled
from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QEventLoop, QObject, QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from selfassess.document import Document
from selfassess.domain.catalogue import ColumnKey
from selfassess.gui.app import prepare_application
from selfassess.gui.main_window import MainWindow
from selfassess.gui.settings import Settings
from selfassess.paths import Places
from selfassess.scoring.numbers import show
from selfassess.store.draft import Draft

PATIENCE_S = 5.0
WARM = 3


class Watch(QObject):
    """Notes when a part of a widget is painted.

    Args:
        widget: Whose paintings are looked at.
        part: The part that must be among what is painted.
    """

    def __init__(self, widget: QWidget, part: QRect) -> None:
        super().__init__(widget)
        self._part = part
        self.begun = False
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See a painting begin."""
        if isinstance(event, QPaintEvent) and event.region().intersects(self._part):
            self.begun = True
        return False


class WatchedWindow(MainWindow):
    """The window, telling when it has handed what was painted to the screen.

    Attributes:
        watches: What must have been painted.
        painted: When all of it was, by :func:`time.perf_counter`.
    """

    watches: tuple[Watch, ...] = ()
    painted: float | None = None

    def event(self, event: QEvent) -> bool:
        """Qt paints all that waits, and flushes it, while it handles one update request."""
        taken = super().event(event)
        waiting = self.painted is None and self.watches
        if waiting and event.type() == QEvent.Type.UpdateRequest and all(watch.begun for watch in self.watches):
            self.painted = time.perf_counter()
        return taken


def main(rows: int, edits: int, folder: Path) -> None:
    """Open, type, measure, look at the disk."""
    places = Places(assets=ROOT, data=folder)
    app, theme = prepare_application(sys.argv[:1], places, Settings(places.settings))
    app.setQuitOnLastWindowClosed(False)
    catalogue = big_catalogue(rows)
    path = folder / "draft.zpb"
    Draft.create(path, catalogue, filled(catalogue)).close()
    document = Document.open(path)
    window = WatchedWindow(document, places, Settings(places.settings), theme)
    window.resize(1366, 768)
    window.show()
    QTest.qWaitForWindowExposed(window)
    QTest.qWait(300)  # what is built after the first painting
    code = catalogue.categories[len(catalogue.categories) // 2].indicators[1].code
    found = [_edit(window, code, turn) for turn in range(edits + WARM)][WARM:]
    points, total = document.entries.answer(code).points, document.scorecard.total
    assert total is not None
    assert window.table.total_bar.total_text() == show(total), "the total on the screen is not the scorecard's"
    window.close()
    app.processEvents()
    with Draft.open(path) as draft:
        assert draft.entries.answer(code).points == points, "what was painted is not on the disk"
        assert draft.entries.answer(code).remark == REMARK
    sys.stdout.write(json.dumps({"painted": [a for a, _ in found], "rest": [b for _, b in found]}))


def _edit(window: WatchedWindow, code: str, turn: int) -> tuple[float, float]:
    """Type other points into a row and press Enter.

    Returns:
        Milliseconds until painted, and until nothing was left to do.
    """
    table, document = window.table, window.document
    view = table.view
    category = next(each for each in document.catalogue.categories if each.indicators[1].code == code)
    view.show_place(category.code)  # the heading with the subtotal, at the top
    view.show_place(code)
    _settle()
    assert view.edit(view.currentIndex(), view.EditTrigger.AllEditTriggers, None)
    editor = QApplication.focusWidget() or view.indexWidget(view.currentIndex())
    assert editor is not None
    assert editor is not view
    before = document.entries.answer(code).points
    after = Decimal(0) if before else Decimal("0.5")
    QTest.keyClick(editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(editor, str(after))
    _settle()
    subtotal = table.model.index_at(category.code, table.model.subtotal_key)
    assert view.viewport().rect().intersects(view.visualRect(subtotal)), "the subtotal must be in sight"
    window.painted = None
    window.watches = (
        Watch(view.viewport(), view.visualRect(subtotal)),
        Watch(view.viewport(), view.visualRect(table.model.index_at(code, ColumnKey.POINTS))),
        Watch(table.total_bar, table.total_bar.rect()),
    )
    begin = time.perf_counter()
    QTest.keyClick(editor, Qt.Key.Key_Return)
    while window.painted is None:
        QApplication.processEvents()
        if time.perf_counter() - begin > PATIENCE_S:
            message = f"turn {turn}: not painted: {[watch.begun for watch in window.watches]}"
            raise TimeoutError(message)
    _settle()
    rest = time.perf_counter() - begin
    assert document.entries.answer(code).points == after, "the edit was not taken"
    for watch in window.watches:
        watch.deleteLater()
    return (window.painted - begin) * 1000, rest * 1000


def _settle() -> None:
    """Let the program do all that waits, until it would sleep."""
    dispatcher = QAbstractEventDispatcher.instance()
    loop = QEventLoop()
    dispatcher.aboutToBlock.connect(loop.quit)
    loop.exec()
    dispatcher.aboutToBlock.disconnect(loop.quit)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
