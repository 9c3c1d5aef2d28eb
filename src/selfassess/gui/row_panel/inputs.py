"""What each kind of rule asks the clerk, as widgets that show an answer, say what was changed, and store nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QPushButton, QRadioButton, QVBoxLayout, QWidget

from selfassess.domain.rules import AllOrNothing, Checklist, Choice, Judged, Proportional, Threshold, Tiers
from selfassess.gui.labels import Note
from selfassess.gui.row_panel.controls import Link, YesNo
from selfassess.gui.row_panel.fields import ValueField
from selfassess.gui.unit_text import shown_amount
from selfassess.scoring import entering
from selfassess.scoring.numbers import show, show_amount, show_bound
from selfassess.scoring.rule_texts import band_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from selfassess.domain.catalogue import Catalogue, Indicator
    from selfassess.domain.entries import Answer, Entries
    from selfassess.domain.rules import RateSource

    Put = Callable[[Mapping[str, object]], None]


class RuleInput(QWidget):
    """The input of one row.

    Signals:
        figure_wanted: The clerk wants to see a figure of the form: its key.

    Args:
        indicator: The row.
        put: Stores changed fields of its answer; raises when they are refused.
        say: Does the same, and tells a refusal itself, where no field has room for it.
        parent: Owner.
    """

    figure_wanted = Signal(str)

    def __init__(
        self,
        indicator: Indicator,
        put: Put,
        say: Put,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.indicator = indicator
        self._put = put
        self._try = say
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)

    def show_answer(self, answer: Answer, catalogue: Catalogue, entries: Entries) -> None:
        """Show what was entered."""

    def flush(self) -> None:
        """Hand over what stands in open fields."""

    def fields(self) -> list[ValueField]:
        """Its fields for typed text."""
        return self.findChildren(ValueField)


class MetInput(RuleInput):
    """全得或不得: met or not."""

    def __init__(self, indicator: Indicator, put: Put, say: Put, parent: QWidget | None = None) -> None:
        super().__init__(indicator, put, say, parent)
        full = show(indicator.full_points)
        self._choice = YesNo(
            self.tr("是否符合"), self.tr("是，得 {0} 分").format(full), self.tr("否，得 0 分"), parent=self
        )
        self._choice.chosen.connect(self._take)
        self._column.addWidget(self._choice)

    def show_answer(self, answer: Answer, catalogue: Catalogue, entries: Entries) -> None:
        """Show the decision."""
        self._choice.show_value(answer.met)

    def _take(self, met: bool | None) -> None:  # noqa: FBT001 -- a value, not a switch
        self._try({"met": met})


class ChecklistInput(RuleInput):
    """分条得分: each clause met or not."""

    def __init__(self, indicator: Indicator, put: Put, say: Put, parent: QWidget | None = None) -> None:
        super().__init__(indicator, put, say, parent)
        rule = indicator.rule
        self._clauses = rule.clauses if isinstance(rule, Checklist) else ()
        self._ticks: list[bool | None] = [None] * len(self._clauses)
        self._choices: list[YesNo] = []
        for number, clause in enumerate(self._clauses, 1):
            text = QLabel(self.tr("{0}. {1}（{2} 分）").format(number, clause.text, show(clause.points)), self)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setWordWrap(True)
            choice = YesNo(
                self.tr("第 {0} 条").format(number),
                self.tr("是，得 {0} 分").format(show(clause.points)),
                self.tr("否"),
                parent=self,
            )
            choice.chosen.connect(partial(self._tick, number - 1))
            self._choices.append(choice)
            self._column.addWidget(text)
            self._column.addWidget(choice)

    def show_answer(self, answer: Answer, catalogue: Catalogue, entries: Entries) -> None:
        """Show what was decided for each clause."""
        self._ticks = list(answer.ticks) if answer.ticks is not None else [None] * len(self._clauses)
        for choice, tick in zip(self._choices, self._ticks, strict=False):
            choice.show_value(tick)

    def _tick(self, at: int, met: bool | None) -> None:  # noqa: FBT001 -- a value, not a switch
        ticks = [met if place == at else tick for place, tick in enumerate(self._ticks)]
        self._try({"ticks": None if all(tick is None for tick in ticks) else tuple(ticks)})


class ChoiceInput(RuleInput):
    """选项得分: one of the options."""

    def __init__(self, indicator: Indicator, put: Put, say: Put, parent: QWidget | None = None) -> None:
        super().__init__(indicator, put, say, parent)
        rule = indicator.rule
        options = rule.options if isinstance(rule, Choice) else ()
        self._group, self._buttons = _radios(
            self, [(option.label, f"{option.label}　{show(option.points)} 分") for option in options]
        )
        for button in self._buttons.values():
            self._column.addWidget(button)
        self._group.idClicked.connect(self._take)

    def show_answer(self, answer: Answer, catalogue: Catalogue, entries: Entries) -> None:
        """Show the chosen option."""
        _show_chosen(self._group, self._buttons, answer.option)

    def _take(self, at: int) -> None:
        self._try({"option": list(self._buttons)[at]})


class JudgedInput(RuleInput):
    """评议打分: a band where the rule has bands, and points in its step."""

    def __init__(self, indicator: Indicator, put: Put, say: Put, parent: QWidget | None = None) -> None:
        super().__init__(indicator, put, say, parent)
        rule = indicator.rule
        bands = rule.bands if isinstance(rule, Judged) else ()
        self._step = rule.step if isinstance(rule, Judged) else indicator.full_points
        self._answer: Answer | None = None
        self._group, self._buttons = _radios(
            self, [(band.label, band_text(band, indicator.full_points)) for band in bands]
        )
        for button in self._buttons.values():
            self._column.addWidget(button)
        self._group.idClicked.connect(self._take_band)
        full = show(indicator.full_points)
        self.points = ValueField(
            "points", self.tr("得分"), self._take, unit=self.tr("/ {0} 分").format(full), parent=self
        )
        for at, (text, name, points) in enumerate(
            (("−", self.tr("减一档"), -1), ("＋", self.tr("加一档"), 1), (self.tr("满分"), self.tr("满分"), 0))
        ):
            button = QPushButton(text, self)
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.setFixedWidth(button.fontMetrics().horizontalAdvance("国") * (2 if points else 4))
            button.clicked.connect(lambda _checked=False, steps=points: self._move(steps))
            self.points.row.insertWidget(2 + at, button)
        self._column.addWidget(self.points)
        self._column.addWidget(Note(self.tr("每 {0} 分一档").format(show(self._step)), parent=self))

    def show_answer(self, answer: Answer, catalogue: Catalogue, entries: Entries) -> None:
        """Show band and points."""
        self._answer = answer
        _show_chosen(self._group, self._buttons, answer.option)
        self.points.show_text("" if answer.points is None else show(answer.points))

    def flush(self) -> None:
        """Hand over typed points."""
        self.points.flush()

    def _take(self, text: str) -> None:
        points = entering.parse_points(text, self.indicator) if text.strip() else None
        self._put({"points": points})

    def _take_band(self, at: int) -> None:
        self._try({"option": list(self._buttons)[at], "points": None})

    def _move(self, steps: int) -> None:
        """One step up or down from the points there are, or full points for 0."""
        now = self._answer.points if self._answer is not None else None
        full = self.indicator.full_points
        wanted = full if not steps else (now if now is not None else full) + steps * self._step
        if now is None and steps > 0:
            wanted = self._step
        self._try({"points": min(max(wanted, full * 0), full)})


class RateInput(RuleInput):
    """分档, 按比例, 达标: a rate, or the two amounts it comes from."""

    def __init__(self, indicator: Indicator, put: Put, say: Put, parent: QWidget | None = None) -> None:
        super().__init__(indicator, put, say, parent)
        rule = indicator.rule
        if not isinstance(rule, Tiers | Proportional | Threshold):
            raise TypeError(rule)
        self._rate: RateSource = rule.rate
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self._amounts: dict[str, ValueField] = {}
        self._figures: list[tuple[str, QLabel, Link]] = []
        name = self._rate.name
        for field, label, key in (
            ("numerator", self._rate.numerator_label or f"{name}的分子", self._rate.numerator_figure),
            ("denominator", self._rate.denominator_label or f"{name}的分母", self._rate.denominator_figure),
        ):
            if key is not None:
                self._add_figure(grid, key)
            else:
                self._add_amount(grid, field, label)
        self.value = ValueField("value", name, self._take_value, parent=self)
        self.value.line.setPlaceholderText(self.tr("如 12%，由上面的数算出时不必填"))
        row = grid.rowCount()
        grid.addWidget(_caption(name, self), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.value, row, 1, 1, 2)
        self._column.addLayout(grid)

    def show_answer(self, answer: Answer, catalogue: Catalogue, entries: Entries) -> None:
        """Show rate, amounts and figures."""
        self.value.show_text("" if answer.value is None else show_bound(answer.value))
        for field, widget in self._amounts.items():
            amount = getattr(answer, field)
            widget.show_text(shown_amount(amount))
        for key, label, button in self._figures:
            spec, amount = catalogue.figure(key), entries.figures.get(key)
            name, unit = (spec.name, spec.unit) if spec is not None else (key, "")
            label.setText(name)
            button.setText(self.tr("去填写") if amount is None else f"{show_amount(amount)} {unit}")
            button.setAccessibleName(f"{name}：{button.text()}")

    def flush(self) -> None:
        """Hand over what stands in the fields."""
        for field in self.fields():
            field.flush()

    def _add_amount(self, grid: QGridLayout, field: str, label: str) -> None:
        widget = ValueField(
            field, label, lambda text: self._take_amount(field, label, text), unit=self._rate.unit, parent=self
        )
        self._amounts[field] = widget
        row = grid.rowCount()
        grid.addWidget(_caption(label, self), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(widget, row, 1, 1, 2)

    def _add_figure(self, grid: QGridLayout, key: str) -> None:
        label = _caption(key, self)
        button = Link(parent=self)
        button.setToolTip(self.tr("在“单位信息”中填写"))
        button.clicked.connect(lambda: self.figure_wanted.emit(key))
        self._figures.append((key, label, button))
        row = grid.rowCount()
        grid.addWidget(label, row, 0)
        grid.addWidget(button, row, 1, Qt.AlignmentFlag.AlignLeft)

    def _take_value(self, text: str) -> None:
        self._put({"value": entering.parse_rate(text, self._rate.name) if text.strip() else None})

    def _take_amount(self, field: str, label: str, text: str) -> None:
        self._put({field: entering.parse_amount(text, label) if text.strip() else None})


def input_for(
    indicator: Indicator,
    put: Put,
    say: Put,
    parent: QWidget,
) -> RuleInput | None:
    """The input that a row's rule needs; None for the band of adjustments, which has an editor of its own.

    Args:
        indicator: The row.
        put: Stores changed fields; raises when they are refused.
        say: Stores changed fields; tells a refusal itself.
        parent: Owner.
    """
    match indicator.rule:
        case AllOrNothing():
            return MetInput(indicator, put, say, parent)
        case Checklist():
            return ChecklistInput(indicator, put, say, parent)
        case Choice():
            return ChoiceInput(indicator, put, say, parent)
        case Judged():
            return JudgedInput(indicator, put, say, parent)
        case Tiers() | Proportional() | Threshold():
            return RateInput(indicator, put, say, parent)
        case _:
            return None


def _radios(owner: QWidget, options: list[tuple[str, str]]) -> tuple[QButtonGroup, dict[str, QRadioButton]]:
    group = QButtonGroup(owner)
    buttons: dict[str, QRadioButton] = {}
    for at, (label, text) in enumerate(options):
        button = QRadioButton(text, owner)
        button.setAccessibleName(text)
        group.addButton(button, at)
        buttons[label] = button
    return group, buttons


def _show_chosen(group: QButtonGroup, buttons: dict[str, QRadioButton], chosen: str | None) -> None:
    # An exclusive group would not let its last button go.
    group.setExclusive(False)
    for label, button in buttons.items():
        button.setChecked(label == chosen)
    group.setExclusive(True)


def _caption(text: str, owner: QWidget) -> QLabel:
    label = QLabel(text, owner)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMaximumWidth(label.fontMetrics().horizontalAdvance("国") * 8)
    return label
