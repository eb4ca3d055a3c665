"""The roles people hold on scopes, and which permissions each room gives them.

Rooms declare their permissions in `permissions.py` with a table ROLES: role → permissions; `create_app()` gathers the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to a platform, region, organization, competition or event."""

    PLATFORM_ADMINISTRATOR = "platform_administrator"
    REGION_OFFICER = "region_officer"
    ORGANIZER = "organizer"
    CHIEF_JUDGE = "chief_judge"
    JUDGE = "judge"
    FLOOR_JUDGE = "floor_judge"
    BLINDING_JUDGE = "blinding_judge"
    TALLY_CLERK = "tally_clerk"
    SUPERVISOR = "supervisor"
    ARBITER = "arbiter"
    DELEGATION_LEADER = "delegation_leader"
    UNIT_OPERATOR = "unit_operator"
    CANDIDATE = "candidate"
    EVALUATION_OFFICER = "evaluation_officer"
    EXAMINER = "examiner"
    QUALITY_SUPERVISOR = "quality_supervisor"
    APPROVING_AUTHORITY = "approving_authority"
    AUDITOR = "auditor"


# Roles that an organizer's shell (side navigation, desktop) serves; the others get the candidate's or the judge's.
OFFICE_ROLES = frozenset(Role) - {Role.CANDIDATE, Role.JUDGE, Role.FLOOR_JUDGE}

_granted: dict[Role, set[str]] = {role: set() for role in Role}


def register(roles: Mapping[str, Iterable[str]]) -> None:
    """Add a room's table. Raises ValueError for an unknown role."""
    for role, permissions in roles.items():
        _granted[Role(role)].update(str(permission) for permission in permissions)


def permissions_of(role: Role) -> frozenset[str]:
    """Everything `role` grants where it is held."""
    return frozenset(_granted[role])


def all_permissions() -> frozenset[str]:
    """Every permission some role grants."""
    return frozenset().union(*_granted.values())
