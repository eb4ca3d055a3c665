"""Organizers' pages: the list, entering, one entry with its verdicts, review, photo, consent, revealing, export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalogue.codes.queries import code_name
from competitions.entries.actions import entering as actions
from competitions.entries.actions import registering
from competitions.entries.consent import checked_consent
from competitions.entries.forms import (
    ConsentForm,
    EntryForm,
    MemberForm,
    PhotoForm,
    ReasonForm,
    ReviewForm,
    key_of,
)
from competitions.entries.member_facts import MemberFacts
from competitions.entries.models.entries import Attendance, Entry
from competitions.entries.noting import OVER
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import delegations, eligibility, fields, quotas, replacements
from competitions.entries.queries import entries as queries
from competitions.entries.queries.reviews import scopes_of_level
from competitions.entries.views.room import answer_columns, blueprint, label, named, shown
from competitions.entries.views.teams import entering_page
from competitions.entries.views.uploads import marks_given, marks_of, show_marks, uploaded
from competitions.programme import queries as programme
from competitions.rules.lifecycle import ENTRY, EntryState
from competitions.rules.reviews import MARKABLE
from foundation.clock import china_day, now
from foundation.db import session
from foundation.files.queries import file_bytes, file_row
from foundation.permission import can, requires
from foundation.refusal import Missing
from foundation.spreadsheets import writing as spreadsheets
from foundation.translation import sentence
from foundation.web import language, listing, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on
from foundation.web.showing import list_of, show_code

_FILTERS = ("event", "state", "light", "attendance")


@blueprint.get("/competitions/<uuid:competition_id>/entries")
@requires(EntryPermission.VIEW, of="competition_id")
def entries(competition_id: UUID) -> str:
    """The entries of a competition."""
    return _list(competition_id)


@blueprint.get("/events/<uuid:event_id>/entries")
@requires(EntryPermission.VIEW, of="event_id")
def event_entries(event_id: UUID) -> str:
    """The entries of one event."""
    event = programme.event(event_id)
    return _list(event.competition_id, event_id=event_id)


def _list(competition_id: UUID, event_id: UUID | None = None) -> str:
    asked = listing.asked(orders=queries.ORDERS, filters=_FILTERS)
    filters = dict(asked.filters)
    events = queries.event_filter(competition_id)
    if event_id is not None:
        events = [event for event in events if event.id == event_id]
        filters["event"] = events[0].code
    wanted = queries.entries_of_competition(
        competition_id, search=asked.search, order=asked.order, descending=asked.descending, **filters
    )
    navigation.enter(nav="entries.entries", competition_id=competition_id)
    return render_template(
        "competitions/entries/entries.html",
        row=programme.competition(competition_id),
        page=listing.page_of(wanted, asked),
        asked=asked,
        events=events,
        event=events[0] if event_id is not None else None,
        figures=queries.figures(competition_id),
        states=ENTRY.states(),
        attendances=list(Attendance),
        gaps=queries.certificate_gaps,
        named=named,
    )


@blueprint.get("/competitions/<uuid:competition_id>/entries.xlsx")
@requires(EntryPermission.EXPORT, of="competition_id")
def export(competition_id: UUID) -> Response:
    """The list as a spreadsheet: identity numbers and phones masked, unless asked in clear by who may reveal them."""
    asked = listing.asked(orders=queries.ORDERS, filters=_FILTERS)
    scopes = programme.competition_scopes(competition_id) or ()
    clear = request.args.get("clear") == "yes" and can(actor(), EntryPermission.REVEAL, scopes)
    wanted = queries.entries_of_competition(
        competition_id, search=asked.search, order=asked.order, descending=asked.descending, **asked.filters
    )
    rows = session().scalars(wanted).all()
    actions.note_export(competition_id, count=len(rows), revealed=clear, actor=actor(), at=now())
    heads = [
        _("No."), _("Admission pass"), _("Event"), _("Division"), _("Name of the person"), _("Sex"), _("Birth date"), _("Kind of identity document"),
        _("Identity document number"), _("Mobile phone"), _("Ethnic group"), _("Education"), _("Unit or school"),
        _("Identity class"), _("Years in the trade"), _("Grade already held"), _("Delegation"), _("State"), _("Check-in"),
        _("Still missing for a certificate"),
    ]  # fmt: skip
    extra, told = answer_columns(competition_id, rows)
    lines = (
        [*line, *told(row, member)]
        for row in rows
        for member, line in zip(row.members, _lines(row, clear=clear), strict=True)
    )
    table = spreadsheets.Table(_("Entries"), [*heads, *extra], lines)
    name = f"{programme.competition(competition_id).name_zh}-{_('Entries')}-{china_day(now()):%Y%m%d}.xlsx"
    return send_bytes(spreadsheets.workbook([table]), media_type=spreadsheets.MEDIA_TYPE, name=name)


def _lines(row: Entry, *, clear: bool) -> list[list[object]]:
    reader = language.chosen()
    lines: list[list[object]] = []
    for member in row.members:
        person, held = member.person, member.held_grade
        document = person.documents[0] if person.documents else None
        lines.append(
            [
                row.number, row.pass_number or "", named(row.event), named(row.division), person.name_zh,
                code_name("sex", person.sex, reader) if person.sex else "", person.birth_date,
                code_name("identity_document_kind", document.kind, reader) if document else "",
                (document.number.revealed() if clear else str(document.number)) if document else "",
                (person.phone.revealed() if clear else str(person.phone)) if person.phone else "",
                code_name("ethnic_group", person.ethnic_group, reader) if person.ethnic_group else "",
                code_name("education", person.education, reader) if person.education else "", member.unit_name,
                code_name("identity_class", member.identity_class, reader), member.years_in_trade,
                f"{held.occupation_name} {code_name('grade', held.name, reader)}" if held else "",
                row.delegation.name if row.delegation else "", show_code(row.state, "entry_state"),
                show_code(row.attendance, "attendance"), list_of([sentence(gap) for gap in queries.certificate_gaps(member)]),
            ]
        )  # fmt: skip
    return lines


@blueprint.route("/events/<uuid:event_id>/entries/new", methods=["GET", "POST"])
@requires(EntryPermission.ENTER, of="event_id")
def enter(event_id: UUID) -> Response | tuple[str, int]:
    """Enter a person, or a team in its order, on one page."""
    event = programme.event(event_id)

    def store(form: EntryForm, facts: Sequence[MemberFacts]) -> Response:
        made = actions.enter(
            event_id, key_of(form.division_id.data) or event_id, facts, delegation=form.delegation.data or "",
            late_reason=form.late_reason.data or "", quota_reason=form.quota_reason.data or "", actor=actor(), at=now(),
            key=key_of(form.key.data),
        )  # fmt: skip
        flash(_("Entered. The photo can be added below, or by the candidate with the claim code."), "success")
        return redirect(url_for("entries.entry", entry_id=made))

    return entering_page(event, store)


@blueprint.get("/entries/<uuid:entry_id>")
@requires(EntryPermission.VIEW, of="entry_id")
def entry(entry_id: UUID) -> str:
    """One entry: who, verdicts with their reasons, what is missing, what may be done."""
    return _entry_page(entry_id, ReviewForm())


def _entry_page(
    entry_id: UUID, review: ReviewForm, *, withdrawal: ReasonForm | None = None, photo: PhotoForm | None = None,
    consent: ConsentForm | None = None, codes: dict[UUID, str] | None = None, revealed: dict[UUID, str] | None = None,
) -> str:  # fmt: skip
    found = queries.entry(entry_id)
    navigation.enter(nav="entries.entries", competition_id=found.competition_id)
    return render_template(
        "competitions/entries/entry.html",
        entry=found,
        event=found.event,
        gaps=queries.certificate_gaps,
        moves=ENTRY.moves_from(found.state),
        facts_of=queries.shown_facts,
        wanted=queries.wanted_evidence,
        review=review,
        withdrawal=withdrawal or ReasonForm(),
        photo=photo or PhotoForm(),
        consent=consent or ConsentForm(),
        codes=codes or {},
        revealed=revealed or {},
        asked=fields.asked,
        stated=eligibility.asked_statements,
        label=label,
        shown=shown,
        named=named,
        markable=MARKABLE,
        marks_of=marks_of,
        replaced=replacements.replacements_of(entry_id),
        substitutes=replacements.substitutes_of(entry_id),
        coaches={one.officer_id for one in replacements.coaches_of(entry_id)},
        officers=[one.row for one in delegations.officers(found.delegation_id) if one.row.role == "coach"]
        if found.delegation_id
        else [],
        endorses=can(actor(), EntryPermission.ENDORSE, scopes_of_level(entry_id, found.review_level)),
        started=found.event.competition.state in ("in_progress", *OVER),
        place=quotas.place_of(found) if found.state == EntryState.WAITING else None,
    )


@blueprint.post("/entries/<uuid:entry_id>/review")
@requires(EntryPermission.REVIEW, of="entry_id")
def review(entry_id: UUID) -> Response | tuple[str, int]:
    """Accept, return or refuse."""
    form = ReviewForm()
    if form.validate():
        with refusals_on(form):
            actions.review_entry(
                entry_id, form.decision.data, note=form.note.data or "", override_reason=form.override_reason.data or "",
                marks=marks_given(), actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("The decision was stored."), "success")
            return redirect(url_for("entries.entry", entry_id=entry_id))
    return _entry_page(entry_id, form), 422


@blueprint.post("/entries/<uuid:entry_id>/withdraw")
@requires(EntryPermission.ENTER, of="entry_id")
def withdraw(entry_id: UUID) -> Response | tuple[str, int]:
    """Take an entry back."""
    form = ReasonForm()
    if form.validate():
        with refusals_on(form):
            registering.withdraw_entry(entry_id, reason=form.reason.data or "", actor=actor(), at=now())
            flash(_("The entry was withdrawn; it stays on record with its reason."), "success")
            return redirect(url_for("entries.entry", entry_id=entry_id))
    return _entry_page(entry_id, ReviewForm(), withdrawal=form), 422


@blueprint.route("/entries/<uuid:entry_id>/members/<int:position>", methods=["GET", "POST"])
@requires(EntryPermission.ENTER, of="entry_id")
def correct(entry_id: UUID, position: int) -> Response | tuple[str, int]:
    """Correct what is said of a member."""
    found = queries.entry(entry_id)
    member = queries.member_at(found, position)
    form = MemberForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            by_leader = not can(actor(), EntryPermission.REVIEW, queries.entry_scopes(entry_id) or ())
            facts = replace(form.facts(), held_basis="declared") if by_leader else form.facts()
            actions.correct(entry_id, position, facts, by_leader=by_leader, actor=actor(), at=now())
            flash(_("Saved."), "success")
            return redirect(url_for("entries.entry", entry_id=entry_id))
    elif not form.is_submitted():
        form.show(member)
    show_marks(form, marks_of(found, position))
    navigation.enter(nav="entries.entries", competition_id=found.competition_id)
    page = render_template(
        "competitions/entries/enter.html", form=None, members=[form], event=found.event, entry=found, named=named
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/entries/<uuid:entry_id>/members/<int:position>/photo")
@requires(EntryPermission.ENTER, of="entry_id")
def keep_photo(entry_id: UUID, position: int) -> Response | tuple[str, int]:
    """File a member's photo."""
    form = PhotoForm()
    if form.validate():
        with refusals_on(form):
            actions.keep_photo(entry_id, position, uploaded("photo"), actor=actor(), at=now())
            flash(_("The photo was filed."), "success")
            return redirect(url_for("entries.entry", entry_id=entry_id))
    return _entry_page(entry_id, ReviewForm(), photo=form), 422


