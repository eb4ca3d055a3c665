"""Entering evaluation organizations, what they are filed for, and switching issuers on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from accounts.organizations.actions import found_organization
from accounts.organizations.models import OrganizationKind
from certification.filings import queries
from certification.filings.models import EvaluationOrganization, Filing
from certification.filings.number_forms import STANDARD, forms, given_forms
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal

PREFIX_PATTERN = r"[A-Z]\d{12}"


@dataclass(frozen=True, slots=True)
class IssuerFacts:
    """What is said of an evaluation organization. Patterns and query addresses come from the settings."""

    name: str
    route: str
    prefix: str
    number_source: str
    name_en: str = ""
    region_code: str = ""
    prefix_pattern: str = PREFIX_PATTERN
    number_pattern: str = ""
    number_form: str = "standard"
    special_letter: str = ""
    certificate_query_url: str = "http://jndj.osta.org.cn"
    organization_query_url: str = "http://pjjg.osta.org.cn"


def note_issuer(facts: IssuerFacts, *, actor: Actor, at: datetime, key: UUID | None = None) -> UUID:
    """Enter an evaluation organization, or correct one; it stays a sample issuer until it is switched on.

    `key` is its id, chosen by the form for a new one: the same form twice makes one. Raises Refusal prefix_shape (人社鉴发
    〔2019〕2号: 13 characters), prefix_taken, number_form_unknown, special_letter_wrong.
    """
    if facts.number_form not in {form.key for form in given_forms()}:
        raise Refusal("number_form_unknown", field="number_form", form=facts.number_form)
    if not re.fullmatch("[A-Z]?", facts.special_letter):
        raise Refusal("special_letter_wrong", field="special_letter", letter=facts.special_letter)
    pattern = facts.prefix_pattern if facts.number_form == STANDARD else forms()[facts.number_form].limits["prefix"]
    if not re.fullmatch(pattern, facts.prefix):
        raise Refusal("prefix_shape", field="prefix", prefix=facts.prefix, length=len(facts.prefix), pattern=pattern)
    with transaction() as writing:
        holder = queries.issuer_with_prefix(facts.prefix)
        if holder is not None and holder.id != key:
            raise Refusal("prefix_taken", field="prefix", name=holder.name)
        row = writing.get(EvaluationOrganization, key) if key else None
        made = row is None
        body = found_organization(
            facts.name, kind=OrganizationKind.OTHER, region_code=facts.region_code, actor=actor, at=at
        )
        if row is None:
            row = EvaluationOrganization(id=key or new_id(), created_at=at)
            writing.add(row)
        row.organization_id = body
        for name in (
            "name", "name_en", "route", "prefix", "number_source", "number_form", "special_letter", "number_pattern", "certificate_query_url",
            "organization_query_url",
        ):  # fmt: skip
            setattr(row, name, getattr(facts, name))
        writing.flush()
        record(
            actor, "issuer:noted" if made else "issuer:corrected", "evaluation_organization", row.id, at=at,
            route=facts.route, number_source=facts.number_source,
        )  # fmt: skip
        return row.id


@dataclass(frozen=True, slots=True)
class FilingFacts:
    """One occupation an organization is filed for, with grades and days."""

    occupation_code: str
    occupation_name: str
    occupation_edition: str
    grades: Sequence[str]
    valid_from: date
    valid_until: date | None = None
    document_number: str = ""


def note_filing(
    evaluation_organization_id: UUID, facts: FilingFacts, *, actor: Actor, at: datetime, key: UUID | None = None
) -> UUID:
    """Enter a filing. The same key, or the same filing, twice makes one.

    Raises Missing, Refusal filing_grades_missing, filing_dates_reversed.
    """
    if not facts.grades:
        raise Refusal("filing_grades_missing", field="grades")
    if facts.valid_until is not None and facts.valid_until < facts.valid_from:
        raise Refusal("filing_dates_reversed", field="valid_until", until=facts.valid_until, since=facts.valid_from)
    with transaction() as writing:
        if writing.get(EvaluationOrganization, evaluation_organization_id) is None:
            raise Missing
        known = writing.get(Filing, key) if key else None
        if known is None:
            known = writing.scalars(
                select(Filing).where(
                    Filing.evaluation_organization_id == evaluation_organization_id,
                    Filing.occupation_code == facts.occupation_code,
                    Filing.occupation_edition == facts.occupation_edition,
                    Filing.valid_from == facts.valid_from,
                    Filing.document_number == facts.document_number,
                )
            ).first()
        if known is not None:
            return known.id
        row = Filing(
            id=key or new_id(), evaluation_organization_id=evaluation_organization_id, occupation_code=facts.occupation_code,
            occupation_name=facts.occupation_name, occupation_edition=facts.occupation_edition, grades=list(facts.grades),
            document_number=facts.document_number, valid_from=facts.valid_from, valid_until=facts.valid_until,
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        record(
            actor, "filing:noted", "evaluation_organization", evaluation_organization_id, at=at, filing=row.id,
            occupation=facts.occupation_code, grades=" ".join(facts.grades),
        )  # fmt: skip
        return row.id


def end_filing(filing_id: UUID, last_day: date, *, actor: Actor, at: datetime) -> None:
    """End a filing on a day; certificates issued before stay valid. Raises Missing, Refusal filing_dates_reversed."""
    with transaction() as writing:
        row = writing.get(Filing, filing_id, with_for_update=True)
        if row is None:
            raise Missing
        if last_day < row.valid_from:
            raise Refusal("filing_dates_reversed", field="last_day", until=last_day, since=row.valid_from)
        row.valid_until = last_day
        record(
            actor, "filing:ended", "evaluation_organization", row.evaluation_organization_id, at=at, filing=row.id,
            last_day=last_day.isoformat(),
        )  # fmt: skip


def switch_issuer(evaluation_organization_id: UUID, *, on: bool, actor: Actor, at: datetime) -> None:
    """Switch an issuer on: from now on its certificates are no samples; the person stands on record. Repeating changes nothing.

    Raises Missing, Refusal filing_nothing.
    """
    with transaction() as writing:
        row = writing.get(EvaluationOrganization, evaluation_organization_id, with_for_update=True)
        if row is None:
            raise Missing
        if on == (row.switched_on_at is not None):
            return
        if on and not row.filings:
            raise Refusal("filing_nothing")
        row.switched_on_at, row.switched_on_by = (at, actor.person) if on else (None, None)
        record(actor, "issuer:switched_on" if on else "issuer:switched_off", "evaluation_organization", row.id, at=at)
