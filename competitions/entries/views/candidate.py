"""A candidate's own pages on the phone, registering, and claiming an entry."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.people.queries import person
from accounts.sign_in import recognition
from accounts.sign_in.actions import start_session
from accounts.sign_in.queries import account_of
from competitions.entries.actions import entering as actions
from competitions.entries.actions import registering
from competitions.entries.consent import checked_consent
from competitions.entries.forms import (
    ClaimForm,
    ConsentForm,
    MemberForm,
    PhotoForm,
    ReasonForm,
    RegisterForm,
    choices,
    key_of,
)
from competitions.entries.models.entries import Entry
from competitions.entries.next_steps import next_steps
from competitions.entries.queries import deadlines, delegations, eligibility, fields, quotas
from competitions.entries.queries import entries as queries
from competitions.entries.views.papers import pass_pdf
from competitions.entries.views.room import blueprint, label, named, shown, time_left
from competitions.entries.views.uploads import marks_of, show_marks, uploaded
from competitions.programme import queries as programme
from competitions.rules.lifecycle import ENTRY, CompetitionState, EntryState
from foundation.clock import now
from foundation.files.queries import file_bytes
from foundation.permission import SIGNED_IN, public, requires
from foundation.print import printer
from foundation.refusal import Missing, Refusal
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import Form, refusals_on
from foundation.web.limits import limiter


@blueprint.get("/my")
@requires(SIGNED_IN)
def my() -> str:
    """Everything the reader is entered in: state, what is next, what is missing."""
    me = actor().person
    rows = queries.entries_of_person(me) if me else []
    mine = [(row, next(member for member in row.members if member.person_id == me)) for row in rows]
    return render_template(
        "competitions/entries/my.html",
        steps=next_steps(mine, at=now()),
        rows=mine,
        gaps=queries.certificate_gaps,
        named=named,
        place_of=quotas.place_of,
    )


@blueprint.get("/my/entries/<uuid:entry_id>")
@requires(SIGNED_IN)
def my_entry(entry_id: UUID) -> str:
    """One own entry."""
    return _own_page(entry_id)


def _own_page(entry_id: UUID, form: MemberForm | None = None, wrong: Form | None = None) -> str:
    found = queries.own_entry(entry_id, actor().person)
    member = next(one for one in found.members if one.person_id == actor().person)
    if form is None:
        form = MemberForm(formdata=None)
        form.offer_choices()
        form.show(member)
        if member.person.phone:
            form.phone.data = member.person.phone.revealed()  # one's own
        if member.person.address:
            form.address.data = member.person.address.revealed()
    marks = marks_of(found, member.position)
    show_marks(form, marks)
    return render_template(
        "competitions/entries/my_entry.html", step=next_steps([(found, member)], at=now())[found.id], marks=marks, entry=found, member=member, gaps=queries.certificate_gaps(member),
        form=form, open=found.state in ("draft", "returned"), moves=ENTRY.moves_from(found.state), wrong=wrong,
        facts_of=queries.shown_facts, wanted=queries.wanted_evidence, reason=ReasonForm(formdata=None), named=named,
        asked=fields.asked, stated=eligibility.asked_statements, label=label, shown=shown, **_waiting(found),
        photo_form=wrong if isinstance(wrong, PhotoForm) else PhotoForm(formdata=None),
        consent_form=wrong if isinstance(wrong, ConsentForm) else ConsentForm(formdata=None),
    )  # fmt: skip


def _waiting(found: Entry) -> dict[str, object]:
    closes = deadlines.closes_for(found.event.competition, "candidate") if found.state == EntryState.DRAFT else None
    until = found.offered_until if found.state == EntryState.OFFERED else None
    return {
        "place": quotas.place_of(found) if found.state == EntryState.WAITING else None,
        "closes": closes, "left": time_left(closes) if closes else "", "offer_left": time_left(until) if until else "",
    }  # fmt: skip


def _own_position(entry_id: UUID) -> int:
    found = queries.own_entry(entry_id, actor().person)
    return next(member.position for member in found.members if member.person_id == actor().person)


@blueprint.post("/my/entries/<uuid:entry_id>/facts")
@requires(SIGNED_IN)
def my_facts(entry_id: UUID) -> Response | tuple[str, int]:
    """Complete the own data."""
    position = _own_position(entry_id)
    form = MemberForm()
    form.offer_choices()
    member = queries.member_at(queries.entry(entry_id), position)
    form.name_zh.data = member.person.name_zh
    form.identity_class.data = form.identity_class.data or member.identity_class
    if form.validate():
        with refusals_on(form):
            actions.correct(entry_id, position, form.facts(), by_candidate=True, actor=actor(), at=now())
            flash(_("Saved."), "success")
            return redirect(url_for("entries.my_entry", entry_id=entry_id))
    return _own_page(entry_id, form), 422


@blueprint.post("/my/entries/<uuid:entry_id>/photo")
@requires(SIGNED_IN)
def my_photo_kept(entry_id: UUID) -> Response | tuple[str, int]:
    """Send the own photo."""
    position, form = _own_position(entry_id), PhotoForm()
    if form.validate():
        with refusals_on(form):
            actions.keep_photo(entry_id, position, uploaded("photo"), actor=actor(), at=now())
            flash(_("The photo was filed."), "success")
            return redirect(url_for("entries.my_entry", entry_id=entry_id))
    return _own_page(entry_id, wrong=form), 422


@blueprint.get("/my/photo")
@requires(SIGNED_IN)
def my_photo() -> Response:
    """The own photo."""
    me = actor().person
    photo_id = person(me).photo_id if me else None
    if photo_id is None:
        raise Missing
    return send_bytes(file_bytes(photo_id), media_type="image/jpeg", name="photo.jpg", inline=True)


@blueprint.post("/my/entries/<uuid:entry_id>/consent")
@requires(SIGNED_IN)
def my_consent(entry_id: UUID) -> Response | tuple[str, int]:
    """Send the guardian's consent."""
    position, form = _own_position(entry_id), ConsentForm()
    if form.validate():
        with refusals_on(form):
            data, media_type = checked_consent(uploaded("consent"))
            actions.keep_consent(entry_id, position, data, media_type=media_type, actor=actor(), at=now())
            flash(_("The consent was filed."), "success")
            return redirect(url_for("entries.my_entry", entry_id=entry_id))
    return _own_page(entry_id, wrong=form), 422


