"""A design ready to be printed with: its folder as it was, an issuer's settings, the facts of one batch."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from certification.certificates.models.awards import AwardCertificate
from certification.certificates.models.certificates import Certificate
from certification.certificates.models.designs import DesignVersion
from certification.certificates.queries import designs as queries
from certification.filings.models import EvaluationOrganization
from certification.rules import wording
from certification.rules.design_settings import Settings, settings_from
from foundation.db import session
from foundation.files.queries import file_bytes
from foundation.print import designs, packs
from foundation.print.qr import qr_data_url

PLAIN = "grade"


@dataclass(frozen=True, slots=True)
class Drawn:
    """Design, what is the same on every certificate of a batch, and how it will be known: key and hash of design or version."""

    design: designs.Design
    constants: Mapping[str, Any]
    hash: str
    seal: str
    version_id: UUID | None = None

    def printed(self, wanted: Sequence[designs.Filled]) -> list[bytes]:
        """One PDF after the other. Raises what `designs.certificates` raises."""
        return list(designs.certificates(self.design, self.constants, wanted))


def plain(key: str, *, sample: bool) -> Drawn:
    """A design as it lies in its folder: for an issuer who published no version."""
    found = designs.design(key)
    return Drawn(found, {**found.plain(), "sample": sample}, found.hash, "space")


def of_version(row: DesignVersion, facts: Mapping[str, str], *, sample: bool, on: date | None) -> Drawn:
    """A published version with the facts of a publication and the day of issue filled in."""
    found = folder_of(row)
    constants = constants_of(
        settings_from(row.settings), facts, sample=sample, on=on, logo=_picture(row.logo_id), seal=_picture(row.seal_id)
    )
    return Drawn(found, constants, row.hash, row.settings["seal"], row.id)


def in_use(issuer: EvaluationOrganization, kind: str, *, sample: bool) -> Drawn:
    """What certificates of a kind are printed with now: the version published last, else the plain grade design."""
    row = queries.version_in_use(issuer.id, kind)
    return of_version(row, {}, sample=sample, on=None) if row is not None else plain(PLAIN, sample=sample)


def of_certificate(row: Certificate, *, sample: bool) -> Drawn:
    """What a certificate is printed with: the version it was issued with, for whoever corrects it; before, the one in use."""
    award = session().get(AwardCertificate, row.id) if row.kind != PLAIN else None
    if award is not None:
        return of_version(award.version, award.facts, sample=sample, on=award.dated_on)
    version = queries.version_of_hash(row.evaluation_organization_id, row.design_hash) if row.design_hash else None
    return of_version(version, {}, sample=sample, on=None) if version else in_use(row.issuer, row.kind, sample=sample)


def folder_of(row: DesignVersion) -> designs.Design:
    """The folder a version was made of, as it was then, whatever the installation brings by now."""
    laid_out = packs.laid_out(row.design, row.folder_hash)
    return laid_out or packs.lay_out(row.design, row.folder_hash, file_bytes(row.folder.file_id))


def constants_of(
    settings: Settings, facts: Mapping[str, str], *, sample: bool, on: date | None, logo: str = "", seal: str = ""
) -> dict[str, Any]:
    """What a page needs of the settings. `logo` and `seal` are addresses of pictures."""
    texts = {name: designs.fill(text, facts) for name, text in settings.texts.items()}
    if not all(
        facts.get(name) for name in ("competition_en", "event_en") if f"{{{name}}}" in settings.texts.get("body_en", "")
    ):
        texts["body_en"] = ""  # half a sentence in English would be worse than none
    dates = {"date_text": wording.date_text(on), "date_text_en": wording.date_text_en(on)} if on is not None else {}
    return {
        **texts, **dates, "colours": dict(settings.colours), "with_photo": settings.with_photo, "logo": logo,
        "signatories": [{"role": role, "name": name} for role, name in settings.signatories],
        "seal": seal if settings.seal == "picture" else "", "sample": sample,
    }  # fmt: skip


def shown(
    found: designs.Design,
    settings: Settings,
    *,
    photo: bytes,
    address: str,
    on: date,
    logo: bytes = b"",
    seal: bytes = b"",
) -> bytes:
    """A design with these settings and invented data, across it SAMPLE: the PDF. Raises Refusal print_text_too_long."""
    sample = found.sample()
    facts = found.placeholders()
    constants = constants_of(settings, facts, sample=True, on=on, logo=data_url(logo), seal=data_url(seal))
    stamped = {name: sample[name] for name in found.settings["stamped"]}
    picture = "data:image/jpeg;base64," + base64.b64encode(photo).decode()
    pictures = {"photo": picture, "qr": qr_data_url(address)}
    return designs.print_design(found, {**constants, **stamped, **pictures}).data


def data_url(png: bytes) -> str:
    """A picture as an address; empty for none."""
    return "data:image/png;base64," + base64.b64encode(png).decode() if png else ""


def _picture(file_id: UUID | None) -> str:
    return data_url(file_bytes(file_id)) if file_id is not None else ""
