"""Starts the program as ``python -m selfassess open DRAFT`` does, with its table watched until it is painted."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "src"))

if __name__ == "__main__":
    # Comes with the tools of the tests only; msgspec would load it, and for a user it is not there.
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
    # As main does before it imports any of this.
    gc.disable()
    from selfassess.gui.loading import load_qt

    load_qt()
    from first_paint import watch

    from selfassess.__main__ import main
    from selfassess.gui.table.view import AnnexView

    watch(AnnexView)
    sys.exit(main(sys.argv[2:]))
