"""Joins the rooms of this package to an application; nothing else."""

from __future__ import annotations

from flask import Flask

from accounts.access import roles
from accounts.access.authority import allow_retired, register_separation
from competitions.advancement import actions as advancing
from competitions.advancement import permissions as advancement_permissions
from competitions.advancement import queries as advancement
from competitions.advancement import sentences as advancement_sentences
from competitions.advancement.permissions import AdvancementPermission
from competitions.advancement.views import organizer as advancement_views
from competitions.codes import board as code_board
from competitions.codes import permissions as code_permissions
from competitions.codes import queries as codes
from competitions.codes import sentences as code_sentences
from competitions.codes import views as code_views
from competitions.codes.permissions import CodesPermission
from competitions.entries import cards as entry_cards
from competitions.entries import jobs as entry_jobs
from competitions.entries import permissions as entry_permissions
from competitions.entries import sentences as entry_sentences
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import check_in, delegations, entries, replacements, rosters
from competitions.entries.queries import photos as entry_photos
from competitions.entries.views import candidate as candidate_views  # noqa: F401 - each adds its routes to the room's blueprint
from competitions.entries.views import check_in as check_in_views  # noqa: F401
from competitions.entries.views import delegations as delegation_views
from competitions.entries.views import door as door_views
from competitions.entries.views import eligibility as eligibility_views  # noqa: F401
from competitions.entries.views import fields as field_views  # noqa: F401
from competitions.entries.views import leader as leader_views  # noqa: F401
from competitions.entries.views import lists as list_views  # noqa: F401
from competitions.entries.views import organizer as organizer_views  # noqa: F401
from competitions.entries.views import papers as paper_views  # noqa: F401
from competitions.entries.views import photos as photo_views  # noqa: F401
from competitions.entries.views import quotas as quota_views  # noqa: F401
from competitions.entries.views import replacing as replacing_views  # noqa: F401
from competitions.entries.views import rosters as roster_views  # noqa: F401
from competitions.entries.views.room import blueprint as entry_blueprint
from competitions.judges import board as judge_board
from competitions.judges import permissions as judge_permissions
from competitions.judges import queries as judges
from competitions.judges import sentences as judge_sentences
from competitions.judges.permissions import JudgesPermission
from competitions.judges.views import judge as hall_views
from competitions.judges.views import organizer as judge_views
from competitions.marking import api as marking_api
from competitions.marking import permissions as marking_permissions
from competitions.marking import progress as marking_progress
from competitions.marking import sentences as marking_sentences
from competitions.marking.commands import marking as marking_commands
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import corrections as marking_corrections
from competitions.marking.queries import evidence as marking_evidence
from competitions.marking.queries import marks as marking
from competitions.marking.queries import paper as marking_paper
from competitions.marking.queries import tablets as marking_tablets
from competitions.marking.queries import voids as marking_voids
from competitions.marking.views import chief as chief_views
from competitions.marking.views import corrections as correction_views
from competitions.marking.views import evidence as evidence_views
from competitions.marking.views import floor as floor_views
from competitions.marking.views import judge as marking_views
from competitions.marking.views import paper as paper_sheet_views
from competitions.marking.views import rehearsal as rehearsal_views
from competitions.marking.views import sheets as sheet_views
from competitions.marking.views import signatures as signature_views
from competitions.marking.views import tablets as tablet_views
from competitions.marking.views import terminal as terminal_views
from competitions.marking.views import voids as void_views
from competitions.meetings import board as meeting_board
from competitions.meetings import permissions as meeting_permissions
from competitions.meetings import queries as meetings
from competitions.meetings import sentences as meeting_sentences
from competitions.meetings.permissions import MeetingPermission
from competitions.meetings.views import leader as meeting_leader_pages  # noqa: F401
from competitions.meetings.views import organizer as meeting_pages  # noqa: F401
from competitions.meetings.views.room import blueprint as meeting_blueprint
from competitions.outbox import permissions as outbox_permissions
from competitions.outbox import queries as outbox
from competitions.outbox import sentences as outbox_sentences
from competitions.outbox import views as outbox_views
from competitions.outbox.permissions import OutboxPermission
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
from competitions.publications import columns as published_columns
from competitions.publications import commands as publication_commands
from competitions.publications import permissions as publication_permissions
from competitions.publications import queries as publications
from competitions.publications import sentences as publication_sentences
from competitions.publications.signals import results_published
from competitions.publications.views import organizer as publication_pages  # noqa: F401
from competitions.publications.views import public as public_publication_pages  # noqa: F401
from competitions.publications.views.room import blueprint as publication_blueprint
from competitions.results import permissions as result_permissions
from competitions.results import queries as results
from competitions.results import sentences as result_sentences
from competitions.results import views as result_views
from competitions.results.permissions import ResultPermission
from competitions.schemes import board as scheme_board
from competitions.schemes import commands as scheme_commands
from competitions.schemes import method_sentences
from competitions.schemes import permissions as scheme_permissions
from competitions.schemes import queries as schemes
from competitions.schemes import sentences as scheme_sentences
from competitions.schemes import views as scheme_views
from competitions.schemes.permissions import SchemePermission
from foundation import translation
from foundation.audit import permissions as audit_permissions
from foundation.audit.permissions import AuditPermission
from foundation.jobs import kinds
from foundation.permission import register_parts, register_scope
from foundation.translation import N_
from foundation.web import cards, columns, navigation
from foundation.web.cards import EventLink
from foundation.web.navigation import NavigationItem
from foundation.web.setup import csrf

