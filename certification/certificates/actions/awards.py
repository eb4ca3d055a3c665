"""Issuing certificates of prizes, honours and participation out of a decided publication.

First everybody who passes the gates gets a number, all in one transaction; then a job prints, signs and stores file after file.
A person gets one certificate for one thing, however often somebody asks; what an earlier publication gave must end first.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from certification.certificates import drawing, face, production
from certification.certificates.actions.credentials import place_of
from certification.certificates.actions.issuing import locked, settle
from certification.certificates.models.awards import AwardCertificate
from certification.certificates.models.certificates import Certificate, CertificateNumber, CertificatePrint
from certification.certificates.models.designs import DesignVersion
from certification.certificates.queries import awards as queries
from certification.certificates.queries import designs, register
from certification.certificates.recipients import KIND_OF, LETTERS, Asked, Recipient, facts_of, recipients
from certification.filings.models import EvaluationOrganization
from certification.filings.queries import issuer as issuer_of
from certification.rules import wording
from certification.rules.certificate_states import CertificateState
from certification.rules.numbering import Fault
from competitions import published
from competitions.published import PublishedResults
from foundation.audit.chain import record
from foundation.clock import china_day, new_id, random_bytes
from foundation.db import session, transaction
from foundation.encryption.personal import Personal
from foundation.encryption.sealing import blind_index
from foundation.files.actions import drop_bytes
from foundation.files.queries import file_bytes
from foundation.jobs.actions import order_job
from foundation.permission import Actor
from foundation.print.designs import Filled
from foundation.refusal import Missing, Refusal

JOB = "certificates.issue_awards"


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a plan: name, what stands on the paper, the certificate they have already, what stops it."""

    recipient: Recipient
    name: str
    values: Mapping[str, str]
    photo_id: UUID | None
    done: Certificate | None
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class Plan:
    """What issuing would do."""

    results: PublishedResults
    issuer: EvaluationOrganization
    version: DesignVersion
    drawn: drawing.Drawn
    lines: Sequence[Line]

    @property
    def ready(self) -> Sequence[Line]:
        """Those who get one now."""
        return [line for line in self.lines if line.done is None and not line.faults]


def plan(
    evaluation_organization_id: UUID, publication_id: UUID, asked: Asked, version_id: UUID, *, actor: Actor, at: datetime
) -> Plan:  # fmt: skip
    """Who gets what, with every gate looked at; nothing is written.

    Raises Missing (a publication that is not this issuer's to certify), Refusal design_version_wrong, award_words_reserved,
    publication_not_in_force and what `recipients` raises.
    """
    issuer = issuer_of(evaluation_organization_id)
    if publication_id not in {one.id for one in queries.publications(issuer, actor)}:
        raise Missing
    results = published.results_of(publication_id)
    if results.superseded_by is not None or results.kind != "decided":
        raise Refusal("publication_not_in_force")
    found = recipients(results, asked)
    version = designs.version(version_id)
    if version.evaluation_organization_id != issuer.id or version.kind != KIND_OF[asked.given_as]:
        raise Refusal("design_version_wrong", field="version")
    words = wording.reserved_words(asked.wording, filed=issuer.name if issuer.switched_on_at else "")
    if words:
        raise Refusal("award_words_reserved", field="wording", words="、".join(words))
    drawn = drawing.of_version(version, facts_of(results), sample=issuer.switched_on_at is None, on=china_day(at))
    return Plan(results, issuer, version, drawn, _lines(found, publication_id, drawn))


def _lines(found: Sequence[Recipient], publication_id: UUID, drawn: drawing.Drawn) -> list[Line]:
    people = register.holders(one.person_id for one in found)
    given = queries.with_keys(one.key(publication_id) for one in found)
    before = queries.earlier({one.entry_id for one in found}, found[0].given_as, publication_id) if found else ()
    kept = {(row.entry_id, row.certificate.person_id): row.certificate for row in before}
    lines = []
    for one in found:
        holder, row = people.get(one.person_id), given.get(one.key(publication_id))
        values = _values(one, holder, drawn) if holder else {}
        faults = list(face.award_gaps(holder, values, with_photo=bool(drawn.constants["with_photo"])))
        old = kept.get((one.entry_id, one.person_id))
        if old is not None:
            facts = {"record": holder.name_zh if holder else "", "number": old.number or ""}
            faults.append(Fault("award_given_before", facts))
        if not faults and row is None:
            try:
                face.check_fit(values, drawn=drawn)
            except Refusal as refusal:
                faults.append(Fault(refusal.code, refusal.facts))
        name = holder.name_zh if holder else ""
        photo = holder.photo_id if holder and drawn.constants["with_photo"] else None
        lines.append(Line(one, name, values, photo, row.certificate if row else None, [] if row else faults))
    return lines


def _values(one: Recipient, holder: register.Holder, drawn: drawing.Drawn) -> dict[str, str]:
    """What will stand on the paper, by value: stamped fields and the design's own texts."""
    texts = {
        name: text for name, text in drawn.constants.items() if isinstance(text, str) and name not in ("logo", "seal")
    }
    under = " · ".join(filter(None, (holder.name_en, one.unit)))
    return {
        **texts,
        "name": holder.name_zh,
        "under": under,
        "prize": one.wording,
        "prize_en": one.wording_en,
        "number": "",
    }


