"""What strangers' files, disks and folders can do wrong from outside: one sentence with place and remedy, no crash.

Each part of the program proves its own refusals beside its own tests; here stands what only shows when the parts work
together, or what somebody who wants to break the program tries.
"""

from __future__ import annotations

import os
import re
import stat
import time
from pathlib import Path

import pytest

from selfassess.__main__ import main
from selfassess.catalogue import loader, shelf
from selfassess.catalogue.schema import MOST_ITEMS
from selfassess.domain.entries import Answer, Unit
from selfassess.errors import MOST_FAULTS, CatalogueError, StoreError
from selfassess.store.draft import Draft
from selfassess.store.library import Library
from selfassess.store.refusals import refusing_new

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "catalogues" / "xizang-dept-budget" / "2022.toml"
EXAMPLE = ROOT / "examples" / "foreign-affairs-2022.answers.toml"
FORM = 'catalogue = "xizang-dept-budget/2022"\n'
SENTENCE = re.compile(r"^[EF]\d{3} .+。请?.*。$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _data(tmp_path, monkeypatch):
    monkeypatch.setenv("SELFASSESS_DATA", str(tmp_path / "数据"))


@pytest.fixture
def told(capsys):
    """Runs one command line, which must be refused; what it said, after a look whether it is a clear sentence."""

    def run(*arguments: object) -> str:
        assert main([str(argument) for argument in arguments]) == 1
        said = capsys.readouterr().err
        assert SENTENCE.search(said), said
        assert "请" in said, said
        assert "Traceback" not in said
        return said

    return run


def answers_file(tmp_path: Path, body: str | bytes) -> Path:
    path = tmp_path / "某单位.toml"
    path.write_bytes(FORM.encode() + body if isinstance(body, bytes) else (FORM + body).encode())
    return path


# ------------------------------------------------------------------------------------------------------- answers files


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('[rows."2.7"]\nvalue = 1e99999999999999999999', 'rows."2.7".value'),
        ('[rows."2.7"]\nvalue = 1E+999999', "“1E+999999”不是比率"),
        ('[rows."2.7"]\nvalue = 1E-999999', "“1E-999999”不是比率"),
        ("[figures]\nbudget = 1E+999999", "“预算数”"),
        ("[figures]\nbudget = inf", "“预算数”"),
        (f"[figures]\nbudget = {'9' * 5000}", "过长的数"),
        (f"x = {'[' * 3000}{']' * 3000}", "嵌套过深"),
        (".".join("a" * 900) + " = 1", "没有名为“a”的键"),
        (".".join("a" * 5000) + " = 1", "嵌套过深"),
        ('[[adjustments]]\nmatter = "甲"\npoints = "--5"', "“--5”不是数"),
        ('[[adjustments]]\nmatter = "甲"\npoints = "+-5"', "“+-5”不是数"),
        ('[unit]\nname = "\\uD83D"', "TOML"),
        ('[unit]\nname = "甲\\u0000乙"', "看不见的控制符"),
        (b'[unit]\nname = "\xed\xa0\xbd"', "编码"),
    ],
    ids=range(14),
)
def test_an_answers_file_by_somebody_who_wants_to_break_it_is_refused_in_words(tmp_path, told, body, words):
    assert words in told("show", answers_file(tmp_path, body))


@pytest.mark.parametrize("reference", ["a" * 5000 + "/2022", "甲" * 5000, "../../etc/passwd", "x/" + "9" * 300])
def test_a_reference_that_no_file_can_have_is_refused_and_quoted_short(tmp_path, told, reference):
    path = tmp_path / "a.toml"
    path.write_text(f'catalogue = "{reference}"\n', encoding="utf-8")
    assert len(told("show", path)) < 250


def test_a_file_of_a_hundred_thousand_wrong_rows_is_refused_briefly(tmp_path, told):
    begun = time.process_time()
    said = told("show", answers_file(tmp_path, "[rows]\n" + "\n".join(f"k{number} = 1" for number in range(100_000))))
    assert time.process_time() - begun < 5
    assert len(said.splitlines()) < 300


