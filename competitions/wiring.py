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
from competitions.programme import views as programme_views
from competitions.programme.permissions import ProgrammePermission
from competitions.publications import models as publication_models  # noqa: F401
from competitions.results import models as result_models  # noqa: F401
from competitions.schemes import board as scheme_board
from competitions.schemes import commands as scheme_commands
from competitions.schemes import permissions as scheme_permissions
from competitions.schemes import sentences as scheme_sentences
from competitions.schemes import views as scheme_views
from competitions.schemes.permissions import SchemePermission
from foundation import translation
from foundation.audit import permissions as audit_permissions
from foundation.audit.permissions import AuditPermission
from foundation.permission import register_scope
from foundation.translation import N_
from foundation.web import cards, navigation
from foundation.web.navigation import NavigationItem

_COMPETITION = N_("Competition")
_MANAGEMENT = N_("Management")


def register(app: Flask) -> None:
    """Blueprints, sentences, permissions, scopes, navigation."""
    for module in (programme_sentences, scheme_sentences, marking_sentences):
        translation.register(module.SENTENCES)
    for module in (programme_permissions, scheme_permissions, audit_permissions):
        roles.register(module.ROLES)
    register_scope("competition_id", programme.competition_scopes)
    register_scope("event_id", programme.event_scopes)
    app.register_blueprint(programme_views.blueprint)
    app.register_blueprint(scheme_views.blueprint)
    app.cli.add_command(scheme_commands.schemes)
    cards.register(scheme_board.missing_schemes)
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
            _COMPETITION,
            N_("Marking scheme"),
            "schemes.scheme",
            "list-check",
            SchemePermission.VIEW,
            40,
            of="event_id",
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
