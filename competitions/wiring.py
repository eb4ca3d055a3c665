"""Joins the rooms of this package to an application; nothing else."""

from __future__ import annotations

from flask import Flask

from accounts.access import roles
from competitions.codes import models as code_models  # noqa: F401
from competitions.entries import models as entry_models  # noqa: F401
from competitions.judges import models as judge_models  # noqa: F401
from competitions.marking import models as marking_models  # noqa: F401
from competitions.marking import sentences as marking_sentences
from competitions.programme import permissions as programme_permissions
from competitions.programme import queries as programme
from competitions.programme import sentences as programme_sentences
from competitions.programme.permissions import ProgrammePermission
from competitions.programme.views import competitions as competition_pages  # noqa: F401
from competitions.programme.views import events as event_pages  # noqa: F401
from competitions.programme.views import public_pages  # noqa: F401
from competitions.programme.views import rules as rule_pages  # noqa: F401
from competitions.programme.views import staff as staff_pages  # noqa: F401
from competitions.programme.views.blueprint import blueprint as programme_blueprint
from competitions.publications import models as publication_models  # noqa: F401
from competitions.results import models as result_models  # noqa: F401
from competitions.schemes import models as scheme_models  # noqa: F401
from foundation import translation
from foundation.audit import permissions as audit_permissions
from foundation.audit.permissions import AuditPermission
from foundation.permission import register_scope
from foundation.translation import N_
from foundation.web import navigation
from foundation.web.navigation import NavigationItem

_COMPETITION = N_("Competition")
_MANAGEMENT = N_("Management")


def register(app: Flask) -> None:
    """Blueprints, sentences, permissions, scopes, navigation."""
    for module in (programme_sentences, marking_sentences):
        translation.register(module.SENTENCES)
    for module in (programme_permissions, audit_permissions):
        roles.register(module.ROLES)
    register_scope("competition_id", programme.competition_scopes)
    register_scope("event_id", programme.event_scopes)
    app.register_blueprint(programme_blueprint)
    navigation.register(
        NavigationItem(
            _COMPETITION, N_("All competitions"), "programme.competitions", "grid", ProgrammePermission.VIEW, 5
        ),
        NavigationItem(
            _COMPETITION,
            N_("Overview"),
            "programme.competition",
            "layout-wtf",
            ProgrammePermission.VIEW,
            10,
            of="competition_id",
        ),
        NavigationItem(
            _MANAGEMENT,
            N_("Rules"),
            "programme.rules",
            "journal-check",
            ProgrammePermission.VIEW,
            890,
            of="competition_id",
        ),
        NavigationItem(
            _MANAGEMENT, N_("Staff"), "programme.staff", "people", ProgrammePermission.STAFF, 895, of="competition_id"
        ),
        NavigationItem(
            _MANAGEMENT,
            N_("Data of the competition"),
            "programme.edit",
            "sliders",
            ProgrammePermission.EDIT,
            900,
            of="competition_id",
        ),
        NavigationItem(
            _MANAGEMENT,
            N_("Audit log"),
            "programme.audit_log",
            "clock-history",
            AuditPermission.VIEW,
            910,
            of="competition_id",
        ),
    )
