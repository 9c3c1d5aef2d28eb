"""The open draft for the window: see :class:`Document`."""

from selfassess.document.document import Copying, Document, Edit

__all__ = ["Copying", "Document", "Edit"]
