"""The strip over the table: what a narrow window still shows of its sentence."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from selfassess.gui.strip import Strip

NARROW = 400


@pytest.fixture
def drawn(qtbot):
    """What a narrow strip shows of a sentence, as bytes of a picture."""

    def draw(text):
        strip = Strip()
        qtbot.addWidget(strip)
        strip.add_button("知道了", lambda: None)
        strip.say(text)
        strip.resize(NARROW, strip.sizeHint().height())
        strip.show()
        image = strip.findChild(QLabel).grab().toImage()
        return bytes(image.constBits())

    return draw


def test_a_sentence_that_is_too_long_is_cut_in_its_middle(drawn):
    name = "西藏自治区某某厅 2022年度自治区本级部门预算管理绩效考核自评表"
    assert drawn(f"另一个副本“{name}”，今天 9:30 保存。") != drawn(f"另一个副本“{name}”，昨天 9:31 保存？")
    assert drawn(f"另一个副本“{name}”保存") != drawn(f"第三个副本“{name}”保存")


def test_a_sentence_does_not_hold_a_window_open(qtbot):
    strip = Strip()
    qtbot.addWidget(strip)
    strip.say("长" * 500)
    assert strip.minimumSizeHint().width() < NARROW
    assert strip.said() == strip.toolTip() == "长" * 500
