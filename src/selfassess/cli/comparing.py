"""The verb ``compare``: what two drafts hold differently, as a table and as JSON; merges nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfassess.cli.console import number, print_json, say, table
from selfassess.scoring.numbers import show
from selfassess.store.difference_words import ORIGIN_WORDS, place_words, texts_words
from selfassess.store.joining import compare_drafts
from selfassess.store.snapshot import look

if TYPE_CHECKING:
    from argparse import Namespace
    from decimal import Decimal

    from selfassess.paths import Places
    from selfassess.store.comparison import Difference, Texts
    from selfassess.store.draft import Draft
    from selfassess.store.joining import Pair

FINE, DIFFERENT = 0, 1


def compare(options: Namespace, places: Places) -> int:  # noqa: ARG001 # all verbs are called alike
    """Compare two drafts; both are only looked at, whoever has them open."""
    with look(options.ours) as ours, look(options.theirs) as theirs:
        pair = compare_drafts(ours, theirs, options.theirs.name)
        if options.json:
            print_json(_json(pair, ours, theirs))
        else:
            say(_text(pair, ours, theirs, options))
    return DIFFERENT if pair.comparison.differing else FINE


def _json(pair: Pair, ours: Draft, theirs: Draft) -> dict[str, object]:
    return {
        "common": None if pair.parting is None else pair.parting.at,
        "totals": {"ours": number(ours.scorecard.total), "theirs": number(theirs.scorecard.total)},
        "differences": [
            {
                "scope": one.scope,
                "key": one.key,
                "part": one.part,
                "place": place_words(one, pair.ours),
                "changed": one.origin.value,
                "base": None if one.base is None else _fields(one.base),
                "ours": _fields(one.ours),
                "theirs": _fields(one.theirs),
            }
            for one in pair.comparison.differences
        ],
    }


def _fields(texts: Texts) -> dict[str, str]:
    """A side of a difference by field; a part of several groups names them too."""
    several = len({key for key, _ in texts}) > 1
    return {f"{key}.{field}" if several else field: text for (key, field), text in texts.items()}


def _text(pair: Pair, ours: Draft, theirs: Draft, options: Namespace) -> str:
    differing = pair.comparison.differing
    rows = [("", options.ours.name, options.theirs.name)]
    rows.append(("总分", _total(ours.scorecard.total), _total(theirs.scorecard.total)))
    head = table(rows, right=(1, 2))
    common = "两份没有共同的历史。" if pair.parting is None else f"两份在 {_moment(pair.parting.at)} 以前完全相同。"
    if not differing:
        return f"{head}\n\n{common}\n两份的内容相同。"
    lines = [("位置", "本文件", "另一份", "谁改过"), *(_line(one, pair) for one in differing)]
    return f"{head}\n\n{common}\n\n{table(lines)}\n\n共 {len(differing)} 处不同。"


def _line(one: Difference, pair: Pair) -> tuple[str, str, str, str]:
    return (
        place_words(one, pair.ours),
        texts_words(one, one.ours),
        texts_words(one, one.theirs),
        ORIGIN_WORDS[one.origin],
    )


def _total(total: Decimal | None) -> str:
    return "没有得分" if total is None else f"{show(total)} 分"


def _moment(at: str) -> str:
    return at[:19].replace("T", " ")
