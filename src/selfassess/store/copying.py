"""另存为: a checked copy of an open draft, written beside and then given its name."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from selfassess.errors import StoreError
from selfassess.store import contents, creation
from selfassess.store.contents import Contents
from selfassess.store.creation import beside, check_folder
from selfassess.store.database import Database
from selfassess.store.evidence import Evidence, copy_bytes, put_bytes
from selfassess.store.fields import EVIDENCE, PREVIOUS
from selfassess.store.owner import this_owner
from selfassess.store.place import check_header, journal_of, past_locks, set_aside, sync_file, uri
from selfassess.store.refusals import REPORTED, refusing, refusing_new
from selfassess.store.schema import migrate
from selfassess.store.summary import PROGRAM
from selfassess.store.watch import FOREIGN, REWRITTEN, WRITTEN
from selfassess.store.words import short
from selfassess.temporary import sync_folder
from selfassess.wording import in_marks, message

_MOST_NAMED = 3
"""Documents that are named one by one in a sentence."""


def save_copy(source: Database, state: Contents, target: Path, at: datetime) -> str:
    """Copies an open draft, history and evidence included.

    Args:
        source: The open draft; its file may be gone.
        state: What it holds; the copy is compared with it, and made from it when the file cannot be read.
        target: An absolute path; a draft there that nobody has open is replaced.
        at: Now.

    Returns:
        "" for a whole copy, else one sentence on what could not be taken along.

    Raises:
        StoreError: The target cannot be written, is not a draft, is open, or the copy did not pass its check.
    """
    trouble = source.trouble
    loss = trouble.code if trouble else ""
    rewritten = loss in REWRITTEN
    if target == source.path and loss in FOREIGN:
        raise StoreError("E375", path=target)
    if target == source.path and not loss:
        raise StoreError("E318", path=target)
    check_folder(target)
    _check_replaceable(target, at)
    with beside(target) as temporary, refusing_new(target):
        notice = ""
        # What somebody else wrote and what is cached here would make a copy of neither.
        if rewritten or not (
            _is_copied_whole(source, temporary, target, state)
            or (loss not in {"E313", "E314"} and _is_copied_with_journal(source, temporary, target, state))
        ):
            lost = _lost_words(_build_from_memory(source, temporary, state, at))
            notice = message("E376", path=source.path, lost=lost) if loss == WRITTEN else message("E329", lost=lost)
            if fault := _fault_of(temporary, target, state, whole=False):
                raise StoreError("E316", path=target, detail=fault)
        sync_file(temporary)
        if os.path.lexists(journal_of(target)):  # it would be played back into the new file
            set_aside(journal_of(target))
            sync_folder(target.parent)  # or, after a power cut, both might be there
        temporary.replace(target)
        sync_folder(target.parent)
    return notice


def _check_replaceable(target: Path, at: datetime) -> None:
    if not os.path.lexists(target):
        return
    try:
        check_header(target)
    except StoreError as error:
        if error.code in {"E303", "E304"}:
            raise StoreError("E330", path=target) from error
        raise
    # Opening it proves that nobody else has it open, and plays back its own journal.
    Database(target, this_owner(at), at).close()


def _is_copied_whole(source: Database, temporary: Path, target: Path, state: Contents) -> bool:
    """Makes the copy; False when the draft's own file is not what was on the screen, or cannot be read.

    A disk that stumbles once is asked again.

    Raises:
        sqlite3.Error: The copy cannot be written.
    """
    for is_last in (False, True):
        try:
            _copy(source, temporary)
        except REPORTED as error:
            # Asking again makes no room.
            is_full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
            if _is_sound(source) and (is_last or is_full):
                raise
        else:
            if not _fault_of(temporary, target, state, whole=True):
                return True
        _empty(temporary)
    return False


def _copy(source: Database, temporary: Path) -> None:
    with contextlib.closing(sqlite3.connect(uri(temporary, "mode=rw"), uri=True, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous = OFF")  # synced as a whole afterwards
        source.sql.backup(copy)


def _is_copied_with_journal(source: Database, temporary: Path, target: Path, state: Contents) -> bool:
    """Makes the copy where a disk that takes no writes keeps the draft from being rolled back: the copy is, instead.

    False as of :func:`_is_copied_whole`. The path must name the draft's own file.
    """
    with contextlib.suppress(*REPORTED):
        source.copy_bytes(temporary)
        shutil.copyfile(journal_of(source.path), journal_of(temporary))
        with contextlib.closing(sqlite3.connect(uri(temporary, "mode=rw"), uri=True)) as copy:
            copy.execute("SELECT id FROM step").fetchone()  # plays the journal back
        if not _fault_of(temporary, target, state, whole=True):
            return True
    _empty(temporary)
    return False


def _build_from_memory(source: Database, temporary: Path, state: Contents, at: datetime) -> list[Evidence]:
    """The draft's own disk is gone or worn: what is on the screen is in memory, and that can be saved.

    Returns:
        The documents whose bytes could not be read any more.
    """
    kept, lost = list[Evidence](), list[Evidence]()
    _empty(temporary)
    with contextlib.ExitStack() as stack:
        places = [source.sql]
        with contextlib.suppress(*REPORTED):  # what lies in its place may be a copy, with documents
            places.append(stack.enter_context(contextlib.closing(past_locks(source.path))))
        copy = stack.enter_context(contextlib.closing(creation.connect(temporary)))
        migrate(copy, at=at.isoformat(), program=PROGRAM)
        copy.execute("BEGIN")
        # Each is read but once: a disk that gives it today may not give it again.
        for one in state.evidence:
            content = _bytes_of(places, one, source.path)
            if content is None:
                lost.append(one)
            else:
                put_bytes(copy, one.sha256, content)
                kept.append(one)
        copy.execute("COMMIT")
    creation.build(
        temporary,
        state.catalogue,
        state.entries,
        at,
        previous=state.sheet[PREVIOUS],
        evidence={one.key: state.sheet[EVIDENCE][one.key] for one in kept},
    )
    return lost


def _bytes_of(places: Sequence[sqlite3.Connection], evidence: Evidence, path: Path) -> bytearray | None:
    """What proves to be the document; None when no place gives it any more."""
    for sql in places:
        content = bytearray()
        try:
            copy_bytes(sql, evidence, path, content.extend)
        except (StoreError, *REPORTED):  # the latter of a file in which there are no tables any more
            continue
        return content
    return None


def _lost_words(documents: Sequence[Evidence]) -> str:
    if not documents:
        return "历史记录"
    named = "、".join(in_marks(short(one.name)) for one in documents[:_MOST_NAMED])
    more = f"等 {len(documents)} 份" if len(documents) > _MOST_NAMED else ""
    return f"历史记录和佐证材料{named}{more}"


def _empty(temporary: Path) -> None:
    journal_of(temporary).unlink(missing_ok=True)
    temporary.unlink()
    temporary.touch(exist_ok=False)


def _is_sound(source: Database) -> bool:
    """Whether the draft's own file can be read, so that what went wrong went wrong with the copy."""
    try:
        return source.sql.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
    except REPORTED:
        return False


def _fault_of(temporary: Path, target: Path, state: Contents, *, whole: bool) -> str:
    with contextlib.closing(sqlite3.connect(uri(temporary, "mode=ro"), uri=True, isolation_level=None)) as copy:
        try:
            with refusing(target):
                fault: str = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
                if fault != "ok":
                    return "结构错误"
                written = contents.load(copy, target)
        except StoreError as error:
            return error.message
    before, after = ((one.entries, one.catalogue, one.previous) for one in (state, written))
    if after != before:
        return "内容与原草稿不同"
    return "佐证材料与原草稿不同" if whole and written.sheet != state.sheet else ""
