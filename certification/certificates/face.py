"""The face of a certificate: what is printed, what is still missing for it, the PDF."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from PIL import Image

from catalogue.codes.queries import code_name
from certification.certificates.drawing import Drawn
from certification.certificates.models.certificates import Certificate
from certification.certificates.queries.register import Holder
from certification.filings.models import EvaluationOrganization
from certification.rules import wording
from certification.rules.numbering import Fault
from foundation.audit.chain import canonical, linked
from foundation.print import designs

PHOTO_PIXELS = (295, 413)  # one inch (25 × 35 mm) at 300 dpi
FIELDS = ("name", "document_number", "occupation", "work_type", "issuer")


def values_of(row: Certificate, holder: Holder, number: str, salt: str) -> dict[str, str]:
    """What will stand on the certificate, by value. The date is added on the day of issue."""
    issuer = row.issuer
    kind, paper = holder.document or ("", "")
    return {
        "name": holder.name_zh,
        "name_en": holder.name_en,
        "document_kind": code_name("identity_document_kind", kind, "zh") if kind else "",
        "document_number": paper,
        "occupation": row.occupation_name,
        "work_type": wording.work_type(row.direction),
        "grade_text": wording.grade_text(row.grade),
        "grade_text_en": wording.grade_text_en(row.grade),
        "number": number,
        "issuer": issuer.name,
        "issuer_en": issuer.name_en,
        "date_text": "",
        "date_text_en": "",
        "certificate_query_url": issuer.certificate_query_url,
        "organization_query_url": issuer.organization_query_url,
        "salt": salt,
    }


def dated(values: Mapping[str, str], day: date) -> dict[str, str]:
    """The values with the day of issue."""
    return {**values, "date_text": wording.date_text(day), "date_text_en": wording.date_text_en(day)}


def stored_text(values: Mapping[str, str]) -> str:
    """The values as they are sealed."""
    return json.dumps(dict(values), ensure_ascii=False, sort_keys=True)


def commitment(values: Mapping[str, str]) -> str:
    """SHA-256 of everything printed, its salt included: checks what is shown, tells nothing once the salt is erased."""
    flat = [text for name in sorted(values) for text in (name, values[name])]
    return hashlib.sha256(canonical(flat)).hexdigest()


def chain_hash(row: Certificate, *, number: str, file_sha256: str, printed: str, before: str = "") -> str:
    """The certificate's own hash: over the award case's, the number, the file and the commitment to what was printed.

    A corrected edition stands on the hash of the edition `before` it.
    """
    body = canonical(("laurel.certificate", "1", str(row.id), number, file_sha256, printed))
    return linked(before or row.previous_hash, body)


def gaps(row: Certificate, holder: Holder | None, values: Mapping[str, str], photo_id: UUID | None) -> Sequence[Fault]:
    """Everything that stops this certificate from being issued: missing data, a missing photo, characters no font has."""
    found: list[Fault] = []
    record = row.number or (holder.name_zh if holder else row.occupation_name)
    if holder is None:
        return [Fault("certificate_person_missing", {"record": record})]
    name = values.get("name") or holder.name_zh
    if not name.strip():
        found.append(Fault("certificate_name_missing", {"record": record}))
    if not (values.get("document_number") or holder.document):
        found.append(Fault("certificate_document_missing", {"record": record}))
    if photo_id is None:
        found.append(Fault("certificate_photo_missing", {"record": record}))
    for label in FIELDS:
        text = values.get(label, "")
        found += [character_fault(c, label, record) for c in designs.missing_characters(text)]
        found += [_look_alike_fault(c, label, record) for c in designs.look_alikes(text)]
    return found


def award_gaps(holder: Holder | None, values: Mapping[str, str], *, with_photo: bool) -> Sequence[Fault]:
    """What stops a certificate of a prize, an honour or participation from being issued."""
    if holder is None:
        return [Fault("certificate_person_missing", {"record": "—"})]
    found = (
        [] if holder.photo_id or not with_photo else [Fault("certificate_photo_missing", {"record": holder.name_zh})]
    )
    for label in ("name", "under"):
        text = values.get(label, "")
        found += [character_fault(c, label, holder.name_zh) for c in designs.missing_characters(text)]
        found += [_look_alike_fault(c, label, holder.name_zh) for c in designs.look_alikes(text)]
    return found


def character_fault(character: str, label: str, record: str) -> Fault:
    """A character that cannot be printed, with its code point: the sheet to the font's maker needs both."""
    return Fault(
        "certificate_character_missing",
        {
            "character": character,
            "code_point": f"U+{ord(character):04X}",
            "part": f"@printed:{label}",
            "record": record,
        },
    )


def _look_alike_fault(character: str, label: str, record: str) -> Fault:
    meant = designs.plain_form(character)
    facts = {
        "character": character,
        "code_point": f"U+{ord(character):04X}",
        "part": f"@printed:{label}",
        "record": record,
    }
    return Fault("certificate_character_look_alike", {**facts, "meant": meant, "meant_point": f"U+{ord(meant):04X}"})


def photo_fault(data: bytes, record: str) -> Fault | None:
    """A photo that cannot be printed, or is coarser than 300 dots to the inch on one inch (25 × 35 mm)."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as opened:
            width, height, mode = opened.width, opened.height, opened.mode
    except (OSError, ValueError):
        return Fault("certificate_photo_unreadable", {"record": record})
    if mode not in ("RGB", "L"):
        return Fault("certificate_photo_unreadable", {"record": record})
    if width < PHOTO_PIXELS[0] or height < PHOTO_PIXELS[1]:
        facts = {"record": record, "width": width, "height": height, "least": f"{PHOTO_PIXELS[0]} × {PHOTO_PIXELS[1]}"}
        return Fault("certificate_photo_small", facts)
    return None


def reserved_in(issuer: EvaluationOrganization) -> tuple[str, ...]:
    """Reserved words in the issuer's name that are not of a filed name: an issuer that is switched on is a filed one."""
    return wording.reserved_words(issuer.name, filed=issuer.name if issuer.switched_on_at else "")


def check_fit(values: Mapping[str, str], *, drawn: Drawn) -> None:
    """Raises Refusal print_text_too_long when a text does not fit its place even in the smallest size."""
    designs.check_fit(drawn.design, drawn.constants, values)


def specimen(found: designs.Design, photo: bytes, address: str) -> bytes:
    """A design with the values of its sample, across it SAMPLE."""
    sample = found.sample()
    stamped = {name: sample[name] for name in found.settings["stamped"]}
    constants = {name: value for name, value in sample.items() if name not in stamped} | {"sample": True}
    (data,) = designs.certificates(found, constants, [designs.Filled(stamped, photo, address)])
    return data
