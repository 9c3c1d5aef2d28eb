"""Remembered choices survive a restart; nothing that happens to their file stops the program."""

from __future__ import annotations

import pytest

from selfassess.gui.settings import Settings


def test_a_choice_is_known_after_the_next_start(tmp_path):
    Settings(tmp_path / "新" / "settings.json").put("theme", "dark")
    assert Settings(tmp_path / "新" / "settings.json").get("theme", "") == "dark"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b"\xff\xfe", b'"dark"', b"[" * 100_000],
    ids=["empty", "cut off", "a list", "no text", "a word", "too deep"],
)
def test_a_damaged_file_counts_as_empty(tmp_path, content):
    (tmp_path / "settings.json").write_bytes(content)
    settings = Settings(tmp_path / "settings.json")
    assert settings.get("theme", "system") == "system"
    assert settings.put("theme", "light")
    assert Settings(tmp_path / "settings.json").get("theme", "") == "light"


def test_a_value_of_another_type_counts_as_missing(tmp_path):
    (tmp_path / "settings.json").write_text('{"theme": 3, "first": true}', encoding="utf-8")
    settings = Settings(tmp_path / "settings.json")
    assert settings.get("theme", "system") == "system"
    assert settings.get("first", 1) == 1


def test_a_folder_that_cannot_be_made_costs_only_the_memory(tmp_path):
    (tmp_path / "数据").write_text("not a folder", encoding="utf-8")
    settings = Settings(tmp_path / "数据" / "settings.json")
    assert not settings.put("theme", "dark")
    assert settings.get("theme", "") == "dark"
