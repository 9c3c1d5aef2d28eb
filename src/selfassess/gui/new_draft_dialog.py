"""Asks what a new draft needs: the form, the unit, its class and the year; makes no draft itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from selfassess.catalogue import shelf
from selfassess.domain.entries import Unit
from selfassess.gui.labels import Heading, Note
from selfassess.gui.window_sizes import open_at

if TYPE_CHECKING:
    from selfassess.catalogue.shelf import ShelfEntry
    from selfassess.domain.catalogue import Catalogue
    from selfassess.paths import Places

_ENTRY = Qt.ItemDataRole.UserRole
UNDECIDED = ""


class NewDraftDialog(QDialog):
    """Choose a form, name the unit. After ``exec`` :attr:`catalogue` and :attr:`unit` hold the choice.

    Args:
        places: Where shipped and own catalogues lie.
        parent: Over which window.
    """

    def __init__(self, places: Places, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("新建自评表"))
        self._forms = QListWidget()
        self._forms.setAccessibleName(self.tr("表样"))
        self._forms.setWordWrap(True)
        self._forms.setSpacing(3)
        self._purpose = Note()
        self._name = QLineEdit()
        self._name.setPlaceholderText(self.tr("单位全称，可以以后再填"))
        self._class = QComboBox()
        self._year = QLineEdit()
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, Qt.Orientation.Horizontal
        )
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("开始填写"))
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self._forms.currentItemChanged.connect(self._show_form)
        self._forms.itemDoubleClicked.connect(self._accept_form)
        for entry in shelf.listed(places.catalogues, places.own_catalogues):
            self._add(entry)
        self._choose_first()

    @property
    def catalogue(self) -> Catalogue | None:
        """The chosen form; None when none can be used."""
        entry: ShelfEntry | None = self._forms.currentIndex().data(_ENTRY)
        return entry.catalogue if entry is not None and _usable(entry) else None

    @property
    def unit(self) -> Unit:
        """Who files, as far as it was said."""
        return Unit(
            name=self._name.text().strip(),
            unit_class=str(self._class.currentData() or UNDECIDED),
            year=self._year.text().strip(),
        )

    # ---------------------------------------------------------------------------------------------------------- layout
    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.addRow(self.tr("填报单位(&U)"), self._name)
        form.addRow(self.tr("部门类别(&L)"), self._class)
        form.addRow(self.tr("年度(&Y)"), self._year)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(10)
        column.addWidget(Heading(self.tr("选择表样"), scale=1.1))
        column.addWidget(self._forms, 1)
        column.addWidget(self._purpose)
        column.addSpacing(4)
        column.addLayout(form)
        column.addSpacing(8)
        column.addWidget(self._buttons)
        open_at(self, 48, 30)

    def _add(self, entry: ShelfEntry) -> None:
        item = QListWidgetItem(self._line(entry))
        item.setData(_ENTRY, entry)
        if not _usable(entry):
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
        self._forms.addItem(item)

    def _line(self, entry: ShelfEntry) -> str:
        if entry.catalogue is None:
            return self.tr("{reference}（打不开）\n{problem}").format(
                reference=entry.reference, problem=entry.problem.splitlines()[0]
            )
        marks = [entry.reference]
        if entry.own:
            marks.append(self.tr("本单位更正版"))
        if not entry.catalogue.for_filing:
            marks.append(self.tr("仅供学习，不能上报"))
        if entry.problem:
            marks.append(entry.problem)
        return f"{entry.catalogue.title}\n{' · '.join(marks)}"

    def _choose_first(self) -> None:
        """The newest form that can be filed, so that Enter alone makes the right thing for most."""
        best: tuple[bool, int, int] | None = None
        for row in range(self._forms.count()):
            entry: ShelfEntry = self._forms.item(row).data(_ENTRY)
            if entry.catalogue is None or not _usable(entry):
                continue
            key = (entry.catalogue.for_filing, entry.catalogue.year or 0, -row)
            if best is None or key > best:
                best = key
                self._forms.setCurrentRow(row)
        self._show_form()
        self._name.setFocus()

    # --------------------------------------------------------------------------------------------------------- choosing
    def _show_form(self) -> None:
        chosen = self.catalogue
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(chosen is not None)
        if chosen is None:
            self._purpose.setText(self.tr("没有可用的表样。"))
            return
        self._purpose.set_level("muted" if chosen.for_filing else "verify")
        self._purpose.setText(chosen.purpose)
        self._year.setText(chosen.year_text)
        self._class.clear()
        self._class.addItem(self.tr("未定"), UNDECIDED)
        for unit_class in chosen.policy.unit_classes:
            self._class.addItem(self.tr("{unit_class} 类").format(unit_class=unit_class), unit_class)
        self._class.setEnabled(bool(chosen.policy.unit_classes))

    def _accept_form(self) -> None:
        if self.catalogue is not None:
            self.accept()


def _usable(entry: ShelfEntry) -> bool:
    return entry.catalogue is not None and not entry.problem