_COMPETITION, _DAY, _RESULTS, _MANAGEMENT = N_("Competition"), N_("On the day"), N_("Results"), N_("Management")

_SENTENCES = (
    programme_sentences, scheme_sentences, entry_sentences, judge_sentences, code_sentences, marking_sentences,
    result_sentences, publication_sentences, advancement_sentences, method_sentences, outbox_sentences, meeting_sentences,
)  # fmt: skip
_PERMISSIONS = (
    programme_permissions, scheme_permissions, entry_permissions, judge_permissions, code_permissions, marking_permissions,
    result_permissions, publication_permissions, advancement_permissions, audit_permissions, outbox_permissions, meeting_permissions,
)  # fmt: skip
_SCOPES = {
    "competition_id": programme.competition_scopes,
    "event_id": programme.event_scopes,
    "entry_id": entries.entry_scopes,
    "note_id": check_in.note_scopes,
    "message_id": outbox.message_scopes,
    "meeting_id": meetings.meeting_scopes,
    "question_id": meetings.question_scopes,
    "delegation_id": delegations.delegation_scopes,
    "replacement_id": replacements.replacement_scopes,
    "summary_id": delegations.summary_scopes,
    "roster_import_id": rosters.roster_scopes,
    "photo_batch_id": entry_photos.photo_batch_scopes,
    "duty_id": judges.duty_scopes,
    "panel_id": judges.panel_scopes,
    "list_id": marking.list_scopes,
    "mark_id": marking.mark_scopes,
    "call_id": marking.call_scopes,
    "device_id": marking_tablets.device_scopes,
    "gap_id": marking_tablets.gap_scopes,
    "photo_id": marking_evidence.photo_scopes,
    "drawing_id": marking_evidence.drawing_scopes,
    "paper_id": marking_paper.paper_scopes,
    "correction_id": marking_corrections.correction_scopes,
    "void_id": marking_voids.void_scopes,
    "run_id": results.run_scopes,
    "score_import_id": results.score_import_scopes,
    "publication_id": publications.publication_scopes,
    "objection_id": publications.objection_scopes,
    "link_id": advancement.link_scopes,
    "nomination_id": advancement.nomination_scopes,
}
_BLUEPRINTS = (
    programme_blueprint, scheme_views.blueprint, entry_blueprint, judge_views.blueprint, hall_views.blueprint,
    code_views.blueprint, marking_views.blueprint, sheet_views.blueprint, evidence_views.blueprint, evidence_views.api, chief_views.blueprint, marking_api.blueprint, signature_views.blueprint, correction_views.blueprint, paper_sheet_views.blueprint, floor_views.blueprint, result_views.blueprint,
    publication_blueprint, rehearsal_views.blueprint, advancement_views.blueprint, void_views.blueprint,
    tablet_views.blueprint, terminal_views.blueprint, terminal_views.api,
)  # fmt: skip
_CARDS = (
    scheme_board.missing_schemes, entry_cards.cards, judge_board.cards, code_board.cards, marking_progress.cards,
    publications.cards_of, outbox_views.cards, meeting_board.cards,
)  # fmt: skip
_COMMANDS = (scheme_commands.schemes, scheme_commands.scoring, marking_commands, publication_commands.command)


