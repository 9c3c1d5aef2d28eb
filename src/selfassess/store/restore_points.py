"""Restore points (恢复点): earlier states of a draft, found by taking its steps back from now; writes nothing.

Going back from now needs only steps that are still whole: where one is damaged, everything after it can be had.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from msgspec import Struct

from selfassess.errors import StoreError
from selfassess.scoring import Memo, score
from selfassess.store import contents, history
from selfassess.store.contents import Contents
from selfassess.store.digest import as_text
from selfassess.store.fields import CATALOGUE, SCOPES, Change, Group, Sheet, UnreadableError, changes_of
from selfassess.store.history import Step
from selfassess.store.summary import moment
from selfassess.store.words import words_of
from selfassess.waiting import CalledOffError, never
from selfassess.wording import message

PAUSE = timedelta(minutes=10)
"""A longer pause ends a sitting."""
SINGLE = 20
"""The last steps, each of which is a point of its own."""
MOST = 200
"""Points that are listed one by one; from then on only the last one of a day."""
_TURNS = {history.UNDO: "撤销：", history.REDO: "重做："}

Place = tuple[str, str, str]
"""Scope, key, field."""


class RestorePoint(Struct, frozen=True, kw_only=True):
    """A state that the draft had.

    Attributes:
        step: The last step that belongs to it.
        at: When that step was made.
        steps: How many steps were made since the point before.
        words: What those steps changed.
        rows: Rows of the base.
        answered: How many of them were not blank.
        total: 总分 at that time; None: no row applied.
    """

    step: int
    at: datetime
    steps: int
    words: str
    rows: int
    answered: int
    total: Decimal | None

    @property
    def label(self) -> str:
        """The name of the step that restores it, such as ``恢复到 11-25 10:32``."""
        return f"恢复到 {self.at:%m-%d %H:%M}"


class RestorePoints(Struct, frozen=True, kw_only=True):
    """The points of a draft.

    Attributes:
        points: The newest first; the present state is none of them.
        notice: Why older ones are missing; "" when they are all there.
        more: Whether there are older ones that were not asked for.
    """

    points: tuple[RestorePoint, ...]
    notice: str
    more: bool


def listed(
    sql: sqlite3.Connection,
    present: Contents,
    path: Path,
    most: int | None = None,
    called_off: Callable[[], bool] = never,
) -> RestorePoints:
    """The states that can be restored.

    Args:
        sql: The draft's connection.
        present: What it holds now.
        path: The draft, to name it.
        most: Points after which to stop; None: all.
        called_off: Asked at every step.

    Raises:
        CalledOffError: It was called off.
        sqlite3.Error: The file cannot be read.
    """
    ends, memo = _Ends(), Memo()
    points: list[RestorePoint] = []
    opened: tuple[datetime, Contents] | None = None
    since: list[Step] = []
    back = _Back(sql, present, path, called_off)
    for step, state in back.walk(ends.is_next):
        if state is not None:
            if opened is not None:
                points.append(_point(*opened, since, memo))
            if len(points) == most:
                return RestorePoints(points=tuple(points), notice="", more=True)
            opened, since = (ends.last, state), []
        since.append(step)
    if opened is not None:
        points.append(_point(*opened, since, memo))
    return RestorePoints(points=tuple(points), notice=message("E380") if back.damaged else "", more=False)


def state_at(
    sql: sqlite3.Connection, present: Contents, number: int, path: Path, called_off: Callable[[], bool] = never
) -> Contents:
    """What a draft held after one of its steps.

    Args:
        sql: The draft's connection.
        present: What it holds now.
        number: Of the step.
        path: The draft, to name it.
        called_off: Asked at every step.

    Raises:
        CalledOffError: It was called off.
        StoreError: A step after it is damaged.
        sqlite3.Error: The file cannot be read.
    """
    for step, state in _Back(sql, present, path, called_off).walk(lambda step: step.id == number):
        if step.id == number and state is not None:
            return state
    raise StoreError("E381", path=path)


def changes_between(before: Sheet, after: Sheet) -> list[Change]:
    """What leads from one state to another, field by field.

    Args:
        before: The fields before.
        after: The fields after.
    """
    return [
        change
        for scope in SCOPES
        for key in sorted({*after.get(scope, {}), *before.get(scope, {})}, key=_in_order)
        for change in changes_of(scope, key, before.get(scope, {}).get(key, {}), after.get(scope, {}).get(key, {}))
    ]


def _in_order(key: str) -> list[tuple[int, str]]:
    """Sorts 2.7 before 2.15."""
    return [(len(part), part) for part in key.split(".")]


class _Ends:
    """Tells the steps after which there is a point: the last ones singly, then sittings, far back days.

    Attributes:
        last: When the step was made that was asked about last.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._found = 0
        self.last = datetime.fromtimestamp(0).astimezone()

    def is_next(self, step: Step) -> bool:
        """Whether a point ends with this step.

        Args:
            step: Every step, the last one first.
        """
        later = self.last
        # No checksum guards the time; what it says of the pause is not worth a refusal.
        self.last = _moment(step.at) or later
        self._asked += 1
        if self._asked == 1:  # the present state
            return False
        # A clock that was set back makes a pause as well; which way it jumped does not matter.
        paused = abs(later - self.last) >= PAUSE
        if self._found >= MOST:
            paused = later.date() != self.last.date()
        found = paused or self._asked <= SINGLE + 1 or step.kind == history.START
        self._found += found
        return found


