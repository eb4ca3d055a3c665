"""What may be done with marks, and which role may."""

from __future__ import annotations

from enum import StrEnum


class MarkingPermission(StrEnum):
    """Permissions of this room."""

    MARK = "marking:mark"
    PROGRESS = "marking:progress"
    SCORES = "marking:scores"
    CONFIRM = "marking:confirm"
    CORRECTIONS = "marking:corrections"
    FLOOR = "marking:floor"
    PAPER = "marking:paper"
    KEY_PAPER = "marking:key_paper"
    DELIVER = "marking:deliver"  # hand in marks, whoever's; a signature says whose they are
    APPROVE = "marking:approve"  # the second person countersigns what the chief judge asked for
    REHEARSE = "marking:rehearse"  # let the panels practise on invented works
    RECHECK = "marking:recheck"  # draw works to check again, note what was found, sign
    DRAWINGS = "marking:drawings"  # look at the drawings of the task
    LAY_OUT_DRAWINGS = "marking:lay_out_drawings"
    TABLETS = "marking:tablets"  # pair tablets, report one lost


_M = MarkingPermission

ROLES: dict[str, tuple[MarkingPermission, ...]] = {
    "judge": (_M.MARK, _M.DRAWINGS, _M.DELIVER),
    "chief_judge": (
        _M.MARK,
        _M.DRAWINGS,
        _M.LAY_OUT_DRAWINGS,
        _M.DELIVER,
        _M.PROGRESS,
        _M.SCORES,
        _M.CONFIRM,
        _M.CORRECTIONS,
        _M.TABLETS,
        _M.PAPER,
        _M.FLOOR,
        _M.REHEARSE,
    ),
    "organizer": (_M.PROGRESS, _M.DRAWINGS, _M.LAY_OUT_DRAWINGS, _M.REHEARSE, _M.PAPER, _M.DELIVER, _M.TABLETS),
    "supervisor": (_M.PROGRESS, _M.APPROVE, _M.CORRECTIONS, _M.RECHECK),
    "floor_judge": (_M.FLOOR,),
    "tally_clerk": (_M.PAPER, _M.KEY_PAPER),
    "auditor": (_M.PROGRESS,),
}