def register(app: Flask) -> None:
    """Blueprints, commands, sentences, permissions, scopes, cards, separations, navigation."""
    for sentences in _SENTENCES:
        translation.register(sentences.SENTENCES)
    for permissions in _PERMISSIONS:
        roles.register(permissions.ROLES)
    for argument, loader in _SCOPES.items():
        register_scope(argument, loader)
    for blueprint in (
        *_BLUEPRINTS,
        delegation_views.blueprint,
        door_views.blueprint,
        door_views.api,
        outbox_views.blueprint,
        meeting_blueprint,
    ):
        app.register_blueprint(blueprint)
    for command in _COMMANDS:
        app.cli.add_command(command)
    columns.register(published_columns.NAMES, published_columns.of_results)
    for source in _CARDS:
        cards.register(source)
    floor_entries = app.view_functions["marking_floor.entries"]
    csrf.exempt(floor_entries)
    csrf.exempt(door_views.api)
    csrf.exempt(signature_views.blueprint)  # parcels of the outbox ask for the same header and origin
    for kind in entry_jobs.KINDS:
        kinds.register(kind)
    csrf.exempt(marking_api.blueprint)  # device tokens; with a cookie it asks for its own header and the same origin
    csrf.exempt(evidence_views.api)  # as marks: a device token, or our own header and origin
    csrf.exempt(terminal_views.api)  # a device token alone
    register_separation(judges.separated)
    allow_retired(MarkingPermission.DELIVER)
    results_published.connect(advancing.on_results, weak=False)
    register_parts("competition_id", programme.scopes_of_events)
    _register_event_links()
    _register_navigation()


def _register_event_links() -> None:
    """What leads on from an event, in the course of its work; the first that is due is the board's next action."""
    cards.register_event_link(
        EventLink(N_("Marking scheme"), "schemes.scheme", SchemePermission.VIEW, 10, "list-check", schemes.without_scheme),
        EventLink(
            N_("Entries"), "entries.event_entries", EntryPermission.VIEW, 20, "person-lines-fill", entries.waiting_for_review
        ),
        EventLink(N_("Judges"), "judges.judges", JudgesPermission.VIEW, 30, "people", judges.without_chief),
        EventLink(N_("Panels"), "judges.panels", JudgesPermission.VIEW, 40, "diagram-3", judges.without_panel),
        EventLink(
            N_("Check-in"), "entries.check_in", EntryPermission.CHECK_IN, 50, "qr-code-scan", entries.waiting_for_check_in
        ),
        EventLink(
            N_("Codes and unblinding"), "codes.codes", CodesPermission.VIEW_CODES, 60, "incognito", codes.waiting_for_custody
        ),
        EventLink(
            N_("Marking"), "marking_chief.event", MarkingPermission.PROGRESS, 70, "clipboard-check", codes.being_marked
        ),
        EventLink(
            N_("Standings and publications"), "publications.board", ResultPermission.VIEW, 80, "trophy",
            publications.waiting_for_results,
        ),
    )  # fmt: skip


