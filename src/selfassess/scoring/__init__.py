"""The pure scoring core: (catalogue, entries) -> scorecard, findings, explanation, reconciliation."""

from selfassess.scoring.engine import Memo, score

__all__ = ["Memo", "score"]
