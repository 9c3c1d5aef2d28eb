"""Supporting documents (佐证材料) of a row: the panel's section, adding, opening a copy, saving one elsewhere."""
