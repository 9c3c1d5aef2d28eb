"""Sends the pages of a PDF to a printer or into a file, as pictures at the printer's own resolution; knows no form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication, QMarginsF, QRect, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo

from selfassess.errors import ExportError
from selfassess.export.pdfium import ALONE, open_pdf
from selfassess.gui.page_renderer import picture, sizes_of
from selfassess.gui.tasks import run_with_progress

if TYPE_CHECKING:
    import threading

    from PySide6.QtWidgets import QWidget

MOST_DPI = 600
"""Sharper than any eye; a page takes 35 MB in grey."""


class Printed(NamedTuple):
    """What was printed.

    Attributes:
        pages: How many.
        file: The file they were printed into; "" when they went to a printer.
    """

    pages: int
    file: str


def has_printer() -> bool:
    """Whether the system knows any printer; without a printing service there is none."""
    return bool(QPrinterInfo.availablePrinterNames())


def annex_printer(*, title: str, duplex: bool) -> QPrinter:
    """A printer set up for the annex: A4 landscape, the whole sheet, since margins are in the pages.

    Args:
        title: Name of the job.
        duplex: Whether both sides are suggested.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setCreator("selfassess")
    printer.setFullPage(True)
    layout = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, QMarginsF(), QPageLayout.Unit.Millimeter
    )
    layout.setMode(QPageLayout.Mode.FullPageMode)
    printer.setPageLayout(layout)
    if duplex:
        printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
    return printer


def ask_and_print(parent: QWidget, data: bytes, *, title: str, duplex: bool) -> Printed | None:
    """Show the system's print dialog, then print with progress.

    Args:
        parent: The window that asks and waits.
        data: The PDF.
        title: Name of the job.
        duplex: Whether both sides are suggested.

    Returns:
        What was printed; None when the dialog was closed.

    Raises:
        ExportError: As :func:`print_pdf`.
        CalledOffError: Called off while printing.
    """
    printer = annex_printer(title=title, duplex=duplex)
    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
    dialog.setMinMax(1, page_count(data))
    try:
        if dialog.exec() != QPrintDialog.DialogCode.Accepted:
            return None
    finally:
        dialog.deleteLater()
    label = QCoreApplication.translate("printing", "正在打印…")
    pages = run_with_progress(parent, label, lambda cancelled: print_pdf(data, printer, cancelled))
    return Printed(pages, printer.outputFileName())


def page_count(data: bytes) -> int:
    """The pages of a PDF."""
    with ALONE:
        pdf = open_pdf(data)
        try:
            return len(pdf)
        finally:
            pdf.close()


def wanted_pages(printer: QPrinter, count: int) -> list[int]:
    """The pages to print, counted from 0, in the order the user asked for."""
    first, last = printer.fromPage() or 1, printer.toPage() or count
    pages = list(range(max(first, 1) - 1, min(last, count)))
    return pages[::-1] if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst else pages


def print_pdf(data: bytes, printer: QPrinter, cancelled: threading.Event) -> int:
    """Print.

    Args:
        data: The PDF.
        printer: As chosen in the print dialog.
        cancelled: Set when the user calls it off; the job is then withdrawn.

    Returns:
        How many pages were sent.

    Raises:
        ExportError: The printer cannot be opened, or refuses a page; likewise the file it prints into.
    """
    pdf = open_pdf(data)
    painter = QPainter()
    try:
        if not painter.begin(printer):
            raise _refusal(printer)
        pages = wanted_pages(printer, len(sizes_of(pdf)))
        for place, page in enumerate(pages):
            if cancelled.is_set():
                printer.abort()
                return place
            if place and not printer.newPage():
                raise _refusal(printer, page + 1)
            _print_page(pdf, page, printer, painter)
        return len(pages)
    finally:
        if painter.isActive():
            painter.end()
        with ALONE:
            pdf.close()


def _refusal(printer: QPrinter, page: int | None = None) -> ExportError:
    """What to say of a printer, or of the file in its place, that could not be begun, or that stopped at a page."""
    if file := printer.outputFileName():
        return ExportError("E356", file=file) if page is None else ExportError("E357", file=file, page=page)
    name = printer.printerName()
    return ExportError("E350", printer=name) if page is None else ExportError("E351", printer=name, page=page)


def _print_page(pdf: object, page: int, printer: QPrinter, painter: QPainter) -> None:
    sheet = QRect(0, 0, printer.width(), printer.height())
    width = sheet.width() * min(printer.resolution(), MOST_DPI) // printer.resolution()
    image = picture(pdf, page, width, grey=printer.colorMode() == QPrinter.ColorMode.GrayScale)
    # A page that stands upright in a landscape tray, or the other way round, is fitted without being bent.
    size = image.size().scaled(sheet.size(), Qt.AspectRatioMode.KeepAspectRatio)
    painter.drawImage(QRect(sheet.topLeft(), size), image)
