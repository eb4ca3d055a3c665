"""Reading the re-check of an event."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from competitions.codes.models import Work
from competitions.marking.models.corrections import Correction
from competitions.marking.models.marks import Sheet
from competitions.marking.models.recheck import Recheck, RecheckItem
from competitions.programme import queries as programme
from competitions.rules.lifecycle import CORRECTION, SheetState
from competitions.rules.recheck import Shares
from foundation.db import session


def shares_of(event_id: UUID) -> Shares | None:
    """The shares that the rules in force want checked again; None when they want no re-check."""
    _key, rules = programme.rule_set_in_force(programme.event(event_id).competition_id)
    if not rules.recheck_top and not rules.recheck_rest:
        return None
    return Shares(Fraction(rules.recheck_top), Fraction(rules.recheck_rest), Fraction(rules.recheck_limit))


def recheck_of(event_id: UUID) -> Recheck | None:
    """The re-check of an event with its works, best first; None before it was drawn."""
    wanted = select(Recheck).where(Recheck.event_id == event_id)
    loaded = selectinload(Recheck.items).joinedload(RecheckItem.work)
    return session().scalars(wanted.options(loaded)).first()


def item_of(event_id: UUID, work_id: UUID) -> RecheckItem | None:
    """One work of a re-check."""
    wanted = select(RecheckItem).where(RecheckItem.event_id == event_id, RecheckItem.work_id == work_id)
    return session().scalars(wanted.options(joinedload(RecheckItem.work))).first()


def settled(event_id: UUID) -> bool:
    """Is there no re-check to wait for: none wanted, or both have signed it?"""
    found = session().get(Recheck, event_id)
    return shares_of(event_id) is None if found is None else found.agreed_at is not None


def rechecks_open(competition_id: UUID, event_ids: Sequence[UUID]) -> dict[UUID, str]:
    """event → whose turn the re-check is: "check" (the supervisor's) or "agree" (the chief judge's); settled ones are absent."""
    rows = {row.event_id: row for row in session().scalars(select(Recheck).where(Recheck.event_id.in_(event_ids)))}
    _key, rules = programme.rule_set_in_force(competition_id)
    wanted = bool(rules.recheck_top or rules.recheck_rest)
    found = {}
    for key in event_ids:
        row = rows.get(key)
        if row is None and wanted:
            found[key] = "check"
        elif row is not None and row.agreed_at is None:
            found[key] = "check" if row.signed_at is None else "agree"
    return found


def works_to_draw_from(event_id: UUID) -> Sequence[Work]:
    """The works that count, by code."""
    wanted = select(Work).where(Work.event_id == event_id, Work.withdrawn_at.is_(None)).order_by(Work.code)
    return session().scalars(wanted).all()


def uncorrected(found: Recheck) -> list[str]:
    """Codes of works found wrong of which no correction was agreed since the draw."""
    wrong = {item.work_id: item.work.code for item in found.items if item.wrong}
    mended = select(Correction.work_id).where(
        Correction.work_id.in_(wrong), Correction.state == "agreed", Correction.decided_at >= found.drawn_at
    )
    done = set(session().scalars(mended))
    return sorted(code for key, code in wrong.items() if key not in done)


def unconfirmed_sheets(event_id: UUID) -> int:
    """Sheets of counting works that are not confirmed (any more), and corrections that wait for a supervisor."""
    sheets = (
        select(func.count(Sheet.id))
        .join(Work, Work.id == Sheet.work_id)
        .where(
            Sheet.event_id == event_id,
            Work.withdrawn_at.is_(None),
            Sheet.state.not_in((SheetState.CONFIRMED, SheetState.RECHECKED)),
        )
    )
    asked = select(func.count(Correction.id)).where(
        Correction.event_id == event_id, Correction.state == CORRECTION.start
    )
    return (session().scalar(sheets) or 0) + (session().scalar(asked) or 0)
