"""What stands around the table: label, title and 填报单位 over it, notes and signatures under it; knows no rows.

All lengths are in pt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfassess.errors import ExportError
from selfassess.export.fonts import Role
from selfassess.export.pdf_layout import Block, Stroke, Words
from selfassess.export.pdf_text import Align, Style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selfassess.export.pdf_measure import Grid, SetterOf
    from selfassess.export.pdf_text import SetText
    from selfassess.export.profile import PrintProfile
    from selfassess.export.rows import Annex

LINE_PITCH = 225 * 72 / 25.4 / 22
"""One line of the standard's text block. Source: GB/T 9704-2012 §5.2.2, 22 lines on 225 mm."""
_UNBROKEN = 100_000.0
_GAP = 12.0
_TITLE_STROKE = 0.02
"""Outline of the title as a share of its size: brings a text face near the weight of 小标宋."""
_MOST_FRONT = 0.75
"""Most of the text block that label and title may take together."""
_NOTE_MARK = "注："


class Matter:
    """Sets what stands around the table.

    Args:
        annex: The annex.
        profile: Sizes.
        grid: Width and height of the text block.
        setter_of: Where setters come from.
    """

    def __init__(self, annex: Annex, profile: PrintProfile, grid: Grid, setter_of: SetterOf) -> None:
        self._annex = annex
        self._profile = profile
        self._width = grid.width
        self._height = grid.height
        self._setter_of = setter_of

    def front(self) -> Block:
        """Label on the first line, title on the third, the line with 填报单位, then the table.

        Raises:
            ExportError: The title does not fit on a page at any size that can be read.
        """
        label = self._label()
        title_top = max(2 * LINE_PITCH, label[0].text.height) if label else 0.0
        title, title_size = self._title(title_top)
        words = [
            *label,
            *(Words(0.0, title_top + number * title_size * 1.4, line) for number, line in enumerate(title)),
        ]
        below = title_top + max(LINE_PITCH, len(title) * title_size * 1.4) + LINE_PITCH * 0.4
        head = self._head(below)
        if head.height > self._height:
            raise ExportError("E414")
        return Block(height=head.height, words=(*words, *head.words))

    def tail(self) -> list[Block]:
        """Notes, a block each, then the signatures; a text taller than a page in several blocks."""
        blocks = [block for number, note in enumerate(self._annex.notes) for block in self._note(note, number)]
        if self._annex.sign_off:
            blocks.extend(self._sign_off())
        return blocks

    def _set(self, role: Role, size: float, text: str, width: float = _UNBROKEN, align: Align = Align.LEFT) -> SetText:
        style = Style(size=size, leading=self._profile.leading, align=align)
        return self._setter_of(role, style, width).set(text)

    def _label(self) -> list[Words]:
        """附件1 in 3号黑体 at the top left. Source: GB/T 9704-2012 §7.3.8."""
        if not self._annex.label:
            return []
        text = self._set(Role.HEADING, self._profile.label_size, self._annex.label, self._width)
        # Its characters touch the top of the block, as the first line of a text does.
        return [Words(0.0, -(text.lead - self._profile.label_size) / 2, text)]

    def _title(self, top: float) -> tuple[list[SetText], float]:
        """The title's lines, each set alone, and the size at which they fit; lines are of nearly equal length."""
        size = self._profile.title_size
        while True:
            natural = self._set(Role.TITLE, size, self._annex.title).width
            count = max(1, -(-int(natural) // int(self._width)))
            if top + count * size * 1.4 <= self._height * _MOST_FRONT:
                break
            size -= 2
            if size < 6:
                raise ExportError("E414")
        style = Style(size=size, leading=1.4, align=Align.CENTRE, stroke=self._stroke(size))
        # A little wider than an equal share, so that marks that may not begin a line do not make one line more.
        width = self._width if count == 1 else min(self._width, natural / count + 1.5 * size)
        lines = self._setter_of(Role.TITLE, style, width).lines(self._annex.title)
        setter = self._setter_of(Role.TITLE, style, self._width)
        shift = (self._width - width) / 2
        return [setter.compose([line._replace(indent=line.indent + shift)], lines[1]) for line in lines[0]], size

    def _stroke(self, size: float) -> float:
        """A title font of the office is as strong as it should be; the text face needs help."""
        return 0.0 if self._profile.title_font else round(size * _TITLE_STROKE, 2)

    def _head(self, top: float) -> Block:
        """填报单位 at the left, class and date in the middle, the unit of the numbers at the right."""
        annex = self._annex
        size = self._profile.head_size
        while True:
            left, middle, right = (
                self._set(Role.BODY, size, text) for text in (annex.head_left, annex.head_middle, annex.head_right)
            )
            room = self._width - right.width - _GAP - (middle.width + _GAP if annex.head_middle else 0)
            if left.width <= room or size <= 8:
                break
            size -= 0.5
        if left.width <= room:
            # In the middle of the page, unless a long name reaches that far.
            place = max((self._width - middle.width) / 2, left.width + _GAP)
            words = [Words(0.0, top, left), Words(place, top, middle)]
            height = left.height
        else:
            # A name too long for one line has the lines to itself, the rest stands under it.
            left = self._set(Role.BODY, size, annex.head_left, self._width)
            words = [Words(0.0, top, left), Words(0.0, top + left.height, middle)]
            height = left.height + middle.height
        words.append(Words(self._width - right.width, top + height - right.height, right))
        return Block(height=top + height + 3.0, words=tuple(words))

    def _note(self, note: str, number: int) -> Iterator[Block]:
        """A note; lines after 注： stand where its text begins."""
        size = self._profile.note_size
        mark = self._set(Role.BODY, size, _NOTE_MARK)
        for text in self._parts(size, note, self._width - mark.width):
            top = 5.0 if number == 0 else 0.0
            words = [Words(mark.width, top, text)]
            if number == 0:
                words.insert(0, Words(0.0, top, mark))
                number = -1
            yield Block(height=top + text.height, words=tuple(words))

    def _parts(self, size: float, text: str, width: float) -> Iterator[SetText]:
        """A text whole, or in pieces of most of a page when it is taller than that."""
        whole = self._set(Role.BODY, size, text, width)
        most = int(self._height * _MOST_FRONT / whole.lead)
        if whole.lines <= most:
            yield whole
            return
        setter = self._setter_of(Role.BODY, Style(size=size, leading=self._profile.leading), width)
        lines, shown = setter.lines(text)
        for start in range(0, len(lines), most):
            yield setter.compose(lines[start : start + most], shown)

    def _sign_off(self) -> Iterator[Block]:
        """Fields to be signed, each with a line to write on; all on one line, if need be in smaller type."""
        size = self._profile.head_size
        while size >= 8:
            rooms = self._rooms(size)
            if rooms:
                yield self._sign_off_line(size, rooms)
                return
            size -= 0.5
        yield from self._sign_off_list()

    def _rooms(self, size: float) -> list[float]:
        """Lengths of the lines to write on; none when the fields do not stand side by side at this size."""
        fields = self._annex.sign_off
        names = sum(self._set(Role.BODY, size, f"{name}：").width for name, _ in fields)
        needs = [max(self._set(Role.BODY, size, value).width + size, 5 * size) for _, value in fields]
        spare = self._width - names - sum(needs) - _GAP * (len(fields) - 1)
        return [] if spare < 0 else [need + spare / len(needs) for need in needs]

    def _sign_off_line(self, size: float, rooms: list[float]) -> Block:
        words: list[Words] = []
        strokes: list[Stroke] = []
        left = 0.0
        bottom = 24.0 + 2 * size
        for (name, value), room in zip(self._annex.sign_off, rooms, strict=True):
            label = self._set(Role.BODY, size, f"{name}：")
            text = self._set(Role.BODY, size, value, room, Align.CENTRE)
            words.append(Words(left, bottom - label.height, label))
            left += label.width
            words.append(Words(left, bottom - text.height, text))
            strokes.append(Stroke(left, left + room, bottom))
            left += room + _GAP
        return Block(height=bottom + 4.0, words=tuple(words), strokes=tuple(strokes))

    def _sign_off_list(self) -> Iterator[Block]:
        """The same one under another, where names are too long to stand side by side."""
        size = self._profile.head_size
        for name, value in self._annex.sign_off:
            for text in self._parts(size, f"{name}：{value}", self._width):
                yield Block(height=text.height + size, words=(Words(0.0, size, text),))
