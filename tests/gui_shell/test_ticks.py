"""Boxes and circles stand out from their ground, in every state, light and dark, on common and on fine screens.

Measured on what is painted: Fusion takes their colours from roles that say something else.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from selfassess.domain.rules import RateSource, Tier, Tiers
from selfassess.gui.rule_editor import RuleEditor
from selfassess.gui.theme import ThemeChoice

LEAST = 3.0
"""Source: WCAG 2.1, 1.4.11: what is needed to recognise a control, 3 : 1."""
CHECKED = Qt.ItemDataRole.CheckStateRole
RATE = RateSource(name="执行率", numerator_figure="spent", denominator_figure="budget")
KINDS = {"box": QCheckBox, "circle": QRadioButton}


@pytest.fixture(params=[ThemeChoice.LIGHT, ThemeChoice.DARK], ids=str)
def ground(request, qtbot, theme):
    """A window in the colours of a theme, another button in it that has the keyboard."""
    theme.set_choice(request.param)
    window = QWidget()
    column = QVBoxLayout(window)
    column.addWidget(QCheckBox("另一个"))
    qtbot.addWidget(window)
    window.show()
    return window


def painted(ground, button: QAbstractButton, scale: int) -> QImage:
    """The window with the button in it, as it is on a screen of this scale."""
    ground.layout().addWidget(button)
    QApplication.processEvents()
    image = QImage(ground.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    ground.render(image)
    return image


def place_of(button: QAbstractButton) -> QRect:
    """Where its box or circle is in the window."""
    option = QStyleOptionButton()
    button.initStyleOption(option)
    element = (
        QStyle.SubElement.SE_CheckBoxIndicator
        if isinstance(button, QCheckBox)
        else QStyle.SubElement.SE_RadioButtonIndicator
    )
    rect = button.style().subElementRect(element, option, button)
    return QRect(button.mapTo(button.window(), rect.topLeft()), rect.size())


def edge(button: QAbstractButton, image: QImage) -> list[QColor]:
    """The pixels across the left edge of the box or circle: the ground first, then outline and inside."""
    scale, rect = round(image.devicePixelRatio()), place_of(button)
    return [image.pixelColor((rect.left() - 3) * scale + step, rect.center().y() * scale) for step in range(6 * scale)]


def inside(button: QAbstractButton, image: QImage) -> list[QColor]:
    """The pixels within the outline of the box or circle: the largest square that fits both."""
    scale, rect = round(image.devicePixelRatio()), place_of(button)
    room = rect.adjusted(3, 3, -3, -3)
    columns = range(room.left() * scale, (room.right() + 1) * scale)
    return [image.pixelColor(x, y) for x in columns for y in range(room.top() * scale, (room.bottom() + 1) * scale)]


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("enabled", [True, False], ids=["enabled", "disabled"])
@pytest.mark.parametrize("checked", [True, False], ids=["checked", "unchecked"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_outline_stands_out_from_the_window(contrast, ground, kind, checked, enabled, scale):
    button = KINDS[kind]("本单位不涉及此项")
    button.setChecked(checked)
    button.setEnabled(enabled)
    window, *line = edge(button, painted(ground, button, scale))
    assert window == ground.palette().window().color()
    assert max(contrast(pixel, window) for pixel in line) >= LEAST


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("enabled", [True, False], ids=["enabled", "disabled"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_mark_stands_out_from_its_box(contrast, ground, kind, enabled, scale):
    button, empty = KINDS[kind]("甲"), KINDS[kind]("乙")
    for each in (button, empty):
        each.setAutoExclusive(False)
        each.setEnabled(enabled)
        ground.layout().addWidget(each)
    button.setChecked(True)
    image = painted(ground, button, scale)
    fill = inside(empty, image)[0]
    assert max(contrast(pixel, fill) for pixel in inside(button, image)) >= LEAST


@pytest.mark.parametrize("kind", KINDS)
def test_the_outline_of_what_has_the_keyboard_stands_out(contrast, ground, kind):
    button = KINDS[kind]("甲")
    ground.layout().addWidget(button)
    ground.activateWindow()
    # Only who moves by keys is shown where the keyboard is.
    QApplication.sendEvent(ground, QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier))
    button.setFocus(Qt.FocusReason.TabFocusReason)
    window, *line = edge(button, painted(ground, button, 1))
    assert max(contrast(pixel, window) for pixel in line) >= LEAST


@pytest.mark.parametrize("kind", KINDS)
def test_a_button_that_was_there_follows_another_theme(contrast, ground, kind, theme):
    button = KINDS[kind]("甲")
    painted(ground, button, 1)
    theme.set_choice(ThemeChoice.DARK if not theme.dark else ThemeChoice.LIGHT)
    window, *line = edge(button, painted(ground, button, 1))
    assert window == ground.palette().window().color()
    assert max(contrast(pixel, window) for pixel in line) >= LEAST


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK], ids=str)
def test_the_box_in_a_cell_stands_out_from_the_cell(contrast, qtbot, theme, choice):
    theme.set_choice(choice)
    editor = RuleEditor(Tiers(tiers=(Tier(above=None, up_to=Decimal(1), points=Decimal(1)),), rate=RATE))
    qtbot.addWidget(editor)
    editor.show()
    table = editor.table
    flag = next(column for column in range(table.columnCount()) if table.item(0, column).data(CHECKED) is not None)
    cell = table.visualRect(table.model().index(0, flag))
    image = table.viewport().grab().toImage()
    line = [image.pixelColor(cell.left() + step, cell.center().y()) for step in range(20)]
    assert max(contrast(pixel, table.palette().base().color()) for pixel in line[:8]) >= LEAST


@pytest.mark.parametrize("kind", KINDS)
def test_the_words_of_a_disabled_button_can_be_read(contrast, ground, kind):
    button = KINDS[kind]("甲")
    button.setEnabled(False)
    painted(ground, button, 1)
    text = button.palette().color(button.foregroundRole())
    assert contrast(text, ground.palette().window().color()) >= LEAST
