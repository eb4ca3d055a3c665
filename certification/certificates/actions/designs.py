"""Changing designs and publishing versions of them. A version never changes; certificates name the one they were printed with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from certification.certificates import drawing
from certification.certificates.models.designs import DesignDraft, DesignFolder, DesignVersion
from certification.certificates.queries import designs as queries
from certification.filings.models import EvaluationOrganization
from certification.filings.queries import issuer as issuer_of
from certification.rules import design_settings as rules
from certification.rules.design_settings import Settings
from certification.rules.wording import state_emblems
from foundation.audit.chain import canonical, record
from foundation.clock import china_day, new_id
from foundation.db import transaction
from foundation.files.actions import keep_file
from foundation.files.pictures import clean_picture
from foundation.files.queries import file_bytes
from foundation.permission import Actor
from foundation.print import designs, packs, seals
from foundation.refusal import Refusal

PNG = "image/png"


@dataclass(frozen=True, slots=True)
class Held:
    """What an issuer has in hand of a design: settings, and the files of its pictures."""

    settings: Settings
    logo_id: UUID | None = None
    seal_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What was sent: settings without pictures, new pictures where there are any, whether the logo goes."""

    settings: Settings
    logo: bytes = b""
    seal: bytes = b""
    without_logo: bool = False


def in_hand(evaluation_organization_id: UUID, key: str) -> Held:
    """What is being changed, else the version in use, else what the design says in this issuer's name. Raises Missing."""
    found = designs.design(key)
    issuer = issuer_of(evaluation_organization_id)
    row = queries.draft(issuer.id, key) or next(iter(queries.versions_of(issuer.id, key)), None)
    if row is not None:
        return Held(rules.settings_from(row.settings), row.logo_id, row.seal_id)
    return Held(rules.first_settings(found.settings, issuer=issuer.name, issuer_en=issuer.name_en))


def preview(
    evaluation_organization_id: UUID, key: str, given: Given, *, photo: bytes, address: str, at: datetime
) -> bytes:
    """The design as it would be, with invented data, as PDF; nothing is kept.

    Raises Missing and what `checked`, `clean_picture` and printing raise.
    """
    found = designs.design(key)
    held = in_hand(evaluation_organization_id, key)
    logo, seal = _pictures(held, given)
    settings = rules.checked(
        _with(given.settings, logo, seal), found.settings, filed=_filed(issuer_of(evaluation_organization_id))
    )
    return drawing.shown(found, settings, photo=photo, address=address, on=china_day(at), logo=logo, seal=seal)


def save_draft(evaluation_organization_id: UUID, key: str, given: Given, *, actor: Actor, at: datetime) -> None:
    """Keep what is being changed; one draft an issuer and design, the last one wins. Raises what `preview` raises but printing."""
    found = designs.design(key)
    issuer = issuer_of(evaluation_organization_id)
    held = in_hand(issuer.id, key)
    logo, seal = _pictures(held, given)
    settings = rules.checked(_with(given.settings, logo, seal), found.settings, filed=_filed(issuer))
    logo_id = _kept(logo, held.logo_id, given.logo, "logo.png", actor=actor, at=at)
    seal_id = _kept(seal, held.seal_id, given.seal, "seal.png", actor=actor, at=at)
    with transaction() as writing:
        writing.get_one(EvaluationOrganization, issuer.id, with_for_update=True)
        row = queries.draft(issuer.id, key)
        if row is None:
            row = DesignDraft(id=new_id(), evaluation_organization_id=issuer.id, design=key)
            writing.add(row)
        row.settings, row.logo_id, row.seal_id = settings.stored(), logo_id, seal_id
        row.changed_by, row.changed_at = actor.person, at


def drop_draft(evaluation_organization_id: UUID, key: str) -> None:
    """Forget what was being changed and nobody has published."""
    with transaction() as writing:
        row = queries.draft(evaluation_organization_id, key)
        if row is not None:
            writing.delete(row)


