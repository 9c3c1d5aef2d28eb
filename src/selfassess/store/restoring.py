"""How an open draft goes back to an earlier state, and what copies of it are made from; knows no entries.

What looks back is imported when it is wanted: a start must not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfassess.store.refusals import refusing
from selfassess.store.steps import SteppedDraft
from selfassess.waiting import never

if TYPE_CHECKING:
    from collections.abc import Callable

    from selfassess.store.backing_up import Source
    from selfassess.store.contents import Contents
    from selfassess.store.edits import Effect
    from selfassess.store.fields import Change
    from selfassess.store.restore_points import RestorePoint, RestorePoints


class RestorableDraft(SteppedDraft):
    """An open draft that knows the way back."""

    _seen: tuple[int, Contents] | None = None
    """The state that was looked at last, and after which step: what is then restored need not be looked for twice."""

    def steps_since(self, step: int) -> int:
        """How many steps were made since one: each takes a hundredth of a millisecond to look back over.

        Args:
            step: Its number; 0: since the draft was made.

        Raises:
            StoreError: The disk refuses.
        """
        with self.alone, refusing(self._database.path):
            return (self._database.sql.execute("SELECT max(id) FROM step").fetchone()[0] or 0) - step

    def restore_points(self, most: int | None = None, called_off: Callable[[], bool] = never) -> RestorePoints:
        """The earlier states that :meth:`restore` can bring back.

        Args:
            most: Points after which to stop looking back; None: all.
            called_off: Asked again and again.

        Raises:
            StoreError: The disk refuses.
            CalledOffError: It was called off.
        """
        from selfassess.store import restore_points  # noqa: PLC0415  (not at a start)

        with self.alone, refusing(self._database.path):
            return restore_points.listed(self._database.sql, self._contents, self._database.path, most, called_off)

    def changes_to(self, point: RestorePoint, called_off: Callable[[], bool] = never) -> tuple[Change, ...]:
        """What :meth:`restore` would change now.

        Args:
            point: One of :meth:`restore_points`.
            called_off: Asked again and again.

        Raises:
            StoreError: The disk refuses, or the history is damaged.
            CalledOffError: It was called off.
        """
        from selfassess.store.restore_points import changes_between  # noqa: PLC0415  (not at a start)

        return tuple(changes_between(self._contents.sheet, self._state_at(point, called_off).sheet))

    def restore(self, point: RestorePoint) -> Effect | None:
        """Brings an earlier state back, as one new step; everything later stays in the history.

        Args:
            point: One of :meth:`restore_points`.

        Returns:
            What changed; None when the draft is in that state already.

        Raises:
            StoreError: The disk refuses, or the history is damaged; nothing changed.
        """
        from selfassess.store.restore_points import changes_between  # noqa: PLC0415  (not at a start)

        with self.alone:
            state = self._state_at(point)
            changes = changes_between(self._contents.sheet, state.sheet)
            return self._edit(changes, point.label, catalogue=state.catalogue)

    def _state_at(self, point: RestorePoint, called_off: Callable[[], bool] = never) -> Contents:
        from selfassess.store import restore_points  # noqa: PLC0415  (not at a start)

        with self.alone, refusing(self._database.path):
            if self._seen is None or self._seen[0] != point.step:
                sql, path = self._database.sql, self._database.path
                state = restore_points.state_at(sql, self._contents, point.step, path, called_off)
                self._seen = (point.step, state)
            return self._seen[1]

    def as_source(self) -> Source:
        """What an automatic copy is made from.

        Raises:
            StoreError: The disk refuses.
        """
        from selfassess.store.backing_up import Source  # noqa: PLC0415  (not at a start)

        with refusing(self._database.path):
            identity: str = self._database.sql.execute("SELECT identity FROM summary").fetchone()[0]
        return Source(sql=self._database.sql, alone=self.alone, path=self._database.path, identity=identity)
