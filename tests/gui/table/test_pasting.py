"""What a pasted block would change, before anything is changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from selfassess.domain.catalogue import ColumnKey
from selfassess.domain.entries import Answer
from selfassess.gui.table.lines import lines_of
from selfassess.gui.table.pasting import Alignment, Form, Outcome, Target, guess_alignment, plan

KEYS = tuple(ColumnKey)
POINTS = KEYS.index(ColumnKey.POINTS)
D = Decimal


@pytest.fixture
def form(catalogue):
    answers = {"3.2": Answer(points=D(1), remark="旧")}

    def shown(place, key):
        answer = answers.get(place, Answer())
        if key is ColumnKey.REMARK:
            return answer.remark
        if key is ColumnKey.POINTS:
            return "" if answer.points is None else str(answer.points)
        return "印"

    return Form(
        indicator=catalogue.indicator,
        answer=lambda code: answers.get(code, Answer()),
        shown=shown,
    )


def target(catalogue, place: str, column: int = POINTS) -> Target:
    lines = lines_of(catalogue)
    row = next(at for at, line in enumerate(lines) if line.place == place)
    return Target(lines=lines, keys=KEYS, row=row, column=column)


def outcomes(planned) -> list[tuple[str, Outcome]]:
    return [(cell.place, cell.outcome) for cell in planned.cells]


def test_a_column_of_points_lands_row_by_row(catalogue, form):
    planned = plan([["2"], ["0"]], target(catalogue, "1.1"), form, Alignment.ROWS)
    assert planned.answers == {"1.1": Answer(met=True), "1.2": Answer(met=False)}


def test_a_hole_leaves_the_cell_alone_unless_blanks_shall_clear(catalogue, form):
    block = [["2"], [""]]
    assert plan(block, target(catalogue, "3.1"), form, Alignment.ROWS).answers == {"3.1": Answer(option="高于")}
    cleared = plan(block, target(catalogue, "3.1"), form, Alignment.ROWS, blanks_clear=True)
    assert cleared.answers["3.2"] == Answer(remark="旧")


def test_a_bare_column_that_would_hit_a_heading_skips_headings(catalogue):
    block = [["2"], ["1"], ["2"], ["3"]]
    assert guess_alignment(block, target(catalogue, "1.1")) is Alignment.ROWS


def test_a_block_with_a_gap_at_the_heading_goes_line_by_line(catalogue, form):
    block = [["2"], ["1"], ["2"], [""], ["12%"]]
    assert guess_alignment(block, target(catalogue, "1.1")) is Alignment.LINES
    planned = plan(block, target(catalogue, "1.1"), form, Alignment.LINES)
    assert planned.answers["2.1"] == Answer(value=D("0.12"))


def test_codes_in_the_first_column_say_where_each_row_goes(catalogue, form):
    block = [["3.2", "2"], ["9.9", "1"], ["1.1", "2"]]
    where = target(catalogue, "1.1")
    assert guess_alignment(block, where) is Alignment.CODES
    planned = plan(block, where, form, Alignment.CODES)
    assert set(planned.answers) == {"3.2", "1.1"}
    assert ("9.9", Outcome.SKIPPED) in outcomes(planned)
    assert [cell.why for cell in planned.cells if cell.place == "9.9"] == ["表中没有这个行号"]


def test_refused_cells_say_why_and_leave_the_rest_alone(catalogue, form):
    planned = plan([["13", "", "新"]], target(catalogue, "3.2"), form, Alignment.ROWS)
    refused = [cell for cell in planned.cells if cell.outcome is Outcome.REFUSED]
    assert len(refused) == 1
    assert refused[0].place == "3.2"
    assert refused[0].why == "得分 13 超过该项分值 3。请改为 0 至 3 之间的数。"
    assert planned.answers == {"3.2": Answer(points=D(1), remark="新")}


def test_rows_below_and_columns_beside_the_table_are_named_and_left_out(catalogue, form):
    planned = plan([["5", "", "注", "多"], ["6"]], target(catalogue, "8.1"), form, Alignment.ROWS)
    whys = {cell.why for cell in planned.cells if cell.outcome is Outcome.SKIPPED}
    assert any("右边" in why for why in whys)
    assert any("下边" in why for why in whys)
    assert planned.answers == {"8.1": Answer(remark="注")}


def test_printed_columns_may_be_pasted_over_themselves_but_not_changed(catalogue, form):
    planned = plan([["印", "别的"]], target(catalogue, "1.1", 0), form, Alignment.ROWS)
    assert outcomes(planned) == [("1.1", Outcome.SKIPPED)]
    assert planned.answers == {}


@pytest.mark.parametrize("text", ["1.5", "1.5 不涉及"])
def test_provisional_points_as_a_workbook_has_them_are_what_is_there(catalogue, form, text):
    provisional = replace(form, shown=lambda _place, key: "1.5 不涉及" if key is ColumnKey.POINTS else "印")
    planned = plan([[text]], target(catalogue, "3.2"), provisional, Alignment.ROWS)
    assert outcomes(planned) == [("3.2", Outcome.SAME)]


def test_pasting_what_is_there_changes_nothing(catalogue, form):
    planned = plan([["1", "", "旧"]], target(catalogue, "3.2"), form, Alignment.ROWS)
    assert planned.answers == {}
    assert {cell.outcome for cell in planned.cells} == {Outcome.SAME}
