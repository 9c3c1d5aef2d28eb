"""The command line: what each verb prints, its exit codes, what it refuses in words, and that it never loads Qt."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from selfassess.__main__ import DISPLAYS
from selfassess.cli import VERBS, WindowVerb, run
from selfassess.cli.console import number, table, width
from selfassess.domain.entries import Answer
from selfassess.domain.previous import PreviousRow, PreviousYear
from selfassess.paths import Places
from selfassess.store.draft import Draft
from selfassess.wording import MESSAGES

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = str(ROOT / "examples/foreign-affairs-2022.answers.toml")
TRANSCRIPTION = str(ROOT / "tests/golden/annex-2022-transcription.tsv")
WORKING = "xizang-dept-budget/2022"


@dataclass(frozen=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        return json.loads(self.out)


Command = Callable[..., Outcome]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(assets=ROOT, data=tmp_path / "数据")


@pytest.fixture
def cli(places: Places, capsys: pytest.CaptureFixture[str]) -> Command:
    def command(*arguments: object) -> Outcome:
        code = run([str(argument) for argument in arguments], places)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return command


@pytest.fixture
def draft(cli: Command, tmp_path: Path) -> Path:
    path = tmp_path / "草稿.zpb"
    assert cli("new", path, "--catalogue", WORKING, "--unit", "某某厅").code == 0
    return path


def answers(path: Path, text: str, catalogue: str = WORKING) -> Path:
    path.write_text(f'catalogue = "{catalogue}"\n{text}', encoding="utf-8")
    return path


# ---------------------------------------------------------------------------------------------------------- catalogues


def test_list_shows_the_shipped_catalogues(cli: Command):
    outcome = cli("catalogue", "list")
    assert outcome.code == 0
    for reference in (WORKING, "xizang-dept-budget/2022-transcribed", "project-spending/2020"):
        assert reference in outcome.out
    listed = {entry["reference"]: entry for entry in cli("catalogue", "list", "--json").json["catalogues"]}
    assert listed[WORKING]["for_filing"] is True
    assert listed["xizang-dept-budget/2022-transcribed"]["for_filing"] is False


def test_list_names_a_faulty_own_catalogue_and_says_so_by_its_exit_code(cli: Command, places: Places):
    folder = places.own_catalogues / "x"
    folder.mkdir(parents=True)
    (folder / "1.toml").write_text("kaputt = ", encoding="utf-8")
    outcome = cli("catalogue", "list")
    assert outcome.code == 1
    assert "不能使用" in outcome.out


def test_lint_reports_the_footing_faults_of_the_transcription(cli: Command):
    outcome = cli("catalogue", "lint", ROOT / "catalogues/xizang-dept-budget/2022-transcribed.toml")
    assert outcome.code == 1
    assert "“三、预算执行管理”分值 35，所属各行分值合计 38，多 3" in outcome.out
    faults = cli("catalogue", "lint", "xizang-dept-budget/2022-transcribed", "--json").json["faults"]
    assert {fault["place"] for fault in faults if fault["code"] == "L204"} == {"一", "三", "四", "六"}


def test_lint_lets_a_catalogue_with_nothing_but_hints_pass(cli: Command):
    outcome = cli("catalogue", "lint", "project-spending/2020")
    assert (outcome.code, "错误 0 条，核实 0 条" in outcome.out) == (0, True)


def test_lint_lists_every_fault_of_a_file_that_cannot_be_loaded(cli: Command, tmp_path: Path):
    path = tmp_path / "坏.toml"
    path.write_text('format = 1\nid = "x"\nnonsense = 1\n', encoding="utf-8")
    outcome = cli("catalogue", "lint", path)
    assert outcome.code == 1
    assert outcome.err.count("·") > 2
    assert outcome.out == ""


def test_lint_reads_a_file_whatever_its_name_ends_with(cli: Command, tmp_path: Path):
    path = tmp_path / "rules.txt"
    path.write_bytes((ROOT / "catalogues/project-spending/2020.toml").read_bytes())
    assert "project-spending/2020" in cli("catalogue", "lint", path).out
    path.write_text("这不是指标体系", encoding="utf-8")
    assert "rules.txt" in cli("catalogue", "lint", path).err


def test_show_lists_rows_and_figures_of_a_catalogue(cli: Command):
    outcome = cli("catalogue", "show", WORKING)
    assert outcome.code == 0
    assert "分档得分" in outcome.out
    shown = cli("catalogue", "show", WORKING, "--json").json
    assert {row["code"]: row["full_points"] for row in shown["rows"]}["3.1"] == "20"
    assert "budget" in {figure["key"] for figure in shown["figures"]}


def test_an_unknown_catalogue_is_refused_with_the_nearest(cli: Command):
    outcome = cli("catalogue", "show", "xizang-dept-budget/2021")
    assert outcome.code == 1
    assert "xizang-dept-budget/2022" in outcome.err


# -------------------------------------------------------------------------------------------------------------- drafts


def test_new_makes_an_empty_draft_with_the_unit(cli: Command, draft: Path):
    shown = cli("show", draft).out
    assert "填报单位：某某厅　年度：2022" in shown
    assert "尚未填完：还有 47 行空白" in shown


def test_new_refuses_a_file_that_exists_and_leaves_it(cli: Command, tmp_path: Path):
    path = tmp_path / "a.zpb"
    path.write_bytes(b"mine")
    outcome = cli("new", path, "--catalogue", WORKING)
    assert outcome.code == 1
    assert "已经存在" in outcome.err
    assert path.read_bytes() == b"mine"


def test_new_tells_its_path_as_json(cli: Command, tmp_path: Path):
    made = cli("new", tmp_path / "a.zpb", "--catalogue", WORKING, "--json").json
    assert made == {"draft": str(tmp_path / "a.zpb"), "catalogue": WORKING}


def test_fill_says_what_it_took_and_show_shows_it(cli: Command, draft: Path, tmp_path: Path):
    path = answers(tmp_path / "a.toml", '[figures]\nbudget = 100\n[rows."1.2"]\nmet = true\n[rows."1.3"]\nmet = false')
    outcome = cli("fill", draft, path)
    assert outcome.code == 0
    assert "数据 1 项，自评 2 行" in outcome.out
    rows = {row["code"]: row for row in cli("show", draft, "--json").json["rows"]}
    assert (rows["1.2"]["points"], rows["1.3"]["points"], rows["1.4"]["points"]) == ("1", "0", None)


def test_fill_keeps_the_unit_that_the_file_does_not_name(cli: Command, draft: Path, tmp_path: Path):
    cli("fill", draft, answers(tmp_path / "a.toml", '[rows."1.2"]\nmet = true'))
    assert "填报单位：某某厅" in cli("show", draft).out


def test_fill_enters_nothing_of_a_file_with_faults(cli: Command, draft: Path, tmp_path: Path):
    before = draft.read_bytes()
    path = answers(tmp_path / "a.toml", '[rows."1.2"]\nmet = true\n[rows."1.33"]\nmet = 1\n[rows."1.1"]\npoints = 99')
    outcome = cli("fill", draft, path)
    assert outcome.code == 1
    assert outcome.err.count("·") == 2
    assert cli("show", draft, "--json").json["blank"] == "47"
    assert draft.read_bytes() == before


def test_fill_twice_says_that_nothing_changed(cli: Command, draft: Path, tmp_path: Path):
    path = answers(tmp_path / "a.toml", '[rows."1.2"]\nmet = true')
    cli("fill", draft, path)
    assert "没有变化" in cli("fill", draft, path).out


def test_fill_of_an_empty_file_says_so(cli: Command, draft: Path, tmp_path: Path):
    assert "没有任何内容" in cli("fill", draft, answers(tmp_path / "a.toml", "")).out


def test_fill_refuses_answers_for_another_catalogue(cli: Command, draft: Path):
    outcome = cli("fill", draft, EXAMPLE)
    assert outcome.code == 1
    assert "2022-transcribed" in outcome.err


def test_fill_prints_the_scorecard_as_json(cli: Command, draft: Path, tmp_path: Path):
    path = answers(tmp_path / "a.toml", '[rows."1.2"]\nmet = true')
    assert cli("fill", draft, path, "--json").json["base"] == "1"


@pytest.mark.parametrize("content", [b"", b"not a draft at all", b"SQLite format 3\x00" + b"\x00" * 100])
def test_a_file_that_is_no_draft_is_refused_in_words_and_left_alone(cli: Command, tmp_path: Path, content: bytes):
    path = tmp_path / "x.zpb"
    path.write_bytes(content)
    for verb in ("show", "check", "explain"):
        outcome = cli(verb, path)
        assert outcome.code == 1
        assert outcome.err.startswith("E3")
    assert path.read_bytes() == content


# -------------------------------------------------------------------------------------------------------------- reading


def test_show_json_has_exactly_the_documented_keys_and_numbers_as_texts(cli: Command):
    shown = cli("show", EXAMPLE, "--json").json
    assert list(shown) == [
        "base",
        "bonus",
        "deduction",
        "total",
        "attainable",
        "converted",
        "grade",
        "blank",
        "categories",
        "rows",
    ]
    assert (shown["base"], shown["bonus"], shown["deduction"], shown["total"]) == ("98", "8", "0", "106")
    assert (shown["attainable"], shown["converted"], shown["grade"], shown["blank"]) == ("98", "108", None, "0")
    assert shown["categories"][4] == {
        "code": "五",
        "title": "资产管理",
        "full_points": "5",
        "applicable": "5",
        "points": "5",
    }
    assert shown["rows"][0] == {"code": "1.1", "state": "answered", "full_points": "6", "points": "6"}


def test_no_number_of_any_json_is_a_number(cli: Command, tmp_path: Path):
    def numbers(value: object) -> list[object]:
        if isinstance(value, dict):
            return [found for inner in value.values() for found in numbers(inner)]
        if isinstance(value, list):
            return [found for inner in value for found in numbers(inner)]
        return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []

    for command in (
        ["catalogue", "list"],
        ["catalogue", "show", WORKING],
        ["catalogue", "lint", WORKING],
        ["show", EXAMPLE],
        ["check", EXAMPLE],
        ["explain", EXAMPLE],
        ["reconcile", TRANSCRIPTION],
        ["export", EXAMPLE, "--xlsx", tmp_path / "a.xlsx", "--pdf", tmp_path / "a.pdf"],
    ):
        assert numbers(cli(*command, "--json").json) == [], command


def test_show_of_a_row_left_out_and_of_a_blank_row_gives_null(cli: Command, tmp_path: Path):
    path = answers(tmp_path / "a.toml", '[rows."2.9"]\nnot_applicable = "没有"')
    rows = {row["code"]: row for row in cli("show", path, "--json").json["rows"]}
    assert (rows["2.9"]["state"], rows["1.1"]["state"], rows["1.1"]["points"]) == ("not_applicable", "blank", None)


def test_show_for_people_aligns_its_columns_and_says_that_all_is_filled(cli: Command):
    outcome = cli("show", EXAMPLE)
    assert outcome.code == 0
    lines = [line for line in outcome.out.splitlines() if line.startswith(("一、", "四、", "八、"))]
    assert len({width(line) for line in lines}) == 1
    assert "各行均已填写" in outcome.out
    assert "98 ÷ 98 × 100 + 8 = 108" in outcome.out
    assert "仅供研究" in outcome.out


def test_show_tells_provisional_points_and_the_missing_grade(cli: Command, tmp_path: Path):
    text = '[rows."1.1"]\npoints = 7\n[rows."2.9"]\nnot_applicable = "没有"'
    assert "1 行是暂计得分" in cli("show", answers(tmp_path / "a.toml", text)).out
    project = answers(tmp_path / "b.toml", "", "project-spending/2020")
    assert "填完后才定等级" in cli("show", project).out


def test_explain_gives_the_working_of_the_form_a_category_and_a_row(cli: Command):
    assert "基础分 =" in cli("explain", EXAMPLE).out
    assert cli("explain", EXAMPLE, "五").out.startswith("五、资产管理")
    assert "第 3.1 行" in cli("explain", EXAMPLE, "3.1", "--json").json["text"]


def test_explain_of_an_unknown_row_is_refused_with_the_nearest(cli: Command):
    outcome = cli("explain", EXAMPLE, "3.11")
    assert outcome.code == 1
    assert "最接近" in outcome.err


def test_check_lists_findings_and_exits_1(cli: Command):
    outcome = cli("check", EXAMPLE)
    assert outcome.code == 1
    assert "22.30%" in outcome.out
    findings = cli("check", EXAMPLE, "--json").json["findings"]
    assert {"code": "F144", "level": "error", "place": "3.1"}.items() <= next(
        finding for finding in findings if finding["code"] == "F144"
    ).items()


def test_check_compares_a_draft_with_the_last_years_form_that_it_keeps(cli: Command, draft: Path):
    row = PreviousRow(name="制度", full_points=Decimal(2), points=Decimal(1), reason="制度未建立")
    with Draft.open(draft) as opened:
        opened.put_answers({"1.2": Answer(met=False, reason="制度未建立")})
        opened.put_previous(PreviousYear(unit="", year="2021", title="", rows={"1.2": row}), "对照上年自评表")
    found = [finding for finding in cli("check", draft, "--json").json["findings"] if finding["code"] == "F221"]
    assert [(finding["level"], finding["place"]) for finding in found] == [("verify", "1.2")]
    assert "核实 1 条" in cli("show", draft).out


def test_a_draft_is_read_with_no_other_catalogue_than_its_own(cli: Command, draft: Path):
    outcome = cli("show", draft, "--catalogue", "project-spending/2020")
    assert outcome.code == 1
    assert outcome.err.startswith("E339")


def test_an_answers_file_can_be_read_with_a_catalogue_from_a_file(cli: Command, tmp_path: Path):
    text = (ROOT / "catalogues/project-spending/2020.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace('edition = "2020"', 'edition = "own"'), encoding="utf-8")
    path = answers(tmp_path / "a.toml", "", "project-spending/own")
    assert cli("show", path).code == 1
    assert cli("show", path, "--catalogue", own).code == 0
    assert cli("reconcile", path, "--catalogue", own).code == 0


# --------------------------------------------------------------------------------------------------------------- export


def test_check_of_a_draft_knows_its_documents_as_the_window_does(cli: Command, draft: Path, tmp_path: Path):
    cli("fill", draft, answers(tmp_path / "填.toml", '[rows."1.2"]\nmet = true\n[rows."1.3"]\nmet = true\n'))

    def told() -> list[str]:
        found = cli("check", draft, "--json").json["findings"]
        return [f"{one['code']} {one['place']}" for one in found if one["code"] in {"F213", "F303"}]

    assert told() == ["F303 form"]
    with Draft.open(draft) as opened:
        opened.attach("1.2", "批复.pdf", b"scan")
    assert told() == ["F213 1.3"]
    with Draft.open(draft) as opened:
        opened.undo()
    assert told() == ["F303 form"]


def test_export_writes_both_files_and_says_pages_and_check_code(cli: Command, tmp_path: Path):
    pdf, xlsx = tmp_path / "附件 100%.pdf", tmp_path / "附件.xlsx"
    outcome = cli("export", EXAMPLE, "--pdf", pdf, "--xlsx", xlsx)
    assert outcome.code == 0
    assert "页），校验码" in outcome.out
    assert pdf.read_bytes().startswith(b"%PDF")
    assert openpyxl.load_workbook(xlsx)["自评表"]
    files = cli("export", EXAMPLE, "--pdf", pdf, "--xlsx", xlsx, "--json").json["files"]
    assert [file["kind"] for file in files] == ["pdf", "xlsx"]
    assert files[0]["check_code"] == files[1]["check_code"]


@pytest.mark.parametrize("style", ["gbt9704", "foot", "none"])
def test_export_takes_every_style_of_page_numbers(cli: Command, tmp_path: Path, style: str):
    pdf = tmp_path / f"{style}.pdf"
    options = ["--page-numbers", style, "--first-page", "3", "--sign-off", "--profile", "office"]
    assert cli("export", EXAMPLE, "--pdf", pdf, *options).code == 0
    assert pdf.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "--pdf"),
        (["--pdf", "a.pdf", "--first-page", "0"], "1 至 9999 的整数，现在是 0"),
        (["--pdf", "a.pdf", "--first-page", "x"], "不是整数"),
        (["--pdf", "a.pdf", "--page-numbers", "left"], "gbt9704"),
        (["--pdf", "a", "--xlsx", "./a"], "同一个文件"),
    ],
)
def test_export_with_options_that_make_no_sense_is_a_usage_error(cli: Command, options: list[str], words: str):
    outcome = cli("export", EXAMPLE, *options)
    assert outcome.code == 2
    assert words in outcome.err


def test_of_two_exports_the_one_that_was_written_is_told_although_the_other_was_refused(
    cli: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pdf = tmp_path / "a.pdf"
    outcome = cli("export", EXAMPLE, "--pdf", pdf, "--xlsx", tmp_path / "没有" / "a.xlsx")
    assert (outcome.code, outcome.out[:4], outcome.err[:4]) == (1, "已导出 ", "E401")
    assert str(pdf) in outcome.out

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("selfassess.export.xlsx.export_xlsx", interrupt)
    outcome = cli("export", EXAMPLE, "--pdf", pdf, "--xlsx", tmp_path / "a.xlsx")
    assert (outcome.code, str(pdf) in outcome.out) == (130, True)


def test_export_into_a_folder_that_does_not_exist_is_refused_in_words(cli: Command, tmp_path: Path):
    for option in ("--pdf", "--xlsx"):
        outcome = cli("export", EXAMPLE, option, tmp_path / "没有" / "a")
        assert outcome.code == 1
        assert "没有" in outcome.err


# ------------------------------------------------------------------------------------------------------------ reconcile


def test_reconcile_reports_each_wrong_subtotal_both_totals_and_causes(cli: Command):
    outcome = cli("reconcile", TRANSCRIPTION)
    assert outcome.code == 1
    found = {
        (one["place"], one["quantity"]): one
        for one in cli("reconcile", TRANSCRIPTION, "--json").json["comparisons"]
        if one["differs"]
    }
    assert {place for place, quantity in found if quantity == "subtotal"} == {"一", "二", "三", "四", "五", "六"}
    without, with_band = found["form", "total_without_band"], found["form", "total_with_band"]
    assert (without["declared"], without["computed"], with_band["computed"]) == ("90.5", "96.5", "104.5")
    assert any("收入执行管理" in cause for cause in with_band["causes"])
    assert "可能的原因" in outcome.out


def test_reconcile_of_a_form_that_adds_up_is_fine(cli: Command, tmp_path: Path):
    path = tmp_path / "表.tsv"
    heading = "考核内容\t指标\t指标值\t计算方法\t指标性质\t考核方式\t数据来源\t考核结果\t扣罚分\t备注"
    lines = [heading, "一、甲\t\t100\t\t\t\t\t\t90\t", "\t乙\t100\t\t\t\t\t90\t\t", "合计\t\t100\t\t\t\t\t\t90\t"]
    path.write_text("\n".join(lines), encoding="gb18030")
    outcome = cli("reconcile", path)
    assert (outcome.code, "全部一致" in outcome.out) == (0, True)


def test_reconcile_of_a_form_that_states_no_sums_does_not_call_them_right(cli: Command, draft: Path):
    outcome = cli("reconcile", draft)
    assert outcome.code == 0
    assert "无从核对" in outcome.out
    assert "一致" not in outcome.out


def test_reconcile_compares_what_answers_declare_with_the_scorecard(cli: Command):
    outcome = cli("reconcile", EXAMPLE)
    assert outcome.code == 1
    assert "106" in outcome.out


def test_reconcile_of_a_workbook_says_how_to_save_it(cli: Command, tmp_path: Path):
    path = tmp_path / "a.xlsx"
    openpyxl.Workbook().save(path)
    outcome = cli("reconcile", path)
    assert outcome.code == 1
    assert "制表符分隔" in outcome.err


# --------------------------------------------------------------------------------------------------- usage and terminal


def test_help_is_chinese_and_names_every_verb(cli: Command):
    outcome = cli("--help")
    assert outcome.code == 0
    assert all(verb in outcome.out for verb in VERBS)
    for verb in VERBS:
        assert "用法：" in cli(verb, "--help").out


def test_a_verb_of_the_window_is_run_by_its_contributor(places: Places, capsys: pytest.CaptureFixture[str]):
    seen: list[str] = []

    def look(options, given: Places) -> int:
        seen.append(options.file)
        return 0 if given is places else 1

    verb = WindowVerb(name="open", summary="打开窗口", arguments=lambda parser: parser.add_argument("file"), run=look)
    assert run(["open", "a.zpb"], places, [verb]) == 0
    assert seen == ["a.zpb"]
    assert run(["--help"], places, [verb]) == 0
    assert "打开窗口" in capsys.readouterr().out


def test_ctrl_c_ends_quietly(places: Places, capsys: pytest.CaptureFixture[str]):
    def interrupted(options, given: Places) -> int:
        raise KeyboardInterrupt

    verb = WindowVerb(name="wait", summary="等", arguments=lambda _: None, run=interrupted)
    assert run(["wait"], places, [verb]) == 130
    assert capsys.readouterr().err == ""


def start(arguments: list[str], **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as its own process, as a shell would."""
    code = "import sys; from selfassess.cli import run; from selfassess.paths import find_places; " + (
        "code = run(sys.argv[1:], find_places()); "
        "sys.stderr.write(' '.join(m for m in ('PySide6', 'reportlab', 'openpyxl', 'xlsxwriter') if m in sys.modules));"
        "sys.exit(code)"
    )
    env = {name: value for name, value in os.environ.items() if name not in {"LANG", "LC_ALL", "PYTHONIOENCODING"}}
    env |= {"PYTHONPATH": str(ROOT / "src"), **environment}
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, env=env, check=False)