@blueprint.get("/entries/<uuid:entry_id>/members/<int:position>/photo")
@requires(EntryPermission.VIEW, of="entry_id")
def photo(entry_id: UUID, position: int) -> Response:
    """A member's photo."""
    member = queries.member_at(queries.entry(entry_id), position)
    if member.person.photo_id is None:
        raise Missing
    return send_bytes(file_bytes(member.person.photo_id), media_type="image/jpeg", name="photo.jpg", inline=True)


@blueprint.post("/entries/<uuid:entry_id>/members/<int:position>/consent")
@requires(EntryPermission.ENTER, of="entry_id")
def keep_consent(entry_id: UUID, position: int) -> Response | tuple[str, int]:
    """File a guardian's consent."""
    form = ConsentForm()
    if form.validate():
        with refusals_on(form):
            data, media_type = checked_consent(uploaded("consent"))
            actions.keep_consent(entry_id, position, data, media_type=media_type, actor=actor(), at=now())
            flash(_("The consent was filed."), "success")
            return redirect(url_for("entries.entry", entry_id=entry_id))
    return _entry_page(entry_id, ReviewForm(), consent=form), 422


@blueprint.get("/entries/<uuid:entry_id>/members/<int:position>/consent")
@requires(EntryPermission.REVIEW, of="entry_id")
def consent(entry_id: UUID, position: int) -> Response:
    """A guardian's consent."""
    member = queries.member_at(queries.entry(entry_id), position)
    if member.consent_file_id is None:
        raise Missing
    row = file_row(member.consent_file_id)
    return send_bytes(file_bytes(row.id), media_type=row.media_type, name="consent")


@blueprint.post("/entries/<uuid:entry_id>/members/<int:position>/reveal")
@requires(EntryPermission.REVEAL, of="entry_id")
def reveal(entry_id: UUID, position: int) -> str:
    """Show an identity number in clear, once, and keep who looked."""
    member = queries.member_at(queries.entry(entry_id), position)
    number = actions.reveal_identity(member.id, actor=actor(), at=now())
    return _entry_page(entry_id, ReviewForm(), revealed={member.id: number})


@blueprint.post("/entries/<uuid:entry_id>/members/<int:position>/code")
@requires(EntryPermission.ENTER, of="entry_id")
def issue_code(entry_id: UUID, position: int) -> str:
    """A fresh claim code, shown once with a text to send."""
    member = queries.member_at(queries.entry(entry_id), position)
    code = actions.issue_claim_code(member.id, actor=actor(), at=now())
    return _entry_page(entry_id, ReviewForm(), codes={member.id: code})
