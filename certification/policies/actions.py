"""Loading policy files and putting versions in force."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from certification.policies import queries
from certification.policies.models import AwardPolicyVersion
from certification.policies.reading import FOLDER, PolicyFile, read_policy, told
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal


def load_policy(file: PolicyFile, *, actor: Actor, at: datetime) -> UUID:
    """Store a policy file as the next version, in force for nobody yet. The content of the latest version again changes nothing.

    Raises Refusal policy_wrong with the first problem and how many there are.
    """
    policy = file.policy
    if policy is None:
        raise Refusal("policy_wrong", count=len(file.problems), first=told(file.problems[0], file.name))
    with transaction() as writing:
        latest = queries.latest_version(policy.key)
        if latest is not None and latest.content_hash == file.content_hash:
            return latest.id
        row = AwardPolicyVersion(
            id=new_id(), key=policy.key, number=latest.number + 1 if latest else 1, title=policy.title, issuer=policy.issuer,
            document_number=policy.document_number, region_code=policy.region_code, valid_from=policy.valid_from,
            valid_until=policy.valid_until, content=dict(file.content), content_hash=file.content_hash, loaded_at=at,
        )  # fmt: skip
        writing.add(row)
        writing.flush()
        record(
            actor, "policy:loaded", "award_policy_version", row.id, at=at, key=policy.key, number=row.number,
            content_hash=file.content_hash,
        )  # fmt: skip
        return row.id


def load_policies(*, actor: Actor, at: datetime, folder: Path = FOLDER) -> dict[str, UUID]:
    """Load every shipped policy file, or none when one is wrong. Answers key → version. Repeating it changes nothing."""
    files = [read_policy(path.read_bytes(), path.name) for path in sorted(folder.glob("*.toml"))]
    with transaction():
        return {str(file.content.get("key", "")): load_policy(file, actor=actor, at=at) for file in files}


def put_in_force(policy_version_id: UUID, *, actor: Actor, at: datetime) -> None:
    """From now on this version decides; another version of the same policy retires. Repeating it changes nothing.

    Raises Missing, Refusal policy_retired.
    """
    with transaction() as writing:
        row = writing.get(AwardPolicyVersion, policy_version_id, with_for_update=True)
        if row is None:
            raise Missing
        if row.retired_at is not None:
            raise Refusal("policy_retired", number=row.number)
        if row.in_force_at is not None:
            return
        others = writing.scalars(
            select(AwardPolicyVersion).where(
                AwardPolicyVersion.key == row.key,
                AwardPolicyVersion.in_force_at.is_not(None),
                AwardPolicyVersion.retired_at.is_(None),
            )
        )
        for other in others:
            other.retired_at = at
        row.in_force_at, row.in_force_by = at, actor.person
        record(
            actor, "policy:put_in_force", "award_policy_version", row.id, at=at, key=row.key, number=row.number,
            content_hash=row.content_hash,
        )  # fmt: skip
