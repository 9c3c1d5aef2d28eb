"""The label over this form's title (附件标识), kept in the draft and not with the print profile; sets no text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtWidgets import QGroupBox, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from selfassess.gui.committed_field import CommittedField
from selfassess.gui.labels import Note
from selfassess.gui.unit_text import plain

if TYPE_CHECKING:
    from selfassess.document import Document

MOST = 30
"""Characters; at 16 pt they fill three quarters of the line, and the longest document number has about 20."""


class AnnexLabelField(QGroupBox):
    """附件, 附件1, 藏外发〔2023〕2号附件: what one filing is called differs from year to year and from form to form.

    Args:
        document: The open draft.
        parent: Owner.
    """

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setTitle(self.tr("附件标识（只属于本表）"))
        self.edit = QLineEdit()
        self.edit.setAccessibleName(self.tr("附件标识"))
        self.edit.setToolTip(
            self.tr("印在左上角。一个附件写“附件”，几个附件写“附件1”；不和正文一起装订的，前面加发文字号")
        )
        self.message = Note(level="error")
        self._field = CommittedField(self.edit, self.message, self._put, tidied=self._tidied, words=True)
        self.edit.setMinimumWidth(self.fontMetrics().horizontalAdvance("藏") * 13)
        # A refusal is broken into lines where there is room; the pages beside it must not jump.
        policy = self.message.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
        self.message.setSizePolicy(policy)
        column = QVBoxLayout(self)
        column.addWidget(self.edit)
        column.addWidget(self.message)
        self._show()
        document.unit_changed.connect(self._show)
        document.catalogue_changed.connect(self._show)

    def commit(self) -> bool:
        """Stores what is still being typed; whether what was typed is what will be printed."""
        self._show()  # what came from elsewhere may not be told yet
        return self._field.commit()

    def _put(self, text: str) -> None:
        self._document.put_unit(replace(self._document.entries.unit, annex_label=self._tidied(text)))

    def _tidied(self, text: str) -> str:
        return plain(text, self.tr("附件标识"), most=MOST)

    def _show(self) -> None:
        self.edit.setPlaceholderText(self._document.catalogue.annex_label)
        self._field.show_text(self._document.entries.unit.annex_label)
