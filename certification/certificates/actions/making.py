"""Making a batch in chunks.

A chunk is prepared from the database, made by the press (stamped, signed, put into the store), and settled in one transaction.
While one chunk is settled the next is being made. A worker that dies loses at most two chunks of work and nothing that was
issued: the next worker goes on with what still waits. In every chunk one finished page is looked at (text, raster, code)
before anything of the chunk is issued; a flaw stops the batch.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from certification.certificates import production, signing
from certification.certificates.actions.batches import CHUNK, held, note_items
from certification.certificates.actions.credentials import reserve_slots, sign_root
from certification.certificates.actions.issuing import locked, settle
from certification.certificates.models.certificates import Certificate
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import batches as queries
from certification.certificates.queries import register
from certification.rules.certificate_states import CertificateState
from certification.rules.lifecycle import CERTIFICATE_BATCH, BatchState
from certification.rules.numbering import Fault
from foundation.audit.chain import record
from foundation.clock import now
from foundation.db import transaction
from foundation.files.actions import Put, drop_bytes, put_bytes
from foundation.jobs.kinds import Progress
from foundation.permission import Actor
from foundation.print import designs, printer, seals, stamp
from foundation.print.press import HANDS, Flawed, Press, Setup, Sheet, SignerBroken, SigningTool
from foundation.refusal import Refusal

_P = CertificatePermission


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
        try:
            outcomes = press.made(share[0][2], sheets, at=at, keep=_keeping(share[0][1]))
        except SignerBroken as broken:
            tool = share[0][2].signer
            raise Refusal("signing_key_unreadable", issuer=tool.name if tool else "") from broken
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
            batch = held(work.batch_id)
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
                note_items(writing, work.batch_id, [position], "refused", [_why(one, row)])
            if row.state == CertificateState.ISSUED:
                issued.append(position)
            if isinstance(one.outcome, Put) and row.file_id != one.outcome.id:
                unused.append(one.outcome)
        note_items(writing, work.batch_id, issued, "issued", [])
        looked = next((str(one.item[1]) for one in made if isinstance(one.outcome, Put)), None)
        if looked is not None:
            batch = held(work.batch_id)
            batch.looked = [*batch.looked, looked]
    for put in unused:
        drop_bytes(put)
    return True


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
        batch = held(work.batch_id)
        counts = dict(queries.states_of([work.batch_id])[work.batch_id])
        if batch.state == BatchState.RUNNING and batch.run == work.run and not counts["waiting"]:
            batch.state = CERTIFICATE_BATCH.advance(batch.state, "finish")
            batch.finished_at = at
            writing.flush()
            record(
                work.actor, "certificate_batch:finished", "certificate_batch", batch.id, at=at, issued=counts["issued"]
            )
        return counts
