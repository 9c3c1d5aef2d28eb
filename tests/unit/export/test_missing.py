"""Characters that no font has are reported with their places before anything is printed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from selfassess.domain.entries import Answer, Entries, Unit
from selfassess.errors import ExportError
from selfassess.export.profile import NATIONAL

FACE = "\U0001fae0"


def test_a_missing_character_is_reported_with_row_column_and_code_point(forms, printer):
    entries = Entries(answers={"1.2": Answer(remark=f"很好{FACE}，真的{FACE}")})

    (missing,) = printer.missing_characters(forms.annex(forms.plain, entries), NATIONAL)

    assert (missing.character, missing.code_point, missing.code) == (FACE, "U+1FAE0", "1.2")
    assert missing.place == "第1.2行“备注”列"


def test_every_place_of_a_missing_character_is_reported(forms, printer):
    catalogue = forms.form(
        (f"制度{FACE}", [forms.indicator("1.1", name=f"甲{FACE}")]), title=f"标题{FACE}", notes=(FACE,)
    )
    annex = forms.annex(replace(catalogue, total_note=FACE), Entries(unit=Unit(name=FACE)), sign_off=True)

    places = [str(missing) for missing in printer.missing_characters(annex, NATIONAL)]

    shown = f"的“{FACE}”（U+1FAE0）" if FACE.isprintable() else "的U+1FAE0"
    assert places == [
        f"标题{shown}",
        f"表头上方的单位信息{shown}",
        f"表头上方的单位信息{shown}",
        f"考核内容一“考核内容”列{shown}",
        f"第1.1行“指标”列{shown}",
        f"合计行“计算方法”列{shown}",
        f"表下第1条注{shown}",
    ]


def test_printing_is_refused_with_the_places_and_not_more_of_them_than_can_be_read(forms, printer, tmp_path):
    answers = {code: Answer(remark=FACE + "\ud800") for code in ("1.1", "1.2", "2.1", "2.2")}
    annex = forms.annex(forms.plain, Entries(answers=answers))

    with pytest.raises(ExportError) as caught:
        printer.export(annex, tmp_path / "a.pdf", NATIONAL)

    assert caught.value.code == "E416"
    assert "有 8 处" in caught.value.message
    assert caught.value.message.count("列的") == 5
    caught.value.message.encode("utf-8")
    assert list(tmp_path.iterdir()) == []


def test_what_has_no_shape_is_not_missing(forms, printer):
    entries = Entries(answers={"1.1": Answer(remark="一\t二\r\n三\u200b四\x07五\ufe0f")})

    assert printer.missing_characters(forms.annex(forms.plain, entries), NATIONAL) == ()


def test_rare_characters_and_tibetan_are_not_missing(forms, printer):
    entries = Entries(answers={"1.1": Answer(remark="𠮷㙓䶮☑བོད་ལྗོངས།")})

    assert printer.missing_characters(forms.annex(forms.plain, entries), NATIONAL) == ()
