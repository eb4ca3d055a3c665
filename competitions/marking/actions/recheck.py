"""Re-check (抽检复核) between confirmation and unblinding: drawn by code, checked, signed by supervisor and chief judge.

Source: competition rules 7.2 (top share whole, a share of the rest, over the limit everything; kinds of errors and the record).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import update

from competitions.codes.actions import release_codes
from competitions.codes.models import Work
from competitions.marking.actions.sheets import chain_of
from competitions.marking.models.marks import Sheet
from competitions.marking.models.recheck import Recheck, RecheckItem
from competitions.marking.queries import marks as sheets
from competitions.marking.queries import recheck as queries
from competitions.rules import recheck as rule
from competitions.rules.lifecycle import SHEET, SheetState
from foundation.audit.chain import record
from foundation.clock import random_source
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal


def draw_recheck(event_id: UUID, totals: Mapping[UUID, Fraction | None], *, actor: Actor, at: datetime) -> None:
    """Draw the works to check again from the totals by work. The seed is recorded; a second click keeps the first draw.

    Divisions are drawn apart, each with its own places. Raises Refusal recheck_not_wanted, recheck_too_early,
    recheck_needs_person.
    """
    shares = queries.shares_of(event_id)
    if shares is None:
        raise Refusal("recheck_not_wanted")
    if actor.person is None:
        raise Refusal("recheck_needs_person")
    with transaction() as writing:
        if writing.get(Recheck, event_id) is not None:
            return
        if not sheets.all_confirmed(event_id):
            raise Refusal("recheck_too_early")
        seed = f"{random_source().getrandbits(128):032x}"
        row = Recheck(
            event_id=event_id, rule=rule.KEY, seed=seed, top=_percent(shares.top), rest=_percent(shares.rest),
            limit=_percent(shares.limit), drawn_by=actor.person, drawn_at=at,
        )  # fmt: skip
        writing.add(row)
        by_division: dict[UUID, list[Work]] = {}
        for work in queries.works_to_draw_from(event_id):
            by_division.setdefault(work.division_id, []).append(work)
        for works in by_division.values():
            by_code = {work.code: work for work in works}
            sample = rule.sample({work.code: totals.get(work.id) for work in works}, shares, seed=seed)
            chosen = [(code, "top") for code in sample.top] + [(code, "drawn") for code in sample.drawn]
            _add(row, [(by_code[code], group) for code, group in chosen], totals)
        writing.flush()
        record(
            actor, "recheck:drawn", "event", event_id, at=at, chain=chain_of(event_id), seed=seed, works=len(row.items)
        )


def note_finding(
    event_id: UUID, work_id: UUID, *, wrong: bool, error: str, remark: str, actor: Actor, at: datetime
) -> bool:
    """What the supervisor found on one work; may be changed until the re-check is signed. True when now every work is added.

    With the last work of the sample checked, an error rate over the limit adds all other works.
    Raises Missing, Conflict recheck_signed, Refusal recheck_error_kind, reason_missing (a wrong work without a remark).
    """
    if wrong and error not in rule.ERRORS:
        raise Refusal("recheck_error_kind", field="error")
    if wrong and not remark.strip():
        raise Refusal("reason_missing", field="remark")
    with transaction() as writing:
        row = _unsigned(event_id)
        item = writing.get(RecheckItem, (event_id, work_id))
        if item is None:
            raise Missing
        item.wrong, item.error, item.remark = wrong, error if wrong else "", remark.strip()
        item.checked_by, item.checked_at = actor.person, at
        record(
            actor, "recheck:checked", "work", work_id, at=at, chain=chain_of(event_id), wrong=wrong, error=item.error
        )
        checked = [one.wrong for one in row.items if one.wrong is not None]
        if row.full_at is not None or len(checked) < len(row.items):
            return False
        if not rule.rate(checked, shares_at(row)).full:
            return False
        row.full_at = at
        here = {one.work_id for one in row.items}
        others = [work for work in queries.works_to_draw_from(event_id) if work.id not in here]
        _add(row, [(work, "full") for work in others], {})
        record(actor, "recheck:full", "event", event_id, at=at, chain=chain_of(event_id), works=len(others))
        return bool(others)


def sign_recheck(event_id: UUID, *, actor: Actor, at: datetime) -> None:
    """The supervisor signs: every work checked, everything wrong corrected and confirmed again. A second click does nothing.

    Raises Missing, Refusal recheck_needs_person, recheck_unfinished, recheck_uncorrected, recheck_unconfirmed.
    """
    if actor.person is None:
        raise Refusal("recheck_needs_person")
    with transaction():
        row = _held(event_id)
        if row.signed_at is not None:
            return
        _refuse_unready(row)
        row.signed_by, row.signed_at = actor.person, at
        record(actor, "recheck:signed", "event", event_id, at=at, chain=chain_of(event_id))


def agree_recheck(event_id: UUID, *, actor: Actor, at: datetime) -> None:
    """The chief judge signs too: the sheets are re-checked and the codes are released. A second click does nothing.

    Raises Missing, Refusal recheck_needs_person, recheck_not_signed, second_person, recheck_unconfirmed (corrected since).
    """
    if actor.person is None:
        raise Refusal("recheck_needs_person")
    with transaction() as writing:
        row = _held(event_id)
        if row.agreed_at is not None:
            return
        if row.signed_at is None:
            raise Refusal("recheck_not_signed")
        if row.signed_by == actor.person:
            raise Refusal("second_person")
        _refuse_unready(row)
        row.agreed_by, row.agreed_at = actor.person, at
        writing.execute(
            update(Sheet)
            .where(Sheet.event_id == event_id, Sheet.state == SheetState.CONFIRMED)
            .values(state=SHEET.advance(SheetState.CONFIRMED, "recheck"))
        )
        record(actor, "recheck:agreed", "event", event_id, at=at, chain=chain_of(event_id))
        release_codes(event_id, actor=actor, at=at)


def shares_at(row: Recheck) -> rule.Shares:
    """The shares a re-check was drawn by."""
    return rule.Shares(Fraction(row.top), Fraction(row.rest), Fraction(row.limit))


def _percent(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)


def _add(row: Recheck, works: Sequence[tuple[Work, str]], totals: Mapping[UUID, Fraction | None]) -> None:
    start = len(row.items)
    for offset, (work, group) in enumerate(works):
        total = totals.get(work.id)
        row.items.append(
            RecheckItem(work_id=work.id, place=start + offset, group=group, total="" if total is None else str(total))
        )


def _held(event_id: UUID) -> Recheck:
    with transaction() as writing:
        row = writing.get(Recheck, event_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise Missing
        return row


def _unsigned(event_id: UUID) -> Recheck:
    row = _held(event_id)
    if row.signed_at is not None:
        raise Conflict("recheck_signed", at=row.signed_at)
    return row


def _refuse_unready(row: Recheck) -> None:
    open_ = sum(item.wrong is None for item in row.items)
    if open_:
        raise Refusal("recheck_unfinished", count=open_)
    left = queries.uncorrected(row)
    if left:
        raise Refusal("recheck_uncorrected", codes="、".join(left))
    waiting = queries.unconfirmed_sheets(row.event_id)
    if waiting:
        raise Refusal("recheck_unconfirmed", count=waiting)