def test_reading_verbs_load_neither_qt_nor_a_library_of_exports():
    for arguments in (["show", EXAMPLE], ["check", EXAMPLE], ["catalogue", "list"], ["reconcile", TRANSCRIPTION]):
        assert start(arguments).stderr.decode() == ""


def test_export_loads_its_libraries_and_no_qt(tmp_path: Path):
    done = start(["export", EXAMPLE, "--pdf", str(tmp_path / "a.pdf"), "--xlsx", str(tmp_path / "a.xlsx")])
    assert done.returncode == 0
    assert "PySide6" not in done.stderr.decode()
    assert "xlsxwriter" in done.stderr.decode()


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
def test_chinese_comes_out_whole_in_a_locale_that_knows_none(locale: dict[str, str]):
    done = start(["show", EXAMPLE], **locale)
    assert done.returncode == 0
    assert "西藏自治区人民政府外事办公室" in done.stdout.decode("utf-8")


def test_a_reader_that_goes_away_is_no_crash():
    command = [
        sys.executable,
        "-c",
        "import sys; from selfassess.cli import run; from selfassess.paths import find_places",
    ]
    command[-1] += "; sys.exit(run(sys.argv[1:], find_places()))"
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen([*command, "explain", EXAMPLE], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) in {0, 1}
    assert b"Traceback" not in errors


