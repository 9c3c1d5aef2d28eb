"""The two ways around a row's rule: 不涉及 and 改分, each with its reason; they show an answer and store nothing."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from selfassess.domain.catalogue import NotApplicablePolicy
from selfassess.domain.entries import Override
from selfassess.domain.rules import AdjustmentBand
from selfassess.errors import InputError
from selfassess.gui.labels import Note
from selfassess.gui.row_panel.fields import ValueField
from selfassess.scoring import entering
from selfassess.scoring.numbers import show
from selfassess.scoring.rule_texts import NOT_APPLICABLE_TEXTS

if TYPE_CHECKING:
    from selfassess.domain.catalogue import Indicator
    from selfassess.domain.entries import Answer
    from selfassess.gui.row_panel.inputs import Put


class _Departure(QWidget):
    """A tick box and the fields that show while it is ticked."""

    def __init__(self, text: str, put: Put, say: Put, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._put = put
        self._try = say
        self.indicator: Indicator | None = None
        self.box = QCheckBox(text, self)
        self.box.setAccessibleName(text)
        self.box.clicked.connect(self._toggled)
        self._details = QWidget(self)
        self._grid = QGridLayout(self._details)
        self._grid.setContentsMargins(22, 0, 0, 4)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.box)
        column.addWidget(self._details)

    def show_row(self, indicator: Indicator) -> None:
        """Another row is shown."""
        self.indicator = indicator
        for field in self.findChildren(ValueField):
            field.forget("")

    def flush(self) -> None:
        """Hand over what stands in the fields."""
        for field in self.findChildren(ValueField):
            field.flush()

    def _give_up_fields(self) -> None:
        """The tick was taken away, and with it what stands in the fields unstored."""
        for field in self.findChildren(ValueField):
            if field.unstored() is not None:
                field.forget("")
                field.given_up.emit()

    def _add(self, caption: str, field: ValueField) -> None:
        row = self._grid.rowCount()
        label = QLabel(caption, self)
        label.setBuddy(field.line)
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(field, row, 1)

    def _toggled(self, ticked: bool) -> None:  # noqa: FBT001 -- Qt's signal
        raise NotImplementedError(ticked)


class NotApplicableSection(_Departure):
    """不涉及, with its reason and, where the form's policy uses one, the finance side's average."""

    def __init__(self, put: Put, say: Put, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("RowPanel", "本单位不涉及此项"), put, say, parent)
        self._effect = Note(parent=self)
        self._grid.addWidget(self._effect, 0, 0, 1, 2)
        self.reason = ValueField("not_applicable", self.tr("不涉及的理由"), self._take_reason, words=True, parent=self)
        self._add(self.tr("理由"), self.reason)
        name = self.tr("部门平均考核分")
        self.average = ValueField("average", name, self._take_average, unit=self.tr("分"), parent=self)
        self.average.line.setPlaceholderText(self.tr("财政部门给出后填写"))
        self._add(name, self.average)

    def show_answer(self, indicator: Indicator, answer: Answer, policy: NotApplicablePolicy) -> None:
        """Show whether the row applies."""
        marked = answer.not_applicable is not None
        banded = isinstance(indicator.rule, AdjustmentBand)
        self.setVisible((indicator.may_be_not_applicable and not banded) or marked)
        self.box.setChecked(marked)
        self._details.setVisible(marked)
        self._effect.setText(NOT_APPLICABLE_TEXTS[policy])
        self.reason.show_text(answer.not_applicable or "")
        averaged = policy is NotApplicablePolicy.AVERAGE
        self.average.setVisible(averaged)
        label = self._grid.itemAtPosition(self._grid.rowCount() - 1, 0)
        if label is not None:
            label.widget().setVisible(averaged)
        self.average.show_text("" if answer.average is None else show(answer.average))

    def _toggled(self, ticked: bool) -> None:  # noqa: FBT001 -- Qt's signal
        if ticked:
            self._try({"not_applicable": ""})
            self.reason.line.setFocus()
        else:
            self._give_up_fields()
            self._try({"not_applicable": None, "average": None})

    def _take_reason(self, text: str) -> None:
        self._put({"not_applicable": text.strip()})

    def _take_average(self, text: str) -> None:
        if self.indicator is not None:
            self._put({"average": entering.parse_points(text, self.indicator) if text.strip() else None})


class OverrideSection(_Departure):
    """改分: points in place of the rule's result, with the reason."""

    def __init__(self, put: Put, say: Put, parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("RowPanel", "改分（不用规则算出的得分）"), put, say, parent)
        self._override: Override | None = None
        self._grid.addWidget(
            Note(self.tr("规则算出的得分不合实际时使用；上报前必须写明理由。"), parent=self), 0, 0, 1, 2
        )
        self.points = ValueField("override", self.tr("改为"), self._take_points, unit=self.tr("分"), parent=self)
        self._add(self.tr("改为"), self.points)
        self.points.line.textEdited.connect(self._let_reason)
        self.reason = ValueField("override", self.tr("改分理由"), self._take_reason, words=True, parent=self)
        self._add(self.tr("理由"), self.reason)

    def show_row(self, indicator: Indicator) -> None:
        """Another row is shown."""
        super().show_row(indicator)
        self._details.hide()

    def show_answer(self, indicator: Indicator, answer: Answer) -> None:
        """Show whether the rule's result stands."""
        self._override = answer.override
        self.setVisible(not isinstance(indicator.rule, AdjustmentBand))
        given = answer.override is not None
        opened = given or (self.box.isChecked() and not self._details.isHidden())
        self.box.setChecked(opened)
        self._details.setVisible(opened)
        self.reason.setEnabled(given)
        self.points.show_text(show(answer.override.points) if answer.override is not None else "")
        self.reason.show_text(answer.override.reason if answer.override is not None else "")

    def _toggled(self, ticked: bool) -> None:  # noqa: FBT001 -- Qt's signal
        self._details.setVisible(ticked)
        if ticked:
            self.points.line.setFocus()
        else:
            self._give_up_fields()
            self._try({"override": None})

    def _take_points(self, text: str) -> None:
        if self.indicator is None:
            return
        if not text.strip():
            self._put({"override": None})
            return
        points = entering.parse_points(text, self.indicator)
        reason = self.reason.text().strip()
        if self.reason.is_aside:
            reason = self._override.reason if self._override is not None else ""
        self._put({"override": Override(points=points, reason=reason)})

    def _take_reason(self, text: str) -> None:
        """Points that the disk refused go with it, or else would wait for themselves and take the old reason back."""
        points = self._override.points if self._override is not None else None
        if self.indicator is not None and self.points.text().strip() and not self.points.is_aside:
            with contextlib.suppress(InputError):
                points = entering.parse_points(self.points.text(), self.indicator)
        if points is not None:
            self._put({"override": Override(points=points, reason=text.strip())})
        else:
            self.reason.show_text(text)
            self.reason.hold()  # for points that are accepted

    def show_kept(self) -> None:
        """Show what was put back into the fields, although nothing of it is stored."""
        if any(field.unstored() is not None for field in (self.points, self.reason)):
            self.box.setChecked(True)
            self._details.show()
            self._let_reason(self.points.text())

    def _let_reason(self, points: str) -> None:
        """Tab must find the reason before the points are stored, which they are on leaving."""
        self.reason.setEnabled(bool(points.strip()) or self._override is not None)
