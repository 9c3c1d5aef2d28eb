"""Errors whose cause is outside the program, by kind and with stable codes; a bug is never one of them."""

from __future__ import annotations

from collections.abc import Sequence

from selfassess.wording import message


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


class StoreError(UserError):
    """A draft that cannot be read or written."""


class ExportError(UserError):
    """A target that cannot be written, or a result that failed its check; the old file is intact."""
