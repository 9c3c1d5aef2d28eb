"""Asks for the particulars of a supporting document: name, number, date, pages; what is refused stays to be mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from selfassess.errors import InputError, UserError
from selfassess.gui.evidence.names import renamed, shown_name
from selfassess.gui.evidence.texts import parse_pages, parse_paper_date
from selfassess.gui.labels import Note
from selfassess.gui.unit_text import plain, shown_date
from selfassess.gui.window_sizes import open_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from selfassess.store.evidence import Evidence

T = TypeVar("T")
_MOST_NAME = 200
"""Characters; as long as any system's file names."""


class ParticularsDialog(QDialog):
    """名称, 文号, 日期, 页数 of one document; stored together when accepted, as one step.

    Args:
        evidence: The document.
        number: Its 编号.
        put: Stores it; raises :class:`UserError` when it is refused.
        parent: Over which window.
    """

    def __init__(self, evidence: Evidence, number: str, put: Callable[[Evidence], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._evidence = evidence
        self._put = put
        self.setWindowTitle(self.tr("佐证材料 {0}").format(number))
        pages = "" if evidence.pages is None else str(evidence.pages)
        self._name = _line(shown_name(evidence.name), self.tr("名称"))
        self._number = _line(evidence.number, self.tr("文号"), self.tr("如 藏财预〔2022〕1号"))
        self._date = _line(shown_date(evidence.date), self.tr("日期"), self.tr("如 2022年3月1日"))
        self._pages = _line(pages, self.tr("页数"))
        self._refusal = Note(level="error")
        self._refusal.hide()
        self._lay_out()
        # As file managers do: what is typed first replaces the name and not the suffix.
        self._name.setSelection(0, len(self._name.text()) - len(renamed(evidence.name, "")))

    def accept(self) -> None:
        """Store and close, unless something is refused."""
        try:
            self._put(self._typed())
        except UserError as error:
            self._refusal.setText(error.message)
            self._refusal.show()
            return
        super().accept()

    def _typed(self) -> Evidence:
        """The document with what was typed; a field nobody touched keeps what it holds.

        Raises:
            InputError: A text cannot be taken; the keyboard is put into its field.
        """
        evidence = self._evidence
        if self._name.isModified():
            evidence = replace(evidence, name=self._taken(self._name, self._parse_name))
        if self._number.isModified():
            evidence = replace(evidence, number=self._taken(self._number, lambda text: plain(text, self.tr("文号"))))
        if self._date.isModified():
            evidence = replace(evidence, date=self._taken(self._date, parse_paper_date))
        if self._pages.isModified():
            evidence = replace(evidence, pages=self._taken(self._pages, parse_pages))
        return evidence

    def _taken(self, line: QLineEdit, parse: Callable[[str], T]) -> T:
        try:
            return parse(line.text())
        except InputError:
            line.setFocus(Qt.FocusReason.OtherFocusReason)
            raise

    def _parse_name(self, text: str) -> str:
        kept = plain(text, self.tr("名称"), most=_MOST_NAME)
        if not kept:
            raise InputError("E355", place=self.tr("名称"))
        return renamed(self._evidence.name, kept)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.addRow(self.tr("名称(&N)"), self._name)
        form.addRow(self.tr("文号(&D)"), self._number)
        form.addRow(self.tr("日期(&T)"), self._date)
        form.addRow(self.tr("页数(&P)"), self._pages)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("保存"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(10)
        column.addLayout(form)
        column.addWidget(self._refusal)
        column.addStretch(1)
        column.addWidget(buttons)
        open_at(self, 32, 12)


def _line(text: str, name: str, hint: str = "") -> QLineEdit:
    line = QLineEdit(text)
    line.setAccessibleName(name)
    line.setPlaceholderText(hint)
    return line
