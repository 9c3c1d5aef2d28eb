"""What a row said last year (上年), beside what it says now; it fills fields when told to, and stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from selfassess.domain.scorecard import RowState
from selfassess.gui.labels import Heading, Note
from selfassess.gui.row_panel.controls import Link
from selfassess.scoring.numbers import show
from selfassess.scoring.previous import change_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selfassess.document import Document
    from selfassess.domain.catalogue import Indicator
    from selfassess.domain.previous import PreviousRow, PreviousYear
    from selfassess.domain.scorecard import RowScore
    from selfassess.gui.row_panel.fields import LongText


def _tr(text: str) -> str:
    return QCoreApplication.translate("PreviousSection", text)


class PreviousSection(QWidget):
    """Last year's reasons and remark of one row; a line when there is nothing to see.

    Attributes:
        points: Last year's points, to stand under this year's; they are what the eye compares first.

    Signals:
        comparison_wanted: The clerk wants to choose, replace or remove last year's form.

    Args:
        document: The open draft.
        fields: This year's fields, by the name of the text they hold.
        parent: Owner.
    """

    comparison_wanted = Signal()

    def __init__(self, document: Document, fields: Mapping[str, LongText], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._title = Heading("", parent=self)
        self._title.setWordWrap(True)
        self._choose = Link(parent=self)
        self._choose.clicked.connect(self.comparison_wanted)
        self.points = _selectable(Note(parent=self))
        self.points.setAccessibleName(self.tr("上年得分"))
        self._notes = _selectable(Note(parent=self))
        self._texts = {name: _EarlierText(field, self) for name, field in fields.items()}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(_line(self._title, self._choose))
        for widget in (self._notes, *self._texts.values()):
            column.addWidget(widget)

    @property
    def links(self) -> tuple[Link, ...]:
        """What the keyboard can reach, in its order."""
        return (self._choose, *(text.link for text in self._texts.values()))

    def show_row(self, indicator: Indicator, score: RowScore) -> None:
        """Show what the row said last year.

        Args:
            indicator: The row.
            score: Its result this year.
        """
        previous = self._document.previous
        row = None if previous is None else previous.rows.get(indicator.code)
        told = None if row is None or row.is_empty else row
        self.points.setText("" if told is None else points_then(told, score))
        self.points.setVisible(told is not None)
        self._notes.setText("" if told is None else notes_text(told, indicator))
        self._notes.setVisible(bool(self._notes.text()))
        for name, text in self._texts.items():
            text.show_text("" if told is None else getattr(told, name))
        self._show_title(previous, row)

    def _show_title(self, previous: PreviousYear | None, row: PreviousRow | None) -> None:
        if previous is None:
            self._title.setText(self.tr("上年"))
            self._name_link(self.tr("对照上年自评表…"), self.tr("选一份上年的草稿，这里就有上年的得分、扣分原因和备注"))
            return
        title = self.tr("上年（{0}）").format(form_text(previous, self._document.entries.unit.name))
        nothing = ""
        if row is None:
            nothing = self.tr("没有这一行")
        elif row.is_empty:
            nothing = self.tr("未填")
        elif not (row.reason or row.remark):
            nothing = self.tr("没有写扣分原因和备注")
        self._title.setText(self.tr("{0}：{1}").format(title, nothing) if nothing else title)
        self._name_link(self.tr("更换…"), self.tr("换一份上年的自评表，或者不再对照"))

    def _name_link(self, text: str, tip: str) -> None:
        self._choose.setText(text)
        self._choose.setToolTip(tip)
        self._choose.setAccessibleName(self.tr("上年：{0}").format(text))


class _EarlierText(QWidget):
    """One text of last year, with the way to take it over into this year's field."""

    def __init__(self, field: LongText, parent: QWidget) -> None:
        super().__init__(parent)
        self._field = field
        self._name = field.accessibleName()
        self._caption = Note(parent=self)
        self.link = Link(parent=self)
        self._text = _selectable(QLabel(self))
        self._text.setAccessibleName(_tr("上年{0}").format(self._name))
        self.link.clicked.connect(self._take)
        kept = self.link.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # what is below stays where it is
        self.link.setSizePolicy(kept)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(_line(self._caption, self.link))
        column.addWidget(self._text)

    def show_text(self, text: str) -> None:
        """Show a text; nothing when there was none."""
        now = self._field.toPlainText().strip()
        same = text.strip() == now
        self._text.setText(text)
        self._caption.setText(_tr("{0}（本年相同）").format(self._name) if same else self._name)
        self.link.setText(_tr("替换为上年的") if now else _tr("照上年填入"))
        self.link.setAccessibleName(_tr("{0}：{1}").format(self._name, self.link.text()))
        # A row of 加分 and 扣分 has no field for a reason.
        self.link.setVisible(not same and not self._field.isHidden())
        self.setVisible(bool(text))

    def _take(self) -> None:
        self._field.fill(self._text.text())


def form_text(previous: PreviousYear, unit: str) -> str:
    """Which form it is: its year, and its unit where that is another one.

    Args:
        previous: Last year's form.
        unit: This year's unit.
    """
    year = _tr("{0} 年度").format(previous.year) if previous.year.isdecimal() else previous.year
    other = previous.unit if previous.unit != unit else ""
    return "，".join(part for part in (year or _tr("未写年度"), other) if part)


def points_then(row: PreviousRow, score: RowScore) -> str:
    """What the row was worth, of how much, and how far it moved since.

    Args:
        row: The row last year.
        score: Its result this year.
    """
    if row.state is RowState.BLANK:
        return _tr("上年未填")
    full = show(row.full_points)
    text = "" if row.points is None else _tr("{0} / {1} 分").format(show(row.points), full)
    if row.state is RowState.NOT_APPLICABLE:
        text = _tr("上年不涉及，计 {0}").format(text) if text else _tr("上年不涉及")
    else:
        text = (_tr("上年 {0}") if row.override is None else _tr("上年 {0}（已改分）")).format(text)
    change = change_of(row, score)
    if change is None:
        return text
    moved = _tr("本年同分")
    if change:
        moved = (_tr("本年多 {0} 分") if change > 0 else _tr("本年少 {0} 分")).format(show(abs(change)))
    return f"{text}，{moved}"


def notes_text(row: PreviousRow, indicator: Indicator) -> str:
    """What else is to be known, a line each: why there were other points, what the row was called, its documents.

    Args:
        row: The row last year.
        indicator: The row this year.
    """
    none = _tr("没有写")
    lines: list[str] = []
    if row.not_applicable is not None:
        lines.append(_tr("不涉及的理由：{0}").format(row.not_applicable or none))
    elif row.override is not None:
        lines.append(_tr("改分理由：{0}").format(row.override or none))
    differing = [_tr("上年指标：{0}").format(row.name)] if row.name != indicator.name else []
    if row.full_points != indicator.full_points:
        differing.append(_tr("上年分值 {0} 分").format(show(row.full_points)))
    if differing:
        lines.append("；".join(differing))
    if row.documents:
        lines.append(_tr("上年有佐证材料 {0} 份").format(row.documents))
    return "\n".join(lines)


def _selectable(label: QLabel) -> QLabel:
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _line(text: QLabel, link: Link) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(8)
    line.addWidget(text, 1)
    line.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
    return line
