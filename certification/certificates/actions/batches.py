"""Batches: choose, check every gate, make in chunks with pause and resume.

A chunk is prepared from the database, made by the press (stamped, signed, put into the store), and settled in one transaction.
While one chunk is settled the next is being made. A worker that dies loses at most two chunks of work and nothing that was
issued: the next worker goes on with what still waits. In every chunk one finished page is looked at (text, raster, code)
before anything of the chunk is issued; a flaw stops the batch.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from certification.certificates import drawing, production, signing
from certification.certificates.actions.credentials import reserve_slots, sign_root
from certification.certificates.actions.issuing import locked, settle
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
from foundation.clock import new_id, now
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.files.actions import Put, drop_bytes, put_bytes
from foundation.jobs.actions import order_job
from foundation.jobs.kinds import Progress
from foundation.permission import Actor
from foundation.print import designs, printer, seals, stamp
from foundation.print.press import HANDS, Flawed, Press, Setup, Sheet, SigningTool
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
        batch = _held(batch_id)
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
            _note(writing, batch_id, [item.position for item, faults in found if not faults], "waiting", [])
            for item, faults in found:
                if faults:
                    _note(writing, batch_id, [item.position], "blocked", faults)
        seen += len(chunk)
        progress(seen, size)
    with transaction():
        batch = _held(batch_id)
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
        batch = _held(batch_id)
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
        batch = _held(batch_id)
        if batch.state == BatchState.PAUSED:
            return
        batch.state = CERTIFICATE_BATCH.advance(batch.state, "pause")
        writing.flush()
        record(actor, "certificate_batch:paused", "certificate_batch", batch.id, at=at)


def _held(batch_id: UUID) -> CertificateBatch:
    with transaction() as writing:
        found = writing.get(CertificateBatch, batch_id, with_for_update=True)
        if found is None:
            raise Missing
        return found


# --- making -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Made:
    """What became of one certificate of a chunk: its file, or why there is none."""

    item: tuple[int, UUID]  # position, certificate
    ready: production.Prepared | None
    outcome: Put | Refusal | Flawed


@dataclass(slots=True)
class _Work:
    """One run of a batch: the press, what it was told, how far it is."""

    batch_id: UUID
    run: int
    public_url: str
    actor: Actor
    press: Press
    key: tuple[UUID, SigningTool] | None
    setups: dict[str, Setup]
    after: int = -1


def make_batch(
    batch_id: UUID, *, run: int, actor: Actor, progress: Progress = lambda _done, _total: None, hands: int = HANDS
) -> dict[str, int]:
    """Make what waits, chunk by chunk, until it is done, paused, stopped, or another run took over. Safe to repeat.

    Raises Missing, Refusal signing_key_unreadable, PressBroken (the job is tried again).
    """
    batch = queries.batch(batch_id)
    size, issuer = batch.size, batch.evaluation_organization_id
    with Press(hands) as press, ThreadPoolExecutor(1) as background:
        work = _Work(batch_id, run, batch.public_url, actor, press, signing.tool_of(issuer, at=now()), {})
        running: Future[list[_Made]] | None = None
        while True:
            following = _next_chunk(work, background) if _goes_on(work) else None
            if running is not None and not _settle_chunk(work, running.result()):
                if following is not None:
                    _drop(following.result())
                break
            counts = queries.states_of([batch_id])[batch_id]
            progress(counts["issued"] + counts["refused"] + counts["blocked"], size)
            if following is None:
                break
            running = following
    counts = _ended(work, at=now())
    sign_root(issuer, public_url=work.public_url, actor=actor, at=now())
    return counts


def _goes_on(work: _Work) -> bool:
    batch = queries.batch(work.batch_id)
    return batch.state == BatchState.RUNNING and batch.run == work.run


def _next_chunk(work: _Work, background: ThreadPoolExecutor) -> Future[list[_Made]] | None:
    """Prepare the next certificates and hand them to the press; None when nothing waits any more."""
    chunk = queries.items(work.batch_id, "waiting", after=work.after, limit=CHUNK)
    if not chunk:
        return None
    work.after = chunk[-1].position
    at = now()
    rows = [item.certificate for item in chunk]
    register.chosen(work.actor, _P.ISSUE, [row.id for row in rows])  # whoever ordered it may still do it
    reserve_slots(rows, at=at)
    ready = production.prepared(rows, public_url=work.public_url, at=at)
    places = [(item.position, item.certificate_id) for item in chunk]
    setups = [_setup(work, one) if isinstance(one, production.Prepared) else None for one in ready]
    return background.submit(_make, work.press, list(zip(places, ready, setups, strict=True)), at)


def _setup(work: _Work, ready: production.Prepared) -> Setup:
    key = f"{ready.design_hash}:{ready.sample}"
    if key not in work.setups:
        ground = designs.ground_of(ready.design, ready.constants)
        signer = work.key[1] if work.key and ready.seal != production.SERVICE else None
        work.setups[key] = Setup(ground, designs.own_font(), signer)
        printer.rest()  # the ground is printed: what prints would only take memory while the press works
    return work.setups[key]


def _make(
    press: Press, chunk: list[tuple[tuple[int, UUID], production.Prepared | Refusal, Setup | None]], at: datetime
) -> list[_Made]:
    """In a thread of its own: no database, no session. Files are put into the store as they come."""
    made = [_Made(place, None, one) for place, one, _ in chunk if isinstance(one, Refusal)]
    shares: dict[int, list[tuple[tuple[int, UUID], production.Prepared, Setup]]] = {}
    for place, one, setup in chunk:
        if isinstance(one, production.Prepared) and setup is not None:
            shares.setdefault(id(setup), []).append((place, one, setup))
    for share in shares.values():
        sheets = [_sheet(one, setup, check=position == 0) for position, (_place, one, setup) in enumerate(share)]
        outcomes = press.made(share[0][2], sheets, at=at, keep=_keeping(share[0][1]))
        made += [_Made(place, one, out) for (place, one, _setup), out in zip(share, outcomes, strict=True)]
    return made


def _keeping(ready: production.Prepared) -> Callable[[bytes], Put | Refusal]:
    """What is done with each finished file: put into the store, before that sealed where a service does it."""
    if ready.seal != production.SERVICE:
        return put_bytes

    def sealed(data: bytes) -> Put | Refusal:
        try:
            return put_bytes(seals.seal(data, owner=ready.owner))
        except Refusal as refusal:
            return refusal

    return sealed


def _sheet(ready: production.Prepared, setup: Setup, *, check: bool) -> Sheet:
    filled, carried = ready.filled, ready.attachments if setup.signer is not None else ()
    if not _laid_out_whole(ready):
        return Sheet(filled.values, filled.photo, filled.qr, attachments=carried, check=check)
    whole = designs.whole_page(ready.design, setup.ground, ready.constants, filled)
    return Sheet(filled.values, filled.photo, filled.qr, attachments=carried, whole=whole.data)


def _laid_out_whole(ready: production.Prepared) -> bool:
    return any(stamp.needs_layout(ready.values.get(name, "")) for name in ready.design.settings["stamped"])


def _settle_chunk(work: _Work, made: list[_Made]) -> bool:
    """Issue what was made, in one transaction. False when a look found a flaw: then nothing of the chunk is issued."""
    flawed = [one for one in made if isinstance(one.outcome, Flawed)]
    if flawed:
        _drop(made)
        with transaction() as writing:
            batch = _held(work.batch_id)
            if batch.state == BatchState.RUNNING and batch.run == work.run:
                batch.state = CERTIFICATE_BATCH.advance(batch.state, "stop")
                found = flawed[0].outcome.faults if isinstance(flawed[0].outcome, Flawed) else ()
                batch.fault = {"certificate": str(flawed[0].item[1]), "faults": list(found)}
                writing.flush()
                record(work.actor, "certificate_batch:stopped", "certificate_batch", batch.id, at=now())
        return False
    at = now()
    unused, issued = [], []
    with transaction() as writing:
        rows = {row.id: row for row in locked(writing, [one.item[1] for one in made])}
        for one in made:
            position, certificate_id = one.item
            row = rows[certificate_id]
            if isinstance(one.outcome, Put) and one.ready is not None and row.state == CertificateState.REPORTED:
                key = work.key[0] if work.key and one.ready.seal != production.SERVICE else None
                settle(writing, row, one.ready, production.Finished(one.outcome, key), actor=work.actor, at=at)
            elif row.state != CertificateState.ISSUED:
                _note(writing, work.batch_id, [position], "refused", [_why(one, row)])
            if row.state == CertificateState.ISSUED:
                issued.append(position)
            if isinstance(one.outcome, Put) and row.file_id != one.outcome.id:
                unused.append(one.outcome)
        _note(writing, work.batch_id, issued, "issued", [])
        looked = next((str(one.item[1]) for one in made if isinstance(one.outcome, Put)), None)
        if looked is not None:
            batch = _held(work.batch_id)
            batch.looked = [*batch.looked, looked]
    for put in unused:
        drop_bytes(put)
    return True


def _note(writing: Session, batch_id: UUID, positions: Sequence[int], state: str, faults: Sequence[Fault]) -> None:
    writing.execute(
        update(CertificateBatchItem)
        .where(CertificateBatchItem.batch_id == batch_id, CertificateBatchItem.position.in_(positions))
        .values(state=state, faults=_sealed(faults))
    )


def _why(one: _Made, row: Certificate) -> Fault:
    if isinstance(one.outcome, Refusal):
        return Fault(one.outcome.code, one.outcome.facts)
    state, move = f"@certificate_state:{row.state}", "@certificate_move:issue"
    return Fault("move_not_allowed", {"state": state, "move": move})


def _drop(made: list[_Made]) -> None:
    for one in made:
        if isinstance(one.outcome, Put):
            drop_bytes(one.outcome)


def _ended(work: _Work, *, at: datetime) -> dict[str, int]:
    with transaction() as writing:
        batch = _held(work.batch_id)
        counts = dict(queries.states_of([work.batch_id])[work.batch_id])
        if batch.state == BatchState.RUNNING and batch.run == work.run and not counts["waiting"]:
            batch.state = CERTIFICATE_BATCH.advance(batch.state, "finish")
            batch.finished_at = at
            writing.flush()
            record(
                work.actor, "certificate_batch:finished", "certificate_batch", batch.id, at=at, issued=counts["issued"]
            )
        return counts


def _sealed(faults: Sequence[Fault]) -> Personal | None:
    if not faults:
        return None
    said = [[fault.code, {name: str(value) for name, value in fault.facts.items()}] for fault in faults]
    return Personal(json.dumps(said, ensure_ascii=False), keep=0)
