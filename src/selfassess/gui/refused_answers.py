"""Answers that only the disk did not take: they wait by row, and are stored when it takes them; knows no field."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from selfassess.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from selfassess.document import Document
    from selfassess.domain.entries import Answer


class Origin(NamedTuple):
    """Where something was typed.

    Attributes:
        part: ``cell`` of the table, or ``field`` of the row's panel.
        code: The row.
        key: What is typed there, as the part calls it.
    """

    part: str
    code: str
    key: str


class _Refused(NamedTuple):
    """One that waits.

    Attributes:
        name: What it is called there.
        text: As it was typed.
        changes: What it changes of the row's answer.
        older: What stood there when it was refused, and what was refused there before: a disk may have it all the same.
    """

    name: str
    text: str
    changes: Mapping[str, Any]
    older: tuple[Mapping[str, Any], ...]


class RefusedAnswers(QObject):
    """All that wait, the newest last; where an answer became another one since, that is newer and stands.

    Signals:
        stored(object): What was typed at this :class:`Origin` is stored.
        outdated(object): What was typed there waits no more, for something newer was entered.
        said(str): A sentence for the status line.

    Args:
        document: The open draft.
        parent: Owner.
    """

    stored = Signal(object)
    outdated = Signal(object)
    said = Signal(str)

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._waiting: dict[Origin, _Refused] = {}
        self._entered: Origin | None = None
        document.scorecard_changed.connect(self._look)

    def keep(self, origin: Origin, name: str, text: str, changes: Mapping[str, Any]) -> None:
        """Let something wait that the disk has just refused; what waits for the same value is older and gives way.

        Args:
            origin: Where it was typed.
            name: What it is called there.
            text: As it was typed.
            changes: What it changes of the row's answer.
        """
        earlier = self._waiting.pop(origin, None)
        for other, refused in list(self._waiting.items()):
            if other.code == origin.code and refused.changes.keys() & changes.keys():
                self._give_way(other)
        answer = self._document.entries.answer(origin.code)
        older = (
            {key: getattr(answer, key) for key in changes},
            *(() if earlier is None else (earlier.changes, *earlier.older)),
        )
        self._waiting[origin] = _Refused(name, text, changes, older)

    @contextmanager
    def entering(self, origin: Origin) -> Generator[None]:
        """While something newer is entered there, nothing is said of what waits.

        Args:
            origin: Where it is typed; whoever enters it drops what waits when it is taken, or keeps it in its place.
        """
        self._entered = origin
        try:
            yield
        finally:
            self._entered = None

    def drop(self, origin: Origin) -> None:
        """Let something wait no more: it is given up, or entered anew; harmless when nothing waits."""
        self._waiting.pop(origin, None)

    def waits(self, origin: Origin) -> bool:
        """Whether something waits that was typed there."""
        return origin in self._waiting

    def named(self) -> list[str]:
        """Where all that waits was typed, in words: 第 3.2 行的备注."""
        words = (self.tr("第 {0} 行的{1}").format(origin.code, one.name) for origin, one in self._waiting.items())
        return list(dict.fromkeys(words))

    def retry(self) -> None:
        """Try once more to store what waits."""
        for origin, refused in list(self._waiting.items()):
            if origin not in self._waiting or self._document.is_closed:
                continue
            answer = self._document.entries.answer(origin.code)
            try:
                self._document.put_answer(origin.code, replace(answer, **refused.changes))
            except UserError:
                continue
            self._look()  # nothing was told where it stands there already

    def _look(self, *_news: object) -> None:
        """The answers may be others: what is stored, or older than they are, waits no more."""
        for origin, refused in list(self._waiting.items()):
            answer = self._document.entries.answer(origin.code)
            if origin not in self._waiting or origin == self._entered:
                continue
            if _holds(answer, refused.changes):
                self.drop(origin)
                self.stored.emit(origin)
            elif not any(_holds(answer, values) for values in refused.older):
                self._give_way(origin)

    def _give_way(self, origin: Origin) -> None:
        refused = self._waiting.pop(origin)
        self.outdated.emit(origin)
        text = self.tr("第 {0} 行的{1}后来又改过，先前没有存下的“{2}”不再保存。")
        self.said.emit(text.format(origin.code, refused.name, refused.text))


def _holds(answer: Answer, values: Mapping[str, Any]) -> bool:
    return all(getattr(answer, key) == value for key, value in values.items())
