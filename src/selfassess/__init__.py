"""selfassess (绩效自评): the yearly budget-performance self-assessment form, filled in, scored, kept and printed."""

__version__ = "0.1.0"
