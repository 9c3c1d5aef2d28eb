"""What can be chosen about the paper beside the preview: label, standard, page numbers, margins, sizes, fonts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QGroupBox,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from selfassess.export.profile import NATIONAL, OFFICE, PageNumbers, PrintProfile
from selfassess.gui.file_dialogs import ask_file
from selfassess.gui.print_profile_memory import CHOSEN_EACH_TIME, LIMITS

if TYPE_CHECKING:
    from pathlib import Path

    from selfassess.gui.print_profile_memory import ProfileMemory

_MARGINS = {
    "binding": "订口",
    "outer": "切口",
    "left": "表左（下白边）",
    "right": "表右（上白边）",
}
_SIZES = {
    "label_size": "附件标识",
    "title_size": "标题",
    "head_size": "单位栏",
    "header_size": "表头",
    "body_size": "表文",
    "note_size": "附注",
}
_FONTS = {"body_font": "表文", "heading_font": "表头", "title_font": "标题"}
_BUNDLED = "随程序的字体"


class PrintProfilePanel(QScrollArea):
    """The controls of a print profile; whatever is changed is told at once.

    Changing margins, sizes or fonts of the national standard makes the office's own profile out of it.

    Args:
        memory: Knows the profile used last and the office's own.
        label: What is chosen about this form only; it stands above the profile.
        parent: Owner.

    Signals:
        profile_changed(object): The new :class:`PrintProfile`.
    """

    profile_changed = Signal(object)

    def __init__(self, memory: ProfileMemory, label: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._profile = memory.current()
        self._showing = False
        self._standard = QComboBox()
        self._page_numbers = QComboBox()
        self._first_page = QSpinBox()
        self._sign_off = QCheckBox(self.tr("表下加签章栏"))
        self._duplex = QCheckBox(self.tr("双面印，正反面订口互换"))
        self._spins: dict[str, QDoubleSpinBox] = {}
        self._fonts: dict[str, QPushButton] = {}
        self._lay_out(label)
        self._show()

    @property
    def profile(self) -> PrintProfile:
        """As chosen."""
        return self._profile

    def set_profile(self, profile: PrintProfile) -> None:
        """Chooses a whole profile, remembers it and tells of it."""
        if profile == self._profile:
            return
        self._profile = profile
        self._memory.keep(profile)
        self._show()
        self.profile_changed.emit(profile)

    def change(self, **fields: object) -> None:
        """Changes fields of the profile.

        Args:
            fields: Names and values as of :class:`PrintProfile`.
        """
        profile = replace(self._profile, **fields)  # pyright: ignore[reportArgumentType]  # names come from the class
        if not fields.keys() <= CHOSEN_EACH_TIME and profile != self._profile:
            profile = replace(profile, name=OFFICE.name)
        self.set_profile(profile)

    # ---------------------------------------------------------------------------------------------------------- layout
    def _lay_out(self, label: QWidget) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(4, 4, 12, 4)
        column.setSpacing(12)
        column.addWidget(label)
        column.addWidget(self._paper())
        column.addWidget(self._numbers(self.tr("页边距（毫米）"), _MARGINS, step=1, decimals=0))
        column.addWidget(self._numbers(self.tr("字号（磅）"), _SIZES, step=0.5, decimals=1))
        column.addWidget(self._font_group())
        reset = QPushButton(self.tr("恢复为国标"))
        reset.setAutoDefault(False)
        reset.clicked.connect(partial(self.set_profile, NATIONAL))
        column.addWidget(reset, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content.installEventFilter(self)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """As wide as its content needs, also when the text size changes: it never scrolls sideways."""
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        self.setMinimumWidth(self.widget().sizeHint().width() + self.verticalScrollBar().sizeHint().width())

    def _paper(self) -> QGroupBox:
        group = QGroupBox(self.tr("打印方案"))
        form = QFormLayout(group)
        for profile in (NATIONAL, OFFICE):
            self._standard.addItem(profile.name)
        for box in (self._standard, self._page_numbers):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._standard.setAccessibleName(self.tr("打印方案"))
        self._page_numbers.setAccessibleName(self.tr("页码"))
        self._standard.activated.connect(self._choose_standard)
        for style, title in (
            (PageNumbers.GBT9704, self.tr("与正文同侧")),
            (PageNumbers.FOOT, self.tr("页脚居中")),
            (PageNumbers.NONE, self.tr("不印页码")),
        ):
            self._page_numbers.addItem(title, style)
        # A combo box hands enums back as plain texts.
        self._page_numbers.activated.connect(
            lambda: self.change(page_numbers=PageNumbers(self._page_numbers.currentData()))
        )
        self._first_page.setRange(1, 9999)
        self._first_page.setKeyboardTracking(False)
        self._first_page.valueChanged.connect(self._choose_first_page)
        self._sign_off.clicked.connect(lambda: self.change(sign_off=self._sign_off.isChecked()))
        self._duplex.clicked.connect(lambda: self.change(duplex=self._duplex.isChecked()))
        form.addRow(self.tr("方案"), self._standard)
        form.addRow(self.tr("页码"), self._page_numbers)
        form.addRow(self.tr("起始页码"), self._first_page)
        form.addRow(self._sign_off)
        form.addRow(self._duplex)
        return group

    def _numbers(self, title: str, names: dict[str, str], *, step: float, decimals: int) -> QGroupBox:
        group = QGroupBox(title)
        form = QFormLayout(group)
        for name, label in names.items():
            spin = QDoubleSpinBox()
            spin.setRange(*LIMITS[name])
            spin.setDecimals(decimals)
            spin.setSingleStep(step)
            spin.setKeyboardTracking(False)
            spin.setAccessibleName(f"{title} {self.tr(label)}")
            spin.valueChanged.connect(partial(self._choose_number, name))
            form.addRow(self.tr(label), spin)
            self._spins[name] = spin
        return group

    def _font_group(self) -> QGroupBox:
        group = QGroupBox(self.tr("字体"))
        form = QFormLayout(group)
        for name, label in _FONTS.items():
            button = QPushButton()
            button.setAutoDefault(False)
            button.setAccessibleName(f"{self.tr('字体')} {self.tr(label)}")
            button.setToolTip(
                self.tr("换成本机已有的字体文件（.ttf），如方正小标宋、仿宋_GB2312；取消则用随程序的字体")
            )
            button.clicked.connect(partial(self._choose_font, name))
            form.addRow(self.tr(label), button)
            self._fonts[name] = button
        return group

    # --------------------------------------------------------------------------------------------------------- choosing
    def _choose_standard(self) -> None:
        chosen = NATIONAL if self._standard.currentText() == NATIONAL.name else self._memory.own()
        kept = {name: getattr(self._profile, name) for name in ("first_page", "sign_off")}
        self.set_profile(replace(chosen, **kept))

    def _choose_first_page(self, number: int) -> None:
        if not self._showing:
            self.change(first_page=number)

    def _choose_number(self, name: str, value: float) -> None:
        if not self._showing:
            self.change(**{name: value})

    def _choose_font(self, name: str) -> None:
        title = self.tr("选择字体文件，取消则用随程序的字体")
        self.change(**{name: ask_file(self, title, self.tr("字体 (*.ttf *.TTF)"))})

    def _show(self) -> None:
        """Shows the profile without taking that for a choice."""
        self._showing = True
        try:
            profile = self._profile
            self._standard.setCurrentText(profile.name)
            self._page_numbers.setCurrentIndex(self._page_numbers.findData(profile.page_numbers))
            self._first_page.setValue(profile.first_page)
            self._sign_off.setChecked(profile.sign_off)
            self._duplex.setChecked(profile.duplex)
            for name, spin in self._spins.items():
                spin.setValue(getattr(profile, name))
            for name, button in self._fonts.items():
                font: Path | None = getattr(profile, name)
                button.setText(font.stem if font else self.tr(_BUNDLED))
        finally:
            self._showing = False
