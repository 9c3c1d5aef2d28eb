"""Where lines may break (避头尾) and the lines a text falls into; knows widths, no fonts, sizes or pages.

A text is a sequence of tokens: single characters, or syllables of a script that is shaped as a whole.

Source: GB/T 15834-2011 §5.1 (no closing mark begins a line, no opening mark ends one, 破折号 and 省略号 stay whole).
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CLOSING = frozenset(
    "，。、；：？！）》〉】〗〕］｝」』’”〞·・‧～…—％‰℃°′″々〻ー"  # full-width and ideographic
    "!),.:;?]}%>»›¢"  # half-width
    "︐︑︒︓︔︕︖︘︶︸︺︼︾﹀﹂﹄，．：；？！＂＇）］｝￠"  # presentation and full-width forms
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ"  # small kana
    "།༎༏༐༑༔་༌"  # Tibetan
)
"""Marks that never begin a line."""

OPENING = frozenset("（《〈【〖〔［｛「『‘“〝￥＄￡№＃§([{<«‹¥$£€#︵︷︹︻︽︿﹁﹃（［｛")
"""Marks that never end a line."""

_UNSPLIT_PAIRS = frozenset("—…‥-")
_WORD_SIGNS = frozenset("’‐‑‒–−∕")
"""Beyond ASCII: what joins letters or digits, as in −5 or Xi’an."""
_SOFT_PLACES = frozenset("-/\\_.@&=?,;:+~|")
"""In a word wider than the line, a break after one of these is better than one anywhere."""


def break_lines(tokens: Sequence[str], widths: Mapping[str, int], available: int) -> list[tuple[int, int]]:
    """Fill lines greedily.

    Args:
        tokens: The tokens of one paragraph, without line ends.
        widths: Width of every token, in thousandths of the type size.
        available: Width of a line, in the same unit.

    Returns:
        Half-open ranges of tokens, a line each; spaces between two lines belong to neither. No tokens: one empty range.
    """
    ends = list(accumulate(map(widths.__getitem__, tokens)))
    count = len(ends)
    if not count or ends[-1] <= available:
        return [(0, count)]
    lines: list[tuple[int, int]] = []
    start = 0
    while start < count:
        before = ends[start - 1] if start else 0
        fitting = bisect_right(ends, before + available, start)
        if fitting >= count:
            lines.append((start, count))
            break
        end = _break_before(tokens, start, fitting)
        following = end
        while following < count and tokens[following] == " ":
            following += 1
        while end > start + 1 and tokens[end - 1] == " ":
            end -= 1
        lines.append((start, end))
        start = following
    return lines


def balanced_lines(tokens: Sequence[str], widths: Mapping[str, int], available: int) -> list[tuple[int, int]]:
    """As few lines as :func:`break_lines` makes, of nearly equal length: for headings and other centred texts.

    Args:
        tokens: As for :func:`break_lines`.
        widths: As for :func:`break_lines`.
        available: As for :func:`break_lines`.

    Returns:
        As :func:`break_lines`.
    """
    best = break_lines(tokens, widths, available)
    if len(best) == 1:
        return best
    torn = _torn(tokens, best)
    low, high = available // 2, available
    while low < high:
        middle = (low + high) // 2
        lines = break_lines(tokens, widths, middle)
        if len(lines) == len(best) and _torn(tokens, lines) <= torn:
            best, high = lines, middle
        else:
            low = middle + 1
    return best


def _torn(tokens: Sequence[str], lines: Sequence[tuple[int, int]]) -> int:
    """How many lines begin where no line should."""
    return sum(not may_break(tokens, start) for start, _ in lines[1:])


def _break_before(tokens: Sequence[str], start: int, fitting: int) -> int:
    """The last allowed break up to ``fitting``; where none is allowed, the least bad one."""
    if tokens[fitting] == " ":
        return max(fitting, start + 1)
    for place in range(fitting, start, -1):
        if may_break(tokens, place):
            return place
    return _forced(tokens, start, fitting)


def _forced(tokens: Sequence[str], start: int, fitting: int) -> int:
    """Break a run that allows no break: at a soft place of a word, else where no mark is misplaced, else anywhere."""
    for place in range(fitting, start + 1, -1):
        if tokens[place - 1][-1] in _SOFT_PLACES and tokens[place][0] not in CLOSING:
            return place
    for place in range(fitting, start, -1):
        if tokens[place][0] not in CLOSING and tokens[place - 1][-1] not in OPENING:
            return place
    return max(fitting, start + 1)


def may_break(tokens: Sequence[str], place: int) -> bool:
    """Whether a line may end before the token at ``place`` (not the first)."""
    left, right = tokens[place - 1][-1], tokens[place][0]
    if right == " " or right in CLOSING or left in OPENING:
        return False
    if left == " ":
        return True
    if '"' in (left, right) and not _quote_allows(tokens, place, left, right):
        return False
    if left == right and left in _UNSPLIT_PAIRS:
        return False
    return not (_in_word(left) and _in_word(right))


def _quote_allows(tokens: Sequence[str], place: int, left: str, right: str) -> bool:
    """A straight quotation mark opens when an even number stands before it, and sticks to what it encloses."""
    # The marks before the break, the one at its left included: after an odd number a quotation is open.
    inside = sum(each == '"' for each in tokens[:place]) % 2 == 1
    return not (inside and '"' in {left, right})


def _in_word(character: str) -> bool:
    """Whether a character belongs to a word or number that is kept whole."""
    if character >= "\u2000":
        return character in _WORD_SIGNS
    return character > " " and not "\u0f00" <= character < "\u1000"
