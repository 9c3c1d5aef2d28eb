"""Who files, and the amounts that rules use (单位信息); scores nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QGroupBox, QLabel, QLineEdit, QScrollArea, QWidget

from selfassess.errors import StoreError
from selfassess.gui import unit_text
from selfassess.gui.committed_field import CommittedField
from selfassess.gui.forms import load_form, part
from selfassess.gui.labels import Note
from selfassess.gui.messages import show_error
from selfassess.gui.soon import soon
from selfassess.scoring.entering import parse_amount

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from selfassess.document import Document
    from selfassess.domain.catalogue import FigureSpec
    from selfassess.domain.entries import Unit
    from selfassess.paths import Places

FIELD_NAMES: dict[str, str] = {
    "name": "填报单位",
    "year": "年度",
    "preparer": "填报人",
    "reviewer": "审核人",
    "head": "负责人",
    "phone": "联系电话",
    "date": "填报日期",
}
"""Text fields of the form, by their names in Designer and in :class:`Unit`."""

_EXACT = frozenset({"year", "date"})
"""Of these half is another one, as of a number; they are stored when one leaves."""


class UnitPage(QWidget):
    """The unit's fields and the catalogue's figures; each is stored on Enter and on leaving, words while one types too.

    Args:
        document: The open draft.
        places: Where Designer forms lie.
        parent: Owner.
    """

    def __init__(self, document: Document, places: Places, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        form = load_form(places.ui, "unit_page", self)
        self._form = form
        self._label_width = 0
        self._edits: dict[str, QLineEdit] = {}
        self._fields: dict[str, CommittedField] = {}
        self._built: tuple[FigureSpec, ...] = ()
        for name, title in FIELD_NAMES.items():
            edit = part(form, QLineEdit, name)
            message = part(form, Note, f"{name}_message")
            words = name not in _EXACT
            put, tidied = partial(self._put_text, name, title), partial(_tidied, name, title)
            self._couple(f"unit.{name}", title, edit, message, put, tidied, words=words)
        self._class = part(form, QComboBox, "unit_class")
        self._class.setAccessibleName(self.tr("部门类别"))
        part(form, Note, "unit_class_message").hide()
        self._class.activated.connect(self._put_class)
        self._figures = part(form, QGroupBox, "figures_group")
        self._align_labels()
        self._fill_classes()
        self._build_figures()
        self._show_unit()
        self._show_figures()
        document.unit_changed.connect(self._show_unit)
        document.figures_changed.connect(self._show_figures)
        document.catalogue_changed.connect(self._follow_catalogue)

    def show_place(self, place: str) -> None:
        """Puts the keyboard where a finding points.

        Args:
            place: ``unit.name``, ``unit.class`` …, ``figure.budget`` …; anything else means the first field.
        """
        if self._document.read_only:
            from selfassess.gui.freezing import freeze  # noqa: PLC0415  (rare)

            freeze(self)
        target: QWidget = self._class if place == "unit.class" else self._edits.get(place, self._edits["unit.name"])
        part(self._form, QScrollArea, "scroll").ensureWidgetVisible(target)
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(target, QLineEdit):
            target.selectAll()

    def place(self) -> str:
        """The field that has the keyboard, or had it last, as :meth:`show_place` takes it."""
        focused = self.focusWidget()
        if focused is self._class:
            return "unit.class"
        return next((place for place, edit in self._edits.items() if edit is focused), "unit.name")

    def commit(self) -> None:
        """Stores what is still being typed, before the window goes elsewhere."""
        self._catch_up()
        for field in list(self._fields.values()):
            field.commit()

    def is_typing(self) -> bool:
        """Whether something stands in a field that is not stored."""
        return any(field.pending for field in self._fields.values())

    def retry(self) -> None:
        """Try once more to store what the disk refused."""
        self._catch_up()
        for field in list(self._fields.values()):
            field.retry()

    def not_taken(self) -> list[str]:
        """Which fields hold texts that mean nothing there, in words."""
        return [self._edits[place].accessibleName() for place, field in self._fields.items() if field.not_taken]

    def unstored(self) -> list[str]:
        """Which fields hold texts that the disk has refused, in words."""
        return [self._edits[place].accessibleName() for place, field in self._fields.items() if field.refused_by_disk]

    def _align_labels(self) -> None:
        """Fields of both groups begin at one line; each group's grid knows only its own labels."""
        labels = [
            part(self._form, QLabel, f"{name}_label") for name in ("name", "unit_class", "preparer", "head", "date")
        ]
        self._label_width = max(label.sizeHint().width() for label in labels)
        for label in labels:
            label.setMinimumWidth(self._label_width)

    # ------------------------------------------------------------------------------------------------------------ unit
    def _couple(
        self,
        place: str,
        title: str,
        edit: QLineEdit,
        message: Note,
        put: Callable[[str], None],
        tidied: Callable[[str], str],
        *,
        words: bool = False,
    ) -> None:
        def put_while_open(text: str) -> None:
            if not self._document.is_closed:
                put(text)

        edit.setAccessibleName(title)
        message.set_level("error")
        self._edits[place] = edit
        self._fields[place] = CommittedField(edit, message, put_while_open, tidied=tidied, words=words)

    def _catch_up(self) -> None:
        """A step that arrived late may be in the document, and not told yet: a text that waits must not cover it."""
        if not self.unstored():
            return
        if self._document.catalogue.figures != self._built:
            self._follow_catalogue()
        self._show_unit()
        self._show_figures()

    def _put_text(self, name: str, title: str, text: str) -> None:
        self._document.put_unit(_with(self._document.entries.unit, name, _read(name, title, text)))

    def _put_class(self) -> None:
        unit_class = str(self._class.currentData() or "")
        try:
            self._document.put_unit(replace(self._document.entries.unit, unit_class=unit_class))
        except StoreError as error:
            self._show_unit()
            show_error(self, error)

    def _show_unit(self) -> None:
        unit = self._document.entries.unit
        for name in FIELD_NAMES:
            text: str = getattr(unit, name)
            self._fields[f"unit.{name}"].show_text(_shown(name, text))
        found = self._class.findData(unit.unit_class)
        if found < 0:  # a class that a file brought along and the form does not know; the finding says so
            self._class.addItem(unit.unit_class, unit.unit_class)
            found = self._class.count() - 1
        self._class.setCurrentIndex(found)

    def _fill_classes(self) -> None:
        self._class.clear()
        self._class.addItem(self.tr("未定"), "")
        for unit_class in self._document.catalogue.policy.unit_classes:
            self._class.addItem(self.tr("{unit_class} 类").format(unit_class=unit_class), unit_class)

    # --------------------------------------------------------------------------------------------------------- figures
    def _build_figures(self) -> None:
        layout = part_layout(self._figures)
        layout.setColumnStretch(1, 2)
        layout.setColumnStretch(3, 3)
        figures = self._built = self._document.catalogue.figures
        for row, figure in enumerate(figures):
            self._add_figure(layout, 2 * row, figure)
        self._figures.setVisible(bool(figures))

    def _add_figure(self, layout: QGridLayout, row: int, figure: FigureSpec) -> None:
        edit, message = QLineEdit(), Note()
        edit.setObjectName(f"figure_{figure.key}")
        edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        label, unit = QLabel(figure.name), QLabel(figure.unit)
        for words in (label, unit):
            words.setTextFormat(Qt.TextFormat.PlainText)
        label.setBuddy(edit)
        label.setMinimumWidth(self._label_width)
        layout.addWidget(label, row, 0)
        layout.addWidget(edit, row, 1)
        layout.addWidget(unit, row, 2)
        layout.addWidget(Note(figure.note), row, 3)
        layout.addWidget(message, row + 1, 1, 1, 3)

        def read(text: str) -> Decimal | None:
            return parse_amount(text, figure.name) if text.strip() else None

        def put(text: str) -> None:
            self._document.put_figure(figure.key, read(text))

        def tidied(text: str) -> str:
            return unit_text.shown_amount(read(text))

        title = f"{figure.name}（{figure.unit}）" if figure.unit else figure.name
        self._couple(f"figure.{figure.key}", title, edit, message, put, tidied)

    def _show_figures(self) -> None:
        figures = self._document.entries.figures
        for figure in self._document.catalogue.figures:
            amount: Decimal | None = figures.get(figure.key)
            self._fields[f"figure.{figure.key}"].show_text(unit_text.shown_amount(amount))

    def _follow_catalogue(self) -> None:
        """A correction keeps the keys of figures; their names, units and notes may be new."""
        self._fill_classes()
        here = next((place for place, edit in self._edits.items() if edit.hasFocus()), "")
        rebuilt = self._document.catalogue.figures != self._built
        before = {f"figure.{figure.key}": figure.unit for figure in self._built}
        waiting = self._clear_figures() if rebuilt else {}
        if rebuilt:
            self._build_figures()
        self._show_unit()
        self._show_figures()
        now = {f"figure.{figure.key}": figure.unit for figure in self._built}
        for place in waiting.keys() & self._edits.keys():
            field = self._fields[place]
            field.go_on_from(waiting[place])
            if field.refused_by_disk and before[place] != now[place]:
                field.give_way()  # the same number would be another amount
            elif place != here:
                soon(field, field.commit)  # not before everybody has heard of the new rules
        if rebuilt and here in self._edits:
            self._edits[here].setFocus()

    def _clear_figures(self) -> dict[str, CommittedField]:
        """Take the fields of the figures away; those in which something stands unstored, by their places."""
        waiting: dict[str, CommittedField] = {}
        for place in [place for place in self._fields if place.startswith("figure.")]:
            if self._fields[place].pending:
                waiting[place] = self._fields[place]
            self._edits[place].blockSignals(True)  # or it would store itself when it is hidden
            del self._fields[place], self._edits[place]
        layout = part_layout(self._figures)
        while layout.count():
            widget = layout.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        return waiting


def part_layout(group: QGroupBox) -> QGridLayout:
    """The grid that holds the figures, named so in Designer.

    Raises:
        LookupError: The form has none.
    """
    found = group.findChild(QGridLayout, "figures_layout")
    if found is None:
        raise LookupError("figures_layout")
    return found


def _with(unit: Unit, name: str, text: str) -> Unit:
    return replace(unit, **{name: text})


def _read(name: str, title: str, text: str) -> str:
    """A field of the unit as it is kept, from what was typed."""
    if name == "year":
        return unit_text.parse_year(text)
    if name == "date":
        return unit_text.parse_date(text)
    return unit_text.plain(text, title)


def _shown(name: str, kept: str) -> str:
    return unit_text.shown_date(kept) if name == "date" else kept


def _tidied(name: str, title: str, text: str) -> str:
    return _shown(name, _read(name, title, text))
