"""What each verb does: read, compute with the one engine, print; returns the exit code and lets refusals fly."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from selfassess.catalogue import shelf
from selfassess.catalogue.linter import lint
from selfassess.cli import views
from selfassess.cli.arguments import USAGE_ERROR
from selfassess.cli.console import complain, print_json, say
from selfassess.cli.subject import catalogue_of, is_answers_file, opened, subject_of
from selfassess.domain.entries import Entries, Unit
from selfassess.domain.finding import Level
from selfassess.errors import UserError
from selfassess.intake import answers, tsv
from selfassess.scoring import explain
from selfassess.scoring.reconciliation import reconcile, reconcile_entries
from selfassess.store.draft import Draft
from selfassess.store.place import SUFFIX

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Sized

    from selfassess.catalogue.linter import LintFault
    from selfassess.domain.finding import Finding
    from selfassess.export.rows import Annex
    from selfassess.intake.answers import AnswersFile
    from selfassess.paths import Places

FINE = 0
FOUND = 1
"""Findings, differences, or something refused."""
MOST_PAGES = 9999
"""Highest number that the first page may have."""


def catalogue_list(options: Namespace, places: Places) -> int:
    """List the catalogues there are, shipped and own."""
    entries = shelf.listed(places.catalogues, places.own_catalogues)
    if options.json:
        print_json({"catalogues": views.shelf_json(entries)})
    else:
        say(views.shelf_text(entries))
    return FOUND if any(entry.catalogue is None for entry in entries) else FINE


def catalogue_lint(options: Namespace, places: Places) -> int:
    """Report everything that is loadable but wrong in a catalogue."""
    catalogue = catalogue_of(options.file, places)
    faults = lint(catalogue)
    if options.json:
        print_json({"catalogue": catalogue.reference, "faults": views.findings_json(faults)})
    elif faults:
        say(f"{views.findings_text(faults)}\n{catalogue.reference}：{views.counts_text(faults)}")
    else:
        say(f"{catalogue.reference}：没有发现问题。")
    return _grave(faults)


def catalogue_show(options: Namespace, places: Places) -> int:
    """Show a catalogue's rows and figures."""
    catalogue = catalogue_of(options.reference, places)
    if options.json:
        print_json(views.catalogue_json(catalogue))
    else:
        say(views.catalogue_text(catalogue))
    return FINE


def new(options: Namespace, places: Places) -> int:
    """Make an empty draft."""
    catalogue = catalogue_of(options.catalogue, places)
    unit = Unit(name=options.unit.strip(), year=catalogue.year_text)
    with Draft.create(options.draft, catalogue, Entries(unit=unit)) as draft:
        path = draft.path
    if options.json:
        print_json({"draft": str(path), "catalogue": catalogue.reference})
    else:
        say(f"已新建草稿 {path}（{catalogue.reference}，{unit.name or '填报单位未填'}）。")
    return FINE


def fill(options: Namespace, places: Places) -> int:
    """Enter what an answers file says, all or nothing, as one step of the draft's history."""
    file = answers.read(options.answers)
    with opened(options.draft, places, "填入") as draft:
        entries = answers.entries_of(file, draft.catalogue, draft.entries)
        effect = draft.put_entries(entries, f"从文件“{file.name}”填入")
        card = draft.scorecard
    if options.json:
        print_json(views.scorecard_json(card))
        return FINE
    say(f"已读入 {file.name}：{_taken(file)}。" + ("" if effect else "内容与草稿原有的相同，没有变化。"))
    rows = sum(category.rows for category in card.categories if category.in_base)
    say(f"草稿 {options.draft}：已填 {rows - card.blank} 行，还有 {card.blank} 行空白。")
    return FINE


def _taken(file: AnswersFile) -> str:
    """What a file that was taken holds, counted."""
    names = (
        ("unit", "填报单位 {} 项"),
        ("figures", "数据 {} 项"),
        ("rows", "自评 {} 行"),
        ("adjustments", "加分扣分事项 {} 项"),
        ("declared", "填列数 {} 组"),
    )
    counts = ((words, file.table.get(key)) for key, words in names)
    parts = [words.format(len(cast("Sized", held))) for words, held in counts if held]
    return "，".join(parts) or "没有任何内容"


