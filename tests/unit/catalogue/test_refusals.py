"""A catalogue that is not whole is refused, with all faults at once, each with place, key and remedy."""

from __future__ import annotations

import pytest

RATE = 'rate = { name = "比率", numerator_figure = "spent", denominator_figure = "budget" }'

FIGURES = '  { key = "budget", name = "预算数", unit = "万元" },\n'


def test_the_small_catalogue_is_sound(small):
    assert [row.code for _, row in small.catalogue().indicators()] == ["1.1", "1.2"]


def test_all_faults_of_a_file_are_reported_at_once(small):
    broken = (
        small.but('name = "制度建设"', 'nam = "制度建设"')
        .but("full_points = 6", 'full_points = "6"')
        .but("base = 10", "base = -10")
        .but('not_applicable = "exclude"', 'not_applicable = "excluded"')
    )
    error = broken.refusal()
    assert error.code == "E201"
    assert "small.toml" in error.message
    assert f"{len(error.faults)} 处" in error.message
    assert [fault.split()[0] for fault in error.faults] == ["E216", "E218", "E210", "E212", "E213"]
    assert all(fault in str(error) for fault in error.faults)


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        (
            'name = "制度建设"',
            'nmae = "制度建设"\nname = "制度建设"',
            "E210",
            ["第 1.1 行“制度建设”", "“nmae”", "“name”"],
        ),
        ("year = 2024", "year = 2024\nxyzzy = 1", "E211", ["文件开头部分", "“xyzzy”", "可用的键"]),
        ('title = "小表"\n', "", "E212", ["文件开头部分", "“title”", "文字"]),
        ("full_points = 4\n", "", "E212", ["第 1.1 行", "“full_points”", "不小于 0 的数"]),
        ("full_points = 4", 'full_points = "4"', "E213", ["第 1.1 行", "full_points", "不加引号", "文字“4”"]),
        ("full_points = 4", "full_points = true", "E213", ["第 1.1 行", "full_points", "现在是true"]),
        ("full_points = 4", "full_points = 2024-01-01", "E213", ["full_points", "日期"]),
        ("full_points = 4", "full_points = [4]", "E213", ["full_points", "列表"]),
        ("full_points = 4", "full_points = {}", "E213", ["full_points", "一个表"]),
        ("full_points = 4", "full_points = nan", "E214", ["第 1.1 行", "full_points", "NaN"]),
        ("full_points = 4", "full_points = inf", "E214", ["full_points", "Infinity"]),
        ("full_points = 4", "full_points = -inf", "E214", ["full_points"]),
        ("full_points = 4", "full_points = 1e99999999999999999999", "E214", ["full_points"]),
        ("full_points = 4", "full_points = 1e10", "E215", ["full_points", "1E+10", "1000000000"]),
        ("full_points = 4", "full_points = 0.00000000001", "E215", ["full_points", "10 位"]),
        ("full_points = 4", "full_points = 1.00000000000000000000000000000000000000001", "E215", ["full_points"]),
        ("full_points = 4", "full_points = -4", "E216", ["第 1.1 行", "full_points", "-4", "负数"]),
        ("base = 10", "base = 0", "E217", ["policy.base", "大于 0"]),
        ("width = 30", "width = 0.0", "E217", ["columns 第 1 条 width"]),
        ('not_applicable = "exclude"', 'not_applicable = "averge"', "E218", ["not_applicable", "“average”"]),
        ('not_applicable = "exclude"', 'not_applicable = "?"', "E213", ["not_applicable", '"exclude"、"average"']),
        ('name = "制度建设"', 'name = " "', "E219", ["第 1.1 行", "键 name", "空"]),
        ('name = "制度建设"', 'name = "制度\\u0007建设"', "E220", ["键 name", "控制符"]),
        ("places = 2", "places = 7", "E213", ["policy.rounding.places", "0 至 6", "数 7"]),
        ("places = 2", "places = 2.0", "E213", ["policy.rounding.places"]),
        ("year = 2024", "year = 24", "E213", ["键 year", "年份"]),
        ('id = "small"', 'id = "小表"', "E222", ["键 id", "“小表”"]),
        ('edition = "2024"', 'edition = "../2024"', "E222", ["键 edition"]),
        (FIGURES, FIGURES * 2, "E230", ["figures", "“budget”", "2 次"]),
        ('key = "points"', 'key = "name"', "E231", ["columns", "“name”"]),
        ('code = "一"', 'code = "1"', "E232", ["考核内容“1”", "中文数字"]),
        ('code = "1.2"', 'code = "12"', "E234", ["第 12 行", "“12”", "1.7"]),
        ('code = "1.2"', 'code = "1.02"', "E234", ["“1.02”"]),
        ('code = "1.2"', 'code = "2.2"', "E235", ["第 2.2 行", "“一”"]),
        ('code = "1.2"', 'code = "1.1"', "E236", ["“1.1”", "2 次"]),
        ('numerator = "spent"', 'numerator = "spend"', "E240", ["checks 第 1 条", "“spend”", "“spent”"]),
        ('row = "1.1"', 'row = "9.9"', "E241", ["checks 第 1 条", "“9.9”", "1.1、1.2"]),
        ('provenance = "verified"', 'provenance = "verified"\ntranscribed = { names = "x" }', "E210", ["transcribed"]),
        (
            'provenance = "verified"',
            'provenance = "verified"\ntranscribed = { name = 1 }',
            "E213",
            ["transcribed.name"],
        ),
        ('provenance = "verified"', 'provenance = "verified"\ntranscribed = 1', "E213", ["transcribed"]),
        ('title = "小表"', 'title = "小表"\nnotes = ["甲", 2]', "E213", ["键 notes", "文字的列表"]),
        ('title = "小表"', 'title = "小表"\nnotes = "甲"', "E213", ["键 notes", "文字的列表"]),
    ],
)
def test_a_fault_names_its_place_and_key(small, old, new, code, said):
    fault = small.but(old, new).fault()
    assert fault.startswith(code + " ")
    for piece in said:
        assert piece in fault


