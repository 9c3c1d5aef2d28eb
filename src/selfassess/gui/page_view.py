"""Shows the pages of a PDF one below the other, crisp at any zoom; knows pictures, not what is on them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from selfassess.gui.theme import colours_of

if TYPE_CHECKING:
    from selfassess.gui.page_renderer import PageRenderer

_GAP = 16
"""Pixels around and between pages."""
_CACHE = 96 << 20
"""Bytes of pictures that are kept; pages in sight are always kept."""
LEAST_ZOOM, MOST_ZOOM = 0.25, 4.0
_STEP = 1.2


class Fit(StrEnum):
    """How the zoom follows the window."""

    WIDTH = "width"
    """As wide as the window."""
    PAGE = "page"
    """The whole page."""
    FREE = "free"
    """As chosen; 1 is the size on paper, by the screen's own resolution."""


class PageView(QAbstractScrollArea):
    """Pages, drawn when they come into sight.

    Args:
        renderer: Makes the pictures; ended by whoever made it.
        parent: Owner.

    Signals:
        page_changed(int): The page in sight, counted from 0.
        zoom_changed(): Zoom or the way it fits.
    """

    page_changed = Signal(int)
    zoom_changed = Signal()

    def __init__(self, renderer: PageRenderer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._renderer = renderer
        self._showing = 0
        self._sizes: list[tuple[float, float]] = []
        self._rects: list[QRect] = []
        self._sheet = QSize(0, 0)
        self._pictures: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._stale: dict[int, QImage] = {}
        self._fit = Fit.WIDTH
        self._zoom = 1.0
        self._page = 0
        renderer.opened.connect(self._open)
        renderer.rendered.connect(self._take)
        self.setAccessibleName(self.tr("页面"))
        self.verticalScrollBar().valueChanged.connect(self._look)
        self.verticalScrollBar().setSingleStep(40)
        self.viewport().setAutoFillBackground(False)

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return len(self._sizes)

    @property
    def page(self) -> int:
        """The page in sight, counted from 0."""
        return self._page

    @property
    def fit(self) -> Fit:
        """How the zoom follows the window."""
        return self._fit

    @property
    def zoom(self) -> float:
        """Times the size on paper."""
        return self._zoom

    def show_pdf(self, data: bytes) -> None:
        """Shows another PDF at the same place, with the old pictures until the new ones come."""
        self._showing = self._renderer.show(data)

    def set_fit(self, fit: Fit) -> None:
        """Makes the zoom follow the window, or leaves it as it is."""
        self._fit = fit
        self._lay_out()
        self.zoom_changed.emit()

    def set_zoom(self, zoom: float) -> None:
        """Sets the zoom; it no longer follows the window."""
        self._fit = Fit.FREE
        self._zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        self._lay_out()
        self.zoom_changed.emit()

    def zoom_in(self) -> None:
        """A step larger."""
        self.set_zoom(self._zoom * _STEP)

    def zoom_out(self) -> None:
        """A step smaller."""
        self.set_zoom(self._zoom / _STEP)

    def go_to(self, page: int) -> None:
        """Scrolls to a page, counted from 0."""
        if 0 <= page < len(self._sizes):
            self.verticalScrollBar().setValue(self._rects[page].top() - _GAP)

    def picture_of(self, page: int) -> QImage | None:
        """The picture of a page as it is shown now, in its full resolution; None while it is being made."""
        return self._pictures.get((page, self._wished_width(page)))

    # -------------------------------------------------------------------------------------------------------- geometry
    def _scale(self) -> float:
        """Pixels of this widget for one pt of paper."""
        return self._zoom * self.logicalDpiX() / 72

    def _lay_out(self) -> None:
        """Zoom, scroll bars and wishes for what is there now; the same spot of paper stays at the top."""
        if not self._sizes:
            return
        bar = self.verticalScrollBar()
        share = bar.value() / self._sheet.height() if self._sheet.height() > 0 else 0
        self._follow_window()
        self._place_pages()
        size = self.viewport().size()
        bar.setRange(0, max(0, self._sheet.height() - size.height()))
        bar.setPageStep(size.height())
        across = self.horizontalScrollBar()
        across.setRange(0, max(0, self._sheet.width() - size.width()))
        across.setPageStep(size.width())
        bar.setValue(round(share * self._sheet.height()))
        self._look()

    def _follow_window(self) -> None:
        if self._fit is Fit.FREE:
            return
        room = self.viewport().size() - QSize(2 * _GAP, 2 * _GAP)
        width, height = max(size[0] for size in self._sizes), max(size[1] for size in self._sizes)
        dot = self.logicalDpiX() / 72
        zoom = room.width() / (width * dot)
        if self._fit is Fit.PAGE:
            zoom = min(zoom, room.height() / (height * dot))
        self._zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)

    def _place_pages(self) -> None:
        """Where each page lies on the endless sheet of all pages."""
        scale = self._scale()
        sizes = [QSize(round(width * scale), round(height * scale)) for width, height in self._sizes]
        self._sheet = QSize(max(size.width() for size in sizes) + 2 * _GAP, _GAP)
        self._rects = []
        for size in sizes:
            left = max(_GAP, (self.viewport().width() - size.width()) // 2)
            self._rects.append(QRect(QPoint(left, self._sheet.height()), size))
            self._sheet.setHeight(self._sheet.height() + size.height() + _GAP)

    def _sight(self) -> QRect:
        """What of the sheet is in the window, over its whole width."""
        width = max(self._sheet.width(), self.viewport().width())
        return QRect(0, self.verticalScrollBar().value(), width, self.viewport().height())

    def _in_sight(self) -> list[int]:
        sight = self._sight()
        first = bisect_left(self._rects, sight.top(), key=QRect.bottom)
        last = bisect_right(self._rects, sight.bottom(), key=QRect.top)
        return list(range(first, last))

    def _wished_width(self, page: int) -> int:
        return round(self._rects[page].width() * self.devicePixelRatioF())

    # -------------------------------------------------------------------------------------------------------- pictures
    def _open(self, showing: int, sizes: list[tuple[float, float]]) -> None:
        if showing != self._showing:
            return
        for (page, _), image in self._pictures.items():
            self._stale[page] = image
        self._pictures.clear()
        self._sizes = sizes
        self._lay_out()
        self.page_changed.emit(self._page)

    def _take(self, showing: int, page: int, width: int, image: QImage) -> None:
        if showing != self._showing:
            return
        self._pictures[page, width] = image
        self._stale.pop(page, None)
        seen = {(page, self._wished_width(page)) for page in self._in_sight()}
        for key in list(self._pictures):
            if sum(kept.sizeInBytes() for kept in self._pictures.values()) <= _CACHE:
                break
            if key not in seen:
                del self._pictures[key]
        self.viewport().update()

    def _look(self) -> None:
        """Wishes for what is in sight first, then for its neighbours."""
        if not self._sizes:
            return
        seen = self._in_sight()
        if seen:
            near = [page for page in (seen[-1] + 1, seen[0] - 1) if 0 <= page < len(self._sizes)]
            wishes = [(page, self._wished_width(page)) for page in (*seen, *near)]
            self._renderer.want(wish for wish in wishes if wish not in self._pictures)
            self._tell_page(seen)
        self.viewport().update()

    def _tell_page(self, seen: list[int]) -> None:
        """The page in sight is the one that covers most of the window."""
        sight = self._sight()
        page = max(seen, key=lambda page: self._rects[page].intersected(sight).height())
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)

    # ---------------------------------------------------------------------------------------------------- Qt's contract
    def resizeEvent(self, event: QResizeEvent) -> None:
        """The zoom may follow."""
        super().resizeEvent(event)
        self._lay_out()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802, D102  (Qt's contract)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Pages in sight on a darker ground."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ground = self.palette().color(QPalette.ColorRole.Mid)
        painter.fillRect(self.viewport().rect(), ground)
        offset = QPoint(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        for page in self._in_sight():
            self._paint_page(painter, page, self._rects[page].translated(offset))
        painter.end()

    def _paint_page(self, painter: QPainter, page: int, rect: QRect) -> None:
        painter.fillRect(rect.translated(2, 2), QColor(0, 0, 0, 60))
        image = self.picture_of(page)
        if image is not None:
            image.setDevicePixelRatio(self.devicePixelRatioF())
            painter.drawImage(rect.topLeft(), image)
            return
        painter.fillRect(rect, Qt.GlobalColor.white)
        stale = self._stale.get(page) or self._other_size(page)
        if stale is not None:
            painter.drawImage(rect, stale)
        else:
            painter.setPen(colours_of(QPalette(Qt.GlobalColor.white)).muted)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.tr("正在画第 {page} 页…").format(page=page + 1))

    def _other_size(self, page: int) -> QImage | None:
        return next((image for (other, _), image in self._pictures.items() if other == page), None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Ctrl the wheel zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_in() if event.angleDelta().y() > 0 else self.zoom_out()
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End, + and −; the arrows and page keys are the scroll bar's."""
        key = event.key()
        if key == Qt.Key.Key_Home:
            self.go_to(0)
        elif key == Qt.Key.Key_End:
            self.go_to(len(self._sizes) - 1)
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom_in()
        elif key == Qt.Key.Key_Minus:
            self.zoom_out()
        else:
            super().keyPressEvent(event)
