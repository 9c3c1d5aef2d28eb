"""The pure scoring core: (catalogue, entries) -> scorecard, findings, explanation, reconciliation."""

from selfassess.scoring.engine import Memo, score
from selfassess.scoring.explanation import explain
from selfassess.scoring.findings import FindingMemo, find

__all__ = ["FindingMemo", "Memo", "explain", "find", "score"]