@pytest.mark.parametrize(
    ("rule", "code", "said"),
    [
        ("rule = 5", "E213", ["第 1.2 行“工作效果”", "键 rule", '"checklist"']),
        ("rule = { step = 0.5 }", "E212", ["键 rule", "“kind”"]),
        ('rule = { kind = "judgd", step = 0.5 }', "E218", ["rule.kind", "“judged”"]),
        ('rule = { kind = "评议", step = 0.5 }', "E213", ["rule.kind", '"judged"']),
        ('rule = { kind = "judged" }', "E212", ["键 rule", "“step”"]),
        ('rule = { kind = "judged", step = 0 }', "E217", ["rule.step"]),
        ('rule = { kind = "judged", steps = 1, step = 1 }', "E210", ["键 rule", "“steps”", "“step”"]),
        ('rule = { kind = "all_or_nothing", step = 1 }', "E211", ["“step”"]),
        ('rule = { kind = "checklist", clauses = [] }', "E221", ["rule.clauses"]),
        ('rule = { kind = "checklist", clauses = 3 }', "E213", ["rule.clauses", "列表"]),
        ('rule = { kind = "checklist", clauses = [1] }', "E213", ["rule.clauses 第 1 条", "一个表"]),
        (
            'rule = { kind = "checklist", clauses = [{ text = "甲", points = 6 }, { text = "乙" }] }',
            "E212",
            ["rule.clauses 第 2 条", "“points”"],
        ),
        (f'rule = {{ kind = "tiers", {RATE}, tiers = [] }}', "E221", ["rule.tiers"]),
        (
            f'rule = {{ kind = "tiers", {RATE}, tiers = [{{ above = 0.2, up_to = 0.1, points = 6 }}] }}',
            "E226",
            ["rule.tiers 第 1 条", "0.2", "0.1"],
        ),
        (f'rule = {{ kind = "proportional", {RATE}, benchmark = 0 }}', "E217", ["rule.benchmark"]),
        (
            f'rule = {{ kind = "proportional", {RATE}, benchmark = 1, floor = 3, ceiling = 2 }}',
            "E228",
            ["floor 3", "ceiling 2"],
        ),
        (
            f'rule = {{ kind = "threshold", {RATE.replace("spent", "spnt")}, limit = 0.1 }}',
            "E240",
            ["“spnt”", "“spent”"],
        ),
        (
            'rule = { kind = "threshold", rate = { name = "率", numerator_figure = "spent" }, limit = 0.1 }',
            "E225",
            ["rule.rate", "denominator_figure", "denominator_label"],
        ),
        (
            'rule = { kind = "threshold", limit = 0.1, rate = { name = "率", numerator_figure = "spent", '
            'numerator_label = "支出", denominator_label = "预算" } }',
            "E225",
            ["rule.rate", "numerator_figure"],
        ),
        (
            'rule = { kind = "choice", options = [{ label = "甲", points = 6 }, { label = "甲", points = 0 }] }',
            "E229",
            ["键 rule", "“甲”"],
        ),
        (
            'rule = { kind = "judged", step = 0.5, bands = [{ label = "好", at_least = 0.8, below = 0.6 }] }',
            "E227",
            ["rule.bands 第 1 条"],
        ),
        ('rule = { kind = "judged", step = 0.5, bands = [{ label = "好", at_least = 1.1 }] }', "E215", ["at_least"]),
        ('rule = { kind = "adjustment", bonus_cap = 6, deduction_cap = 6 }', "E237", ["第 1.2 行", "in_base"]),
        ('rule = { kind = "adjustment", bonus_cap = 6, deduction_cap = -6 }', "E216", ["deduction_cap"]),
    ],
)
def test_a_wrong_rule_names_its_row_and_parameter(small, rule, code, said):
    faults = small.with_rule(rule).refusal().faults
    fault = next((fault for fault in faults if fault.startswith(code + " ")), None)
    assert fault is not None, faults
    for piece in said:
        assert piece in fault


