"""Text files as offices make them, decoded; knows encodings and faults of files, nothing of what the text says."""

from __future__ import annotations

import errno
from pathlib import Path

from selfassess.errors import ImportFormError
from selfassess.plain_file import read_plain
from selfassess.system_words import in_words

MAX_BYTES = 16 * 1024 * 1024
"""No form comes near; a larger file was picked by mistake and would only exhaust the memory."""

_WORKBOOK = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read_text(path: Path) -> str:
    """Read a text file as Notepad, WPS or an editor may have saved it: UTF-8, UTF-16 with mark, or GB 18030.

    Args:
        path: The file.

    Returns:
        Its text, without byte order mark, with the line ends of Unix.

    Raises:
        ImportFormError: Missing, unreadable, too large, a workbook, or no text.
    """
    data = _read_bytes(path)
    if data.startswith((_WORKBOOK, _OLD_WORKBOOK)):
        raise ImportFormError("E504", file=path.name)
    text = _decode(data)
    if text is None or "\x00" in text:
        raise ImportFormError("E505", file=path.name)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_bytes(path: Path) -> bytes:
    try:
        data = read_plain(path, MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise ImportFormError("E501", file=path) from error
    except OSError as error:
        raise ImportFormError("E502", file=_shown(path), why=_why(error)) from error
    if len(data) > MAX_BYTES:
        raise ImportFormError("E503", file=path.name, limit=MAX_BYTES // 1024 // 1024)
    return data


def _shown(path: Path) -> str:
    return str(path).replace("\0", "\ufffd").encode(errors="replace").decode()


def _why(error: OSError) -> str:
    known = {errno.ENAMETOOLONG: "文件名过长", errno.EACCES: "没有读取权限", errno.EPERM: "没有读取权限"}
    return known.get(error.errno or 0) or in_words(error)


def _decode(data: bytes) -> str | None:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _try_decode(data[len(mark) :], encoding)
    text = _try_decode(data, "utf-8")
    # GB 18030 accepts almost any bytes, so it comes last.
    return _try_decode(data, "gb18030") if text is None else text


def _try_decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
