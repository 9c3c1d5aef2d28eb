"""The windows: everything that is painted, clicked and typed into; scores nothing and knows no SQL."""
