"""Joins the rooms of this package to an application; nothing else."""

from __future__ import annotations

from flask import Flask

from accounts.access import roles
from accounts.access.authority import register_separation
from competitions.codes import board as codes_board
from competitions.codes import models as code_models  # noqa: F401
from competitions.codes import sentences as code_sentences
from competitions.entries import models as entry_models  # noqa: F401
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
from competitions.marking import api as marking_api
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
from competitions.marking import permissions as marking_permissions
from competitions.marking import progress as marking_progress
from competitions.marking import queries as marking
from competitions.marking import sentences as marking_sentences
from competitions.marking.commands import marking as marking_commands
from competitions.marking.permissions import MarkingPermission
from competitions.marking.views import chief as marking_chief_views
from competitions.marking.views import judge as marking_views
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
from foundation.web.setup import csrf

_COMPETITION = N_("Competition")
_ON_THE_DAY = N_("On the day")
_DAY = N_("On the day")
_RESULTS = N_("Results")
_MANAGEMENT = N_("Management")
_ON_THE_DAY = N_("On the day")


def register(app: Flask) -> None:
    """Blueprints, sentences, permissions, scopes, navigation."""
    for module in (programme_sentences, code_sentences, marking_sentences, result_sentences, publication_sentences):
        translation.register(module.SENTENCES)
    for module in (programme_permissions, audit_permissions, marking_permissions):
    for module in (programme_sentences, scheme_sentences, marking_sentences):
        translation.register(module.SENTENCES)
    for module in (programme_permissions, scheme_permissions, audit_permissions):
        roles.register(module.ROLES)
    register_scope("competition_id", programme.competition_scopes)
    register_scope("event_id", programme.event_scopes)
    register_scope("panel_id", marking.panel_scopes)
    register_scope("list_id", marking.list_scopes)
    register_scope("mark_id", marking.mark_scopes)
    register_scope("call_id", marking.call_scopes)
    for module in (programme_permissions, result_permissions, publication_permissions, audit_permissions):
        roles.register(module.ROLES)
    register_scope("competition_id", programme.competition_scopes)
    register_scope("event_id", programme.event_scopes)
    register_scope("run_id", results.run_scopes)
    register_scope("score_import_id", results.score_import_scopes)
    register_scope("publication_id", publications.publication_scopes)
    register_scope("objection_id", publications.objection_scopes)
    app.register_blueprint(programme_views.blueprint)
    app.register_blueprint(marking_views.blueprint)
    app.register_blueprint(marking_chief_views.blueprint)
    app.register_blueprint(marking_api.blueprint)
    csrf.exempt(marking_api.blueprint)  # device tokens; with a cookie it asks for its own header and the same origin
    app.cli.add_command(marking_commands)
    cards.register(marking_progress.cards)
    app.register_blueprint(scheme_views.blueprint)
    app.cli.add_command(scheme_commands.schemes)
    cards.register(scheme_board.missing_schemes)
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
        NavigationItem(_ON_THE_DAY, N_("My seats"), "marking.seats", "ui-checks", MarkingPermission.MARK, 300),
        NavigationItem(
            _ON_THE_DAY,
            N_("Marking"),
            "marking_chief.event",
            "clipboard-check",
            MarkingPermission.PROGRESS,
            310,
            of="event_id",
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
            _COMPETITION,
            N_("Marking scheme"),
            "schemes.scheme",
            "list-check",
            SchemePermission.VIEW,
            40,
            of="event_id",
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
