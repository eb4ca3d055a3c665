"""Creating organizations."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from accounts.organizations import queries
from accounts.organizations.models import Organization, OrganizationKind
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import Actor


def found_organization(
    name: str, *, kind: OrganizationKind, region_code: str = "", parent_id: UUID | None = None, name_en: str = "",
    credit_code: str | None = None, actor: Actor, at: datetime,
) -> UUID:  # fmt: skip
    """The body of that name, made when there is none. Returns its id."""
    with transaction() as writing:
        known = queries.organization_named(name)
        if known is not None:
            return known.id
        row = Organization(
            id=new_id(), name=name, name_en=name_en, kind=kind.value, credit_code=credit_code, region_code=region_code,
            parent_id=parent_id, created_at=at,
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        record(actor, "organization:founded", "organization", row.id, at=at)
        return row.id
