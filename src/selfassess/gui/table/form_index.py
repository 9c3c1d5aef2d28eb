"""Finds rows, results and findings of the open document by code; keeps indexes, never a second copy of anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfassess.domain.finding import Finding, Level

if TYPE_CHECKING:
    from selfassess.document import Document
    from selfassess.domain.catalogue import Catalogue, Category, Indicator
    from selfassess.domain.scorecard import CategoryScore, RowScore, Scorecard

_GRAVITY = {Level.ERROR: 2, Level.VERIFY: 1, Level.HINT: 0}


class FormIndex:
    """Answers by code in constant time, however long the form is.

    The document's values are immutable, so an index holds until the document shows another value of that kind.

    Args:
        document: The open draft.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._catalogue: Catalogue | None = None
        self._rows: dict[str, tuple[Category, Indicator]] = {}
        self._categories: dict[str, Category] = {}
        self._positions: dict[str, int] = {}
        self._scorecard: Scorecard | None = None
        self._subtotals: dict[str, CategoryScore] = {}
        self._gravest: dict[str, Finding] = {}
        self.hear_findings(document.findings)

    def indicator(self, code: str) -> Indicator:
        """The row of a code.

        Raises:
            KeyError: The form has no such row.
        """
        self._read_catalogue()
        return self._rows[code][1]

    def category(self, code: str) -> Category:
        """The category of a code such as 二.

        Raises:
            KeyError: The form has no such category.
        """
        self._read_catalogue()
        return self._categories[code]

    def score(self, code: str) -> RowScore:
        """The result of a row.

        Raises:
            KeyError: The form has no such row.
        """
        self._read_catalogue()
        # In printed order like the catalogue: an edit of a long form need not index thousands of results anew.
        return self._document.scorecard.rows[self._positions[code]]

    def subtotal(self, code: str) -> CategoryScore:
        """The result of a category.

        Raises:
            KeyError: The form has no such category.
        """
        self._read_scorecard()
        return self._subtotals[code]

    def gravest(self, place: str) -> Finding | None:
        """The gravest finding at a place, hints left out; None when there is none."""
        return self._gravest.get(place)

    def hear_findings(self, findings: tuple[Finding, ...]) -> None:
        """Take note of what is to be looked at.

        The document is not asked while something is painted: on a long form it would search then, for longer than a
        frame lasts.
        """
        self._gravest = {}
        for finding in findings:
            known = self._gravest.get(finding.place)
            if finding.level is not Level.HINT and (known is None or _GRAVITY[finding.level] > _GRAVITY[known.level]):
                self._gravest[finding.place] = finding

    def _read_catalogue(self) -> None:
        catalogue = self._document.catalogue
        if self._catalogue is not catalogue:
            self._catalogue = catalogue
            self._rows = {row.code: (category, row) for category, row in catalogue.indicators()}
            self._positions = {code: position for position, code in enumerate(self._rows)}
            self._categories = {category.code: category for category in catalogue.categories}

    def _read_scorecard(self) -> None:
        scorecard = self._document.scorecard
        if self._scorecard is not scorecard:
            self._scorecard = scorecard
            self._subtotals = {category.code: category for category in scorecard.categories}
