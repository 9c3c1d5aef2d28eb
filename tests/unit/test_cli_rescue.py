"""The verbs for what went wrong: restore, backups, salvage."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from selfassess.cli import run
from selfassess.errors import StoreError
from selfassess.paths import Places
from selfassess.store.backing_up import back_up
from selfassess.store.backups import Backups
from selfassess.store.draft import Draft, now

ROOT = Path(__file__).resolve().parents[2]
TRANSCRIBED = "xizang-dept-budget/2022-transcribed"
EXAMPLE = ROOT / "examples/foreign-affairs-2022.answers.toml"


@pytest.fixture
def places(tmp_path):
    return Places(assets=ROOT, data=tmp_path / "数据")


@pytest.fixture
def cli(places, capsys):
    def command(*arguments):
        code = run([str(argument) for argument in arguments], places)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def filled(cli, tmp_path):
    draft = tmp_path / "甲.zpb"
    cli("new", draft, "--catalogue", TRANSCRIBED, "--unit", "某某局")
    cli("fill", draft, EXAMPLE)
    return draft


def total_of(cli, draft):
    return json.loads(cli("show", draft, "--json")[1])["total"]


def test_restore_lists_the_points_and_goes_back_to_one_as_a_step(cli, filled):
    code, out, _ = cli("restore", filled)
    assert code == 0
    assert out.splitlines()[0].split() == ["编号", "时间", "步数", "已填", "总分", "修改"]
    assert "新建" in out
    listed = json.loads(cli("restore", filled, "--json")[1])
    (point,) = listed["points"]
    assert (point["number"], point["answered"], listed["notice"]) == ("1", "0", None)
    total = total_of(cli, filled)
    code, out, _ = cli("restore", filled, "1")
    assert (code, out[:5]) == (0, "已恢复到 ")
    assert total_of(cli, filled) == "0"
    with Draft.open(filled) as draft:
        draft.undo()
    assert total_of(cli, filled) == total


def test_a_point_that_is_none_is_refused(cli, filled):
    code, _, err = cli("restore", filled, "77")
    assert (code, err[:4]) == (1, "E384")


def test_backups_are_listed_by_draft_and_of_a_draft_that_is_gone(cli, filled, places):
    assert cli("backups") == (0, "还没有自动备份。\n", "")
    with Draft.open(filled) as draft:
        path = back_up(draft.as_source(), Backups(places.backups), now())
    assert "外事办公室" in cli("backups")[1]
    filled.unlink()
    assert str(path) in cli("backups", filled)[1]
    assert not filled.exists()
    assert json.loads(cli("backups", filled, "--json")[1])["copies"][0]["path"] == str(path)
    assert len(json.loads(cli("backups", "--json")[1])["drafts"]) == 1
    assert cli("backups", filled.with_name("别的.zpb"))[1] == "没有这份草稿的自动备份。\n"


def test_salvage_makes_a_new_draft_with_a_report_beside_it(cli, filled, tmp_path):
    total, content = total_of(cli, filled), bytearray(filled.read_bytes())
    content[:100] = bytes(100)
    filled.write_bytes(content)
    assert cli("show", filled)[0] == 1
    new = tmp_path / "新.zpb"
    code, out, _ = cli("salvage", filled, new)
    assert code == 0
    assert "填报内容全部救回" in out
    assert (tmp_path / "新（抢救报告）.txt").read_text(encoding="utf-8") == out
    assert total_of(cli, new) == total
    assert filled.read_bytes() == content


def test_the_report_takes_another_name_where_somebody_keeps_notes_under_its_own(cli, filled, tmp_path):
    filled.write_bytes(bytes(100) + filled.read_bytes()[100:])
    notes = tmp_path / "新（抢救报告）.txt"
    notes.write_text("我的笔记", encoding="utf-8")
    answer = json.loads(cli("salvage", filled, tmp_path / "新.zpb", "--json")[1])
    assert notes.read_text(encoding="utf-8") == "我的笔记"
    assert answer["report"] == str(tmp_path / "新（抢救报告）（2）.txt")
    assert "填报内容全部救回" in (tmp_path / "新（抢救报告）（2）.txt").read_text(encoding="utf-8")


def test_a_salvage_whose_report_cannot_be_written_says_that_the_draft_is_there(cli, filled, tmp_path, monkeypatch):
    filled.write_bytes(bytes(100) + filled.read_bytes()[100:])
    monkeypatch.setattr(Path, "write_text", full)
    code, out, err = cli("salvage", filled, tmp_path / "新.zpb")
    assert code == 1
    assert "填报内容全部救回" in out
    assert err.startswith("新草稿已经存好，但报告没有存成文件。E335")
    assert (tmp_path / "新.zpb").exists()


def full(*_args, **_kwargs):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_salvage_overwrites_nothing_and_refuses_what_holds_nothing(cli, filled, tmp_path):
    assert "E320" in cli("salvage", filled, filled)[2]
    empty = tmp_path / "空.zpb"
    empty.write_bytes(b"")
    code, _, err = cli("salvage", empty, tmp_path / "新.zpb")
    assert (code, err[:4]) == (1, "E382")
    assert not (tmp_path / "新.zpb").exists()


def test_a_damaged_draft_is_refused_with_the_command_that_saves_what_is_left_of_it(cli, filled):
    filled.write_bytes(filled.read_bytes()[:6000])
    code, _, err = cli("show", filled)
    assert (code, err[:4]) == (1, "E306")
    assert err.endswith("可以抢救还能读出的内容。抢救的命令：selfassess salvage 损坏的草稿 新草稿。\n")
    assert "salvage" not in StoreError("E306", path=filled, detail="").message  # as a window says it


@pytest.mark.parametrize("by", ["its path", "a link"])
def test_no_verb_writes_to_an_automatic_copy_and_all_that_read_take_it(cli, filled, places, tmp_path, by):
    with Draft.open(filled) as draft:
        back_up(draft.as_source(), Backups(places.backups), now())
    (copy,) = places.backups.glob("*/*.zpb")
    path = copy
    if by == "a link":
        path = tmp_path / "备份.zpb"
        path.symlink_to(copy)
    before = copy.read_bytes(), copy.stat().st_mtime_ns, sorted(copy.parent.iterdir())
    for command in (("restore", path, "1"), ("fill", path, EXAMPLE)):
        code, out, err = cli(*command)
        assert (code, out, err[:4]) == (1, "", "E395")
        assert "自动备份" in err
        assert "复制到别处" in err
    assert total_of(cli, path) == total_of(cli, filled)
    assert cli("restore", path)[0] == 0
    assert (copy.read_bytes(), copy.stat().st_mtime_ns, sorted(copy.parent.iterdir())) == before


def without_rules(content, reference=None):
    """The text of the rules is broken, and where a reference is given, the draft's own word of which they are."""
    content = content.replace(b"[[categories]]", b"[[xxxxxxxxxx]]")
    return content if reference is None else content.replace(TRANSCRIBED.encode(), reference)


