"""Every form that was laid out in Designer opens, with the parts that the code looks for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from selfassess.gui.forms import load_form, part

ROOT = Path(__file__).resolve().parents[2]

FORMS = sorted((ROOT / "ui").glob("*.ui"))


def test_there_are_forms():
    assert FORMS


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_a_form_opens_and_every_label_has_its_field(qtbot, form):
    frame = QWidget()
    qtbot.addWidget(frame)
    top = load_form(form.parent, form.stem, frame)
    assert top.objectName()
    names = [child.objectName() for child in top.findChildren(QObject) if child.objectName()]
    mine = [name for name in names if not name.startswith("qt_")]
    assert len(mine) == len(set(mine))
    for label in top.findChildren(QLabel):
        if "&" in label.text():
            assert label.buddy() is not None, label.text()


def test_a_form_without_the_part_is_a_bug_that_says_so(qtbot):
    frame = QWidget()
    qtbot.addWidget(frame)
    with pytest.raises(LookupError, match="no_such_field"):
        part(load_form(ROOT / "ui", "unit_page", frame), QLineEdit, "no_such_field")
