"""The verbs for what went wrong: back to an earlier state, automatic copies, salvage; they write only what is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from selfassess.cli.console import complain, number, print_json, say, table
from selfassess.cli.subject import catalogue_of, opened
from selfassess.cli.verbs import FINE, FOUND
from selfassess.errors import StoreError, UserError
from selfassess.scoring.numbers import show
from selfassess.store.backups import Backups
from selfassess.store.draft import now

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from pathlib import Path

    from selfassess.paths import Places
    from selfassess.store.backups import Backup
    from selfassess.store.restore_points import RestorePoints
    from selfassess.store.salvage_report import Report

_SALVAGEABLE = frozenset({"E306", "E319", "E325"})
"""Refusals that speak of salvage; a window offers it by a button."""
_MOMENT = "%Y-%m-%d %H:%M:%S"


def command_after(error: UserError) -> str:
    """What is to be typed after a refusal; "" for nothing that its sentence does not say.

    Args:
        error: The refusal.
    """
    return "抢救的命令：selfassess salvage 损坏的草稿 新草稿。" if error.code in _SALVAGEABLE else ""


def restore(options: Namespace, places: Places) -> int:
    """List the restore points, or go back to one as a new step."""
    with opened(options.draft, places, "恢复" if options.number is not None else "") as draft:
        found = draft.restore_points()
        if options.number is None:
            if options.json:
                print_json(_points_json(found))
            else:
                say(_points_text(found))
            return FINE
        point = next((one for one in found.points if one.step == options.number), None)
        if point is None:
            raise StoreError("E384", path=options.draft, number=options.number)
        effect = draft.restore(point)
    if options.json:
        print_json({"restored": number(point.step), "changed": effect is not None})
    else:
        say(f"已{point.label}，可以用撤销退回。" if effect else "草稿现在就是这个样子，没有变化。")
    return FINE


def _points_json(found: RestorePoints) -> dict[str, object]:
    return {
        "points": [
            {
                "number": number(point.step),
                "at": point.at.isoformat(),
                "steps": number(point.steps),
                "words": point.words,
                "answered": number(point.answered),
                "rows": number(point.rows),
                "total": number(point.total),
            }
            for point in found.points
        ],
        "notice": found.notice or None,
    }


def _points_text(found: RestorePoints) -> str:
    rows = [("编号", "时间", "步数", "已填", "总分", "修改")]
    rows += [
        (
            str(point.step),
            f"{point.at:{_MOMENT}}",
            str(point.steps),
            f"{point.answered}/{point.rows}",
            "没有得分" if point.total is None else show(point.total),
            point.words,
        )
        for point in found.points
    ]
    listed = table(rows, right=(0, 2, 3, 4)) if found.points else "还没有可以恢复到的时间。"
    return f"{listed}\n{found.notice}".rstrip()


def backups(options: Namespace, places: Places) -> int:
    """List automatic copies: of one draft, or which drafts have some."""
    kept = Backups(places.backups)
    if options.draft is not None:
        copies = kept.for_file(options.draft.absolute())
        if options.json:
            print_json({"copies": _copies_json(copies)})
        else:
            say(_copies_text(copies) if copies else "没有这份草稿的自动备份。")
        return FINE
    drafts = kept.drafts()
    if options.json:
        print_json(
            {
                "drafts": [
                    {
                        "unit": one.newest.summary.unit if one.newest.summary else None,
                        "title": one.newest.summary.title if one.newest.summary else None,
                        "file": one.place or None,
                        "copies": _copies_json(one.copies),
                    }
                    for one in drafts
                ]
            }
        )
        return FINE
    for one in drafts:
        summary = one.newest.summary
        say(f"{summary.unit or '（未填单位）'}　{summary.title}" if summary else one.newest.fault)
        if one.place:
            say(f"文件：{one.place}")
        say(_copies_text(one.copies))
    if not drafts:
        say("还没有自动备份。")
    return FINE


def _copies_json(copies: Sequence[Backup]) -> list[dict[str, object]]:
    return [{"at": copy.at.isoformat(), "documents": copy.whole, "path": str(copy.path)} for copy in copies]


def _copies_text(copies: Sequence[Backup]) -> str:
    return table([(f"{copy.at:{_MOMENT}}", "" if copy.whole else "不含佐证材料", str(copy.path)) for copy in copies])


def salvage(options: Namespace, places: Places) -> int:
    """Make a new draft out of what can be read in a damaged one, with a report beside it."""
    from selfassess.store import salvage as salvaging  # noqa: PLC0415 # rare

    given = catalogue_of(options.catalogue, places) if options.catalogue else None
    folders = (places.catalogues, places.own_catalogues)
    report = salvaging.salvage(options.damaged, options.new, now(), folders, given)
    kept = salvaging.keep_report(report)
    is_kept = not isinstance(kept, StoreError)
    if options.json:
        print_json(_report_json(report, kept if is_kept else None))
    else:
        say(report.text, end="")
    if not is_kept:
        complain(f"新草稿已经存好，但报告没有存成文件。{kept}")
    return FINE if report.proved and report.same_rules and not report.documents and is_kept else FOUND


def _report_json(report: Report, kept: Path | None) -> dict[str, object]:
    return {
        "draft": str(report.target),
        "report": None if kept is None else str(kept),
        "proved": report.proved,
        "same_rules": report.same_rules,
        "summary": report.summary,
        "saved": list(report.saved),
        "rules": report.rules,
        "to_check": list(report.to_check),
        "missing": list(report.missing),
        "not_taken": list(report.not_taken),
        "documents": list(report.documents),
        "notes": list(report.notes),
    }