def _moment(text: str) -> datetime | None:
    try:
        return moment(text)
    except ValueError:
        return None


class _Back:
    """Goes from the present state back, step by step, as far as the steps are whole.

    Attributes:
        damaged: Whether it had to stop before the first step; known when the walk has ended.

    Args:
        sql: The draft's connection.
        present: What the draft holds now.
        path: The draft, to name it.
        called_off: Asked at every step.
    """

    def __init__(
        self, sql: sqlite3.Connection, present: Contents, path: Path, called_off: Callable[[], bool] = never
    ) -> None:
        self._sql = sql
        self._called_off = called_off
        self._path = path
        self._state = present
        self._flat: dict[Place, str | None] = {
            (scope, key, field): value
            for scope, groups in present.sheet.items()
            for key, stored in groups.items()
            for field, value in stored.items()
        }
        self._taken: dict[Place, Change] = {}
        self.damaged = False

    def walk(self, wanted: Callable[[Step], bool]) -> Iterator[tuple[Step, Contents | None]]:
        """Each step, the last one first, with the state after it where that is wanted.

        Args:
            wanted: Is asked about each step.
        """
        self.damaged = True  # until the first step was seen
        expected: int | None = None
        for step, reached in history.backwards(self._sql):
            if self._called_off():
                raise CalledOffError
            if expected is not None and step.id != expected:
                return
            expected = step.id - 1
            state = None
            if wanted(step):
                state = self._state_now()
                if state is None or as_text(state.checksum) != reached:
                    return
            if step.kind == history.START:
                self.damaged = False
            yield step, state
            if not step.intact or not self._take_back(step):
                return

    def _take_back(self, step: Step) -> bool:
        for change in step.changes:
            place = (change.scope, change.key, change.field)
            if self._flat.get(place) != change.after:
                return False
            self._flat[place] = change.before
            later = self._taken.get(place)
            self._taken[place] = Change(
                scope=change.scope,
                key=change.key,
                field=change.field,
                before=change.after if later is None else later.before,
                after=change.before,
            )
        return True

    def _state_now(self) -> Contents | None:
        """The state as far as it was taken back; None when what is there cannot be read."""
        changes = [change for change in self._taken.values() if change.before != change.after]
        catalogue = None
        try:
            for change in changes:
                if change.scope == CATALOGUE and change.after is not None:
                    catalogue = contents.stored_catalogue(self._sql, change.after, self._path)
            state = contents.moved(self._state, changes, catalogue)
        except (StoreError, UnreadableError):
            return None
        entered = [(change.scope, change.key) for change in changes if change.after is not None]
        if contents.unknown_place(state.catalogue, entered) is not None:  # a stranger's history
            return None
        self._state, self._taken = state, {}
        return state


def _point(at: datetime, state: Contents, steps: Sequence[Step], memo: Memo) -> RestorePoint:
    card = score(state.catalogue, state.entries, memo)
    rows = sum(category.rows for category in card.categories if category.in_base)
    return RestorePoint(
        step=steps[0].id,
        at=at.astimezone(),
        steps=len(steps),
        words=_words(steps, state),
        rows=rows,
        answered=rows - card.blank,
        total=card.total,
    )


def _words(steps: Sequence[Step], state: Contents) -> str:
    """What some steps did together, the last one first."""
    if steps[-1].kind == history.START:
        return "新建" if len(steps) == 1 else f"新建，并修改 {len(steps) - 1} 步"
    if len(steps) == 1:
        words = steps[0].label or words_of(steps[0].changes if steps[0].intact else (), state.catalogue)
        return f"{_TURNS.get(steps[0].kind, '')}{words}"
    net = net_changes(change for step in reversed(steps) for change in step.changes)
    return words_of(net, state.catalogue) if net else "改过又改回"


def net_changes(changes: Iterable[Change]) -> list[Change]:
    """Changes of several steps as if they were made at once.

    Args:
        changes: In the order they were made.
    """
    net: dict[tuple[Group, str], Change] = {}
    for change in changes:
        place = ((change.scope, change.key), change.field)
        first = net.get(place)
        net[place] = (
            change
            if first is None
            else Change(scope=change.scope, key=change.key, field=change.field, before=first.before, after=change.after)
        )
    return [change for change in net.values() if change.before != change.after]