def show(options: Namespace, places: Places) -> int:
    """Show the scorecard."""
    subject = subject_of(options.form, places, options.catalogue)
    if options.json:
        print_json(views.scorecard_json(subject.scorecard))
    else:
        counts = views.counts_text(subject.findings)
        say(f"{views.scorecard_text(subject)}\n审核问题：{counts}，用 check 查看。")
    return FINE


def explain_numbers(options: Namespace, places: Places) -> int:
    """Show the working of every number, or of one row or category."""
    subject = subject_of(options.form, places, options.catalogue)
    text = explain(subject.catalogue, subject.entries, subject.scorecard, options.code)
    if options.json:
        print_json({"code": options.code, "text": text})
    else:
        say(text)
    return FINE


def check(options: Namespace, places: Places) -> int:
    """List the findings."""
    subject = subject_of(options.form, places, options.catalogue)
    findings = subject.findings
    if options.json:
        print_json({"findings": views.findings_json(findings)})
    elif findings:
        say(f"{views.findings_text(findings)}\n{views.counts_text(findings)}")
    else:
        say("没有发现问题。")
    return _grave(findings)


def _grave(found: Iterable[Finding | LintFault]) -> int:
    """Hints are no reason to stop; errors and what must be explained are."""
    return FOUND if any(one.level is not Level.HINT for one in found) else FINE


def export(options: Namespace, places: Places) -> int:
    """Write the annex as PDF, as a workbook, or as both."""
    from selfassess.export.rows import annex  # noqa: PLC0415 # only this verb needs it

    if options.pdf is None and options.xlsx is None:
        return _misused("E186")
    if options.pdf is not None and options.xlsx is not None and _same_place(options.pdf, options.xlsx):
        return _misused("E187")
    if not 1 <= options.first_page <= MOST_PAGES:
        return _misused("E188", most=MOST_PAGES, number=options.first_page)
    subject = subject_of(options.form, places, options.catalogue)
    sheet = annex(subject.catalogue, subject.entries, subject.scorecard, sign_off=options.sign_off)
    code = sheet.footer.check_code
    written: list[dict[str, object]] = []
    if options.pdf is not None:
        pages = _write_pdf(options, places, sheet)
        written.append({"path": str(options.pdf), "kind": "pdf", "pages": str(pages), "check_code": code})
        _say(options, f"已导出 {options.pdf}（PDF，{pages} 页），校验码 {code}")
    if options.xlsx is not None:
        from selfassess.export.xlsx import export_xlsx  # noqa: PLC0415 # a library that only this target needs

        export_xlsx(sheet, options.xlsx, subject.catalogue, subject.scorecard, first_page=options.first_page)
        written.append({"path": str(options.xlsx), "kind": "xlsx", "pages": None, "check_code": code})
        _say(options, f"已导出 {options.xlsx}（工作簿），校验码 {code}")
    if options.json:
        print_json({"files": written})
    return FINE


def _misused(code: str, **values: object) -> int:
    """Options that each are fine and together are not."""
    complain(UserError(code, help="selfassess export --help", **values))
    return USAGE_ERROR


def _same_place(first: Path, second: Path) -> bool:
    return os.path.realpath(first) == os.path.realpath(second)


def _write_pdf(options: Namespace, places: Places, sheet: Annex) -> int:
    from selfassess.export.pdf import export_pdf  # noqa: PLC0415 # a library that only this target needs
    from selfassess.export.profile import NATIONAL, OFFICE, PageNumbers  # noqa: PLC0415

    chosen = OFFICE if options.profile == "office" else NATIONAL
    profile = replace(chosen, sign_off=options.sign_off, first_page=options.first_page)
    if options.page_numbers is not None:
        profile = replace(profile, page_numbers=PageNumbers(options.page_numbers))
    return export_pdf(sheet, options.pdf, profile, places.fonts).pages


def _say(options: Namespace, sentence: str) -> None:
    if not options.json:
        say(sentence)


def reconcile_form(options: Namespace, places: Places) -> int:
    """Compare what a form states with what its rows add up to."""
    path: Path = options.file
    if is_answers_file(path) or path.suffix.lower() == SUFFIX:
        subject = subject_of(path, places, options.catalogue)
        found = reconcile_entries(subject.catalogue, subject.entries, subject.scorecard)
    else:
        found = reconcile(tsv.read(path))
    if options.json:
        print_json(views.reconciliation_json(found))
    else:
        say(views.reconciliation_text(found))
    return FOUND if found.differing else FINE
