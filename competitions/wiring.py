"""Joins the rooms of this package to an application; nothing else."""

from __future__ import annotations

from flask import Flask

from accounts.access import roles
from competitions.codes import models as code_models  # noqa: F401
from competitions.codes import sentences as code_sentences
from competitions.entries import models as entry_models  # noqa: F401
from competitions.judges import models as judge_models  # noqa: F401
from competitions.marking import models as marking_models  # noqa: F401
from competitions.marking import sentences as marking_sentences
from competitions.programme import permissions as programme_permissions
from competitions.programme import queries as programme
from competitions.programme import sentences as programme_sentences
from competitions.programme import views as programme_views
from competitions.programme.permissions import ProgrammePermission
from competitions.publications import commands as publication_commands
from competitions.publications import permissions as publication_permissions
from competitions.publications import queries as publications
from competitions.publications import sentences as publication_sentences
from competitions.publications import views as publication_views
from competitions.results import permissions as result_permissions
from competitions.results import queries as results
from competitions.results import sentences as result_sentences
from competitions.results import views as result_views
from competitions.results.permissions import ResultPermission
from competitions.schemes import models as scheme_models  # noqa: F401
from foundation import translation
from foundation.audit import permissions as audit_permissions
from foundation.audit.permissions import AuditPermission
from foundation.permission import register_scope
from foundation.translation import N_
from foundation.web import cards, navigation
from foundation.web.navigation import NavigationItem

_COMPETITION = N_("Competition")
_RESULTS = N_("Results")
_MANAGEMENT = N_("Management")


def register(app: Flask) -> None:
    """Blueprints, sentences, permissions, scopes, navigation."""
    for module in (programme_sentences, code_sentences, marking_sentences, result_sentences, publication_sentences):
        translation.register(module.SENTENCES)
    for module in (programme_permissions, result_permissions, publication_permissions, audit_permissions):
        roles.register(module.ROLES)
    register_scope("competition_id", programme.competition_scopes)
    register_scope("event_id", programme.event_scopes)
    register_scope("run_id", results.run_scopes)
    register_scope("score_import_id", results.score_import_scopes)
    register_scope("publication_id", publications.publication_scopes)
    register_scope("objection_id", publications.objection_scopes)
    app.register_blueprint(programme_views.blueprint)
    app.register_blueprint(result_views.blueprint)
    app.register_blueprint(publication_views.blueprint)
    app.cli.add_command(publication_commands.command)
    cards.register(publications.cards_of)
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
            _RESULTS,
            N_("Standings and publications"),
            "publications.events",
            "trophy",
            ResultPermission.VIEW,
            400,
            of="competition_id",
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
