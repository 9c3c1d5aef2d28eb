"""The panel of one row: its whole rule, the input the rule needs, and how the points came about."""
