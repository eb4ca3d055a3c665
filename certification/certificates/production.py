"""What a file is made from, gathered before anything is written; and making one file. `actions.making` makes many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from certification.certificates import credentials, drawing, face, signing
from certification.certificates.models.certificates import Certificate
from certification.certificates.models.credentials import CredentialSlot
from certification.certificates.models.keys import SigningKey
from certification.certificates.queries import credentials as credential_queries
from certification.certificates.queries import register as queries
from certification.rules.numbering import Fault
from foundation.clock import china_day
from foundation.files.actions import Put, put_bytes
from foundation.files.queries import file_bytes
from foundation.print import designs, seals
from foundation.print.signatures import Attachment
from foundation.refusal import Refusal

SERVICE = "service"  # the seal is put on by a service, which signs the file: our own signature would break its


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything one file is made from, by value. `values` are dated and hold the salt of the commitment."""

    certificate_id: UUID
    evaluation_organization_id: UUID
    design: designs.Design
    design_hash: str  # of the issuer's version; of the folder, where there is none
    constants: Mapping[str, Any]
    values: Mapping[str, str]
    photo_id: UUID | None
    photo: bytes
    address: str
    sample: bool
    seal: str = "space"
    owner: str = ""  # of the seal: the issuer's name
    credential: credentials.Credential | None = None  # None where the issuer has no key for credentials

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """What the file carries before it is signed."""
        return (self.credential.attachment,) if self.credential else ()

    @property
    def filled(self) -> designs.Filled:
        """What is laid into the design."""
        return designs.Filled({n: text for n, text in self.values.items() if n != "salt"}, self.photo, self.address)


@dataclass(frozen=True, slots=True)
class Finished:
    """A file that lies in the store and is nobody's yet, and the key that signed it."""

    put: Put
    signing_key_id: UUID | None


def problems(rows: Sequence[Certificate]) -> Mapping[Certificate, Sequence[Fault]]:
    """What stops each of these from being issued; three queries for all."""
    holders = queries.holders(row.person_id for row in rows)
    alike = queries.alike_in_force(rows)
    found = {}
    for row in rows:
        holder = holders.get(row.person_id)
        photo = _photo_of(row, holder)
        gaps = list(face.gaps(row, holder, queries.printed_values(row), photo))
        other = alike.get(row.id)
        if other is not None and holder is not None:
            gaps.append(Fault("certificate_duplicate", {"record": holder.name_zh, "number": other}))
        found[row] = gaps
    return found


def closer_look(row: Certificate, drawn: drawing.Drawn) -> Sequence[Fault]:
    """What only the place on the page and the photo itself tell: texts without room, a photo too small for print.

    Reads the photo; the first look at a design prints its ground (seconds).
    """
    found: list[Fault] = []
    values = queries.printed_values(row)
    try:
        face.check_fit(values, drawn=drawn)
    except Refusal as refusal:
        found.append(Fault(refusal.code, refusal.facts))
    photo = _photo_of(row, queries.holders([row.person_id]).get(row.person_id))
    fault = face.photo_fault(file_bytes(photo), values.get("name", "")) if photo else None
    return [*found, fault] if fault else found


def prepared(rows: Sequence[Certificate], *, public_url: str, at: datetime) -> list[Prepared | Refusal]:
    """For each what its file is made from, or why it cannot be issued. Rows come with issuer and print."""
    holders = queries.holders(row.person_id for row in rows)
    found: list[Prepared | Refusal] = []
    known: dict[tuple[UUID, str, str], drawing.Drawn] = {}
    signing_keys = {
        issuer: credentials.key_for(issuer, at) for issuer in {row.evaluation_organization_id for row in rows}
    }
    slots = credential_queries.slots(row.id for row in rows)
    for row, faults in problems(rows).items():
        words = face.reserved_in(row.issuer)
        if faults:
            found.append(Refusal(faults[0].code, **faults[0].facts))
        elif words and row.issuer.switched_on_at is not None:
            found.append(Refusal("issuer_name_reserved", issuer=row.issuer.name, words="、".join(words)))
        else:
            photo = _photo_of(row, holders[row.person_id])
            values = face.dated(queries.printed_values(row), china_day(at))
            sample = row.issuer.switched_on_at is None
            key = (row.evaluation_organization_id, row.kind, row.design_hash)
            if key not in known:
                known[key] = drawing.of_certificate(row, sample=sample)
            found.append(
                made_from(
                    row, values, photo, public_url=public_url, sample=sample, drawn=known[key], at=at,
                    slot=slots.get((row.id, row.edition)), key=signing_keys[row.evaluation_organization_id],
                )
            )  # fmt: skip
    return found


def made_from(
    row: Certificate, values: Mapping[str, str], photo_id: UUID | None, *, public_url: str, sample: bool, at: datetime,
    drawn: drawing.Drawn | None = None, slot: CredentialSlot | None = None, key: SigningKey | None = None,
) -> Prepared:  # fmt: skip
    """What the file of `row` is made from when these values stand on it. The row comes with its issuer.

    With a place in a status list and a key the file carries its credential. Raises Refusal signing_key_unreadable.
    """
    made = None
    if slot is not None and key is not None:
        place = credentials.Slot(slot.list_number, slot.place)
        made = credentials.credential(row, values, place, key, public_url=public_url, edition=slot.edition, at=at)
    drawn = drawn or drawing.of_certificate(row, sample=sample)
    return Prepared(
        certificate_id=row.id, evaluation_organization_id=row.evaluation_organization_id,
        design=drawn.design, design_hash=drawn.hash, constants=drawn.constants, values=values, photo_id=photo_id,
        photo=file_bytes(photo_id) if photo_id is not None else b"",
        address=f"{public_url}/verify/{row.token.revealed() if row.token else ''}", sample=sample, seal=drawn.seal,
        owner=row.issuer.name, credential=made,
    )  # fmt: skip


def finished(ready: Prepared, *, at: datetime) -> Finished:
    """Make one file in this process: stamped or laid out whole, signed, stored.

    Raises Refusal print_failed, print_text_too_long, print_character_missing, signing_key_unreadable, seal_*.
    """
    (data,) = designs.certificates(ready.design, ready.constants, [ready.filled])
    if ready.seal == SERVICE:
        return Finished(put_bytes(seals.seal(data, owner=ready.owner)), None)
    signed = signing.sign(ready.evaluation_organization_id, data, at=at, attachments=ready.attachments)
    return Finished(put_bytes(signed.data if signed else data), signed.signing_key_id if signed else None)


def _photo_of(row: Certificate, holder: queries.Holder | None) -> UUID | None:
    if row.printed is not None and row.printed.photo_id is not None:
        return row.printed.photo_id
    return holder.photo_id if holder else None
