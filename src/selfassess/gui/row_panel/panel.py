"""The panel of the current row: puts its parts together, shows one row in them, and stores through the document."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from selfassess.domain.entries import BLANK
from selfassess.errors import StoreError, UserError
from selfassess.gui.evidence.section import EvidenceSection
from selfassess.gui.labels import Heading, Note
from selfassess.gui.refused_answers import Origin, RefusedAnswers, is_another
from selfassess.gui.row_panel.controls import Separator
from selfassess.gui.row_panel.departures import NotApplicableSection, OverrideSection
from selfassess.gui.row_panel.fields import LongText, ValueField
from selfassess.gui.row_panel.head import RowHead
from selfassess.gui.row_panel.input_section import InputSection
from selfassess.gui.row_panel.previous import PreviousSection
from selfassess.gui.row_panel.result_texts import points_text, reason_caption, working_text
from selfassess.gui.row_panel.unstored import UnstoredTexts
from selfassess.gui.shown_scores import subtotal_text
from selfassess.gui.soon import soon
from selfassess.scoring.numbers import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selfassess.document import Document
    from selfassess.domain.catalogue import Category, Indicator
    from selfassess.domain.entries import Answer
    from selfassess.domain.scorecard import RowScore

_PART = "field"


class RowPanel(QScrollArea):
    """Everything about one row, and where it is filled in.

    Signals:
        said: A sentence for the status line.
        figure_wanted: The clerk wants to see a figure of the form: its key.
        correction_wanted: The clerk wants to correct the rules of a row: its code.
        comparison_wanted: The clerk wants to choose last year's form.
        left_below: Enter was pressed in the last thing a row needs: the table goes on.

    Args:
        document: The open draft.
        parent: Owner.
        answers: Where answers wait that only the disk did not take; None for its own.
    """

    said = Signal(str)
    figure_wanted = Signal(str)
    correction_wanted = Signal(str)
    comparison_wanted = Signal()
    left_below = Signal()

    def __init__(
        self, document: Document, parent: QWidget | None = None, answers: RefusedAnswers | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._answers = answers or RefusedAnswers(document, self)
        self._answers.stored.connect(self._note_stored)
        self._answers.outdated.connect(self._note_outdated)
        self._code = ""
        self._indicator: Indicator | None = None
        self._answer = BLANK
        self._unstored = UnstoredTexts()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("当前指标"))
        body = QWidget(self)
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(14, 12, 14, 14)
        self._column.setSpacing(8)
        self._head = RowHead(self)
        self._head.correction_wanted.connect(lambda: self.correction_wanted.emit(self._code))
        self._column.addWidget(self._head)
        self._input = InputSection(document, self._put, self._try, self)
        self._input.said.connect(self.said)
        self._input.dropped.connect(self._answers.give_back)
        self._input.figure_wanted.connect(self.figure_wanted)
        self._column.addWidget(Separator(self))
        self._column.addWidget(self._input)
        self._build_result()
        self._build_texts()
        self._column.addStretch(1)
        self.setWidget(body)
        document.scorecard_changed.connect(self.refresh)
        document.catalogue_changed.connect(self._rules_changed)
        self.show_place("")

    # -------------------------------------------------------------------------------------------------------- building

    def _build_result(self) -> None:
        self._points = Heading("", scale=1.5, parent=self)
        self._points.setAccessibleName(self.tr("得分"))
        self._working = Note(parent=self)
        self._working.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._working.setAccessibleName(self.tr("计算过程"))
        self._column.addWidget(self._points)
        self._column.addWidget(self._working)

    def _build_texts(self) -> None:
        self._reason_label = Heading(self.tr("扣分原因"), parent=self)
        self._reason = LongText("reason", self.tr("扣分原因"), self)
        self._reason.committed.connect(partial(self._take_text, self._reason))
        self._reason_label.setBuddy(self._reason)
        self._remark_label = Heading(self.tr("备注"), parent=self)
        self._remark = LongText("remark", self.tr("备注"), self)
        self._remark.committed.connect(partial(self._take_text, self._remark))
        self._remark_label.setBuddy(self._remark)
        self._evidence = EvidenceSection(self._document, self)
        self._evidence.said.connect(self.said)
        self._previous = PreviousSection(self._document, {"reason": self._reason, "remark": self._remark}, self)
        self._previous.comparison_wanted.connect(self.comparison_wanted)
        self._not_applicable = NotApplicableSection(self._put, self._try, self)
        self._not_applicable.reason.line.returnPressed.connect(self._leave_reason)
        self._override = OverrideSection(self._put, self._try, self)
        for section in (self._not_applicable, self._override):
            self._hear(section.findChildren(ValueField))
        for widget in (self._reason_label, self._reason, self._remark_label, self._remark, self._evidence):
            self._column.addWidget(widget)
        self._column.insertWidget(self._column.indexOf(self._points) + 1, self._previous.points)
        self._column.addWidget(Separator(self))
        self._column.addWidget(self._previous)
        self._column.addWidget(Separator(self))
        self._column.addWidget(self._not_applicable)
        self._column.addWidget(self._override)

    # --------------------------------------------------------------------------------------------------------- showing

    def place(self) -> str:
        """The row or category that is shown."""
        return self._code

    def show_place(self, place: str) -> None:
        """Show another row; what still stands in the fields of the old one is stored first.

        What is refused waits for the return to its row.

        Args:
            place: Code of a row or a category; "" for none.
        """
        if place == self._code and place:
            return
        self.flush()
        if self._indicator is not None:
            self._unstored.keep(self._code, self._fields(), self._answer)
        self._build(place)
        self._put_back(place)
        self.verticalScrollBar().setValue(0)

    def _build(self, place: str) -> None:
        self._code = place
        self._indicator = self._document.catalogue.indicator(place)
        self._answer = self._document.entries.answer(place)
        self._fit_to_kind()
        self.refresh()
        if self._document.read_only:
            from selfassess.gui.freezing import freeze  # noqa: PLC0415  (rare)

            freeze(self)

    def _put_back(self, place: str) -> None:
        if place == self._code:
            self._unstored.put_back(place, self._fields(), self._may_store)
            self._override.show_kept()
            for name, text in self._unstored.take_homeless(place):
                self._answers.give_back(place, name, text)

    def flush(self) -> None:
        """Store what still stands in open fields."""
        if self._indicator is None:
            return
        self._input.flush()
        for text in (self._reason, self._remark):
            text.flush()
        for section in (self._not_applicable, self._override):
            section.flush()

    def is_typing(self) -> bool:
        """Whether something stands in a field that is not stored."""
        matters = self._input.matters
        return any(field.is_pending() for field in self._fields()) or (matters is not None and matters.is_typing())

    def not_taken(self) -> list[str]:
        """Where texts stand that mean nothing there, in words; those that only the disk did not take are others."""
        here = [(self._code, field.key, field.name()) for field in self._fields() if field.unstored() is not None]
        places = [*here, *self._unstored.places()]
        waiting = [(code, name) for code, key, name in places if not self._answers.waits(Origin(_PART, code, key))]
        return self._named([*waiting, *self._input.waiting_matters(by_disk=False)])

    def waiting_matters(self, *, by_disk: bool) -> list[str]:
        """Where matters stand that were refused, in words.

        Args:
            by_disk: Those that only the disk did not take, or else those that mean nothing there.
        """
        return self._named(self._input.waiting_matters(by_disk=by_disk))

    def retry_matters(self) -> None:
        """Try once more to store the matters that the disk has refused."""
        if self._input.kept_matters is not None:
            self._input.kept_matters.retry()

    def _named(self, places: list[tuple[str, str]]) -> list[str]:
        return [self.tr("第 {0} 行的{1}").format(code, name) for code, name in places]

    def _fields(self, key: str = "") -> list[ValueField | LongText]:
        """Every field for typed text of the row that is shown, or those for one field of its answer."""
        fields = [*self.findChildren(ValueField), self._reason, self._remark]
        return [field for field in fields if key in {"", field.key}]

    def _hear(self, fields: list[ValueField]) -> None:
        for field in fields:
            field.given_up.connect(partial(self._give_up, field.key))

    def start_input(self) -> None:
        """Put the keyboard into the row's input."""
        self._input.start()

    def show_part(self, place: str, part: str) -> None:
        """Put the keyboard into the field that a finding is about.

        Args:
            place: Of the finding: the row that is shown, or one of its matters.
            part: The field, as findings name it.
        """
        fields: dict[str, QWidget] = {
            "reason": self._reason,
            "remark": self._remark,
            "evidence": self._evidence.add_button,
            "not_applicable": self._not_applicable.reason,
            "average": self._not_applicable.average,
            "override": self._override.reason,
        }
        if self._input.matters is not None and part not in fields:
            self._input.matters.show_place(place, part)
            return
        fields[part].setFocus(Qt.FocusReason.ShortcutFocusReason)
        # A row that was not shown before is laid out first.
        soon(self, partial(self.ensureWidgetVisible, fields[part]))

    def refresh(self, *_news: object) -> None:
        """Show the document's present state of the row."""
        indicator = self._indicator
        if indicator is None:
            self._show_no_row()
            return
        category = self._category(indicator.code)
        answer = self._document.entries.answer(indicator.code)
        score = self._document.scorecard.row(indicator.code)
        self._head.show_row(category, indicator)
        self._head.correct.setVisible(not self._document.read_only)
        self._input.show_answer(answer, score)
        self._show_result(indicator, answer, score)
        self._reason.show_text(answer.reason)
        self._remark.show_text(answer.remark)
        self._evidence.show_row(indicator)
        self._previous.show_row(indicator, score)
        self._not_applicable.show_answer(indicator, answer, self._document.catalogue.policy.not_applicable)
        self._override.show_answer(indicator, answer)
        before, self._answer = self._answer, answer
        self._set_aside(before, answer)

    def _set_aside(self, before: Answer, after: Answer) -> None:
        """What means nothing where it stands must not be stored later, when it does, over what was entered since."""
        for field in self.findChildren(ValueField):
            if field.unstored() is not None and not self._waits(field.key) and is_another(before, after, {field.key}):
                field.set_aside()

    def _waits(self, key: str) -> bool:
        return self._answers.waits(Origin(_PART, self._code, key))

    def _may_store(self, key: str, answer: Answer | None) -> bool:
        """Whether what was typed for a field of the row, on an answer like this, is the newest; None: it is not."""
        return self._waits(key) or (answer is not None and not is_another(answer, self._answer, {key}))

    def _show_result(self, indicator: Indicator, answer: Answer, score: RowScore) -> None:
        has_matters = bool(self._document.entries.adjustments)
        self._points.setText(points_text(indicator, score, has_matters=has_matters))
        self._working.setText(working_text(score))
        self._reason_label.setText(reason_caption(answer, score))

    def _show_no_row(self) -> None:
        category = next((item for item in self._document.catalogue.categories if item.code == self._code), None)
        if category is None:
            hint = self.tr("在左侧表格中选一行，这里显示它的计算方法和填报项。")
            self._head.show_texts(self.tr("没有选中的指标"), hint)
            self._points.setText("")
        else:
            score = self._document.scorecard.category(category.code)
            points = subtotal_text(score, self._document.scorecard)
            self._head.show_texts(category.heading, self.tr("已填 {0}/{1} 行").format(score.answered, score.rows))
            self._points.setText(self.tr("小计 {0} / {1} 分").format(points, show(category.full_points)))

    def _fit_to_kind(self) -> None:
        """The widgets that this kind of row needs."""
        is_row = self._indicator is not None
        self._input.show_row(self._indicator)
        self._hear(self._input.findChildren(ValueField))
        for widget in self._row_only():
            widget.setVisible(is_row)
        if self._indicator is None:
            return
        for section in (self._not_applicable, self._override):
            section.show_row(self._indicator)
        by_rule = self._input.rule_input is not None
        self._reason.setVisible(by_rule)
        self._reason_label.setVisible(by_rule)
        self._set_tab_order()

    def _row_only(self) -> tuple[QWidget, ...]:
        lines = self.findChildren(Separator)
        return (
            self._input,
            self._working,
            self._reason_label,
            self._reason,
            self._remark_label,
            self._remark,
            self._evidence,
            self._previous,
            self._previous.points,
            self._not_applicable,
            self._override,
            *lines,
        )

    def _set_tab_order(self) -> None:
        """Input first, then its result's reasons; links that change what is there, or lead away, come last."""
        chain = [*self._input.stops(), self._reason, self._remark, *self._evidence.stops(), *self._previous.links]
        for section in (self._not_applicable, self._override):
            chain.append(section.box)
            chain.extend(field.line for field in section.findChildren(ValueField))
        chain.extend((self._input.clear, self._head.correct))
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    # --------------------------------------------------------------------------------------------------------- storing

    def _put(self, changes: Mapping[str, Any]) -> None:
        """Store what was typed; raises when it is refused, and lets it wait where only the disk did not take it."""
        if self._indicator is None:
            return
        key = next(iter(changes))
        origin = Origin(_PART, self._code, key)
        try:
            with self._answers.entering(origin):
                self._store(changes)
        except StoreError:
            fields = [field for field in self._fields(key) if field.is_pending()] or self._fields(key)
            self._answers.keep(origin, fields[0].name(), "；".join(field.text() for field in fields), changes)
            raise
        self._answers.drop(origin)

    def _store(self, changes: Mapping[str, Any]) -> None:
        if self._indicator is not None and not self._document.is_closed:
            code = self._indicator.code
            self._document.put_answer(code, replace(self._document.entries.answer(code), **changes))

    def _try(self, changes: Mapping[str, Any]) -> None:
        """Store what was clicked, in place of what was typed; tell a refusal in the status line and show what holds."""
        try:
            self._store(changes)
        except UserError as error:
            self.said.emit(str(error))
        else:
            for key in changes:
                self._give_up(key)
                self._forget_refused(key)
        self.refresh()

    def _take_text(self, field: LongText, text: str) -> None:
        try:
            self._put({field.key: text.strip()})
        except UserError as error:
            field.refuse()
            self.said.emit(str(error))
        self.refresh()

    def _give_up(self, key: str) -> None:
        self._answers.drop(Origin(_PART, self._code, key))

    def _note_stored(self, origin: Origin) -> None:
        """What was refused here is stored."""
        if origin.part != _PART:
            return
        self._unstored.forget(origin.code, origin.key)
        if origin.code == self._code:
            self.refresh()  # fields that settle compare themselves with what is stored
            for field in self._fields(origin.key):
                field.settle()
            self.refresh()

    def _note_outdated(self, origin: Origin) -> None:
        """What was refused here gives way to something newer."""
        if origin.part != _PART:
            return
        self._unstored.forget(origin.code, origin.key)
        if origin.code == self._code:
            self._forget_refused(origin.key)
            self.refresh()

    def _forget_refused(self, key: str) -> None:
        for field in self._fields(key):
            if field.unstored() is not None:
                field.forget()

    def _leave_reason(self) -> None:
        reason = self._not_applicable.reason
        reason.flush()
        if reason.unstored() is None:
            self.left_below.emit()

    def _rules_changed(self) -> None:
        """Build the row anew where its rules are others; what stands in its fields is put back."""
        indicator = self._document.catalogue.indicator(self._code)
        if indicator is not None and indicator == self._indicator:
            self.refresh()
            return
        if self._indicator is not None:
            self._unstored.keep(self._code, self.findChildren(ValueField), self._answer)
        self._build(self._code)
        soon(self, partial(self._put_back, self._code))  # not before everybody has heard of the new rules

    def _category(self, code: str) -> Category:
        return next(category for category, row in self._document.catalogue.indicators() if row.code == code)
