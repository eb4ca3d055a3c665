"""Joins the rooms of this package to an application; nothing else."""

from __future__ import annotations

from flask import Flask

from accounts.access import roles
from competitions.codes import models as code_models  # noqa: F401
from competitions.entries import cards as entry_cards
from competitions.entries import permissions as entry_permissions
from competitions.entries import queries as entries
from competitions.entries import sentences as entry_sentences
from competitions.entries.permissions import EntryPermission
from competitions.entries.views import candidate as candidate_views  # noqa: F401
from competitions.entries.views import check_in as check_in_views  # noqa: F401
from competitions.entries.views import organizer as organizer_views  # noqa: F401
from competitions.entries.views import papers as paper_views  # noqa: F401
from competitions.entries.views.room import blueprint as entry_blueprint
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
from competitions.schemes import models as scheme_models  # noqa: F401
from foundation import translation
from foundation.audit import permissions as audit_permissions
from foundation.audit.permissions import AuditPermission
from foundation.permission import register_scope
from foundation.translation import N_
from foundation.web import cards, navigation
from foundation.web.navigation import NavigationItem

_COMPETITION = N_("Competition")
_ON_THE_DAY = N_("On the day")
_MANAGEMENT = N_("Management")


def register(app: Flask) -> None:
    """Blueprints, sentences, permissions, scopes, navigation."""
    for module in (programme_sentences, entry_sentences, marking_sentences):
        translation.register(module.SENTENCES)
    for module in (programme_permissions, entry_permissions, audit_permissions):
        roles.register(module.ROLES)
    register_scope("competition_id", programme.competition_scopes)
    register_scope("event_id", programme.event_scopes)
    register_scope("entry_id", entries.entry_scopes)
    app.register_blueprint(programme_views.blueprint)
    app.register_blueprint(entry_blueprint)
    cards.register(entry_cards.cards)
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
            _COMPETITION, N_("Entries"), "entries.entries", "people", EntryPermission.VIEW, 40, of="competition_id"
        ),
        NavigationItem(
            _ON_THE_DAY,
            N_("Check-in"),
            "entries.check_in_events",
            "qr-code-scan",
            EntryPermission.CHECK_IN,
            210,
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
