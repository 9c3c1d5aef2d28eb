"""The status line: what just happened, what is left to do, the total, and when it was saved; adds nothing up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar, QToolButton

from selfassess.domain.finding import Level
from selfassess.gui.saved_text import SavedText
from selfassess.gui.shown_scores import total_text
from selfassess.gui.tips import literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from selfassess.document import Document


class StatusTexts(QObject):
    """Fills a status bar and keeps it true.

    Signals:
        findings_wanted: The findings shall be shown.
        blank_wanted: The next blank row shall be shown.
        troubled(object): Why something is not stored: a :class:`StoreError`; None when all is.

    Args:
        document: The open draft.
        bar: The status bar.
        parent: Owner.
        refused: Tells where texts stand that the disk has refused.
        is_typing: Tells whether something stands in a field that is not stored.
        not_taken: Tells where entries stand that mean nothing there.
    """

    findings_wanted = Signal()
    blank_wanted = Signal()
    troubled = Signal(object)

    def __init__(
        self,
        document: Document,
        bar: QStatusBar,
        parent: QObject,
        refused: Callable[[], list[str]] = list,
        is_typing: Callable[[], bool] = bool,
        not_taken: Callable[[], list[str]] = list,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._said = QLabel(bar)
        self._said.setTextFormat(Qt.TextFormat.PlainText)
        self._said.setAccessibleName(self.tr("提示"))
        # A long sentence must not make the window wider.
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._findings = _button(bar, self.tr("显示审核问题（F9）"))
        self._findings.clicked.connect(self.findings_wanted)
        self._blank = _button(bar, self.tr("到下一个未填行（F7）"))
        self._blank.clicked.connect(self.blank_wanted)
        self._total = QLabel(bar)
        self._total.setTextFormat(Qt.TextFormat.PlainText)  # names the grade, which a catalogue words
        self._total.setObjectName("total")
        self._saved = SavedText(document, refused, is_typing, not_taken, bar)
        self._fresh = QTimer(self)
        self._fresh.setSingleShot(True)
        self._fresh.setInterval(0)
        bar.setContentsMargins(6, 0, 10, 0)
        bar.addWidget(self._said, 1)
        for widget in (self._findings, self._blank, self._total, self._saved):
            bar.addPermanentWidget(widget)
        bar.setSizeGripEnabled(False)
        document.scorecard_changed.connect(self._show_card)
        document.findings_changed.connect(self._show_findings)
        document.catalogue_changed.connect(self._show_card)
        document.saved.connect(self.forget)
        self._saved.told.connect(self.troubled)
        self._show_card()
        self._show_findings()

    def say(self, text: str) -> None:
        """Show a sentence, until the next edit or the next place; "" takes the last one away."""
        # A long folder would push what to do out of sight.
        text = text.replace(str(self._document.path), self._document.path.name)
        self._said.setText(text)
        self._said.setToolTip(literal(text))
        self._fresh.start()

    def forget(self, *_news: object) -> None:
        """Something else was done since: take the sentence away.

        One that was said just now stays: it is about what is being done, such as a refusal by a click elsewhere.
        """
        if not self._fresh.isActive():
            self.say("")

    def said(self) -> str:
        """The sentence that is shown."""
        return self._said.text()

    def _show_card(self, *_news: object) -> None:
        card = self._document.scorecard
        self._blank.setText(self.tr("还有 {0} 行未填").format(card.blank) if card.blank else self.tr("各行均已填"))
        self._total.setText(self.tr("总分 {0}").format(total_text(card)))

    def _show_findings(self, *_news: object) -> None:
        errors = sum(1 for finding in self._document.findings if finding.level is Level.ERROR)
        others = sum(1 for finding in self._document.findings if finding.level is Level.VERIFY)
        self._findings.setText(self.tr("错误 {0}　核实 {1}").format(errors, others))


def _button(bar: QStatusBar, tip: str) -> QToolButton:
    button = QToolButton(bar)
    button.setAutoRaise(True)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return button
