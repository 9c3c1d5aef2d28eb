"""The strips of the main window: a draft is only looked at, another copy lies beside, nothing can be stored."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from selfassess.errors import StoreError
from selfassess.gui.strip import Strip
from selfassess.gui.tips import literal
from selfassess.wording import message

if TYPE_CHECKING:
    from selfassess.document import Document
    from selfassess.gui.settings import Settings
    from selfassess.store.glance import LibraryEntry

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_TOLD = "copies_told"
"""Setting: copies that were told of, so that each is told of once."""
_MOST_TOLD = 200


class ViewStrip(QObject):
    """Says since when what is seen is true, and who has the draft; looks again and saves elsewhere.

    Signals:
        told: A sentence for the status line.
        save_wanted: An own draft shall be made of it.
        looked_again: What is shown is new.

    Args:
        document: What is looked at.
        table: Where somebody may try to type.
        window: In which.
    """

    told = Signal(str)
    save_wanted = Signal()
    looked_again = Signal()

    def __init__(self, document: Document, table: QWidget, window: QMainWindow) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        table.installEventFilter(self)
        self._strip = StripBar(window).strip
        if not self._is_alone():
            self._strip.add_button(self.tr("刷新"), self.look_again)
        self._strip.add_button(self.tr("另存为…"), self.save_wanted.emit)
        self._tell()

    def said(self) -> str:
        """What it says."""
        return self._strip.said()

    def look_again(self) -> None:
        """Show the draft as it is now."""
        from selfassess.gui.messages import show_error  # noqa: PLC0415  (only where it fails)

        try:
            self._document.look_again()
        except StoreError as error:
            show_error(self._window, error)
            return
        self._tell()
        self.looked_again.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever types into the table is told why nothing comes of it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            typed = event.text().isprintable() and event.text() and not event.modifiers() & _COMMANDS
            if typed or event.key() == Qt.Key.Key_F2:
                self.told.emit(
                    self.tr("这个文件或它所在的磁盘只能读，不能写入。要改，请用“另存为”存成自己的一份草稿。")
                    if self._is_alone()
                    else f"E370 {message('E370', path=self._document.path.name)}"
                )
        return super().eventFilter(watched, event)

    def _is_alone(self) -> bool:
        """Whether it is only looked at because it cannot be written here; no other is known to have it open."""
        view = self._document.draft.view
        if view is None or view.owner is not None:
            return False
        return not (os.access(view.path, os.W_OK) and os.access(view.path.parent, os.W_OK))

    def _tell(self) -> None:
        view = self._document.draft.view
        if view is None:
            return
        moment = f"{view.at.astimezone():%H:%M:%S}"
        if self._is_alone():
            self._strip.say(self.tr("只读：这个文件或它所在的磁盘不能写入。要改，请“另存为”。"))
        else:
            who = self.tr("，正由{0}打开").format(view.owner.plainly) if view.owner else ""
            self._strip.say(self.tr("只读，截至 {0}{1}。").format(moment, who))
        self._strip.setToolTip(literal("\n".join(str(part) for part in (view.path, view.owner) if part)))


class CopiesStrip(QObject):
    """Says once that another copy of the draft lies beside it.

    Signals:
        compare_wanted: The two shall be compared: the path of the other.

    Args:
        document: The open draft.
        settings: Remembers what was told.
        window: In which.
    """

    compare_wanted = Signal(object)

    def __init__(self, document: Document, settings: Settings, window: QMainWindow) -> None:
        super().__init__(window)
        self._document = document
        self._settings = settings
        self._window = window
        self._bar: StripBar | None = None

    def said(self) -> str:
        """What it says; "" when there is nothing to say."""
        return "" if self._bar is None else self._bar.strip.said()

    def look(self) -> None:
        """Look beside the draft for a copy that was not told of yet."""
        from selfassess.store.siblings import copies_beside  # noqa: PLC0415  (after the table is painted)

        told = self._settings.get(_TOLD, [""])
        new = next((one for one in copies_beside(self._document.draft) if _name_of(one) not in told), None)
        if new is not None:
            self._tell(new)

    def hide(self) -> None:
        """Take the strip away."""
        if self._bar is not None:
            self._window.removeToolBar(self._bar)
            self._bar.deleteLater()
            self._bar = None

    def _tell(self, copy: LibraryEntry) -> None:
        saved = copy.summary.saved if copy.summary else copy.modified
        self._bar = StripBar(self._window)
        strip = self._bar.strip
        strip.add_button(self.tr("比较与合并…"), lambda: self._compare(copy))
        strip.add_button(self.tr("知道了"), lambda: self._dismiss(copy))
        strip.say(
            self.tr("同一文件夹里还有这份草稿的另一个副本“{0}”（{1} 保存），可能是同步软件留下的。").format(
                copy.path.name, f"{saved.astimezone():%Y-%m-%d %H:%M}"
            )
        )

    def _compare(self, copy: LibraryEntry) -> None:
        self._dismiss(copy)
        self.compare_wanted.emit(copy.path)

    def _dismiss(self, copy: LibraryEntry) -> None:
        self.hide()
        told = self._settings.get(_TOLD, [""])
        self._settings.put(_TOLD, [*told, _name_of(copy)][-_MOST_TOLD:])


def _name_of(copy: LibraryEntry) -> str:
    """Names a copy as it is now: one that was written since is told of again."""
    saved = copy.summary.saved if copy.summary else copy.modified
    return f"{copy.identity} {copy.path.name} {saved.isoformat()}"


class TroubleStrip(QObject):
    """Says, as long as it lasts, that something cannot be stored, and why; leads to 另存为.

    Signals:
        save_wanted: All of it shall be saved elsewhere.

    Args:
        document: The open draft.
        window: In which.
    """

    save_wanted = Signal()

    def __init__(self, document: Document, window: QMainWindow) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self._bar: StripBar | None = None

    def said(self) -> str:
        """What it says; "" when there is nothing to say."""
        return "" if self._bar is None else self._bar.strip.said()

    def tell(self, trouble: StoreError | None) -> None:
        """Say why, or go away.

        Args:
            trouble: Why something is not stored; None when all is.
        """
        from selfassess.gui.lost_file import in_short, while_open  # noqa: PLC0415  (hardly ever needed)

        draft, is_over = self._document.draft, self._document.trouble is None
        text = "" if trouble is None else in_short(trouble, draft, is_over=is_over)
        if trouble is None or not text:
            self._hide()
        elif text != self.said():
            self._bar = self._bar or self._made()
            self._bar.strip.say(text)
            self._bar.strip.setToolTip(literal(str(trouble) if is_over else while_open(trouble, draft.path)))

    def _made(self) -> StripBar:
        bar = StripBar(self._window)
        bar.strip.add_button(self.tr("另存为…"), self.save_wanted.emit)
        return bar

    def _hide(self) -> None:
        if self._bar is not None:
            self._window.removeToolBar(self._bar)
            self._bar.deleteLater()
            self._bar = None


class StripBar(QToolBar):
    """Holds a strip under the tool bar, over everything else.

    Args:
        window: Where.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setObjectName("strip")
        self.setMovable(False)
        self.toggleViewAction().setVisible(False)
        self.strip = Strip(self)
        self.addWidget(self.strip)
        window.addToolBarBreak()
        window.addToolBar(self)
