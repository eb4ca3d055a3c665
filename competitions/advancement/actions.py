"""Linking events across tiers, nominating from decided results, confirming, declining, moving substitutes up.

Source: competition rules 2.4 (selection flow, quotas, substitutes) and 2.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from competitions.advancement import queries
from competitions.advancement.models import Nomination, SelectionLink
from competitions.entries import noting
from competitions.entries.actions.entering import enter
from competitions.entries.facts_again import facts_of_entry
from competitions.entries.models.entries import Delegation, Entry
from competitions.programme import queries as programme
from competitions.publications import queries as publications
from competitions.publications.models import Publication, PublicationKind
from competitions.rules.lifecycle import NOMINATION
from competitions.rules.selection import Contestant, choice_from, choose
from foundation.audit.chain import record
from foundation.clock import new_id, now
from foundation.db import session, transaction
from foundation.exact import fraction_from_text
from foundation.permission import MACHINE, Actor
from foundation.refusal import Conflict, Missing, Refusal

LIVE = ("nominated", "waiting")


def link_events(
    target_event_id: UUID, source_event_id: UUID, *, source_division_id: UUID, target_division_id: UUID, delegation: str,
    choice: Mapping[str, Any], actor: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """Say that the results of an event below send people into a delegation of this event. What is decided already nominates at once.

    Raises Missing, Refusal choice_wrong, link_division_wrong, link_ring, link_delegation_missing; Conflict link_exists.
    """
    made = choice_from(choice)
    target, source = programme.event(target_event_id), programme.event(source_event_id)
    if target_division_id not in {one.id for one in target.divisions} or source_division_id not in {
        one.id for one in source.divisions
    }:
        raise Refusal("link_division_wrong")
    if target.competition_id == source.competition_id or queries.makes_ring(source_event_id, target_event_id):
        raise Refusal("link_ring")
    if not delegation.strip():
        raise Refusal("link_delegation_missing", field="delegation")
    with transaction() as writing:
        taken = select(SelectionLink.id).where(
            SelectionLink.source_division_id == source_division_id,
            SelectionLink.target_division_id == target_division_id,
        )
        if writing.scalar(taken) is not None:
            raise Conflict("link_exists")
        body = noting.delegation_of(writing, target.competition_id, delegation.strip(), actor=actor, at=at)
        if body is None:
            raise Refusal("link_delegation_missing", field="delegation")
        key = new_id()
        writing.add(
            SelectionLink(
                id=key, source_event_id=source_event_id, source_division_id=source_division_id,
                target_event_id=target_event_id, target_division_id=target_division_id, delegation_id=body,
                choice=made.stored(), made_by=actor.person, made_at=at,
            )
        )  # fmt: skip
        writing.flush()
        _noted(actor, "selection_link:made", key, target_event_id, at, source=source_event_id)
        below = publications.latest(source_event_id, source_division_id, PublicationKind.DECIDED)
        if below is not None:
            nominate_from(below.id, actor=actor, at=at)
    return key


def nominate_from(publication_id: UUID, *, actor: Actor, at: datetime) -> int:
    """Nominate by every link that a decided publication feeds; says how many are nominated now. Repeats change nothing.

    After a correction below: who is newly chosen is nominated, who no longer is and was not confirmed is withdrawn; confirmed
    people stay and the organizer above sees that the result changed. Raises Missing.
    """
    row = publications.publication(publication_id, rows=True)
    if row.kind != PublicationKind.DECIDED:
        return 0
    count = 0
    with transaction() as writing:
        for link in queries.links_from(row.event_id, row.division_id):
            count += _nominate(writing, link, row, actor=actor, at=at)
    return count


def on_results(_sender: object, *, publication_id: UUID) -> None:
    """Publishing below nominates above: what the signal of the publications calls, after their COMMIT."""
    nominate_from(publication_id, actor=MACHINE, at=now())


def _nominate(writing: Session, link: SelectionLink, row: Publication, *, actor: Actor, at: datetime) -> int:
    outcomes = choose(_contestants(row), choice_from(link.choice))
    known = {
        one.source_entry_id: one for one in writing.scalars(select(Nomination).where(Nomination.link_id == link.id))
    }
    ranks = {line.entry_id: line.rank for line in row.rows}
    chosen: set[UUID] = set()
    made = 0
    for position, one in enumerate((each for each in outcomes if each.status != "out"), start=1):
        chosen.add(one.entry)
        before = known.get(one.entry)
        if before is None:
            state = NOMINATION.start if one.status == "selected" else "waiting"
            writing.add(
                Nomination(
                    link_id=link.id, publication_id=row.id, source_entry_id=one.entry, position=position,
                    rank=ranks[one.entry], state=state, nominated_at=at,
                )
            )  # fmt: skip
            made += state == NOMINATION.start
        elif before.state in LIVE:
            before.publication_id, before.position, before.rank = row.id, position, ranks[one.entry]
            if before.state == "waiting" and one.status == "selected":
                before.state = NOMINATION.advance(before.state, "move_up")
                made += 1
    for key, before in known.items():
        if key not in chosen and before.state in LIVE:
            before.state = NOMINATION.advance(before.state, "withdraw")
            before.decided_at, before.reason = at, "@superseded"
    writing.flush()
    _noted(actor, "nomination:made", link.id, link.target_event_id, at, publication=row.id, count=made)
    return made


def _contestants(row: Publication) -> list[Contestant]:
    homes = dict(
        session()
        .execute(
            select(Entry.id, Delegation.name)
            .join(Delegation, Delegation.id == Entry.delegation_id)
            .where(Entry.id.in_([line.entry_id for line in row.rows]))
        )
        .all()
    )
    return [
        Contestant(
            line.entry_id, line.rank if not line.facts.get("held") else None, str(homes.get(line.entry_id, line.entry_id)),
            {part["kind"]: _score(part["score"]) for part in line.facts["parts"] if part["score"]},
            {part["kind"]: bool(part["passed"]) for part in line.facts["parts"]},
        )
        for line in row.rows
    ]  # fmt: skip


def _score(text: str) -> Fraction:
    return fraction_from_text(text)


def confirm_nomination(nomination_id: UUID, *, actor: Actor, at: datetime) -> UUID:
    """The delegation above takes the person or team: an entry is handed in there with what is known, and judged by its rules.

    A second click answers the same entry. Raises Missing, Conflict move_not_allowed and what entering refuses.
    """
    with transaction() as writing:
        row = writing.get(Nomination, nomination_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise Missing
        if row.state == "confirmed" and row.target_entry_id is not None:
            return row.target_entry_id
        following = NOMINATION.advance(row.state, "confirm")
        link = writing.get_one(SelectionLink, row.link_id)
        body = writing.get_one(Delegation, link.delegation_id)
        facts = facts_of_entry(row.source_entry_id, team_size=programme.event(link.target_event_id).team_size)
        entry = enter(
            link.target_event_id, link.target_division_id, facts, delegation=body.name, origin="nomination",
            quota_reason="@nominated", actor=actor, at=at,
        )  # fmt: skip
        row.state, row.target_entry_id, row.decided_by, row.decided_at = following, entry, actor.person, at
        _noted(actor, "nomination:confirmed", row.id, link.target_event_id, at, entry=entry)
    return entry


def decline_nomination(nomination_id: UUID, reason: str, *, actor: Actor, at: datetime) -> UUID | None:
    """The seat is given up with a reason; the first substitute in the order moves up, whose nomination's id is answered.

    Raises Missing, Refusal reason_missing, Conflict move_not_allowed.
    """
    if not reason.strip():
        raise Refusal("reason_missing", field="reason")
    with transaction() as writing:
        row = writing.get(Nomination, nomination_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise Missing
        row.state = NOMINATION.advance(row.state, "decline")
        row.decided_by, row.decided_at, row.reason = actor.person, at, reason.strip()[:300]
        link = writing.get_one(SelectionLink, row.link_id)
        next_ = writing.scalars(
            select(Nomination)
            .where(Nomination.link_id == row.link_id, Nomination.state == "waiting")
            .order_by(Nomination.position)
            .limit(1)
        ).first()
        if next_ is not None:
            next_.state = NOMINATION.advance(next_.state, "move_up")
        moved = next_.id if next_ else None
        _noted(actor, "nomination:declined", row.id, link.target_event_id, at, moved_up=moved)
    return moved


def end_link(link_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Take a link back while nobody was confirmed by it; open nominations end with it. Raises Missing, Conflict link_used."""
    with transaction() as writing:
        link = writing.get(SelectionLink, link_id, with_for_update=True)
        if link is None:
            raise Missing
        if link.ended_at is not None:
            return
        if any(one.state == "confirmed" for one in link.nominations):
            raise Conflict("link_used")
        for one in link.nominations:
            writing.delete(one)
        _noted(actor, "selection_link:ended", link.id, link.target_event_id, at, source=link.source_event_id)
        writing.delete(link)


def _noted(actor: Actor, verb: str, key: UUID, event_id: UUID, at: datetime, **facts: Any) -> None:
    chain = programme.audit_chain(programme.event(event_id).competition_id)
    record(
        actor,
        verb,
        "nomination" if verb.startswith("nomination") else "selection_link",
        key,
        at=at,
        chain=chain,
        **facts,
    )
