"""Starts the program as ``python -m selfassess open DRAFT`` does, with its table watched until it is painted."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "src"))

from first_paint import watch

if __name__ == "__main__":
    gc.disable()  # as main does before it imports any of this

    from selfassess.__main__ import main
    from selfassess.gui.table.view import AnnexView

    watch(AnnexView)
    sys.exit(main(sys.argv[2:]))