FULL = Path("/dev/full")
"""A disk that is always full."""


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a full disk to write to")
@pytest.mark.parametrize("arguments", [["show", EXAMPLE], ["show", EXAMPLE, "--json"], ["catalogue", "list"]])
def test_a_report_that_a_full_disk_does_not_take_is_told_of(arguments: list[str]):
    done = write_to(FULL, arguments)
    assert (done.returncode, done.stderr.decode()) == (1, f"E185 {MESSAGES['E185']}\n")


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a full disk to write to")
def test_what_was_done_is_done_although_its_report_is_lost(tmp_path: Path):
    draft = tmp_path / "草稿.zpb"
    done = write_to(FULL, ["new", str(draft), "--catalogue", WORKING, "--unit", "某某局"])
    assert "已经执行完" in done.stderr.decode()
    with Draft.open(draft) as made:
        assert made.entries.unit.name == "某某局"


def test_no_output_at_all_is_no_crash():
    command = [sys.executable, "-m", "selfassess", "show", EXAMPLE]
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *command], capture_output=True, env=env, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def write_to(target: Path, arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with target.open("wb") as output:
        command = [sys.executable, "-m", "selfassess", *arguments]
        return subprocess.run(command, stdout=output, stderr=subprocess.PIPE, env=env, check=False)


def test_widths_count_chinese_twice_and_marks_not_at_all():
    assert (width("ab"), width("中文"), width("a中"), width("བོད"), width("１．５")) == (2, 4, 3, 2, 6)


def test_a_table_is_aligned_and_has_no_blanks_at_line_ends():
    assert table([("项", "数"), ("abc", "12")], right=(1,)) == "项   数\nabc  12"
    assert table([("甲\n乙", "")]) == "甲 乙"
    assert table([]) == ""


def test_a_missing_number_stays_null_in_json():
    assert (number(None), number(3)) == (None, "3")


def without_a_display(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    environment |= {"SELFASSESS_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "selfassess", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, check=False)


@pytest.mark.parametrize("arguments", [(), ("open", EXAMPLE)])
def test_a_window_without_a_display_is_refused_in_one_sentence(tmp_path, arguments):
    done = without_a_display(tmp_path, *arguments)
    assert done.returncode == 1
    assert done.stderr.decode() == MESSAGES["E199"] + "\n"


def test_a_picture_needs_no_display(tmp_path):
    draft, picture = str(tmp_path / "a.zpb"), tmp_path / "a.png"
    assert without_a_display(tmp_path, "new", draft, "--catalogue", WORKING, "--unit", "某厅").returncode == 0
    done = without_a_display(tmp_path, "picture", draft, str(picture))
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert done.stdout.decode() == f"已画 {picture}（1366×768 像素）。\n"
    assert picture.read_bytes().startswith(b"\x89PNG")


# ------------------------------------------------------------------------------------------------------------- compare


def test_compare_tells_what_two_copies_hold_differently_and_leaves_both_as_they_are(
    cli: Command, draft: Path, tmp_path: Path
):
    copy = Path(shutil.copy(draft, tmp_path / "草稿-DESKTOP-AB12.zpb"))
    assert (cli("compare", draft, copy).code, cli("compare", draft, copy).out.splitlines()[-1]) == (
        0,
        "两份的内容相同。",
    )
    cli("fill", draft, answers(tmp_path / "甲.toml", '[rows."1.1"]\nremark = "已核对"\n'))
    cli("fill", copy, answers(tmp_path / "乙.toml", '[unit]\nphone = "123"\n[rows."1.1"]\nremark = "见附件"\n'))
    before = draft.read_bytes(), copy.read_bytes()
    outcome = cli("compare", draft, copy)
    assert outcome.code == 1
    assert outcome.out.splitlines()[-5:] == [
        "位置               本文件  另一份  谁改过",
        "单位信息 联系电话  （空）  123     只有另一份改过",
        "第 1.1 行 备注     已核对  见附件  两边不同",
        "",
        "共 2 处不同。",
    ]
    found = cli("compare", draft, copy, "--json").json
    assert found["differences"][0] == {
        "scope": "unit",
        "key": "",
        "part": "phone",
        "place": "单位信息 联系电话",
        "changed": "theirs",
        "base": {},
        "ours": {},
        "theirs": {"phone": "123"},
    }
    assert found["totals"] == {"ours": "0", "theirs": "0"}
    assert (draft.read_bytes(), copy.read_bytes()) == before


def test_compare_refuses_in_words_what_is_no_draft_of_the_same_form(cli: Command, draft: Path, tmp_path: Path):
    other = tmp_path / "项目.zpb"
    cli("new", other, "--catalogue", "project-spending/2020")
    outcome = cli("compare", draft, other)
    assert (outcome.code, "E385" in outcome.err) == (1, True)
    assert "E301" in cli("compare", draft, tmp_path / "没有.zpb").err


def test_a_terminal_obeys_neither_the_name_of_a_file_nor_a_word_in_a_draft(cli: Command, tmp_path: Path):
    """Letters that move its cursor, set its title or turn a line round."""
    path = tmp_path / "a\x1b[31m\u202eb.zpb"
    assert cli("new", path, "--catalogue", WORKING, "--unit", "某\x9b厅").code == 0
    for said in (cli("show", path), cli("show", f"{path}x"), cli("compare", path, path), cli("check", path)):
        assert not set("\x1b\x9b\u202e") & set(said.out + said.err)
    path = tmp_path / "a\x1b[31m\u202eb\x7f\x9b.zpb"
    said = cli("new", path, "--catalogue", WORKING, "--json")
    assert not set("\x1b\x7f\x9b\u202e") & set(said.out)
    assert said.json["draft"] == str(path)
