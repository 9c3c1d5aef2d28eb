"""What is typed about the unit is kept at once; what is refused stays in the field with one sentence below it."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from selfassess.domain.entries import Unit
from selfassess.errors import InputError, StoreError
from selfassess.gui import committed_field, pausing, window_actions
from selfassess.gui.labels import Note
from selfassess.gui.unit_page import UnitPage
from selfassess.gui.unit_text import parse_date, parse_year, plain, shown_date


@pytest.fixture
def page(document, places, qtbot):
    page = UnitPage(document, places)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    return page


def edit(page, place: str) -> QLineEdit:
    return page._edits[place]


def message(page, place: str) -> str:
    note = page._fields[place]._message
    return note.text() if note.isVisible() else ""


def type_text(page, place: str, text: str, *, leave: bool = True) -> None:
    field = edit(page, place)
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    if text.isascii():
        QTest.keyClicks(field, text)
    else:  # as an input method hands it over
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(field, event)
    if leave:
        QTest.keyClick(field, Qt.Key.Key_Return)


# ---------------------------------------- text
@pytest.mark.parametrize(
    "text",
    [
        "2023-01-05",
        "2023-1-5",
        "2023年1月5日",
        "2023.1.5",
        "2023/1/5",
        "20230105",
        "２０２３年１月５日",
        " 2023 年 1 月 5 日 ",
    ],
)
def test_a_date_is_understood_however_it_is_written(text):
    assert parse_date(text) == "2023-01-05"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2023-02-30", "2023 年 2 月没有 30 日"),
        ("2023-13-05", "一年没有 13 月"),
        ("2023-0-5", "一年没有 0 月"),
        ("0000-1-5", "没有 0 年"),
    ],
)
def test_a_day_that_does_not_exist_is_refused_for_what_is_wrong_with_it(text, why):
    with pytest.raises(InputError, match=why):
        parse_date(text)


@pytest.mark.parametrize(
    ("text", "code"), [("2023-02-30", "E174"), ("明天", "E173"), ("5.1.2023", "E173"), ("2023-13-01", "E174")]
)
def test_what_is_no_date_is_refused(text, code):
    with pytest.raises(InputError) as refusal:
        parse_date(text)
    assert refusal.value.code == code


def test_dates_are_shown_as_documents_write_them():
    assert shown_date("2023-01-05") == "2023年1月5日"
    assert shown_date("一月上旬") == "一月上旬"
    assert parse_date("") == ""


@pytest.mark.parametrize("text", ["2022", "２０２２", "2022年", " 2022 年度 "])
def test_a_year_is_understood_however_it_is_written(text):
    assert parse_year(text) == "2022"


@pytest.mark.parametrize("text", ["22", "二〇二二", "20222", "1022"])
def test_what_is_no_year_is_refused(text):
    with pytest.raises(InputError):
        parse_year(text)


def test_pasted_lines_become_one_and_control_characters_are_refused():
    assert plain("  某某局\n办公室\t ", "填报单位") == "某某局 办公室"
    with pytest.raises(InputError, match="E170"):
        plain("某\x00局", "填报单位")
    with pytest.raises(InputError, match="E171"):
        plain("局" * 101, "填报单位")


# ---------------------------------------- page
def test_enter_keeps_a_field(page, document):
    type_text(page, "unit.preparer", "zhang")
    assert document.entries.unit.preparer == "zhang"


def test_leaving_keeps_a_field(page, document):
    type_text(page, "unit.head", "li", leave=False)
    edit(page, "unit.phone").setFocus()
    assert document.entries.unit.head == "li"


def test_a_second_of_silence_keeps_a_field(page, document, qtbot, monkeypatch):
    type_text(page, "unit.reviewer", "wang", leave=False)
    assert document.entries.unit.reviewer == ""
    qtbot.waitUntil(lambda: document.entries.unit.reviewer == "wang", timeout=2 * pausing.SILENCE)
    assert edit(page, "unit.reviewer").hasFocus()


def test_text_is_not_tidied_under_the_hands_of_somebody_who_pauses(page, document, qtbot):
    type_text(page, "unit.reviewer", "wang ", leave=False)
    qtbot.waitUntil(lambda: document.entries.unit.reviewer == "wang", timeout=2000)
    assert edit(page, "unit.reviewer").text() == "wang "
    QTest.keyClicks(edit(page, "unit.reviewer"), "er ")
    QTest.keyClick(edit(page, "unit.reviewer"), Qt.Key.Key_Return)
    assert document.entries.unit.reviewer == "wang er"
    assert edit(page, "unit.reviewer").text() == "wang er"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("18966.53", "18966.53"),
        ("18,966.530", "18966.53"),
        ("4229.50", "4229.50"),
        ("0.123456", "0.123456"),
        ("１．５", "1.50"),
        ("120", "120.00"),
        ("0", "0.00"),
    ],
)
def test_amounts_are_kept_exactly_and_shown_as_money_is_written(page, document, typed, shown):
    type_text(page, "figure.budget", typed)
    assert document.entries.figures["budget"] == Decimal(shown)
    assert edit(page, "figure.budget").text() == shown


def test_an_emptied_amount_is_not_zero(page, document):
    type_text(page, "figure.budget", "5")
    type_text(page, "figure.budget", "")
    assert "budget" not in document.entries.figures


@pytest.mark.parametrize(
    ("place", "typed"),
    [("figure.budget", "12x"), ("figure.budget", "-3"), ("unit.date", "2023-02-30"), ("unit.year", "22")],
)
def test_refused_text_stays_with_a_sentence_and_nothing_is_lost(page, document, place, typed):
    before = document.entries
    type_text(page, place, typed)
    assert document.entries == before
    assert edit(page, place).text() == typed
    assert "请" in message(page, place)
    assert edit(page, place).accessibleDescription() == message(page, place)


def test_mended_text_is_kept_and_the_sentence_goes(page, document):
    type_text(page, "unit.date", "2023-02-30")
    type_text(page, "unit.date", "2023.1.5")
    assert document.entries.unit.date == "2023-01-05"
    assert edit(page, "unit.date").text() == "2023年1月5日"
    assert message(page, "unit.date") == ""


def test_escape_takes_back_what_was_typed(page, document):
    type_text(page, "unit.phone", "0891")
    type_text(page, "unit.phone", "oops", leave=False)
    QTest.keyClick(edit(page, "unit.phone"), Qt.Key.Key_Escape)
    assert edit(page, "unit.phone").text() == "0891"
    assert document.entries.unit.phone == "0891"


def test_a_disk_that_refuses_leaves_the_text_and_says_why(page, document, monkeypatch):
    def refuse(_: Unit) -> None:
        raise StoreError("E312", path=document.path)

    monkeypatch.setattr(document, "put_unit", refuse)
    type_text(page, "unit.head", "li")
    assert edit(page, "unit.head").text() == "li"
    assert "磁盘已满" in message(page, "unit.head")


def test_undo_shows_the_old_text(page, document):
    type_text(page, "unit.head", "li")
    type_text(page, "unit.head", "wang")
    document.undo()
    assert edit(page, "unit.head").text() == "li"


def test_undo_of_one_field_leaves_what_is_being_typed_in_another(page, document):
    type_text(page, "unit.head", "li")
    type_text(page, "unit.phone", "08", leave=False)
    document.undo()
    assert edit(page, "unit.head").text() == ""
    assert edit(page, "unit.phone").text() == "08"


def test_the_class_is_chosen_and_undone(page, document):
    page._class.setCurrentIndex(2)
    page._class.activated.emit(2)
    assert document.entries.unit.unit_class == "B"
    document.undo()
    assert page._class.currentData() == ""


def test_a_class_the_form_does_not_know_is_shown_not_dropped(page, document):
    document.put_unit(Unit(unit_class="C"))
    assert page._class.currentText() == "C"


@pytest.mark.parametrize("place", ["unit.name", "unit.phone", "figure.budget"])
def test_a_finding_puts_the_keyboard_into_its_field(page, place):
    page.show_place(place)
    assert edit(page, place).hasFocus()


def test_figures_that_findings_name_are_all_there(page, document):
    assert [place for place in page._edits if place.startswith("figure.")] == [
        f"figure.{figure.key}" for figure in document.catalogue.figures
    ]


def test_a_corrected_catalogue_renames_its_figures(page, document):
    figures = (replace(document.catalogue.figures[0], name="全年预算数"), *document.catalogue.figures[1:])
    document.put_catalogue(replace(document.catalogue, figures=figures), "更正")
    assert edit(page, "figure.budget").accessibleName() == "全年预算数（万元）"
    type_text(page, "figure.budget", "7")
    assert document.entries.figures["budget"] == 7


def test_no_letter_of_a_field_is_one_of_another_field_or_of_a_menu(page):
    captions = [label.text() for label in page.findChildren(QLabel) if label.buddy() is not None]
    letters = re.findall(r"&(\w)", " ".join([*captions, *(title for title, _ in window_actions._MENUS)]))
    assert len(letters) > len(window_actions._MENUS)
    assert sorted(letters) == sorted(set(letters))


def test_a_field_that_goes_while_its_text_is_pending_takes_nothing_along(qtbot):
    kept: list[str] = []
    field = QLineEdit()
    qtbot.addWidget(field)
    coupled = committed_field.CommittedField(field, Note(parent=field), kept.append)
    field.setText("x")
    coupled.commit()
    coupled.commit()
    assert kept == ["x"]
