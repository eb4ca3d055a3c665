"""Batches: choose, check every gate, start, pause, go on. `making` makes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from certification.certificates import drawing, production
from certification.certificates.models.batches import CertificateBatch, CertificateBatchItem
from certification.certificates.models.certificates import Certificate
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import batches as queries
from certification.certificates.queries import register
from certification.filings.models import EvaluationOrganization
from certification.rules.certificate_states import CertificateState
from certification.rules.lifecycle import CERTIFICATE_BATCH, BatchState
from certification.rules.numbering import Fault
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.jobs.actions import order_job
from foundation.jobs.kinds import Progress
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal

_P = CertificatePermission
CHECK_JOB, MAKE_JOB = "certificates.check_batch", "certificates.make_batch"
CHUNK, AT_ONCE = 100, 30


def order_batches(ids: Sequence[UUID], *, public_url: str, actor: Actor, at: datetime) -> Sequence[UUID]:
    """Make batches of these certificates, one for each issuer and kind, and have every gate checked; small ones at once.

    Raises Missing for what is not the actor's, Refusal batch_nothing_waits when none of them waits to be issued.
    """
    rows = [row for row in register.chosen(actor, _P.ISSUE, ids) if row.state == CertificateState.REPORTED]
    if not rows:
        raise Refusal("batch_nothing_waits")
    order = {key: position for position, key in enumerate(ids)}
    groups: dict[tuple[UUID, str], list[Certificate]] = {}
    for row in sorted(rows, key=lambda row: order[row.id]):
        groups.setdefault((row.evaluation_organization_id, row.kind), []).append(row)
    made = [
        _order(issuer, kind, part, public_url=public_url, actor=actor, at=at)
        for (issuer, kind), part in sorted(groups.items())
    ]
    for batch_id in made:
        if len(rows) <= AT_ONCE:
            check_batch(batch_id)
    return made


def _order(
    issuer_id: UUID, kind: str, rows: Sequence[Certificate], *, public_url: str, actor: Actor, at: datetime
) -> UUID:  # fmt: skip
    competitions, regions = {row.competition_id for row in rows}, {row.region_code for row in rows}
    with transaction() as writing:
        writing.execute(
            select(EvaluationOrganization.id).where(EvaluationOrganization.id == issuer_id).with_for_update()
        ).one()
        batch = CertificateBatch(
            id=new_id(), evaluation_organization_id=issuer_id, number=queries.last_number(issuer_id) + 1, kind=kind,
            competition_id=next(iter(competitions)) if len(competitions) == 1 else None,
            region_code=next(iter(regions)) if len(regions) == 1 else "", state=CERTIFICATE_BATCH.start, size=len(rows),
            public_url=public_url, looked=[], ordered_by=actor.person, ordered_at=at,
        )  # fmt: skip
        writing.add(batch)
        writing.flush()
        lines = [
            {"batch_id": batch.id, "position": position, "certificate_id": row.id, "state": "waiting"}
            for position, row in enumerate(rows)
        ]
        writing.execute(insert(CertificateBatchItem), lines)
        record(actor, "certificate_batch:ordered", "certificate_batch", batch.id, at=at, size=len(rows), kind=kind)
        if len(rows) > AT_ONCE:
            batch.job_id = order_job(CHECK_JOB, {"batch": str(batch.id)}, actor=actor, at=at)
        return batch.id


# --- the gates --------------------------------------------------------------------------------------------------------


def check_again(batch_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Check the gates of everything that is not issued anew, after something was mended. Raises Missing, Conflict."""
    with transaction():
        batch = held(batch_id)
        if batch.state != BatchState.CHECKING:  # a check that died is ordered anew
            batch.state = CERTIFICATE_BATCH.advance(batch.state, "check")
        batch.run += 1
        if batch.size > AT_ONCE:
            batch.job_id = order_job(CHECK_JOB, {"batch": str(batch.id)}, actor=actor, at=at)
    if batch.size <= AT_ONCE:
        check_batch(batch_id)


