"""Whoever looks into PDFs at the same time waits for the others: pdfium serves one thread in the whole program."""

from __future__ import annotations

import threading
import time

import pytest

from selfassess.export.pdfium import ALONE, NoPdfError, open_pdf
from selfassess.gui.evidence.taking import page_count
from selfassess.gui.page_renderer import PageRenderer

TOGETHER_S = 2
MANY = 800
"""Pages that are looked through long enough for others to come meanwhile: without the lock this test fails."""


@pytest.fixture
def renderer():
    renderer = PageRenderer()
    yield renderer
    renderer.end()


@pytest.mark.slow
def test_pages_are_drawn_and_counted_at_the_same_time_without_harm(renderer, qtbot, pdf):
    papers = {pages: pdf(pages) for pages in (1, 7, MANY)}
    counted: list[tuple[int, int | None]] = []
    drawn: list[int] = []
    renderer.rendered.connect(lambda _showing, page, _width, _image: drawn.append(page))
    end = time.monotonic() + TOGETHER_S

    def count() -> None:
        while time.monotonic() < end:
            counted.extend((pages, page_count(paper)) for pages, paper in papers.items())

    counting = [threading.Thread(target=count) for _ in range(2)]
    for one in counting:
        one.start()
    while time.monotonic() < end:
        renderer.show(papers[MANY])
        renderer.want((page, 300) for page in range(30))
        qtbot.wait(20)
    for one in counting:
        one.join()
    assert len(counted) > 100
    assert all(pages == found for pages, found in counted)
    before = len(drawn)
    renderer.want([(0, 300)])
    qtbot.waitUntil(lambda: len(drawn) > before and drawn[-1] == 0)


def test_a_count_that_nobody_waits_for_any_more_opens_nothing(pdf):
    called_off = threading.Event()
    found: list[int | None] = []
    with ALONE:
        waiting = threading.Thread(target=lambda: found.append(page_count(pdf(3), called_off.is_set)))
        waiting.start()
        called_off.set()
    waiting.join()
    assert found == [None]


@pytest.mark.parametrize("data", [b"", b"no PDF", b"%PDF-1.4 broken"])
def test_what_is_no_pdf_is_told_apart_from_a_bug(data):
    with pytest.raises(NoPdfError):
        open_pdf(data)
