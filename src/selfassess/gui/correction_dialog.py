"""Corrects a row or a category of the catalogue against the paper original, in the draft and in the unit's own copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from selfassess.catalogue.linter import LintFault, lint
from selfassess.domain.catalogue import Category, Indicator, Provenance
from selfassess.domain.finding import LEVEL_NAMES
from selfassess.errors import CatalogueError, InputError, UserError
from selfassess.gui.correction_values import (
    PROVENANCE_NAMES,
    ROW_TEXTS,
    TEXT_NAMES,
    CataloguePart,
    find_part,
    own_edition,
    what_changed,
    with_part,
    with_source,
)
from selfassess.gui.labels import Heading, Note, Tone
from selfassess.gui.messages import show_error
from selfassess.gui.rule_editor import RuleEditor
from selfassess.gui.theme import colours_of
from selfassess.gui.window_sizes import open_at
from selfassess.scoring.entering import parse_amount
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from selfassess.document import Document
    from selfassess.paths import Places

_PAUSE = 250
"""Milliseconds of rest before the correction is checked."""
_LONG = frozenset({"method"})


class CorrectionDialog(QDialog):
    """Texts, points, rule and provenance of one row, or title and points of one category.

    Args:
        document: The open draft.
        code: Of the row or the category.
        places: Where the unit's own catalogues lie.
        parent: Over which window.

    Raises:
        KeyError: The form has neither row nor category of this code.
    """

    def __init__(self, document: Document, code: str, places: Places, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._places = places
        self._before = find_part(document.catalogue, code)
        self._texts: dict[str, QLineEdit | QPlainTextEdit] = {}
        self._rule: RuleEditor | None = None
        self._evidence = QCheckBox(self.tr("须提供佐证材料"))
        self._may_be_not_applicable = QCheckBox(self.tr("可以标记为不涉及"))
        self._verified = QCheckBox(self.tr("已与原件核对(&V)"))
        self._why = QPlainTextEdit(self._before.source.why)
        self._keep_own = QCheckBox(self.tr("同时存为本单位的表样，以后新建时可以选用(&K)"))
        self._refusals = Note(level="error")
        self._checks = QListWidget()
        self._checked = Note()
        self._buttons = QDialogButtonBox()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.check)
        self.setWindowTitle(self.tr("更正指标体系"))
        self._lay_out()
        self.check()

    # ---------------------------------------------------------------------------------------------------------- results
    def corrected(self) -> tuple[CataloguePart, tuple[str, ...]]:
        """The part as it is typed now, and every refusal in words."""
        faults: list[str] = []
        points = self._before.full_points
        try:
            points = parse_amount(self._text("full_points"), self.tr("指标值"))
        except InputError as error:
            faults.append(error.message)
        part = self._before
        if isinstance(part, Category):
            after: CataloguePart = replace(part, title=self._text("title"), full_points=points)
        else:
            after = self._corrected_row(part, faults)
            after = replace(after, full_points=points)
        after = with_source(part, after, verified=self._verified.isChecked(), why=self._why.toPlainText())
        return after, tuple(faults)

    def _corrected_row(self, part: Indicator, faults: list[str]) -> Indicator:
        texts = {name: self._text(name) for name in ROW_TEXTS}
        rule = part.rule
        if self._rule is not None:
            rule, refusals = self._rule.result()
            faults += refusals
        return replace(
            part,
            **texts,
            rule=rule,
            evidence_required=self._evidence.isChecked(),
            may_be_not_applicable=self._may_be_not_applicable.isChecked(),
        )

    def check(self) -> None:
        """Shows at once what cannot be saved, and what the linter says of the form with this correction."""
        self._pause.stop()
        after, faults = self.corrected()
        self._refusals.setText("\n".join(faults))
        self._refusals.setVisible(bool(faults))
        self._save_button().setEnabled(not faults)
        found = lint(with_part(self._document.catalogue, after))
        here = [fault for fault in found if fault.place in self._places_of_interest()]
        self._checks.clear()
        for fault in here:
            self._checks.addItem(self._check_item(fault))
        others = len(found) - len(here)
        self._checked.setText(
            self.tr("其他各处还有 {others} 条。").format(others=others) if others else self.tr("其他各处没有问题。")
        )

    def accept(self) -> None:
        """Saves into the draft as one step, and into the unit's own copy when that is wanted."""
        after, faults = self.corrected()
        if faults:
            self.check()
            return
        try:
            if after != self._before:
                changed = "、".join(what_changed(self._before, after)) or self.tr("更正说明")
                label = self.tr("更正 {code} {changed}").format(code=after.code, changed=changed)
                self._document.put_catalogue(with_part(self._document.catalogue, after), label)
            if self._keep_own.isChecked():
                self._save_own(after)
        except UserError as error:
            show_error(self, error, title=self.tr("没有保存"))
            return
        super().accept()

    def _save_own(self, part: CataloguePart) -> None:
        """Adds this correction to the own copy there is; only without one the draft's whole catalogue becomes it."""
        from selfassess.catalogue import loader, shelf  # noqa: PLC0415  (only who keeps a copy needs the shelf)

        mine = own_edition(self._document.catalogue)
        try:
            kept = shelf.find(mine.reference, (self._places.own_catalogues,))
        except CatalogueError:
            base = mine
        else:
            # A damaged copy is refused, not replaced: it may hold corrections that this draft does not.
            base = loader.load(kept)
        shelf.save_own(with_part(base, part), self._places.own_catalogues)

    # ---------------------------------------------------------------------------------------------------------- layout
    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(20)
        columns.addWidget(_scrolled(self._left()), 3)
        columns.addLayout(self._right(), 2)
        self._buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        save = self._buttons.addButton(self.tr("保存更正"), QDialogButtonBox.ButtonRole.AcceptRole)
        save.setDefault(True)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(10)
        part = self._before
        title = part.heading if isinstance(part, Category) else f"{part.code} {part.name}"
        column.addWidget(Heading(self.tr("更正：{title}").format(title=title), scale=1.15))
        column.addLayout(columns, 1)
        column.addWidget(self._refusals)
        column.addWidget(self._keep_own)
        column.addWidget(self._buttons)
        open_at(self, 80, 34)

    def _save_button(self) -> QWidget:
        roles = self._buttons.buttonRole
        accept = QDialogButtonBox.ButtonRole.AcceptRole
        return next(button for button in self._buttons.buttons() if roles(button) == accept)

    def _left(self) -> QWidget:
        part = self._before
        content = QWidget()
        form = QFormLayout(content)
        form.setContentsMargins(0, 0, 12, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        if isinstance(part, Category):
            self._add_text(form, "title", part.title)
            self._add_text(form, "full_points", show(part.full_points))
            return content
        for name in ("content", "name"):
            self._add_text(form, name, getattr(part, name))
        self._add_text(form, "full_points", show(part.full_points))
        for name in ("method", "nature", "mode", "sources"):
            self._add_text(form, name, getattr(part, name))
        self._evidence.setChecked(part.evidence_required)
        self._may_be_not_applicable.setChecked(part.may_be_not_applicable)
        form.addRow("", self._evidence)
        form.addRow("", self._may_be_not_applicable)
        self._rule = RuleEditor(part.rule)
        self._rule.edited.connect(self._pause.start)
        form.addRow(self.tr("计分规则"), self._rule)
        return content

    def _add_text(self, form: QFormLayout, name: str, text: str) -> None:
        label = QLabel(TEXT_NAMES[name])
        if name in _LONG:
            edit: QLineEdit | QPlainTextEdit = QPlainTextEdit(text)
            edit.setTabChangesFocus(True)
            edit.setFixedHeight(edit.fontMetrics().lineSpacing() * 5)
        else:
            edit = QLineEdit(text)
        edit.textChanged.connect(self._pause.start)
        edit.setAccessibleName(TEXT_NAMES[name])
        label.setBuddy(edit)
        self._texts[name] = edit
        form.addRow(label, edit)

    def _right(self) -> QVBoxLayout:
        source = self._before.source
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(Heading(self.tr("核对状态")))
        state = Note(PROVENANCE_NAMES[source.provenance], level=_tone(source.provenance))
        column.addWidget(state)
        for name, text in source.transcribed:
            label = Note(self.tr("转录的{name}：{text}").format(name=TEXT_NAMES.get(name, name), text=text))
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(label)
        self._verified.setChecked(source.provenance is Provenance.VERIFIED)
        self._verified.toggled.connect(self._pause.start)
        column.addWidget(self._verified)
        column.addWidget(QLabel(self.tr("更正说明（与转录不同的，写明为什么）")))
        self._why.setAccessibleName(self.tr("更正说明"))
        self._why.setTabChangesFocus(True)
        self._why.textChanged.connect(self._pause.start)
        self._why.setMaximumHeight(self._why.fontMetrics().lineSpacing() * 5)
        column.addWidget(self._why)
        column.addSpacing(8)
        column.addWidget(Heading(self.tr("检查结果")))
        self._checks.setWordWrap(True)
        self._checks.setAccessibleName(self.tr("检查结果"))
        column.addWidget(self._checks, 1)
        column.addWidget(self._checked)
        return column

    # ------------------------------------------------------------------------------------------------------ small ones
    def _text(self, name: str) -> str:
        edit = self._texts[name]
        return (edit.toPlainText() if isinstance(edit, QPlainTextEdit) else edit.text()).strip()

    def _places_of_interest(self) -> set[str]:
        """The part itself, its category, and the form: what this correction can put right or wrong."""
        code = self._before.code
        categories = (
            category.code
            for category in self._document.catalogue.categories
            if category.code == code or any(row.code == code for row in category.indicators)
        )
        return {code, "form", *categories}

    def _check_item(self, fault: LintFault) -> QListWidgetItem:
        item = QListWidgetItem(f"{LEVEL_NAMES[fault.level]}：{fault.message}")
        item.setForeground(colours_of(self.palette()).of_level(fault.level))
        return item


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def _tone(provenance: Provenance) -> Tone:
    return "ok" if provenance is Provenance.VERIFIED else "error" if provenance is Provenance.LOST else "verify"