# ---------------------------------------------------------------------------------------------------------- catalogues


def edited(old: str, new: str) -> str:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    return text.replace(old, new, 1)


def test_a_row_of_a_hundred_thousand_options_is_refused_quickly():
    options = ",\n".join(f'{{ label = "选项{number}", points = 1 }}' for number in range(100_000))
    text = edited('  { label = "高于", points = 2 },', f"  {options},")
    begun = time.process_time()
    with pytest.raises(CatalogueError) as caught:
        loader.loads(text, "a.toml")
    assert time.process_time() - begun < 10
    assert f"最多 {MOST_ITEMS} 条" in caught.value.faults[-1]
    assert "第 2.15 行" in caught.value.faults[-1]


def test_a_catalogue_of_a_hundred_thousand_wrong_keys_is_refused_quickly_with_the_first_of_them():
    text = "\n".join(f"k{number} = 1" for number in range(100_000)) + "\n" + SHIPPED.read_text(encoding="utf-8")
    begun = time.process_time()
    with pytest.raises(CatalogueError, match=f"{MOST_FAULTS} 多 处") as caught:
        loader.loads(text, "a.toml")
    assert time.process_time() - begun < 5
    assert len(caught.value.faults) == MOST_FAULTS
    assert "“k0”" in caught.value.faults[0]