def specimen(made: Plan, *, address: str) -> bytes:
    """The first certificate of a plan as it would be, marked as a sample: a PDF. Raises Missing for an empty plan."""
    if not made.lines:
        raise Missing
    line = (made.ready or made.lines)[0]
    photo = file_bytes(line.photo_id) if line.photo_id is not None else b""
    constants = {**made.drawn.constants, "sample": True}
    drawn = drawing.Drawn(made.drawn.design, constants, made.drawn.hash, made.drawn.seal)
    return drawn.printed(
        [Filled({**line.values, "number": _number(made.issuer, made.version.kind, 0, 0)}, photo, address)]
    )[0]


def order_awards(
    evaluation_organization_id: UUID, publication_id: UUID, asked: Asked, version_id: UUID, *, public_url: str, actor: Actor,
    at: datetime,
) -> UUID:  # fmt: skip
    """Number everybody of the plan who passes the gates, and have the files made in a job, whose id is returned.

    Repeating it numbers nobody twice; it goes on with what has a number and no file. Raises what `plan` raises, Refusal
    awards_nothing_waits.
    """
    made = plan(evaluation_organization_id, publication_id, asked, version_id, actor=actor, at=at)
    day, kind = china_day(at), made.version.kind
    facts = dict(facts_of(made.results))
    with transaction() as writing:
        writing.get_one(EvaluationOrganization, made.issuer.id, with_for_update=True)
        taken = queries.with_keys(line.recipient.key(publication_id) for line in made.ready)
        serial = register.last_serial(made.issuer.id, day.year, LETTERS[kind])
        for line in made.ready:
            one = line.recipient
            if one.key(publication_id) in taken:
                continue
            serial += 1
            number, token = (
                _number(made.issuer, kind, day.year, serial),
                base64.b32encode(random_bytes(20)).decode().lower(),
            )
            row = Certificate(
                id=new_id(), kind=kind, evaluation_organization_id=made.issuer.id, person_id=one.person_id,
                state=CertificateState.NUMBERED.value, number=number, grade="", occupation_code=made.results.event.occupation_code,
                occupation_name=made.results.event.occupation_name, occupation_edition=made.results.event.occupation_edition,
                sample=made.issuer.switched_on_at is None, competition_id=made.results.competition.id,
                region_code=made.results.competition.region_code, previous_hash=made.results.hash, approved_on=made.results.document_date,
                numbered_at=at, created_at=at, token=Personal(token, keep=0), token_index=blind_index(register.TOKEN_KIND, token),
            )  # fmt: skip
            writing.add(row)
            writing.add(
                CertificateNumber(
                    number=number, evaluation_organization_id=made.issuer.id, year=day.year, grade_digit=LETTERS[kind],
                    serial=serial, state="used", given_at=at,
                )
            )  # fmt: skip
            writing.flush()
            values = {**line.values, "number": number, "salt": random_bytes(16).hex()}
            writing.add(
                CertificatePrint(
                    certificate_id=row.id, values=Personal(face.stored_text(values), keep=0), photo_id=line.photo_id
                )
            )
            writing.add(
                AwardCertificate(
                    certificate_id=row.id, award_key=one.key(publication_id), publication_id=publication_id,
                    publication_hash=made.results.hash, entry_id=one.entry_id, given_as=one.given_as, prize=one.prize,
                    wording=one.wording[:60], wording_en=one.wording_en[:120], facts=facts, dated_on=day, design_version_id=version_id,
                )
            )  # fmt: skip
            record(actor, "certificate:numbered", "certificate", row.id, at=at, number=number, source="award")
        writing.flush()
        waiting = queries.unfinished(made.issuer.id, publication_id)
        if not waiting:
            raise Refusal("awards_nothing_waits")
        arguments = {"certificates": [str(key) for key in waiting], "public_url": public_url}
        return order_job(JOB, arguments, actor=actor, at=at)


def _number(issuer: EvaluationOrganization, kind: str, year: int, serial: int) -> str:
    """`2026-3F9A2C-P00017`: year, six characters of the issuer, kind and serial. No check by guessing: see the limits on asking."""
    tag = hashlib.sha256(issuer.id.bytes).hexdigest()[:6].upper()
    return f"{year:04d}-{tag}-{LETTERS[kind]}{serial:05d}"


def issue_award(certificate_id: UUID, *, public_url: str, actor: Actor, at: datetime) -> UUID:
    """Print, sign and store one certificate that has its number; again answers with the same file. Returns the file's id.

    Raises Missing, Conflict move_not_allowed, Refusal print_failed, print_text_too_long, signing_key_unreadable.
    """
    wanted = select(Certificate).where(Certificate.id == certificate_id)
    row = (
        session()
        .scalars(wanted.options(joinedload(Certificate.issuer), joinedload(Certificate.printed)))
        .unique()
        .one_or_none()
    )
    if row is None or queries.award(certificate_id) is None:
        raise Missing
    if row.state == CertificateState.ISSUED and row.file_id:
        return row.file_id
    photo = row.printed.photo_id if row.printed else None
    slot, key = place_of(row, at=at)
    ready = production.made_from(
        row, register.printed_values(row), photo, public_url=public_url, sample=row.sample, at=at, slot=slot, key=key
    )
    done = production.finished(ready, at=at)
    with transaction() as writing:
        (held,) = locked(writing, [certificate_id])
        if held.state == CertificateState.ISSUED and held.file_id:
            drop_bytes(done.put)
            return held.file_id  # somebody was faster
        return settle(writing, held, ready, done, actor=actor, at=at)
