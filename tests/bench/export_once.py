"""One export of the annex in a process of its own: prints seconds and peak memory in MiB as JSON."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "src"))

from forms import FONTS, another_form, big_catalogue, real_catalogue
from measure import seconds
from memory import peak

from selfassess.export.pdf import AnnexPrinter
from selfassess.export.profile import NATIONAL


def main(rows: int) -> None:
    """Export and print the figures."""
    catalogue = real_catalogue() if rows == 47 else big_catalogue(rows)
    annex = another_form(catalogue, 1).annex
    before = peak()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "annex.pdf"
        took = seconds(lambda: AnnexPrinter(FONTS).export(annex, target, NATIONAL))
        size = target.stat().st_size
    sys.stdout.write(json.dumps({"seconds": took, "before": before, "peak": peak(), "size": size}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
