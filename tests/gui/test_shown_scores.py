"""What an untouched form shows in place of numbers, the same everywhere in the window."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Adjustment, Answer

D = Decimal


def status_total(window) -> str:
    return window.statusBar().findChild(QLabel, "total").text()


def heading_subtotal(window, code: str) -> str:
    model = window.table.model
    return str(model.index_at(code, ColumnKey.SUBTOTAL).data())


def list_line(window, row: int) -> str:
    return str(window.categories.model().index(row).data(Qt.ItemDataRole.ToolTipRole))


def test_nothing_filled_in_is_a_dash_everywhere_and_never_a_0(window):
    assert window.table.total_bar.total_text() == "—"
    assert window.table.total_bar.working_text() == "8 行都还没有填"
    assert status_total(window) == "总分 —"
    for row, code in enumerate(("一", "二", "三", "八"), start=1):
        assert heading_subtotal(window, code) == "—"
        assert "得分 —" in list_line(window, row)


def test_0_points_are_a_score(window, document):
    document.put_answer("1.1", Answer(met=False))
    assert window.table.total_bar.total_text() == "0"
    assert status_total(window) == "总分 0"
    assert heading_subtotal(window, "一") == "0"
    assert "得分 0" in list_line(window, 1)
    assert heading_subtotal(window, "二") == "—"
    assert "得分 —" in list_line(window, 2)


def test_a_band_nobody_claims_is_worth_0_once_the_form_is_begun(window, document, qtbot):
    told = []
    window.table.model.dataChanged.connect(lambda first, _last: told.append((first.row(), first.column())))
    document.put_answer("1.1", Answer(met=True))
    band = window.table.model.index_at("八", ColumnKey.SUBTOTAL)
    assert band.data() == "0"
    assert (band.row(), band.column()) in told


@pytest.mark.parametrize(("claimed", "said"), [(False, "没有事项"), (True, "已填 1/1")])
def test_a_category_of_claims_does_not_wait_for_any(window, document, claimed, said):
    if claimed:
        document.put_adjustments((Adjustment(matter="获表彰", basis="文件", points=D(1)),))
    assert f"：{said}" in list_line(window, 4)


def test_a_category_in_which_nothing_applies_has_no_points(window, document):
    document.put_answers({code: Answer(not_applicable="无") for code in ("3.1", "3.2")}, "填")
    assert heading_subtotal(window, "三") == "不涉及"
    assert "得分 —" in list_line(window, 3)
