"""A newer format than there is, so that the drafts of today are old ones and upgraded when they are opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from selfassess.store import place, recovery, schema, upgrade

NEWER = place.FORMAT_VERSION + 1
_STEP = ("CREATE TABLE better (a TEXT) STRICT", "INSERT INTO better SELECT key FROM entry")


@contextmanager
def with_newer_format() -> Iterator[None]:
    """Inside the block the program knows one more format, which moves data."""
    with (
        mock.patch.object(schema, "MIGRATIONS", (*schema.MIGRATIONS, _STEP)),
        mock.patch.object(place, "FORMAT_VERSION", NEWER),
        mock.patch.object(upgrade, "FORMAT_VERSION", NEWER),
        mock.patch.object(recovery, "FORMAT_VERSION", NEWER),
    ):
        yield
