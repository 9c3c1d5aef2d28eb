"""A small sound catalogue to break in single places, and ways to look at what is said about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from selfassess.catalogue.loader import loads
from selfassess.errors import CatalogueError

SMALL = """\
format = 1
id = "small"
edition = "2024"
year = 2024
title = "小表"
columns = [
  { key = "name", title = "指标", width = 30 },
  { key = "full_points", title = "分值", width = 10 },
  { key = "points", title = "得分", width = 10 },
]
figures = [
  { key = "budget", name = "预算数", unit = "万元" },
  { key = "spent", name = "支出数", unit = "万元" },
]
checks = [{ row = "1.1", name = "执行率", numerator = "spent", denominator = "budget", at_least = 0.8 }]

[policy]
base = 10
rounding = { places = 2 }
not_applicable = "exclude"

[[categories]]
code = "一"
title = "管理"
full_points = 10
provenance = "verified"

[[categories.indicators]]
code = "1.1"
content = "（一）制度"
name = "制度建设"
full_points = 4
method = "有制度的得分。"
provenance = "verified"
rule = { kind = "all_or_nothing" }

[[categories.indicators]]
code = "1.2"
content = "（二）效果"
name = "工作效果"
full_points = 6
method = "评议打分。"
provenance = "verified"
rule = { kind = "judged", step = 0.5 }
"""


class Small:
    """The text of a sound catalogue, with changes made to it."""

    def __init__(self, text: str = SMALL) -> None:
        self.text = text

    def but(self, old: str, new: str) -> Small:
        """With one piece of text replaced where it first stands."""
        assert old in self.text, f"not in the small catalogue: {old}"
        return Small(self.text.replace(old, new, 1))

    def with_rule(self, rule: str) -> Small:
        """With another rule on row 1.2, which has 6 points."""
        return self.but('rule = { kind = "judged", step = 0.5 }', rule)

    def catalogue(self):
        return loads(self.text, "small.toml")

    def refusal(self) -> CatalogueError:
        with pytest.raises(CatalogueError) as caught:
            loads(self.text, "small.toml")
        return caught.value

    def fault(self) -> str:
        """The only fault there is."""
        faults = self.refusal().faults
        assert len(faults) == 1, faults
        return faults[0]


@pytest.fixture
def small() -> Small:
    return Small()


@pytest.fixture(scope="session")
def project() -> Path:
    return Path(__file__).parents[3]