def publish_version(
    evaluation_organization_id: UUID, key: str, name: str, *, pictures_allowed: bool, actor: Actor, at: datetime
) -> UUID:
    """Make a version of what is in hand; it is printed once to see that every text fits. The same content again answers with the
    version it has. From now on new certificates of its kind are printed with it.

    Raises Missing, Refusal design_needs_person, design_name_missing, design_emblem, design_pictures_not_allowed, and what
    `preview` raises.
    """
    if actor.person is None:
        raise Refusal("design_needs_person")
    found = designs.design(key)
    issuer = issuer_of(evaluation_organization_id)
    held = in_hand(issuer.id, key)
    settings = rules.checked(held.settings, found.settings, filed=_filed(issuer))
    emblems = state_emblems(found.files)
    if emblems:
        raise Refusal("design_emblem", files="、".join(emblems))
    if (settings.logo or settings.seal_picture) and not pictures_allowed:
        raise Refusal("design_pictures_not_allowed", field="pictures_allowed")
    if settings.seal == "service" and not seals.available():
        raise Refusal("seal_service_off", field="seal")
    if not name.strip():
        raise Refusal("design_name_missing", field="name")
    digest = version_hash(found.hash, settings)
    known = queries.version_of_hash(issuer.id, digest)
    if known is not None:
        drop_draft(issuer.id, key)
        return known.id
    photo, address = designs.specimen_photo(), "https://laurel.example/verify/specimen"
    drawing.shown(
        found,
        settings,
        photo=photo,
        address=address,
        on=china_day(at),
        logo=_bytes(held.logo_id),
        seal=_bytes(held.seal_id),
    )
    packed = packs.pack(found) if queries.folder(found.hash) is None else b""
    file_id = keep_file(packed, media_type="application/zip", name=f"{key}.zip", actor=actor, at=at) if packed else None
    with transaction() as writing:
        writing.get_one(EvaluationOrganization, issuer.id, with_for_update=True)
        known = queries.version_of_hash(issuer.id, digest)
        if known is not None:
            return known.id  # somebody was faster with the same
        if file_id is not None and queries.folder(found.hash) is None:
            writing.add(DesignFolder(hash=found.hash, key=key, file_id=file_id, kept_at=at))
            writing.flush()
        last = writing.scalar(
            select(func.max(DesignVersion.number)).where(
                DesignVersion.evaluation_organization_id == issuer.id, DesignVersion.design == key
            )
        )
        row = DesignVersion(
            id=new_id(), evaluation_organization_id=issuer.id, design=key, kind=found.settings["kind"], number=(last or 0) + 1,
            name=name.strip()[:80], folder_hash=found.hash, settings=settings.stored(), logo_id=held.logo_id if settings.logo else None,
            seal_id=held.seal_id if settings.seal_picture else None, hash=digest,
            pictures_allowed_by=actor.person if settings.logo or settings.seal_picture else None,
            published_by=actor.person, published_at=at,
        )  # fmt: skip
        writing.add(row)
        draft = queries.draft(issuer.id, key)
        if draft is not None:
            writing.delete(draft)
        writing.flush()
        record(
            actor, "design:published", "design_version", row.id, at=at, design=key, number=row.number, hash=digest,
            seal=settings.seal,
        )  # fmt: skip
        return row.id


def version_hash(folder_hash: str, settings: Settings) -> str:
    """What a version is known by: SHA-256 over the folder's hash and everything set, pictures by their own SHA-256."""
    said = settings.stored()
    flat = [
        "laurel.design", "1", folder_hash, *(text for name in sorted(said["texts"]) for text in (name, said["texts"][name])), "|",
        *(part for one in settings.signatories for part in one), "|",
        *(text for name in sorted(said["colours"]) for text in (name, said["colours"][name])), "|",
        str(int(settings.with_photo)), settings.seal, settings.logo, settings.seal_picture,
    ]  # fmt: skip
    return hashlib.sha256(canonical(flat)).hexdigest()


def _with(settings: Settings, logo: bytes, seal: bytes) -> Settings:
    return replace(settings, logo=_sha256(logo), seal_picture=_sha256(seal))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest() if data else ""


def _pictures(held: Held, given: Given) -> tuple[bytes, bytes]:
    logo = (
        clean_picture(given.logo, field="logo") if given.logo else b"" if given.without_logo else _bytes(held.logo_id)
    )
    seal = clean_picture(given.seal, field="seal_picture") if given.seal else _bytes(held.seal_id)
    return logo, seal


def _bytes(file_id: UUID | None) -> bytes:
    return file_bytes(file_id) if file_id is not None else b""


def _kept(data: bytes, before: UUID | None, new: bytes, name: str, *, actor: Actor, at: datetime) -> UUID | None:
    if new:
        return keep_file(data, media_type=PNG, name=name, actor=actor, at=at)
    return before if data else None


def _filed(issuer: EvaluationOrganization) -> str:
    return issuer.name if issuer.switched_on_at is not None else ""
