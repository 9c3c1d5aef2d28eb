"""Salvage (抢救): a new draft out of what can still be read in a damaged one, which is only read, with a report.

The damaged file is copied first, whatever of it can be read (:mod:`private_copy`). Then pages are read one by one
(:mod:`pages`, :mod:`remains`), the last values are chosen (:mod:`choosing`), and what fits the form makes a new draft.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from selfassess.domain.catalogue import Catalogue
from selfassess.domain.entries import Entries
from selfassess.errors import InputError, StoreError
from selfassess.scoring.entering import check_answer
from selfassess.store import codec, contents, creation
from selfassess.store.choosing import choose
from selfassess.store.evidence import Evidence, put_bytes, read_evidence
from selfassess.store.fields import (
    ADJUSTMENT,
    ANSWER,
    ENTRY_SCOPES,
    EVIDENCE,
    FIGURE,
    PREVIOUS,
    SCOPES,
    UnreadableError,
)
from selfassess.store.lost_rules import rules_of
from selfassess.store.place import free_name, real_place, sync_file, uri
from selfassess.store.previous import read_previous
from selfassess.store.private_copy import private_copies, private_folder, wreck_in
from selfassess.store.refusals import refusing_new
from selfassess.store.remains import Place, Remains, Wreck
from selfassess.store.salvage_report import Report, blank_places, difference_from, saved_words, values_in_words
from selfassess.temporary import sync_folder
from selfassess.wording import in_marks

_FIRST = "0"
"""Key of the first matter."""


def salvage(
    source: Path, target: Path, at: datetime, folders: Sequence[Path] = (), given: Catalogue | None = None
) -> Report:
    """Make a new draft out of a damaged one.

    Args:
        source: The damaged draft; it is only read.
        target: The new draft; nothing may be there yet.
        at: Now.
        folders: Where catalogues lie, in case the draft's own cannot be read.
        given: The rules to take in that case.

    Returns:
        What was saved and what was not.

    Raises:
        StoreError: Nothing can be read, the rules are unknown, or the new draft cannot be written.
    """
    place = real_place(target)
    creation.check_folder(place)
    if os.path.lexists(place):
        raise StoreError("E320", path=place)
    reports: list[Report] = []
    with private_folder() as folder:
        copies = private_copies(real_place(source), folder)
        with contextlib.ExitStack() as stack:
            wrecks = [stack.enter_context(wreck_in(copy)) for copy in copies]
            # With the journal played back, as a rule; but the journal may be what is damaged.
            wreck = max(wrecks, key=lambda one: _worth(one.remains))
            reports.append(_Salvage(wreck, source, place, at, folders, given).run())
    return reports[0]


def holds_something(source: Path) -> bool:
    """Whether there is anything of a draft in a file that does not say that it is one.

    Args:
        source: The file; it is only read.

    Raises:
        StoreError: It cannot be read at all.
    """
    with private_folder() as folder:
        found = 0
        for copy in private_copies(real_place(source), folder):
            with wreck_in(copy) as wreck:
                found += wreck.remains.found
    return found > 0


def _worth(remains: Remains) -> tuple[bool, int]:
    choice = choose(remains)
    return choice.complete, len(choice.values) - len(choice.unproved)


class _Salvage:
    """Makes the new draft of one wreck."""

    def __init__(
        self, wreck: Wreck, source: Path, target: Path, at: datetime, folders: Sequence[Path], given: Catalogue | None
    ) -> None:
        self._wreck = wreck
        self._source = source
        self._target = target
        self._at = at
        self._choice = choose(wreck.remains)
        if not any(scope in ENTRY_SCOPES or scope == EVIDENCE for scope, _, _ in self._choice.values):
            raise StoreError("E382", path=source)
        rules = rules_of(wreck.remains, self._choice, folders, given)
        if rules is None:
            head = wreck.remains.head
            raise StoreError("E383", path=source, which=head.reference if head else "不知道是哪一份")
        self._rules = rules
        self._sheet = _sheet(self._choice.values)
        self._dropped: list[tuple[Place, str]] = []

    def run(self) -> Report:
        """The new draft is there afterwards."""
        entries = self._entries()
        documents, lost = self._documents()
        report = self._report(entries, len(documents), lost)
        self._write(entries, documents)
        return report

    def _write(self, entries: Entries, documents: Sequence[Evidence]) -> None:
        groups = {one.key: self._sheet[EVIDENCE][one.key] for one in documents}
        with creation.beside(self._target) as temporary, refusing_new(self._target):
            creation.build(
                temporary, self._rules.catalogue, entries, self._at, previous=self._previous(), evidence=groups
            )
            with contextlib.closing(sqlite3.connect(uri(temporary, "mode=rw"), uri=True)) as sql, sql:
                for one in documents:
                    put_bytes(sql, one.sha256, self._wreck.document(one.sha256) or b"")
            with contextlib.closing(sqlite3.connect(uri(temporary, "mode=ro"), uri=True)) as sql:
                contents.load(sql, self._target)
            sync_file(temporary)
            creation.name_new(temporary, self._target)
            sync_folder(self._target.parent)

    # ------------------------------------------------------------------------------------------------- what can be read
    def _entries(self) -> Entries:
        """The entries without what no form can hold; that is noted."""
        self._keep(FIGURE, {figure.key for figure in self._rules.catalogue.figures})
        self._keep(ANSWER, {row.code for _, row in self._rules.catalogue.indicators()})
        self._number_matters()
        for scope in ENTRY_SCOPES:
            for key in tuple(self._sheet[scope]):
                self._make_readable(scope, key)
        while True:
            entries = codec.read_entries(self._sheet)
            misfit = self._misfit(entries)
            if misfit is None:
                return entries
            for field in tuple(self._sheet[ANSWER][misfit]):
                self._drop((ANSWER, misfit, field))

    def _misfit(self, entries: Entries) -> str | None:
        """A row with a value that nothing proves and that its rule cannot take."""
        for _, row in self._rules.catalogue.indicators():
            if (ANSWER, row.code) in self._doubted and row.code in entries.answers:
                try:
                    check_answer(row, entries.answers[row.code])
                except InputError:
                    return row.code
        return None

    @property
    def _doubted(self) -> frozenset[tuple[str, str]]:
        return frozenset((scope, key) for scope, key, _ in self._choice.unproved)

    def _keep(self, scope: str, known: set[str]) -> None:
        for key in [key for key in self._sheet[scope] if key not in known]:
            for field in tuple(self._sheet[scope][key]):
                self._drop((scope, key, field))

    def _number_matters(self) -> None:
        """Matters are numbered without a gap, and each has a text, be it empty."""
        found = self._sheet[ADJUSTMENT]
        for key in [key for key in found if not codec.is_count(key)]:
            for field in tuple(found[key]):
                self._drop((ADJUSTMENT, key, field))
        ordered = [found[key] for key in sorted(found, key=int)]
        self._sheet[ADJUSTMENT] = {str(number): {"matter": "", **stored} for number, stored in enumerate(ordered)}

    def _make_readable(self, scope: str, key: str) -> None:
        """Drops what cannot be read of one group; alone, because a stranger's file may have very many of them."""
        empty: dict[str, dict[str, dict[str, str]]] = {one: {} for one in SCOPES}
        while key in self._sheet[scope]:
            stored = self._sheet[scope][key]
            try:
                codec.read_entries({**empty, scope: {_FIRST if scope == ADJUSTMENT else key: stored}})
            except UnreadableError as error:
                self._drop_unreadable(UnreadableError(scope, key, error.field, error.value))
            else:
                return

    def _drop_unreadable(self, error: UnreadableError) -> None:
        group = self._sheet[error.scope][error.key]
        # Half of a pair is unreadable without its other half.
        partners = [name for name in group if name.partition(".")[0] == error.field.partition(".")[0]]
        for field in [error.field] if error.field in group else partners or list(group):
            self._drop((error.scope, error.key, field))

    def _drop(self, place: Place) -> None:
        scope, key, field = place
        self._dropped.append((place, self._sheet[scope][key].pop(field)))
        if not self._sheet[scope][key]:
            del self._sheet[scope][key]

    def _previous(self) -> dict[str, dict[str, str]]:
        """Last year's form, whole and proved or not at all: it can be chosen anew."""
        groups = self._sheet[PREVIOUS]
        if not groups or any(scope == PREVIOUS for scope, _, _ in self._choice.unproved):
            return {}
        with contextlib.suppress(UnreadableError):
            read_previous(groups)
            return groups
        return {}

    def _documents(self) -> tuple[list[Evidence], list[str]]:
        saved: list[Evidence] = []
        lost: list[str] = []
        for key, stored in self._sheet[EVIDENCE].items():
            try:
                (one,) = read_evidence({key: stored})
            except UnreadableError:
                lost.append(f"编号 {key}：{stored.get('name', '名称不明')}（登记的内容不全）")
                continue
            if self._wreck.document(one.sha256) is None:
                lost.append(f"第 {one.row} 行{in_marks(one.name)}")
            else:
                saved.append(one)
        return saved, lost

    # ------------------------------------------------------------------------------------------------------- the report
    def _report(self, entries: Entries, documents: int, lost: Sequence[str]) -> Report:
        catalogue, choice = self._rules.catalogue, self._choice
        kept = {
            (scope, key, field): value
            for scope in ENTRY_SCOPES
            for key, stored in self._sheet[scope].items()
            for field, value in stored.items()
        }
        proved = choice.complete and not choice.unproved and not self._dropped
        doubted_scopes = {scope for scope, _, _ in choice.unproved}
        doubted = [
            (place, value)
            for place, value in kept.items()
            if place in choice.unproved or (place[0] == ADJUSTMENT and ADJUSTMENT in doubted_scopes)  # numbered anew
        ]
        notes: list[str] = []
        if not choice.complete:
            notes.append("读到的各行也可能少了个别内容，如备注、原因；清单以外的内容也请看一遍。")
        if not proved:
            remains = self._wreck.remains
            notes += difference_from(remains.steps.get(remains.last), entries, catalogue)
        if self._sheet[PREVIOUS] and not self._previous():
            notes.append("用来对照的上年自评表没有救回，请重新选择。")
        unnamed = self._wreck.documents - {stored.get("sha256") for stored in self._sheet[EVIDENCE].values()}
        if unnamed and not proved:
            notes.append(
                f"另有 {len(unnamed)} 份佐证材料不知道属于哪一行（可能是移除的），没有放进新草稿，仍在损坏的文件里。"
            )
        return Report(
            source=self._source,
            target=self._target,
            at=self._at,
            proved=proved,
            same_rules=self._rules.certain,
            saved=saved_words(entries, documents),
            rules=self._rules.words,
            to_check=values_in_words(doubted, catalogue),
            not_taken=values_in_words(self._dropped, catalogue),
            missing=() if choice.complete else blank_places(entries, catalogue, choice.gone),
            documents=tuple(lost),
            notes=tuple(notes),
            places=frozenset((scope, key) for (scope, key, _), _ in doubted),
        )


