"""Jobs of this room."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from certification.certificates.actions import issuing as actions
from foundation.clock import now
from foundation.jobs.kinds import JobKind, Progress
from foundation.permission import Actor
from foundation.refusal import Refusal


def issue(arguments: dict[str, Any], actor: Actor, progress: Progress) -> dict[str, Any]:
    """Issue certificate after certificate; what is issued already is left as it is. One that is refused stops no other."""
    keys = arguments["certificates"]
    refused = []
    for done, key in enumerate(keys, start=1):
        try:
            actions.issue_certificate(UUID(key), public_url=arguments["public_url"], actor=actor, at=now())
        except Refusal as refusal:
            refused.append({"certificate": key, "code": refusal.code})
        progress(done, len(keys))
    return {"issued": len(keys) - len(refused), "refused": refused}


KINDS = (JobKind(actions.ISSUE_JOB, issue),)