def check_batch(batch_id: UUID, *, progress: Progress = lambda _done, _total: None) -> None:
    """Look through every gate of every certificate not issued: data, characters, look-alikes, room, photo, duplicates.

    What a gate stops is blocked with its reasons; the batch is then ready. Repeating it answers the same. Raises Missing.
    """
    size, after, seen = queries.batch(batch_id).size, -1, 0
    alike: set[tuple[UUID, str, str, str]] = set()
    drawn: list[drawing.Drawn] = []  # one issuer and kind: one design, read once
    while chunk := queries.items(batch_id, "waiting", "blocked", "refused", after=after, limit=CHUNK):
        after = chunk[-1].position
        first = chunk[0].certificate
        drawn = drawn or [drawing.in_use(first.issuer, first.kind, sample=first.issuer.switched_on_at is None)]
        found = [(item, _gates(item.certificate, faults, alike, drawn[0])) for item, faults in _with_problems(chunk)]
        with transaction() as writing:
            note_items(writing, batch_id, [item.position for item, faults in found if not faults], "waiting", [])
            for item, faults in found:
                if faults:
                    note_items(writing, batch_id, [item.position], "blocked", faults)
        seen += len(chunk)
        progress(seen, size)
    with transaction():
        batch = held(batch_id)
        if batch.state == BatchState.CHECKING:
            batch.state = CERTIFICATE_BATCH.advance(batch.state, "pass")


def _with_problems(chunk: Sequence[CertificateBatchItem]) -> list[tuple[CertificateBatchItem, list[Fault]]]:
    problems = production.problems([item.certificate for item in chunk])
    return [(item, list(problems[item.certificate])) for item in chunk]


def _gates(
    row: Certificate, faults: list[Fault], alike: set[tuple[UUID, str, str, str]], drawn: drawing.Drawn
) -> list[Fault]:
    if row.state != CertificateState.REPORTED:
        state, move = f"@certificate_state:{row.state}", "@certificate_move:issue"
        return [Fault("move_not_allowed", {"state": state, "move": move})]
    key = (row.person_id, row.occupation_code, row.direction, row.grade)
    if row.kind == "grade" and key in alike:
        faults.append(Fault("certificate_twice_in_batch", {"record": row.number}))
    alike.add(key)
    stopping = {fault.code for fault in faults}
    if not stopping & {"certificate_character_missing", "certificate_person_missing"}:
        faults += production.closer_look(row, drawn)
    return faults


# --- start, pause, resume ---------------------------------------------------------------------------------------------


def start_batch(batch_id: UUID, *, actor: Actor, at: datetime) -> UUID:
    """Have everything made that no gate stops; a paused or stopped batch goes on where it was. Returns the job.

    What is running already answers with its job. Raises Missing, Conflict move_not_allowed, Refusal batch_nothing_waits.
    """
    with transaction() as writing:
        batch = held(batch_id)
        if batch.state == BatchState.RUNNING and batch.job_id:
            return batch.job_id
        if not queries.states_of([batch_id])[batch_id]["waiting"]:
            raise Refusal("batch_nothing_waits")
        batch.state = CERTIFICATE_BATCH.advance(batch.state, "start" if batch.state == BatchState.READY else "resume")
        batch.run += 1
        batch.started_at, batch.fault = batch.started_at or at, None
        batch.job_id = order_job(MAKE_JOB, {"batch": str(batch_id), "run": batch.run}, actor=actor, at=at)
        writing.flush()
        record(actor, "certificate_batch:started", "certificate_batch", batch.id, at=at, run=batch.run)
        return batch.job_id


def pause_batch(batch_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Stop after the chunk that is being made; nothing is lost. Repeating it changes nothing. Raises Missing, Conflict."""
    with transaction() as writing:
        batch = held(batch_id)
        if batch.state == BatchState.PAUSED:
            return
        batch.state = CERTIFICATE_BATCH.advance(batch.state, "pause")
        writing.flush()
        record(actor, "certificate_batch:paused", "certificate_batch", batch.id, at=at)


def held(batch_id: UUID) -> CertificateBatch:
    """A batch, held until the transaction ends. Raises Missing."""
    with transaction() as writing:
        found = writing.get(CertificateBatch, batch_id, with_for_update=True)
        if found is None:
            raise Missing
        return found


def note_items(writing: Session, batch_id: UUID, positions: Sequence[int], state: str, faults: Sequence[Fault]) -> None:
    """Note what became of these places of a batch."""
    writing.execute(
        update(CertificateBatchItem)
        .where(CertificateBatchItem.batch_id == batch_id, CertificateBatchItem.position.in_(positions))
        .values(state=state, faults=sealed(faults))
    )


def sealed(faults: Sequence[Fault]) -> Personal | None:
    """Faults as they are kept: their facts hold names."""
    if not faults:
        return None
    said = [[fault.code, {name: str(value) for name, value in fault.facts.items()}] for fault in faults]
    return Personal(json.dumps(said, ensure_ascii=False), keep=0)
