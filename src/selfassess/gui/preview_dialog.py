"""Shows the very PDF that will be printed or exported, beside everything that can be chosen about it; sets no text."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from selfassess.gui.annex_label_field import AnnexLabelField
from selfassess.gui.export_actions import AnnexExports
from selfassess.gui.labels import Heading, Note
from selfassess.gui.page_renderer import PageRenderer
from selfassess.gui.page_view import Fit, PageView
from selfassess.gui.print_profile_memory import ProfileMemory
from selfassess.gui.print_profile_panel import PrintProfilePanel
from selfassess.gui.tasks import PATIENCE, Work
from selfassess.gui.window_sizes import open_at
from selfassess.waiting import CalledOffError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from selfassess.document import Document
    from selfassess.export.missing import MissingCharacter
    from selfassess.gui.settings import Settings
    from selfassess.paths import Places

_PAUSE = 300
"""Milliseconds of rest after a change before the pages are set anew."""
_ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)


class PreviewDialog(QDialog):
    """Pages, profile, and the ways out: printer, PDF, workbook.

    Args:
        document: The open draft; the preview follows it.
        places: Where the fonts lie.
        settings: Remembers print profile, folder and window.
        parent: Over which window.
    """

    def __init__(self, document: Document, places: Places, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("打印预览"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._document = document
        self._exports = AnnexExports(document, places, settings, self)
        self._label = AnnexLabelField(document)
        self._panel = PrintProfilePanel(ProfileMemory(settings), self._label)
        self._renderer = PageRenderer(self)
        self._view = PageView(self._renderer)
        self._data: bytes | None = None
        self._work: Work[bytes | tuple[MissingCharacter, ...]] | None = None
        self._again = False
        self._message = Note()
        self._missing = QListWidget()
        self._stack = QStackedWidget()
        self._page = QSpinBox()
        self._pages = QLabel()
        self._zoom = QComboBox()
        self._busy = QProgressBar()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._lay_out()
        self._wire()
        self._render()

    @property
    def view(self) -> PageView:
        """The pages."""
        return self._view

    @property
    def panel(self) -> PrintProfilePanel:
        """The profile's controls."""
        return self._panel

    @property
    def exports(self) -> AnnexExports:
        """The ways out."""
        return self._exports

    @property
    def pdf(self) -> bytes | None:
        """What is shown; None while it is being set, or cannot be."""
        return self._data

    # ------------------------------------------------------------------------------------------------------- rendering
    def _render(self) -> None:
        """Sets the annex beside the window; when something changes meanwhile, once more afterwards."""
        if self._work is not None:
            self._again = True
            self._work.cancelled.set()
            return
        self._tell(self.tr("正在排版…"), "muted")
        printer, form, profile = self._exports.printer, self._exports.annex(), self._panel.profile

        def work(stop: threading.Event) -> bytes | tuple[MissingCharacter, ...]:
            try:
                return printer.missing_characters(form, profile) or printer.render(form, profile, stop.is_set)
            except CalledOffError:
                return ()

        self._work = Work(work, self)
        self._work.finished.connect(self._take)
        self._work.start()
        self._patience.start()

    def _render_soon(self) -> None:
        self._pause.start()

    def _take(self) -> None:
        work, self._work = self._work, None
        if work is None:
            return
        work.deleteLater()
        self._patience.stop()
        self._busy.hide()
        if self._again:
            self._again = False
            self._render()
            return
        result = work.results[0] if work.results else None
        self._data = result if isinstance(result, bytes) else None
        if self._data is not None:
            self._view.show_pdf(self._data)
            self._stack.setCurrentIndex(0)
            self._tell("", "muted")
        elif isinstance(result, tuple):
            self._show_missing(result)
        else:
            self._tell(work.error.message if work.error is not None else self.tr("排版没有完成。"), "error")
        for button in self._ways_out:
            button.setEnabled(self._data is not None or button is self._xlsx)

    def _show_missing(self, missing: tuple[MissingCharacter, ...]) -> None:
        """Characters that would come out as boxes, before anything is printed."""
        self._missing.clear()
        self._missing.addItems([str(each) for each in missing])
        self._stack.setCurrentIndex(1)
        message = self.tr("有 {count} 处文字在所有字体中都没有，印出来会是方框。请改用其他字或写法。")
        self._tell(message.format(count=len(missing)), "error")

    def _tell(self, text: str, level: str) -> None:
        self._message.set_level("error" if level == "error" else "ok" if level == "ok" else "muted")
        self._message.setText(text)
        self._message.setVisible(bool(text))

    # -------------------------------------------------------------------------------------------------------- ways out
    def _go_out(self, way: Callable[[], None]) -> None:
        """Print or export, but not the old label while a refused one stands in its place."""
        if self._label_is_kept():
            way()

    def _label_is_kept(self) -> bool:
        """Stores what is still typed into the label; a refused one has the keyboard, to be mended or taken back."""
        if self._label.commit():
            return True
        self._label.edit.setFocus()
        return False

    def _print(self) -> None:
        printed = self._exports.print_()
        if printed is not None:
            into = (
                self.tr("已把 {pages} 页打印到文件：{file}") if printed.file else self.tr("已把 {pages} 页送往打印机。")
            )
            self._tell(into.format(pages=printed.pages, file=printed.file), "ok")

    def _export_pdf(self) -> None:
        self._tell_exported(self._exports.export_pdf())

    def _export_xlsx(self) -> None:
        self._tell_exported(self._exports.export_xlsx())

    def _tell_exported(self, file: Path | None) -> None:
        if file is not None:
            self._tell(self.tr("已导出并核对：{file}").format(file=file), "ok")

    # ------------------------------------------------------------------------------------------------------- page, zoom
    def _show_page(self) -> None:
        count = self._view.page_count
        self._page.blockSignals(True)
        self._page.setRange(1, max(count, 1))
        self._page.setValue(self._view.page + 1)
        self._page.blockSignals(False)
        self._pages.setText(self.tr("/ {count} 页").format(count=count))

    def _go_to_number(self, number: int) -> None:
        self._view.go_to(number - 1)

    def _show_zoom(self) -> None:
        if self._view.fit is Fit.FREE:
            text = f"{round(self._view.zoom * 100)} %"
            index = self._zoom.findText(text)
            if index < 0:
                self._zoom.setItemText(self._zoom.count() - 1, text)
                self._zoom.setItemData(self._zoom.count() - 1, self._view.zoom)
                index = self._zoom.count() - 1
            self._zoom.setCurrentIndex(index)
        else:
            self._zoom.setCurrentIndex(self._zoom.findData(self._view.fit))

    def _choose_zoom(self) -> None:
        chosen = self._zoom.currentData()
        if isinstance(chosen, Fit):
            self._view.set_fit(chosen)
        elif chosen is not None:
            self._view.set_zoom(float(chosen))

    # ---------------------------------------------------------------------------------------------------------- layout
    def _wire(self) -> None:
        for changed in (
            self._document.scorecard_changed,
            self._document.unit_changed,
            self._document.catalogue_changed,
        ):
            changed.connect(self._render_soon)
        self._pause.timeout.connect(self._render)
        self._patience.timeout.connect(self._busy.show)
        self._panel.profile_changed.connect(self._render_soon)
        self._view.page_changed.connect(self._show_page)
        self._view.zoom_changed.connect(self._show_zoom)
        self._page.valueChanged.connect(self._go_to_number)
        self._zoom.activated.connect(self._choose_zoom)
        QShortcut(QKeySequence.StandardKey.ZoomIn, self, self._view.zoom_in)
        QShortcut(QKeySequence.StandardKey.ZoomOut, self, self._view.zoom_out)
        QShortcut(QKeySequence("Ctrl+0"), self, lambda: self._view.set_fit(Fit.WIDTH))

    def _lay_out(self) -> None:
        self._missing.setAccessibleName(self.tr("印不出来的字"))
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName(self.tr("正在排版"))
        self._busy.hide()
        self._stack.addWidget(self._view)
        self._stack.addWidget(self._missing_page())
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self._stack)
        splitter.addWidget(self._panel)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 0)
        splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 10)
        column.setSpacing(8)
        column.addLayout(self._bar())
        column.addWidget(splitter, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._message, 1)
        foot.addWidget(self._busy)
        column.addLayout(foot)
        open_at(self, 92, 42)
        self._view.setFocus()

    def _missing_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addWidget(Heading(self.tr("印不出来的字"), scale=1.1))
        column.addWidget(self._missing, 1)
        return page

    def _bar(self) -> QHBoxLayout:
        print_ = QPushButton(self.tr("打印(&P)…"))
        print_.setProperty("primary", True)
        pdf = QPushButton(self.tr("导出 PDF(&F)…"))
        self._xlsx = QPushButton(self.tr("导出 Excel(&X)…"))
        self._ways_out = (print_, pdf, self._xlsx)
        actions = (self._print, self._export_pdf, self._export_xlsx)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button, action in zip(self._ways_out, actions, strict=True):
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._go_out, action))
            row.addWidget(button)
        row.addStretch(1)
        shut = QPushButton(self.tr("关闭(&C)"))
        shut.setAutoDefault(False)
        shut.clicked.connect(self.close)
        self._page.setAccessibleName(self.tr("页"))
        self._page.setKeyboardTracking(False)
        row.addWidget(QLabel(self.tr("第")))
        row.addWidget(self._page)
        row.addWidget(self._pages)
        row.addSpacing(12)
        self._fill_zooms()
        for text, name, action in (
            ("−", self.tr("缩小"), self._view.zoom_out),
            ("+", self.tr("放大"), self._view.zoom_in),
        ):
            button = QToolButton()
            button.setText(text)
            button.setToolTip(name)
            button.setAccessibleName(name)
            button.clicked.connect(action)
            row.addWidget(button)
            if text == "−":
                row.addWidget(self._zoom)
        row.addSpacing(12)
        row.addWidget(shut)
        return row

    def _fill_zooms(self) -> None:
        self._zoom.setAccessibleName(self.tr("显示比例"))
        self._zoom.addItem(self.tr("适合宽度"), Fit.WIDTH)
        self._zoom.addItem(self.tr("整页"), Fit.PAGE)
        for zoom in _ZOOMS:
            self._zoom.addItem(f"{round(zoom * 100)} %", zoom)
        self._zoom.addItem("", None)
        self._zoom.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    # ---------------------------------------------------------------------------------------------------- Qt's contract
    def closeEvent(self, event: QCloseEvent) -> None:
        """The thread ends with the window; a refused label is not dropped without a word."""
        if not self._label_is_kept():
            event.ignore()
            return
        self._stop()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Escape and code come this way."""
        if self._label_is_kept():
            self._stop()
            super().done(result)

    def _stop(self) -> None:
        self._pause.stop()
        self._again = False
        self._patience.stop()
        if self._work is not None:
            self._work.cancelled.set()
            self._work.wait()
        self._renderer.end()
