"""Answers that only the disk did not take: they wait, and are stored by themselves while their row is as it was."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from selfassess.domain.entries import Answer
from selfassess.errors import UserError
from selfassess.store.words import short

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Mapping

    from selfassess.document import Document

_TEXTS = frozenset({"reason", "remark"})
"""Fields of an answer that contradict no other; all the others together are how the row is answered."""
_ANSWERING = frozenset(Answer.__struct_fields__) - _TEXTS
_BESIDE = {
    "numerator": "denominator",
    "denominator": "numerator",
    "not_applicable": "average",
    "average": "not_applicable",
}
"""Fields that are entered one beside the other, each for itself."""


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
        stood: The row's answer when it was refused, and as it was to be with what was refused there before: a disk may
            have that all the same. While the row is another in what matters, nothing is stored.
        rule: By what the row was filled in then.
    """

    name: str
    text: str
    changes: Mapping[str, Any]
    stood: tuple[Answer, ...]
    rule: object

    @property
    def wanted(self) -> Answer:
        """The row's answer as it was to be."""
        return replace(self.stood[0], **self.changes)


class RefusedAnswers(QObject):
    """All that wait, the newest last; where a row was answered otherwise since, or got another rule, that stands.

    Signals:
        stored(object): What was typed at this :class:`Origin` is stored.
        outdated(object): What was typed there waits no more, for something newer was entered.
        dropped(str, str): What that was, in words, and its whole text, which stands nowhere else any more.
        said(str): A sentence for the status line.

    Args:
        document: The open draft.
        parent: Owner.
    """

    stored = Signal(object)
    outdated = Signal(object)
    dropped = Signal(str, str)
    said = Signal(str)

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._waiting: dict[Origin, _Refused] = {}
        self._entered: Origin | None = None
        document.scorecard_changed.connect(self._look)

    def keep(self, origin: Origin, name: str, text: str, changes: Mapping[str, Any]) -> None:
        """Let something wait that the disk has just refused; what waits on its row and contradicts it gives way.

        Args:
            origin: Where it was typed.
            name: What it is called there.
            text: As it was typed.
            changes: What it changes of the row's answer.
        """
        earlier = self._waiting.pop(origin, None)
        answer = self._document.entries.answer(origin.code)
        wanted = replace(answer, **changes)
        for other, refused in list(self._waiting.items()):
            if other.code == origin.code and is_another(answer, wanted, refused.changes):
                self._give_way(other)
        late = () if earlier is None else (replace(answer, **earlier.changes), *earlier.stood)
        stood = tuple(dict.fromkeys((answer, *late)))
        self._waiting[origin] = _Refused(name, text, changes, stood, self._rule(origin.code, changes))

    @contextlib.contextmanager
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
            answer, wanted = self._document.entries.answer(origin.code), refused.wanted
            values = {key: getattr(wanted, key) for key in _looked_at(refused.changes)}
            with contextlib.suppress(UserError):
                self._document.put_answer(origin.code, replace(answer, **values))
            self._look()  # nothing was told where it stands there already; a refusal may have found that it does (E391)

    def _look(self, *_news: object) -> None:
        """The answers may be others: what is stored, or older than they are, waits no more."""
        for origin, refused in list(self._waiting.items()):
            answer = self._document.entries.answer(origin.code)
            if origin not in self._waiting or origin == self._entered:
                continue
            if not is_another(answer, refused.wanted, refused.changes):
                self.drop(origin)
                self.stored.emit(origin)
            elif refused.rule != self._rule(origin.code, refused.changes) or all(
                is_another(answer, before, refused.changes) for before in refused.stood
            ):
                self._give_way(origin)

    def _rule(self, code: str, changes: Mapping[str, Any]) -> object:
        """What gives points their meaning; texts mean the same under every rule."""
        indicator = self._document.catalogue.indicator(code)
        if indicator is None or not changes.keys() - _TEXTS:
            return indicator is None
        return indicator.rule, indicator.full_points, indicator.may_be_not_applicable

    def _give_way(self, origin: Origin) -> None:
        refused = self._waiting.pop(origin)
        self.outdated.emit(origin)
        self.give_back(origin.code, refused.name, refused.text)

    def give_back(self, code: str, name: str, text: str) -> None:
        """Tell of a text that is not stored and stands nowhere any more, and hand it to whoever shows it whole.

        Args:
            code: The row.
            name: What it was typed for.
            text: As it was typed.
        """
        self.dropped.emit(self.tr("第 {0} 行的{1}").format(code, name), text)
        self.said.emit(self.tr("第 {0} 行后来又改过，先前没有存下的{1}“{2}”不再保存。").format(code, name, short(text)))


def is_another(before: Answer, after: Answer, keys: Collection[str]) -> bool:
    """Whether a row was answered otherwise since, in anything that what is typed for these fields could contradict.

    Args:
        before: Its answer then.
        after: Its answer now.
        keys: Fields of the answer.
    """
    if set(keys) == {"average"} and (before.not_applicable is None) != (after.not_applicable is None):
        return True  # its reason is another field's, but without 不涉及 there is no average
    return any(getattr(before, key) != getattr(after, key) for key in _looked_at(keys))


def _looked_at(keys: Collection[str]) -> frozenset[str]:
    """Fields of an answer that must be as they were, to store what was typed for these."""
    looked_at = frozenset(keys)
    if looked_at & _ANSWERING:
        looked_at |= _ANSWERING
    return looked_at - {_BESIDE[key] for key in keys if key in _BESIDE and len(keys) == 1}
