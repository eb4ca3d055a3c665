"""Reading award policies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from sqlalchemy import or_, select

from certification.policies.models import AwardPolicyVersion
from certification.rules.policy import Policy
from certification.rules.policy_text import parse
from foundation.db import session
from foundation.refusal import Missing


def policy_versions() -> Sequence[AwardPolicyVersion]:
    """Every version, the latest of each policy first."""
    wanted = select(AwardPolicyVersion).order_by(AwardPolicyVersion.key, AwardPolicyVersion.number.desc())
    return session().scalars(wanted).all()


def policy_version(policy_version_id: UUID) -> AwardPolicyVersion:
    """One version. Raises Missing."""
    found = session().get(AwardPolicyVersion, policy_version_id)
    if found is None:
        raise Missing
    return found


def latest_version(key: str) -> AwardPolicyVersion | None:
    """The latest version of a policy, or None."""
    wanted = select(AwardPolicyVersion).where(AwardPolicyVersion.key == key).order_by(AwardPolicyVersion.number.desc())
    return session().scalars(wanted.limit(1)).first()


def policy_of(version: AwardPolicyVersion) -> Policy:
    """The rules of a version. Versions never change, so each is read once."""
    known = _read.get(version.content_hash)
    if known is None:
        known = parse(version.content)[0]
        if known is None:
            raise RuntimeError(f"stored policy {version.key} {version.number} does not read")
        _read[version.content_hash] = known
    return known


_read: dict[str, Policy] = {}


def policies_in_force(*, region_code: str = "", on: date | None = None) -> Sequence[AwardPolicyVersion]:
    """The versions in force, of a region (a policy without one holds everywhere) and on a day when given."""
    wanted = select(AwardPolicyVersion).where(
        AwardPolicyVersion.in_force_at.is_not(None), AwardPolicyVersion.retired_at.is_(None)
    )
    if on is not None:
        wanted = wanted.where(
            or_(AwardPolicyVersion.valid_from.is_(None), AwardPolicyVersion.valid_from <= on),
            or_(AwardPolicyVersion.valid_until.is_(None), AwardPolicyVersion.valid_until >= on),
        )
    found = session().scalars(wanted.order_by(AwardPolicyVersion.key)).all()
    return [row for row in found if not region_code or region_code.startswith(region_prefix(row.region_code))]


def policy_in_force(*, region_code: str, tier: str, competition_class: str, on: date) -> AwardPolicyVersion | None:
    """The policy that binds a competition of this region, tier and class on a day; the most local one, None without one."""
    fitting = []
    for row in policies_in_force(region_code=region_code, on=on):
        reaches = policy_of(row).reaches
        if (not reaches.tiers or tier in reaches.tiers) and (
            not reaches.classes or competition_class in reaches.classes
        ):
            fitting.append(row)
    return max(fitting, key=lambda row: len(region_prefix(row.region_code)), default=None)


@lru_cache(maxsize=256)
def region_prefix(region_code: str) -> str:
    """What a region's parts begin with: 320000 → 32, 320100 → 3201."""
    code = region_code
    while code.endswith("00"):
        code = code[:-2]
    return code