@blueprint.post("/my/entries/<uuid:entry_id>/submit")
@requires(SIGNED_IN)
def my_submission(entry_id: UUID) -> Response:
    """Hand the own entry in for review."""
    _own_position(entry_id)
    registering.submit(entry_id, actor=actor(), at=now())
    flash(_("Submitted. You will find the decision here and among your messages."), "success")
    return redirect(url_for("entries.my_entry", entry_id=entry_id))


@blueprint.post("/my/entries/<uuid:entry_id>/withdraw")
@requires(SIGNED_IN)
def my_withdrawal(entry_id: UUID) -> Response | tuple[str, int]:
    """Take the own entry back."""
    _own_position(entry_id)
    form = ReasonForm()
    if form.validate():
        with refusals_on(form):
            registering.withdraw_entry(entry_id, reason=form.reason.data or "", actor=actor(), at=now())
            flash(_("The entry was withdrawn; it stays on record with its reason."), "success")
            return redirect(url_for("entries.my"))
    return _own_page(entry_id, wrong=form), 422


@blueprint.get("/my/entries/<uuid:entry_id>/pass.pdf")
@requires(SIGNED_IN)
def my_pass(entry_id: UUID) -> Response:
    """The own pass as PDF."""
    _own_position(entry_id)
    return send_bytes(pass_pdf(entry_id), media_type="application/pdf", name=f"{_('Admission pass')}.pdf", inline=True)


@blueprint.get("/my/entries/<uuid:entry_id>/pass.png")
@requires(SIGNED_IN)
def my_pass_picture(entry_id: UUID) -> Response:
    """The own pass as a picture to press and save: WeChat's browser cannot download."""
    _own_position(entry_id)
    picture = printer.picture_of(pass_pdf(entry_id), dpi=200)
    return send_bytes(picture, media_type="image/png", name=f"{_('Admission pass')}.png", inline=True)


@blueprint.route("/register/<uuid:competition_id>", methods=["GET", "POST"])
@public
@limiter.limit("30/minute", methods=["POST"])
def register(competition_id: UUID) -> Response | tuple[str, int]:
    """Register oneself while registration is open; a stranger gets an account on the way."""
    row = programme.competition(competition_id)
    if row.state in (CompetitionState.DRAFT, CompetitionState.CANCELLED, CompetitionState.ARCHIVED):
        raise Missing
    form = RegisterForm()
    _version, rules = programme.rule_set_in_force(competition_id)
    reviewing = "delegation" in rules.review_levels
    bodies = [(str(key), name) for name, key in delegations.ids_by_name(competition_id).items()] if reviewing else []
    form.offer(list(queries.event_filter(competition_id)), bodies)
    if form.validate_on_submit():
        with refusals_on(form):
            event_id, division_id = form.chosen()
            made, person_id = registering.register(
                event_id, division_id, form.facts(), password=form.new_password.data or "",
                user_name=form.user_name.data or "", delegation_id=key_of(form.delegation.data), actor=actor(), at=now(),
                key=key_of(form.key.data),
            )  # fmt: skip
            _sign_in(person_id)
            flash(_("Your entry is kept as a draft. Add your photo and submit it."), "success")
            return redirect(url_for("entries.my_entry", entry_id=made))
    me, closes = actor().person, deadlines.closes_for(row, "candidate")
    if me and not form.is_submitted():
        form.name_zh.data = person(me).name_zh
    page = render_template(
        "competitions/entries/register.html", form=form, row=row, named=named,
        open=deadlines.is_open(row, "candidate", now()), closes=closes, left=time_left(closes) if closes else "",
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/claim", methods=["GET", "POST"])
@public
@limiter.limit("30/minute", methods=["POST"])
def claim() -> Response | tuple[str, int]:
    """Claim the entry a unit made, with name, document number and the code on the slip. Shows nothing until all match."""
    form = ClaimForm()
    form.document_kind.choices = choices("identity_document_kind", empty=False)
    if form.validate_on_submit():
        with refusals_on(form):
            if not actor().signed_in and not (form.user_name.data or form.phone.data):
                raise Refusal("login_missing", field="user_name")
            person_id = actions.claim(
                form.name.data, form.document_kind.data, form.identity_number.data, form.code.data,
                password=form.new_password.data or "", user_name=form.user_name.data or "", phone=form.phone.data or "",
                actor=actor(), at=now(),
            )  # fmt: skip
            _sign_in(person_id)
            flash(_("This entry is yours now. Look at what is still missing."), "success")
            return redirect(url_for("entries.my"))
    elif request.method == "GET":
        form.code.data = ""
    return render_template("competitions/entries/claim.html", form=form), 422 if form.is_submitted() else 200


def _sign_in(person_id: UUID) -> None:
    account = account_of(person_id)
    if actor().signed_in or account is None:
        return
    token = start_session(
        account.id, browser=request.user_agent.string, hours=int(current_app.config["LAUREL_SESSION_HOURS"]), at=now()
    )
    recognition.enter(token)