@pytest.mark.parametrize("number", ["1E+999999", "1e99999999999999999999", "1E-999999", "0E-999999", "nan", "-inf"])
def test_a_catalogues_absurd_number_is_named_with_its_row(number):
    with pytest.raises(CatalogueError) as caught:
        loader.loads(edited("full_points = 10", f"full_points = {number}"), "a.toml")
    assert "考核内容“一”，键 full_points" in caught.value.faults[0]


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "<b>&amp;</b><para>", "%s{0}{name}", "\\uFFFE\\uE000", "甲\\u202E乙\\u200B\\uFEFF"]
)
def test_texts_that_other_programs_would_run_or_stumble_over_are_only_texts(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_text(
        re.sub(r'^method = ".*"', lambda _: f'method = "{text}"', SHIPPED.read_text("utf-8"), count=1, flags=re.M)
    )
    draft, pdf, xlsx = tmp_path / "a.zpb", tmp_path / "a.pdf", tmp_path / "a.xlsx"
    assert main(["new", str(draft), "--catalogue", str(path), "--unit", "=1+1"]) == 0
    if "\\uE000" in text:  # no font has it: said before printing, with its place, and nothing is written
        assert main(["export", str(draft), "--pdf", str(pdf)]) == 1
        assert not pdf.exists()
    else:
        assert main(["export", str(draft), "--pdf", str(pdf), "--xlsx", str(xlsx)]) == 0
        assert pdf.stat().st_size > 10_000


# ------------------------------------------------------------------------------------------------ folders, disks, files


@pytest.mark.parametrize("folder", ["a" * 5000, "/dev/null", "/dev/null/数据", "/proc/没有"])
def test_an_impossible_data_folder_still_leaves_what_needs_none(tmp_path, monkeypatch, capsys, folder):
    monkeypatch.setenv("SELFASSESS_DATA", folder)
    assert main(["catalogue", "list"]) == 0
    assert main(["show", str(EXAMPLE)]) == 0
    capsys.readouterr()
    with pytest.raises(StoreError) as caught:
        Library(Path(folder) / "drafts").path_named("x")
    assert caught.value.code == "E338"
    assert len(caught.value.message) < 400


def test_a_data_folder_nobody_may_look_into_is_said_of_the_folder_and_not_of_a_draft(tmp_path, as_clerk):
    shut = tmp_path / "关着"
    (shut / "x").mkdir(parents=True)
    shut.chmod(0o000)
    library = Library(shut / "x" / "drafts")
    try:
        with as_clerk():
            assert shelf.listed(shut / "x", shut / "x") == ()
            with pytest.raises(StoreError, match="没有权限") as listing:
                library.entries()
            with pytest.raises(StoreError, match="没有权限") as making:
                library.path_named("x")
    finally:
        shut.chmod(0o755)
    assert (listing.value.code, making.value.code) == ("E338", "E338")


def test_a_device_is_never_replaced_by_an_export(tmp_path, told):
    pipe = tmp_path / "管道.pdf"
    os.mkfifo(pipe)
    assert "E419" in told("export", EXAMPLE, "--pdf", pipe)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_folder_that_goes_while_a_draft_is_made_is_said_to_be_missing(tmp_path):
    with pytest.raises(StoreError) as caught, refusing_new(tmp_path / "没有" / "a.zpb"):
        (tmp_path / "没有" / "a.zpb").touch()
    assert caught.value.code == "E317"


def test_a_catalogue_folder_of_an_impossible_name_has_no_catalogues(tmp_path):
    assert shelf.listed(tmp_path, Path("a" * 5000)) == ()
    with pytest.raises(CatalogueError, match="E223"):
        shelf.find("x/1", (Path("a" * 5000), tmp_path))


def test_a_new_draft_of_a_unit_with_half_a_character_keeps_the_rest(tmp_path):
    assert Library(tmp_path).path_named(f"\ud83d{Unit(name='外事办').name}").name == "_外事办.zpb"


def test_everything_works_under_a_path_of_two_hundred_characters_with_chinese_blanks_and_percent(tmp_path, capsys):
    folder = tmp_path
    while len(str(folder)) < 175:
        folder /= "绩效 100%"
    folder.mkdir(parents=True)
    form, filled = folder / "体系 %s.toml", folder / "填报 {0}.toml"
    form.write_bytes(SHIPPED.read_bytes())
    filled.write_text(f'{FORM}[rows."1.2"]\nmet = true\n', encoding="utf-8")
    draft = folder / "草稿 %d 与 50% 的进度表.zpb"
    assert len(str(draft)) >= 190
    targets = [folder / "附件 %41.pdf", folder / "附件 %41.xlsx"]

    assert main(["new", str(draft), "--catalogue", str(form), "--unit", "100%"]) == 0
    assert main(["fill", str(draft), str(filled)]) == 0
    assert main(["export", str(draft), "--pdf", str(targets[0]), "--xlsx", str(targets[1])]) == 0

    assert all(target.stat().st_size > 5_000 for target in targets)
    assert {path.name for path in folder.iterdir()} == {path.name for path in [form, filled, draft, *targets]}


def test_a_file_filled_in_over_an_edited_draft_is_one_step_that_can_be_taken_back(tmp_path, capsys):
    path = tmp_path / "a.zpb"
    with Draft.create(path, loader.load(SHIPPED)) as draft:
        draft.put_answers({"1.2": Answer(met=False, reason="原来写的")})
    filled = answers_file(tmp_path, '[rows."1.2"]\nmet = true\n[rows."1.3"]\nmet = true\n')
    assert main(["fill", str(path), str(filled)]) == 0
    with Draft.open(path) as draft:
        assert set(draft.entries.answers) == {"1.2", "1.3"}
        draft.undo()
        assert draft.entries.answers == {"1.2": Answer(met=False, reason="原来写的")}


# -------------------------------------------------------------------------------------------------------- command lines


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["picture", "a.zpb", "a.png", "--size", "99999999x99999999"], "“99999999x99999999”不是窗口大小"),
        (["picture", "a.zpb", "a.png", "--size", "0x-5"], "“0x-5”不是窗口大小"),
        (["picture", "a.zpb", "a.png", "--size", "大"], "“大”不是窗口大小"),
        (["export", str(EXAMPLE), "--pdf", "a.pdf", "--xlsx", "./a.pdf"], "同一个文件"),
        (["export", str(EXAMPLE), "--pdf", "a.pdf", "--first-page", "-1"], "页码"),
        (["export", str(EXAMPLE)], "--pdf 或 --xlsx"),
    ],
    ids=range(6),
)
def test_a_command_line_that_means_nothing_is_said_in_words_and_writes_nothing(
    tmp_path, monkeypatch, capsys, arguments, words
):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