def test_a_band_outside_the_base_takes_adjustments_only(small):
    faults = small.but('title = "管理"', 'title = "管理"\nin_base = false').refusal().faults
    assert [fault.split()[0] for fault in faults] == ["E238", "E238"]


def test_one_band_of_adjustments_is_enough(small):
    band = """
[[categories]]
code = "二"
title = "其他事项"
full_points = 5
in_base = false
provenance = "verified"
indicators = [
  { code = "2.1", content = "", name = "甲", full_points = 5, method = "", provenance = "verified", rule = RULE },
  { code = "2.2", content = "", name = "乙", full_points = 5, method = "", provenance = "verified", rule = RULE },
]
""".replace("RULE", '{ kind = "adjustment", bonus_cap = 5, deduction_cap = 5 }')
    broken = small.but(small.text, small.text + band)
    assert broken.fault().startswith("E239 第 2.2 行")


def test_equal_category_codes_are_refused(small):
    again = small.text[small.text.index("[[categories]]") :].replace('"1.1"', '"1.3"').replace('"1.2"', '"1.4"')
    assert small.but(small.text, small.text + again).fault().startswith("E233")


def test_weight_zero_missing_and_negative_are_three_things(small):
    zero = small.but("full_points = 4", "full_points = 0").catalogue()
    assert zero.indicator("1.1").full_points == 0
    assert small.but("full_points = 4\n", "").fault().startswith("E212")
    assert small.but("full_points = 4", "full_points = -4").fault().startswith("E216")


def test_a_negative_zero_is_zero(small):
    points = small.but("full_points = 4", "full_points = -0.0").catalogue().indicator("1.1").full_points
    assert str(points) == "0"


def test_a_faulty_row_still_counts_as_a_row(small):
    """A check that names a row with a fault is not called wrong as well."""
    assert small.but("full_points = 4\n", "").fault().startswith("E212")


def test_rows_without_codes_are_named_by_their_position(small):
    assert "考核内容“一”的第 2 个指标“工作效果”" in small.but('code = "1.2"\n', "").fault()
    fault = small.but('code = "一"\n', "").fault()
    assert "第 1 个考核内容“管理”" in fault


def test_tables_of_the_wrong_kind_are_refused_in_words(small):
    assert "键 policy" in small.but("[policy]\nbase", "policy = 3\n[polic]\nbase").refusal().faults[-1]
    head = small.text[: small.text.index("[policy]")]
    assert small.but(small.text, head + "categories = 3\npolicy = 3").refusal().faults[0].startswith("E213 键 policy")
    faults = small.but(small.text, head + "categories = [3]").refusal().faults
    assert any(fault.startswith("E213 第 1 个考核内容") for fault in faults)
