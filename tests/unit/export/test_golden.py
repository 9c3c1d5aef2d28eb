"""The printed text of the shipped form, page by page, against the text that somebody has read.

``pytest tests/unit/export --rewrite-golden`` rewrites it; read the diff before committing.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from selfassess.export.profile import NATIONAL

GOLDEN = Path(__file__).parents[2] / "golden" / "annex-2022.txt"


def test_the_shipped_form_prints_the_text_that_was_read(request: pytest.FixtureRequest, filled, printer, pdf_reader):
    pages = pdf_reader.pages(printer.render(filled, NATIONAL))
    printed = "\n".join(f"== 第{number}页 ==\n{page.text.strip()}\n" for number, page in enumerate(pages, 1))

    if request.config.getoption("--rewrite-golden", default=False):
        GOLDEN.write_text(printed, encoding="utf-8")
    assert printed == GOLDEN.read_text(encoding="utf-8")
