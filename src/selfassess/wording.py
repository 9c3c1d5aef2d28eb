"""Every message a user can see, by stable code; knows no kinds of errors and no places where they are raised.

Each message says where, what, why and what to do next, in one or two sentences. Codes are never reused.
"""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # E1xx entered text
    # E2xx catalogues
    # E3xx drafts
    # E4xx exports
    # E5xx answers files and filled forms
    # F1xx findings: errors; F2xx: verify; F3xx: hints
}


def message(code: str, **values: object) -> str:
    """The wording of a code, filled in.

    Args:
        code: A key of :data:`MESSAGES`.
        values: What its placeholders stand for.

    Returns:
        The Chinese sentence.

    Raises:
        KeyError: The code or a placeholder is unknown; that is a bug of the caller.
    """
    return MESSAGES[code].format(**values)
