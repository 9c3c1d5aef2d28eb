"""A history of very many steps: its restore points are listed, and the oldest state comes back, without a wait."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

from wrecks import CATALOGUES

from selfassess.catalogue.loader import load
from selfassess.domain.entries import Answer
from selfassess.store import creation, digest, history
from selfassess.store.draft import Draft
from selfassess.store.fields import Change


def append(path, steps):
    """Steps as somebody who types remarks for weeks makes them, put in at once."""
    at = datetime(2023, 1, 1, tzinfo=UTC)
    with closing(sqlite3.connect(path, isolation_level=None)) as sql:
        sql.execute("PRAGMA synchronous = OFF")
        (contents,) = sql.execute("SELECT contents FROM step ORDER BY id DESC LIMIT 1").fetchone()
        checksum, before = int(contents, 16), "0"
        sql.execute("BEGIN")
        for number in range(1, steps + 1):
            at += timedelta(seconds=20 if number % 300 else 3600)
            change = Change(scope="answer", key="1.1", field="remark", before=before, after=str(number))
            checksum, before = digest.moved_sum(checksum, [change]), str(number)
            reached = history.Reached(answered=0, total=None, contents=digest.as_text(checksum))
            history.append(sql, history.EDIT, "", at, [change], reached)
        creation.write_changes(sql, [change])
        sql.execute("COMMIT")


def test_points_of_a_very_long_history_are_listed_and_restored(tmp_path, size, figures):
    steps, path = size(10_000, 100_000), tmp_path / "草稿.zpb"
    with Draft.create(path, load(CATALOGUES / "xizang-dept-budget" / "2022.toml")) as draft:
        draft.put_answers({"1.1": Answer(remark="0")})
    append(path, steps)
    with Draft.open(path) as draft:
        started = time.process_time()
        first = draft.restore_points(60)
        listed = time.process_time()
        whole = draft.restore_points()
        looked_back = time.process_time()
        assert whole.points[:60] == first.points[:60]
        assert (whole.notice, whole.points[-1].words) == ("", "新建")
        draft.restore(whole.points[-1])
        restored = time.process_time()
        assert draft.entries.answers == {}
        draft.undo()
        assert draft.entries.answer("1.1").remark == str(steps)
    seconds = (listed - started, looked_back - listed, restored - looked_back)
    figures.note(
        f"restore points of {steps} steps: first 60 / all / oldest restored, s",
        " / ".join(f"{one:.2f}" for one in seconds),
    )
    assert seconds[0] < 5  # a hundredth of it, as a rule
