"""Checksums that notice silently changed bytes; knows no SQL and no meaning of fields.

The checksum of a draft's fields is a sum over single fields, so that an edit costs what it changes and not what is
there. It guards against worn disks and sticks, not against forgers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from selfassess.store.fields import Change, Fields

# Where hashlib has them from. It would load OpenSSL as well, which takes a start 3 ms and 3.5 MB.
if TYPE_CHECKING:
    from hashlib import blake2b, sha256
else:
    try:
        from _blake2 import blake2b

        if sys.version_info >= (3, 12):
            from _sha2 import sha256
        else:
            from _sha256 import sha256
    except ImportError:  # a Python that was built without them
        from hashlib import blake2b, sha256

_BYTES = 16
_MODULUS = 1 << (8 * _BYTES)


def field_sum(scope: str, key: str, field: str, value: str) -> int:
    """What one field adds to the checksum of a draft."""
    text = f"{scope}\x00{key}\x00{field}\x00{value}".encode(errors="surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=_BYTES).digest(), "big")


def sum_of(sheet: Mapping[str, Mapping[str, Fields]]) -> int:
    """The checksum of all fields of a draft."""
    return (
        sum(
            field_sum(scope, key, field, value)
            for scope, groups in sheet.items()
            for key, stored in groups.items()
            for field, value in stored.items()
        )
        % _MODULUS
    )


def moved_sum(before: int, changes: Iterable[Change]) -> int:
    """The checksum after some changes.

    Args:
        before: The checksum before.
        changes: What changed.
    """
    total = before
    for change in changes:
        if change.before is not None:
            total -= field_sum(change.scope, change.key, change.field, change.before)
        if change.after is not None:
            total += field_sum(change.scope, change.key, change.field, change.after)
    return total % _MODULUS


def as_text(checksum: int) -> str:
    """A checksum as it is stored: 32 hexadecimal digits."""
    return f"{checksum:032x}"


def digest_of_changes(changes: Iterable[Change]) -> str:
    """The checksum of a step, as text; the order of its changes does not matter."""
    parts = [f"{one.scope}\x00{one.key}\x00{one.field}\x00{_side(one.before)}\x00{_side(one.after)}" for one in changes]
    parts.sort()
    text = "\x01".join(parts).encode(errors="surrogatepass")
    return blake2b(text, digest_size=_BYTES).hexdigest()


def _side(value: str | None) -> str:
    return "" if value is None else f"={value}"


def digest_of_bytes(content: bytes | bytearray) -> str:
    """SHA-256 of a catalogue's text or of a supporting document, in hexadecimal digits."""
    return sha256(content).hexdigest()