def _register_navigation() -> None:
    def of_competition(
        section: str, label: str, endpoint: str, icon: str, permission: str, order: int
    ) -> NavigationItem:
        return NavigationItem(section, label, endpoint, icon, permission, order, of="competition_id")

    navigation.register(
        NavigationItem(_COMPETITION, N_("All competitions"), "programme.competitions", "grid", ProgrammePermission.VIEW, 5),
        of_competition(_COMPETITION, N_("Overview"), "programme.competition", "layout-wtf", ProgrammePermission.VIEW, 10),
        NavigationItem(
            _COMPETITION, N_("Marking scheme"), "schemes.scheme", "list-check", SchemePermission.VIEW, 30, of="event_id"
        ),
        of_competition(_COMPETITION, N_("Entries"), "entries.entries", "person-lines-fill", EntryPermission.VIEW, 40),
        NavigationItem(
            _COMPETITION, N_("My delegations"), "delegations.mine", "flag", EntryPermission.OWN_DELEGATIONS, 6
        ),
        of_competition(
            _COMPETITION, N_("Registration form"), "delegations.registration_fields", "ui-checks-grid", EntryPermission.DELEGATIONS, 38
        ),
        of_competition(_COMPETITION, N_("Quotas and deadlines"), "delegations.quotas", "person-check", EntryPermission.DELEGATIONS, 39),
        of_competition(_COMPETITION, N_("Who may take part"), "entries.eligibility", "person-check", EntryPermission.REVIEW, 41),
        of_competition(_COMPETITION, N_("Delegations"), "delegations.delegations", "flag", EntryPermission.DELEGATIONS, 42),
        of_competition(_COMPETITION, N_("Leaders' meeting"), "meetings.meetings", "people-fill", MeetingPermission.HOLD, 46),
        of_competition(_COMPETITION, N_("Outbox"), "outbox.outbox", "envelope", OutboxPermission.MANAGE, 44),
        of_competition(_COMPETITION, N_("Judges and panels"), "judges.overview", "people", JudgesPermission.VIEW, 60),
        of_competition(_DAY, N_("Check-in"), "entries.check_in_events", "qr-code-scan", EntryPermission.CHECK_IN, 150),
        of_competition(_DAY, N_("Codes and unblinding"), "codes.overview", "incognito", CodesPermission.VIEW_CODES, 160),
        NavigationItem(_DAY, N_("My seats"), "marking.seats", "ui-checks", MarkingPermission.MARK, 300),
        NavigationItem(
            _DAY, N_("Marking"), "marking_chief.event", "clipboard-check", MarkingPermission.PROGRESS, 310, of="event_id"
        ),
        NavigationItem(
            _DAY, N_("Tablets"), "marking_tablets.event", "tablet", MarkingPermission.TABLETS, 305, of="event_id"
        ),
        NavigationItem(_COMPETITION, N_("Selection and seats"), "advancement.event", "diagram-2", AdvancementPermission.VIEW, 45, of="event_id"),
        NavigationItem(_DAY, N_("Rehearsal"), "marking_rehearsal.event", "easel", MarkingPermission.REHEARSE, 303, of="event_id"),
        NavigationItem(_DAY, N_("Drawings"), "marking_evidence.drawings", "image", MarkingPermission.LAY_OUT_DRAWINGS, 307, of="event_id"),
        NavigationItem(_DAY, N_("Floor"), "marking_floor.stations", "stopwatch", MarkingPermission.FLOOR, 315, of="event_id"),
        NavigationItem(_DAY, N_("Paper sheets"), "marking_paper.overview", "printer", MarkingPermission.PAPER, 320, of="event_id"),
        of_competition(
            _RESULTS, N_("Standings and publications"), "publications.events", "trophy", ResultPermission.VIEW, 400
        ),
        of_competition(_MANAGEMENT, N_("Rules"), "programme.rules", "journal-check", ProgrammePermission.VIEW, 890),
        of_competition(_MANAGEMENT, N_("Staff"), "programme.staff", "person-badge", ProgrammePermission.STAFF, 895),
        of_competition(_MANAGEMENT, N_("Data of the competition"), "programme.edit", "sliders", ProgrammePermission.EDIT, 900),
        of_competition(_MANAGEMENT, N_("Audit log"), "programme.audit_log", "clock-history", AuditPermission.VIEW, 910),
    )  # fmt: skip
