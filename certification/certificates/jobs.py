"""Jobs of this room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certification.certificates.actions import awards, batches, making
from certification.certificates.actions.credentials import sign_root
from certification.certificates.queries.credentials import issuers_of
from foundation.clock import now
from foundation.jobs.kinds import JobKind, Progress
from foundation.permission import Actor
from foundation.refusal import Refusal


def check(arguments: dict[str, Any], _actor: Actor, progress: Progress) -> dict[str, Any]:
    """Every gate of a batch."""
    batches.check_batch(UUID(arguments["batch"]), progress=progress)
    return {}


def make(arguments: dict[str, Any], actor: Actor, progress: Progress) -> dict[str, Any]:
    """Make what waits in a batch."""
    return dict(making.make_batch(UUID(arguments["batch"]), run=arguments["run"], actor=actor, progress=progress))


def issue_awards(arguments: dict[str, Any], actor: Actor, progress: Progress) -> dict[str, Any]:
    """Make file after file of numbered awards; what has one is left as it is. One that is refused stops no other."""
    keys = arguments["certificates"]
    refused = []
    for done, key in enumerate(keys, start=1):
        try:
            awards.issue_award(UUID(key), public_url=arguments["public_url"], actor=actor, at=now())
        except Refusal as refusal:
            refused.append({"certificate": key, "code": refusal.code})
        progress(done, len(keys))
    for issuer_id in issuers_of(UUID(key) for key in keys):  # one root over what was issued together
        sign_root(issuer_id, public_url=arguments["public_url"], actor=actor, at=now())
    return {"issued": len(keys) - len(refused), "refused": refused}


KINDS = (JobKind(awards.JOB, issue_awards), JobKind(batches.CHECK_JOB, check), JobKind(batches.MAKE_JOB, make))
