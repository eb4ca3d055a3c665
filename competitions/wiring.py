"""Joins the rooms of this package to an application; nothing else."""

from __future__ import annotations

from flask import Flask

from accounts.access import roles
from accounts.access.authority import register_separation
from competitions.codes import board as codes_board
from competitions.codes import models as code_models  # noqa: F401
from competitions.codes import permissions as codes_permissions
from competitions.codes import sentences as codes_sentences
from competitions.codes import views as codes_views
from competitions.codes.permissions import CodesPermission
from competitions.entries import models as entry_models  # noqa: F401
from competitions.judges import board as judges_board
from competitions.judges import models as judge_models  # noqa: F401
from competitions.judges import permissions as judges_permissions
from competitions.judges import queries as judges
from competitions.judges import sentences as judges_sentences
from competitions.judges.permissions import JudgesPermission
from competitions.judges.views import judge as judge_views
from competitions.judges.views import organizer as judges_views
from competitions.marking import models as marking_models  # noqa: F401
from competitions.marking import sentences as marking_sentences
from competitions.programme import permissions as programme_permissions
from competitions.programme import queries as programme
from competitions.programme import sentences as programme_sentences
from competitions.programme import views as programme_views
from competitions.programme.permissions import ProgrammePermission
from competitions.publications import models as publication_models  # noqa: F401
from competitions.results import models as result_models  # noqa: F401
from competitions.schemes import models as scheme_models  # noqa: F401
from foundation import translation
from foundation.audit import permissions as audit_permissions
from foundation.audit.permissions import AuditPermission
from foundation.permission import register_scope
from foundation.translation import N_
from foundation.web import cards, navigation
from foundation.web.navigation import NavigationItem

_COMPETITION = N_("Competition")
_DAY = N_("On the day")
_MANAGEMENT = N_("Management")


def register(app: Flask) -> None:
    """Blueprints, sentences, permissions, scopes, navigation."""
    for module in (programme_sentences, marking_sentences, judges_sentences, codes_sentences):
        translation.register(module.SENTENCES)
    for module in (programme_permissions, audit_permissions, judges_permissions, codes_permissions):
        roles.register(module.ROLES)
    register_scope("competition_id", programme.competition_scopes)
    register_scope("event_id", programme.event_scopes)
    register_scope("duty_id", judges.duty_scopes)
    register_scope("panel_id", judges.panel_scopes)
    register_separation(judges.separated)
    for source in (judges_board.cards, codes_board.cards):
        cards.register(source)
    app.register_blueprint(programme_views.blueprint)
    for views in (judges_views, judge_views, codes_views):
        app.register_blueprint(views.blueprint)
    navigation.register(
        NavigationItem(
            _COMPETITION,
            N_("Judges and panels"),
            "judges.overview",
            "people",
            JudgesPermission.VIEW,
            60,
            of="competition_id",
        ),
        NavigationItem(
            _DAY,
            N_("Codes and unblinding"),
            "codes.overview",
            "incognito",
            CodesPermission.VIEW_CODES,
            160,
            of="competition_id",
        ),
    )
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
