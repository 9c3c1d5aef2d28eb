"""Prints and exports the annex of the open draft: asks where to, shows progress, says in words what went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from selfassess.errors import ExportError, UserError
from selfassess.export.rows import annex
from selfassess.gui.file_dialogs import ask_target, documents_folder, is_folder, with_suffix
from selfassess.gui.messages import choose_after_error, show_error
from selfassess.gui.print_profile_memory import ProfileMemory
from selfassess.gui.settings import EXPORT_FOLDER
from selfassess.gui.tasks import run_with_progress
from selfassess.waiting import CalledOffError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from selfassess.document import Document
    from selfassess.export.pdf import AnnexPrinter
    from selfassess.export.profile import PrintProfile
    from selfassess.export.rows import Annex
    from selfassess.gui.printing import Printed
    from selfassess.gui.settings import Settings
    from selfassess.paths import Places


def _tr(text: str) -> str:
    return QCoreApplication.translate("AnnexExports", text)


class AnnexExports:
    """What can leave the program: paper, PDF, workbook.

    Args:
        document: The open draft.
        places: Where the fonts lie.
        settings: Remembers print profile and folder.
        parent: The window that asks and waits.
        printer: Keeps what was set before; a new one when not given.
    """

    def __init__(
        self,
        document: Document,
        places: Places,
        settings: Settings,
        parent: QWidget,
        printer: AnnexPrinter | None = None,
    ) -> None:
        self._document = document
        self._places = places
        self._settings = settings
        self._parent = parent
        self._printer = printer

    @property
    def printer(self) -> AnnexPrinter:
        """Sets the annex; reportlab and fonts are loaded when it is first wanted."""
        if self._printer is None:
            from selfassess.export.pdf import AnnexPrinter  # noqa: PLC0415  (not before something is exported)

            self._printer = AnnexPrinter(self._places.fonts)
        return self._printer

    @property
    def profile(self) -> PrintProfile:
        """The print profile that holds now."""
        return ProfileMemory(self._settings).current()

    def annex(self) -> Annex:
        """The annex as it stands now, with a sign-off block when the profile wants one."""
        document = self._document
        return annex(document.catalogue, document.entries, document.scorecard, sign_off=self.profile.sign_off)

    # ----------------------------------------------------------------------------------------------------------- files
    def export_pdf(self) -> Path | None:
        """Asks where to, and exports the PDF.

        Returns:
            The file; None when nothing was exported.
        """
        printer, form, profile = self.printer, self.annex(), self.profile
        return self._export(
            _tr("导出 PDF"),
            _tr("PDF 文件 (*.pdf)"),
            ".pdf",
            lambda target, stop: printer.export(form, target, profile, stop.is_set),
        )

    def export_xlsx(self) -> Path | None:
        """Asks where to, and exports the workbook.

        Returns:
            The file; None when nothing was exported.
        """
        from selfassess.export.xlsx import export_xlsx  # noqa: PLC0415  (not before something is exported)

        form, catalogue, scorecard = self.annex(), self._document.catalogue, self._document.scorecard
        first = self.profile.first_page
        return self._export(
            _tr("导出 Excel"),
            _tr("Excel 工作簿 (*.xlsx)"),
            ".xlsx",
            lambda target, stop: export_xlsx(form, target, catalogue, scorecard, stop.is_set, first_page=first),
        )

    def suggested_name(self) -> str:
        """A file name without suffix: unit, year and what it is."""
        from selfassess.store.naming import file_name  # noqa: PLC0415  (not before something is exported)

        unit = self._document.entries.unit
        year = unit.year or self._document.catalogue.year_text
        return file_name(f"{unit.name or _tr('未命名单位')}_{year}年度_自评表")

    def _export(
        self, title: str, kind: str, suffix: str, work: Callable[[Path, threading.Event], object]
    ) -> Path | None:
        target = self._ask(title, kind, suffix, self._folder() / f"{self.suggested_name()}{suffix}")
        while target is not None:
            here = target
            self._settings.put(EXPORT_FOLDER, str(here.parent))  # beforehand: the next start tidies up there
            try:
                run_with_progress(self._parent, f"{title}：{here.name}", lambda stop, at=here: work(at, stop))
            except CalledOffError:
                return None
            except ExportError as error:
                actions = (_tr("再试一次"), _tr("另选位置…"), _tr("取消"))
                choice = choose_after_error(self._parent, error, actions)
                if choice == 1:
                    target = self._ask(title, kind, suffix, here)
                elif choice != 0:
                    return None
            except UserError as error:
                show_error(self._parent, error)
                return None
            else:
                return here
        return None

    def _folder(self) -> Path:
        last = self._settings.get(EXPORT_FOLDER, "")
        if last and is_folder(Path(last)):
            return Path(last)
        return documents_folder()

    def _ask(self, title: str, kind: str, suffix: str, proposed: Path) -> Path | None:
        target = ask_target(self._parent, title, proposed, kind)
        return None if target is None else with_suffix(self._parent, target, suffix)

    # ----------------------------------------------------------------------------------------------------------- paper
    def print_(self) -> Printed | None:
        """Shows the print dialog and prints the very PDF of the preview.

        Returns:
            What was printed; None when nothing was.
        """
        from selfassess.gui import printing  # noqa: PLC0415  (QtPrintSupport, not before something is printed)

        if not printing.has_printer() and not self._print_without_printer():
            return None
        printer, form, profile = self.printer, self.annex(), self.profile
        try:
            data = run_with_progress(self._parent, _tr("正在排版…"), lambda _: printer.render(form, profile))
            return printing.ask_and_print(self._parent, data, title=self.suggested_name(), duplex=profile.duplex)
        except CalledOffError:
            return None
        except UserError as error:
            show_error(self._parent, error, title=_tr("没有打印"))
            return None

    def _print_without_printer(self) -> bool:
        """Says that there is no printer; whether to go on all the same, to print into a file."""
        choice = choose_after_error(
            self._parent,
            ExportError("E352"),
            (_tr("导出 PDF…"), _tr("仍然打印到文件…"), _tr("取消")),
            title=_tr("没有打印机"),
        )
        if choice == 0:
            self.export_pdf()
        return choice == 1
