"""Errors whose cause is outside the program, by kind and with stable codes, and the faults of a file while it is read.

A bug is never one of them.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager

from selfassess.wording import message

MOST_FAULTS = 200
"""Faults of one file that are told; a million would only hide that it is the wrong file."""


class UserError(Exception):
    """Something the user, a file or a disk caused; its text is fit to be shown.

    Args:
        code: Stable code, a key of :data:`selfassess.wording.MESSAGES`.
        values: What the wording is filled with.
    """

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.values = values
        self.message = message(code, **values)
        super().__init__(f"{code} {self.message}")


class InputError(UserError):
    """Entered text that cannot be taken; the old value stays."""


class FaultListError(UserError):
    """A file with several faults, reported all at once.

    Args:
        code: Code of the heading sentence.
        faults: One finished Chinese sentence a fault, each with its place.
        values: What the heading is filled with.
    """

    def __init__(self, code: str, faults: Sequence[str] = (), **values: object) -> None:
        super().__init__(code, **values)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        """The heading and every fault, a line each."""
        return "\n".join([f"{self.code} {self.message}", *(f"  · {fault}" for fault in self.faults)])


class CatalogueError(FaultListError):
    """A catalogue file that cannot be used."""


class ImportFormError(FaultListError):
    """A file that is not the form, or does not fit it; nothing was imported."""


class EvidenceError(FaultListError):
    """Files that were not taken in as supporting documents; the others that were chosen with them are there."""


class StoreError(UserError):
    """A draft that cannot be read or written."""


class ExportError(UserError):
    """A target that cannot be written, or a result that failed its check; the old file is intact."""


class TooManyFaultsError(Exception):
    """So many faults that nobody would read on: the file is not what it was taken for."""


class Faults:
    """Faults of a file while it is read, so that all of them can be told at once.

    Every method that notes a fault raises :class:`TooManyFaultsError` when :data:`MOST_FAULTS` are noted.

    Attributes:
        sentences: One finished Chinese sentence a fault, in the order of the file.
    """

    def __init__(self) -> None:
        self.sentences: list[str] = []

    @property
    def count(self) -> str:
        """How many there are, in words."""
        found = len(self.sentences)
        return f"{found} 多" if found == MOST_FAULTS else str(found)

    def add(self, code: str, **values: object) -> None:
        """Note a fault by the code of its wording."""
        self._note(f"{code} {message(code, **values)}")

    @contextmanager
    def at(self, place: str) -> Generator[None]:
        """Turn a refused entry inside the block into a fault at this place."""
        try:
            yield
        except InputError as error:
            self._note(f"{place}：{error}")

    def _note(self, sentence: str) -> None:
        self.sentences.append(sentence)
        if len(self.sentences) == MOST_FAULTS:
            raise TooManyFaultsError