def _sheet(values: Mapping[Place, str]) -> dict[str, dict[str, dict[str, str]]]:
    sheet: dict[str, dict[str, dict[str, str]]] = {scope: {} for scope in SCOPES}
    for (scope, key, field), value in values.items():
        if scope in sheet:
            sheet[scope].setdefault(key, {})[field] = value
    return sheet


def report_path(target: Path) -> Path:
    """Where the report of a salvaged draft lies: beside it, because it is needed when the draft is looked through."""
    return target.with_name(f"{target.stem}（抢救报告）.txt")


def keep_report(report: Report) -> Path | StoreError:
    """Writes a report beside its draft, under a name that no file has.

    Args:
        report: The report.

    Returns:
        The file; or why there is none: the new draft is there all the same, and that must not look like a failure.
    """
    wanted = report_path(report.target)
    path = free_name(wanted.parent, wanted.stem, wanted.suffix)
    try:
        save_report(report, path)
    except StoreError as error:
        return error
    return path


def save_report(report: Report, path: Path) -> None:
    """Writes a report as a text file.

    Args:
        report: The report.
        path: Where; a file there is replaced.

    Raises:
        StoreError: The place cannot be written.
    """
    with creation.beside(path) as temporary, refusing_new(path):
        temporary.write_text(report.text, encoding="utf-8")
        sync_file(temporary)
        temporary.replace(path)
        sync_folder(path.parent)
