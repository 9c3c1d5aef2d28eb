"""Catalogues are found by id/edition, own ones are listed as own, and saving never leaves half a file."""

from __future__ import annotations

import pytest

from selfassess.catalogue import shelf
from selfassess.catalogue.loader import load
from selfassess.catalogue.writer import dumps
from selfassess.errors import CatalogueError


@pytest.fixture
def theirs(project):
    return project / "catalogues"


@pytest.fixture
def ours(tmp_path):
    return tmp_path / "own"


def refused(reference, folders) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        shelf.find(reference, folders)
    return caught.value


def test_the_shipped_catalogues_are_listed_by_reference(theirs):
    assert [(entry.reference, entry.own, entry.problem) for entry in shelf.shipped(theirs)] == [
        ("project-spending/2020", False, ""),
        ("xizang-dept-budget/2022", False, ""),
        ("xizang-dept-budget/2022-transcribed", False, ""),
    ]


def test_a_catalogue_is_found_by_reference(theirs, ours):
    path = shelf.find("xizang-dept-budget/2022", [theirs, ours])
    assert load(path).reference == "xizang-dept-budget/2022"
    assert shelf.find(" xizang-dept-budget/2022 ", [theirs]) == path


def test_a_wrong_reference_suggests_the_nearest(theirs):
    error = refused("xizang-dept-buget/2022", [theirs])
    assert error.code == "E223"
    assert "最接近的是“xizang-dept-budget/2022”" in error.message


def test_an_unlike_reference_lists_what_there_is(theirs, ours):
    assert "project-spending/2020" in refused("qqqqqq/1", [theirs]).message
    assert "一份指标体系也没有" in refused("qqqqqq/1", [ours]).message


@pytest.mark.parametrize("reference", ["2022", "", "a/b/c", "../x/2022", "xizang-dept-budget/..", "小表/2022"])
def test_what_is_no_reference_is_said_to_be_none(theirs, reference):
    assert refused(reference, [theirs]).code == "E224"


def test_an_own_catalogue_is_listed_as_own_after_the_shipped_ones(theirs, ours, small):
    path = shelf.save_own(small.catalogue(), ours)
    last = shelf.listed(theirs, ours)[-1]
    assert (last.reference, last.own, last.problem, last.path) == ("small/2024", True, "", path)
    assert shelf.find("small/2024", [theirs, ours]) == path


def test_an_own_catalogue_of_a_shipped_name_overrides_nothing(theirs, ours, small):
    own = small.but('id = "small"', 'id = "xizang-dept-budget"').but('edition = "2024"', 'edition = "2022"')
    path = shelf.save_own(own.catalogue(), ours)
    last = shelf.listed(theirs, ours)[-1]
    assert last.problem.startswith("E243 ")
    assert str(path) in last.problem
    assert shelf.find("xizang-dept-budget/2022", [theirs, ours]).is_relative_to(theirs)


def test_an_own_file_under_any_name_is_found_by_what_it_says(theirs, ours, small):
    ours.mkdir()
    path = ours / "我的表.toml"
    path.write_text(small.text, encoding="utf-8")
    assert shelf.find("small/2024", [theirs, ours]) == path


def test_a_broken_own_file_is_listed_with_its_reason(theirs, ours, small):
    ours.mkdir()
    (ours / "broken.toml").write_text(small.but("base = 10", "base = -1").text, encoding="utf-8")
    last = shelf.listed(theirs, ours)[-1]
    assert last.catalogue is None
    assert "E216" in last.problem
    assert last.reference == "own/broken"


def test_a_missing_own_folder_is_no_trouble(theirs, ours):
    assert shelf.listed(theirs, ours) == shelf.shipped(theirs)


def test_saving_again_replaces_the_file_and_leaves_nothing_beside_it(ours, small):
    shelf.save_own(small.catalogue(), ours)
    path = shelf.save_own(small.but("小表", "大表").catalogue(), ours)
    assert load(path).title == "大表"
    assert [file.name for file in path.parent.iterdir()] == ["2024.toml"]


def test_a_folder_that_cannot_be_made_is_refused_in_words(tmp_path, small):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CatalogueError) as caught:
        shelf.save_own(small.catalogue(), tmp_path / "file" / "own")
    assert caught.value.code == "E244"


def test_a_disk_that_fails_in_the_middle_leaves_the_old_file(ours, small, monkeypatch):
    path = shelf.save_own(small.catalogue(), ours)

    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("selfassess.catalogue.shelf.os.fsync", refuse)
    with pytest.raises(CatalogueError) as caught:
        shelf.save_own(small.but("小表", "大表").catalogue(), ours)
    assert caught.value.code == "E244"
    assert path.read_text(encoding="utf-8") == dumps(small.catalogue())
    assert [file.name for file in path.parent.iterdir()] == ["2024.toml"]
