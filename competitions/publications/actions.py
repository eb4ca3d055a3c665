"""Making results public: posted on site, proposed in a notice, decided with a document. And objections to a notice."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import joinedload

from accounts.people.models import Placing
from competitions.entries.actions import eligibility
from competitions.entries.actions.check_in import fix_attendance
from competitions.entries.models.entries import Entry, EntryMember
from competitions.programme import queries as programme
from competitions.programme.models import Competition, Division, Event
from competitions.publications import queries, signals
from competitions.publications.models import (
    Objection,
    Publication,
    PublicationKind,
    PublicationName,
    PublicationRow,
)
from competitions.publications.prizes import Prizes, prizes_of
from competitions.results import queries as results
from competitions.results.actions import check_final
from competitions.results.models import ResultRun
from competitions.rules import lifecycle
from competitions.rules.rule_set import RuleSet
from foundation.audit.chain import record
from foundation.clock import china_day, new_id, random_bytes
from foundation.db import after_commit, session, transaction
from foundation.notices.working_days import notice_period
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal


def post_results(run_id: UUID, *, reason: str = "", actor: Actor, at: datetime) -> UUID:
    """赛场公布: post a signed run on site (competition rules 7.3, step 5). Raises what `_publish` raises."""
    return _publish(run_id, PublicationKind.POSTED, {}, reason=reason, actor=actor, at=at)


def propose_results(run_id: UUID, *, reason: str = "", actor: Actor, at: datetime) -> UUID:
    """公示: put a signed run on public notice for the working days the rules say (competition rules 11).

    Raises Refusal notice_contacts_missing and what `_publish` raises.
    """
    run = results.run_head(run_id)
    competition = programme.competition(programme.event(run.event_id).competition_id)
    if not (competition.contact_phone and competition.supervision_phone):
        raise Refusal("notice_contacts_missing")
    period = notice_period(china_day(at), results.rules_of_run(run).notice_days)
    notice = {
        "posted": china_day(at).isoformat(), "first": period.first.isoformat(), "last": period.last.isoformat(),
        "days": period.days, "assumed": period.assumed, "contact_phone": competition.contact_phone,
        "contact_address": competition.contact_address, "supervision_phone": competition.supervision_phone,
        "issuer": _lead_host(competition),
    }  # fmt: skip
    return _publish(run_id, PublicationKind.PROPOSED, notice, reason=reason, actor=actor, at=at)


def decide_results(
    run_id: UUID, *, document_number: str, document_date: date, reason: str = "", actor: Actor, at: datetime
) -> UUID:
    """公布: make a proposed run final with a document. Entries with an open objection or a hold are shown as held, the
    others become final; placings are written to the people's records.

    Before it, who was accepted is judged anew: what changed since the acceptance is settled first (`entries/actions/eligibility.py`).

    Raises Refusal document_missing, notice_missing, notice_running, eligibility_open_before_awards, event_held and what `_publish` raises.
    """
    if not document_number.strip():
        raise Refusal("document_missing", field="document_number")
    if document_date > china_day(at):
        raise Refusal("document_in_future", field="document_date")
    run = results.run_head(run_id)
    proposed = queries.in_force(run.event_id, run.division_id, PublicationKind.PROPOSED)
    if proposed is None or proposed.run_id != run_id:
        raise Refusal("notice_missing")
    last = date.fromisoformat(proposed.notice["last"])
    if china_day(at) <= last:
        raise Refusal("notice_running", last=last)
    count = eligibility.check_event(run.event_id, actor=actor, at=at)
    if count:
        raise Refusal("eligibility_open_before_awards", count=count)
    return _publish(
        run_id, PublicationKind.DECIDED, {}, reason=reason, document=(document_number.strip()[:60], document_date),
        actor=actor, at=at,
    )  # fmt: skip


def _publish(
    run_id: UUID, kind: PublicationKind, notice: dict[str, Any], *, reason: str, actor: Actor, at: datetime,
    document: tuple[str, date | None] = ("", None),
) -> UUID:  # fmt: skip
    """Make the next numbered publication of a competition.

    Raises Missing; Refusal signatures_missing, third_person_needed, correction_reason_missing, event_held;
    Conflict run_not_latest, published_already; and what `check_final` of results raises.
    """
    run = results.run(run_id)
    event = programme.event(run.event_id)
    competition = programme.competition(event.competition_id)
    division = next(row for row in event.divisions if row.id == run.division_id)
    rules = results.rules_of_run(run)
    members = _members(run)
    with transaction() as writing:
        writing.get(Competition, competition.id, with_for_update=True)
        _check_may_publish(run, actor)
        before = queries.latest(run.event_id, run.division_id, kind)
        held, all_held = queries.held_entries(run.event_id, run.division_id, run_id)
        if kind == PublicationKind.DECIDED and all_held:
            raise Refusal("event_held")
        held = held if kind == PublicationKind.DECIDED else frozenset()
        if before is not None and before.run_id == run_id and before.facts["held"] == sorted(str(key) for key in held):
            raise Conflict("published_already", number=before.number, when=before.published_at)
        reason = reason.strip() or run.correction_reason
        if before is not None and not reason:
            raise Refusal("publication_reason_missing", field="reason", number=before.number)
        number = _next_number(competition.id)
        key = new_id()
        given = prizes_of(run, rules, held)
        rows, names = _rows_and_names(run, rules, members, competition, held, key, given)
        facts = {**_facts(competition, event, division, run), "held": sorted(str(entry) for entry in held)}
        if given.said:
            facts["prizes"] = given.said
        head = {
            "id": key, "competition_id": competition.id, "event_id": event.id, "division_id": division.id, "number": number,
            "kind": kind.value, "run_id": run_id, "supersedes_id": before.id if before else None,
            "correction_reason": reason[:300] if before else "", "notice": notice, "document_number": document[0],
            "document_date": document[1], "published_by": actor.person, "published_at": at, "facts": facts,
            "run_hash": run.hash, "hash_version": queries.HASH_VERSION,
        }  # fmt: skip
        head["hash"] = queries.publication_hash(head, rows)
        writing.execute(insert(Publication), [head])
        writing.execute(insert(PublicationRow), [{**row, "id": new_id(), "publication_id": key} for row in rows])
        writing.execute(insert(PublicationName), names)
        if kind == PublicationKind.DECIDED:
            _write_placings(head, rows, facts, before.id if before else None)
            fix_attendance(event.id, division.id, actor=actor, at=at)
        record(
            actor, "results:published", "publication", key, at=at, chain=programme.audit_chain(competition.id), kind=kind.value,
            number=number, run=run_id, hash=head["hash"], document_number=document[0],
        )  # fmt: skip
        after_commit(lambda: _tell(key, before.id if before else None))
    return key


def _tell(key: UUID, before: UUID | None) -> None:
    signals.results_published.send(publication_id=key)
    if before is not None:
        signals.results_superseded.send(publication_id=before, superseded_by=key)


def _check_may_publish(run: ResultRun, actor: Actor) -> None:
    latest = results.latest_run(run.event_id, run.division_id)
    if latest is not None and latest.id != run.id:
        raise Conflict("run_not_latest", number=latest.number)
    signed = results.signatures([run.id])[run.id]
    missing = [role for role in results.SIGNING_ROLES if role not in signed or signed[role].run_hash != run.hash]
    if missing:
        raise Refusal("signatures_missing", role=f"@role:{missing[0]}")
    if actor.person is None or any(row.person_id == actor.person for row in signed.values()):
        raise Refusal("third_person_needed")
    check_final(run)


def _next_number(competition_id: UUID) -> int:
    rows = queries.publications_of_competition(competition_id)
    return rows[0].number + 1 if rows else 1


def _members(run: ResultRun) -> dict[UUID, list[EntryMember]]:
    wanted = (
        select(EntryMember)
        .join(Entry, Entry.id == EntryMember.entry_id)
        .where(Entry.event_id == run.event_id, Entry.division_id == run.division_id)
        .options(joinedload(EntryMember.person))
        .order_by(EntryMember.position)
    )
    found: dict[UUID, list[EntryMember]] = {}
    for member in session().scalars(wanted):
        found.setdefault(member.entry_id, []).append(member)
    return found


def _rows_and_names(
    run: ResultRun, rules: RuleSet, members: dict[UUID, list[EntryMember]], competition: Competition,
    held: frozenset[UUID], key: UUID, given: Prizes,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    rows, names = [], []
    for row in run.rows:
        people = members.get(row.entry_id, [])
        salt = random_bytes(16).hex()
        called = "\n".join(member.person.name_zh for member in people)
        units = "\n".join(member.unit_name for member in people)
        names.append({"publication_id": key, "entry_id": row.entry_id, "salt": salt, "names": called, "units": units})
        total = "" if row.shown_total is None else f"{row.shown_total:.{rules.score_places}f}"
        facts: dict[str, Any] = {
            "parts": [{name: part[name] for name in part if name != "criteria"} for part in row.parts],
            "members": [
                {
                    "person_id": str(member.person_id), "position": member.position,
                    "identity_class": member.identity_class, "age": _age(member.person.birth_date, competition.starts_on),
                }
                for member in people
            ],
            "decided_by": row.decided_by,
        }  # fmt: skip
        if row.entry_id in held:
            facts["held"] = True
        if given.coaches.get(row.entry_id):
            facts["coaches"] = [str(person) for person in given.coaches[row.entry_id]]
        if row.rank is not None and given.award_ranks.get(row.entry_id) != row.rank:
            facts["award_rank"] = given.award_ranks.get(row.entry_id)
        rows.append(
            {
                "entry_id": row.entry_id, "position": row.position, "rank": row.rank, "status": row.status, "total": total,
                "prize": given.by_entry.get(row.entry_id, ""), "facts": facts, "commitment": queries.commitment(salt, called, units),
            }
        )  # fmt: skip
    return rows, names


def _age(born: date | None, on: date) -> int | None:
    if born is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _lead_host(competition: Competition) -> str:
    return next((host.organization.name for host in competition.hosts if host.role == "lead_host"), "")


def _facts(competition: Competition, event: Event, division: Division, run: ResultRun) -> dict[str, Any]:
    rules = results.rules_of_run(run)
    return {
        "competition": {
            "name_zh": competition.name_zh, "name_en": competition.name_en, "tier": competition.tier,
            "competition_class": competition.competition_class, "programme": competition.programme, "line": competition.line,
            "region_code": competition.region_code, "plan_number": competition.plan_number,
            "starts_on": competition.starts_on.isoformat(), "ends_on": competition.ends_on.isoformat(),
            "lead_host": _lead_host(competition),
            "hosts": [[host.role, host.organization.name] for host in competition.hosts],
        },
        "event": {
            "code": event.code, "name_zh": event.name_zh, "name_en": event.name_en, "occupation_code": event.occupation_code,
            "occupation_name": event.occupation_name, "occupation_edition": event.occupation_edition,
            "direction": event.direction, "test_level": event.test_level, "team_size": event.team_size,
            "division_kind": division.kind, "division_name": division.name_zh, "division_name_en": division.name_en,
            "rewards_enabled": rules.rewards_enabled, "rule_set_id": str(run.rule_set_id) if run.rule_set_id else None,
            "places": rules.score_places, "notice_days": rules.notice_days,
        },
        "attendance": run.attendance,
        "marks_hash": run.marks_hash,
        "run_number": run.number,
        **({"left_out": left_out} if (left_out := results.left_out(run)) else {}),
    }  # fmt: skip


def _write_placings(
    head: dict[str, Any], rows: list[dict[str, Any]], facts: dict[str, Any], before: UUID | None
) -> None:
    with transaction() as writing:
        if before is not None:
            writing.execute(delete(Placing).where(Placing.publication_id == before))
        made = [
            {
                "id": new_id(), "person_id": UUID(member["person_id"]), "publication_id": head["id"],
                "entry_id": row["entry_id"], "competition_name": facts["competition"]["name_zh"],
                "event_name": facts["event"]["name_zh"], "division_name": facts["event"]["division_name"],
                "rank": row["rank"], "of_how_many": facts["attendance"], "prize": row["prize"],
                "decided_on": head["document_date"], "document_number": head["document_number"],
            }
            for row in rows
            if row["rank"] is not None and not row["facts"].get("held")
            for member in row["facts"]["members"]
        ]  # fmt: skip
        if made:
            writing.execute(insert(Placing), made)


# --- objections -------------------------------------------------------------------------------------------------------


def raise_objection(
    publication_id: UUID, entry_id: UUID, *, raised_by: str, matter: str, actor: Actor, at: datetime
) -> UUID:
    """Note an objection that came in on paper with a real name; the entry concerned is held, nobody else.

    Raises Missing; Refusal objection_name_missing, objection_matter_missing, objection_not_to_a_notice, objection_late.
    """
    row = queries.publication(publication_id, rows=True)
    if entry_id not in {line.entry_id for line in row.rows}:
        raise Missing
    if not raised_by.strip():
        raise Refusal("objection_name_missing", field="raised_by")
    if not matter.strip():
        raise Refusal("objection_matter_missing", field="matter")
    if row.kind != PublicationKind.PROPOSED:
        raise Refusal("objection_not_to_a_notice")
    if china_day(at) > date.fromisoformat(row.notice["last"]):
        raise Refusal("objection_late", last=date.fromisoformat(row.notice["last"]))
    key = new_id()
    with transaction() as writing:
        writing.add(
            Objection(
                id=key, publication_id=publication_id, entry_id=entry_id, raised_by=raised_by.strip(), matter=matter.strip(),
                state=lifecycle.OBJECTION.start, received_at=at,
            )
        )  # fmt: skip
        record(
            actor, "objection:received", "objection", key, at=at, chain=programme.audit_chain(row.competition_id),
            publication=publication_id, entry=entry_id,
        )  # fmt: skip
    return key


def settle_objection(objection_id: UUID, *, upheld: bool, answer: str, actor: Actor, at: datetime) -> UUID:
    """Uphold or dismiss an objection with an answer. An upheld one asks for a correction: a new run and a new notice.
    Returns the publication.

    Raises Missing, Refusal answer_missing, Conflict move_not_allowed.
    """
    if not answer.strip():
        raise Refusal("answer_missing", field="answer")
    with transaction() as writing:
        row = writing.get(Objection, objection_id, with_for_update=True)
        if row is None:
            raise Missing
        row.state = lifecycle.OBJECTION.advance(row.state, "uphold" if upheld else "dismiss")
        row.answer, row.settled_at, row.settled_by = answer.strip(), at, actor.person
        competition_id = queries.publication(row.publication_id).competition_id
        record(
            actor,
            "objection:settled",
            "objection",
            row.id,
            at=at,
            chain=programme.audit_chain(competition_id),
            state=row.state,
        )
        return row.publication_id