def test_lost_rules_are_replaced_by_the_same_ones_from_the_shelf(cli, filled, tmp_path):
    filled.write_bytes(without_rules(filled.read_bytes()))
    code, out, _ = cli("salvage", filled, tmp_path / "新.zpb", "--json")
    found = json.loads(out)
    assert (code, found["proved"], found["same_rules"]) == (0, True, True)
    assert "已换用程序里的同一份（校验值相同）" in found["rules"]


def test_rules_that_nobody_knows_can_be_named(cli, filled, tmp_path, capsys):
    filled.write_bytes(without_rules(filled.read_bytes(), b"x" * len(TRANSCRIBED)))
    nothing = Places(assets=tmp_path / "没有", data=tmp_path / "数据")
    assert run(["salvage", str(filled), str(tmp_path / "新.zpb")], nothing) == 1
    assert capsys.readouterr().err[:4] == "E383"
    assert not (tmp_path / "新.zpb").exists()
    form = ROOT / "catalogues" / f"{TRANSCRIBED}.toml"
    assert run(["salvage", str(filled), str(tmp_path / "新.zpb"), "--catalogue", str(form)], nothing) == 0
    form = ROOT / "catalogues" / "xizang-dept-budget/2022.toml"
    assert run(["salvage", str(filled), str(tmp_path / "另.zpb"), "--catalogue", str(form)], nothing) == 1
    assert "不是原来的那一份" in capsys.readouterr().out
