"""How an open draft goes back to an earlier state, and what copies of it are made from; knows no entries.

What looks back is imported when it is wanted: a start must not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfassess.store.refusals import refusing
from selfassess.store.steps import SteppedDraft

if TYPE_CHECKING:
    from selfassess.store.backing_up import Source
    from selfassess.store.contents import Contents
    from selfassess.store.edits import Effect
    from selfassess.store.fields import Change
    from selfassess.store.restore_points import RestorePoint, RestorePoints

# ruff: noqa: PLC0415


class RestorableDraft(SteppedDraft):
    """An open draft that knows the way back."""

    def restore_points(self, most: int | None = None) -> RestorePoints:
        """The earlier states that :meth:`restore` can bring back.

        Args:
            most: Points after which to stop looking back; None: all.

        Raises:
            StoreError: The disk refuses.
        """
        from selfassess.store import restore_points

        with self.alone, refusing(self._database.path):
            return restore_points.listed(self._database.sql, self._contents, self._database.path, most)

    def changes_to(self, point: RestorePoint) -> tuple[Change, ...]:
        """What :meth:`restore` would change now.

        Raises:
            StoreError: The disk refuses, or the history is damaged.
        """
        from selfassess.store.restore_points import changes_between

        return tuple(changes_between(self._contents.sheet, self._state_at(point).sheet))

    def restore(self, point: RestorePoint) -> Effect | None:
        """Brings an earlier state back, as one new step; everything later stays in the history.

        Args:
            point: One of :meth:`restore_points`.

        Returns:
            What changed; None when the draft is in that state already.

        Raises:
            StoreError: The disk refuses, or the history is damaged; nothing changed.
        """
        from selfassess.store.restore_points import changes_between

        with self.alone:
            state = self._state_at(point)
            changes = changes_between(self._contents.sheet, state.sheet)
            return self._edit(changes, point.label, catalogue=state.catalogue)

    def _state_at(self, point: RestorePoint) -> Contents:
        from selfassess.store import restore_points

        with self.alone, refusing(self._database.path):
            return restore_points.state_at(self._database.sql, self._contents, point.step, self._database.path)

    def as_source(self) -> Source:
        """What an automatic copy is made from.

        Raises:
            StoreError: The disk refuses.
        """
        from selfassess.store.backing_up import Source

        with refusing(self._database.path):
            identity: str = self._database.sql.execute("SELECT identity FROM summary").fetchone()[0]
        return Source(sql=self._database.sql, alone=self.alone, path=self._database.path, identity=identity)
