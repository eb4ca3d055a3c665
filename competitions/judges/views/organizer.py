"""Organizers' pages: judges of an event, one judge, panels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.judges import actions, queries
from competitions.judges.forms import InviteForm, PanelForm, RelieveForm, chosen
from competitions.judges.models import JudgeDuty, Panel
from competitions.judges.permissions import SEATED, JudgesPermission
from competitions.programme import queries as programme
from competitions.rules.lifecycle import DutyState
from foundation.clock import now
from foundation.permission import requires
from foundation.print.printer import print_html
from foundation.print.qr import qr_data_url
from foundation.refusal import Refusal
from foundation.spreadsheets import writing as spreadsheets
from foundation.translation import sentence
from foundation.web import listing, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on
from foundation.web.showing import show_code

blueprint = Blueprint("judges", __name__)
P = JudgesPermission


def _event(event_id: UUID) -> Any:
    row = programme.event(event_id)
    navigation.enter(nav="judges.overview", competition_id=row.competition_id, event_id=event_id)
    return row


@blueprint.get("/competitions/<uuid:competition_id>/judges")
@requires(P.VIEW, of="competition_id")
def overview(competition_id: UUID) -> str:
    """Judges and panels of every event at a glance."""
    navigation.enter(competition_id=competition_id)
    return render_template(
        "competitions/judges/overview.html",
        row=programme.competition(competition_id),
        standings=queries.standings(competition_id),
    )


@blueprint.get("/events/<uuid:event_id>/judges")
@requires(P.VIEW, of="event_id")
def judges(event_id: UUID) -> str:
    """The judges of an event: duties, states, cards, load, shared units."""
    event = _event(event_id)
    form = InviteForm(formdata=None)
    form.offer_choices()
    return render_template("competitions/judges/judges.html", event=event, form=form, **_list(event_id))


_ORDERS = {
    "order": None,
    "name": lambda row: row.person.name_pinyin,
    "duty": lambda row: row.role,
    "unit": lambda row: row.unit_name,
    "state": lambda row: row.state,
}


def _shortlist(rows: Sequence[JudgeDuty], asked: listing.Listing) -> list[JudgeDuty]:
    filters = {"state": lambda row, wanted: row.state == wanted, "role": lambda row, wanted: row.role == wanted}
    orders = {name: key for name, key in _ORDERS.items() if key is not None}
    return listing.shortlist(
        rows, asked, words=lambda row: (row.person.name_zh, row.person.name_pinyin, row.unit_name, row.licence), orders=orders,
        filters=filters,
    )  # fmt: skip


@blueprint.get("/events/<uuid:event_id>/judges.xlsx")
@requires(P.VIEW, of="event_id")
def judges_sheet(event_id: UUID) -> Response:
    """The judges as they are listed, as a spreadsheet; nothing of cards and PINs."""
    event, found = programme.event(event_id), _list(event_id)
    heads = [_("Judge's name"), _("Duty"), _("Employer"), _("Licence"), _("State"), _("Seat"), _("Sub-criteria")]
    rows = [
        [row.person.name_zh, show_code(row.role, "role"), row.unit_name, row.licence, show_code(row.state, "duty_state"),
         found["seats"].get(row.id, ""), found["load"].get(row.id, 0)]
        for row in found["rows"]
    ]  # fmt: skip
    data = spreadsheets.workbook([spreadsheets.Table(_("Judges"), heads, rows)])
    return send_bytes(data, media_type=spreadsheets.MEDIA_TYPE, name=f"{event.name_zh}-{_('Judges')}.xlsx")


def _list(event_id: UUID) -> dict[str, Any]:
    asked = listing.asked(orders=tuple(_ORDERS), filters=("state", "role"))
    everybody = queries.duties(event_id)
    rows = _shortlist(everybody, asked)
    units = queries.units_entered(event_id)
    seats = {seat.duty_id: f"{panel.name} A{seat.number}" for panel in queries.panels(event_id) for seat in panel.seats}
    return {
        "rows": rows,
        "everybody": everybody,
        "asked": asked,
        "states": [state.value for state in DutyState],
        "load": queries.load(event_id),
        "seats": seats,
        "shared": {row.id for row in rows if row.unit_name and queries.normal_unit(row.unit_name) in units},
    }


@blueprint.route("/events/<uuid:event_id>/judges/new", methods=["GET", "POST"])
@requires(P.INVITE, of="event_id")
def invite(event_id: UUID) -> Response | str | tuple[str, int]:
    """Ask somebody to judge; the invitation link is shown once, on the page that follows."""
    event = _event(event_id)
    form = InviteForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            duty_id = actions.invite_judge(
                event_id, form.facts(), form.role.data, actor=actor(), at=now(), key=form.chosen_key()
            )
            return _show_link(event, duty_id)
    return render_template(
        "competitions/judges/invite.html", event=event, form=form
    ), 422 if form.is_submitted() else 200


def _show_link(event: Any, duty_id: UUID) -> str:
    code = actions.invitation_code(duty_id, actor=actor(), at=now())
    link = f"{current_app.config['PUBLIC_URL']}/invitations/{code}"
    return render_template(
        "competitions/judges/invitation_link.html",
        event=event, row=queries.duty(duty_id), link=link, picture=qr_data_url(link), days=actions.INVITATION_DAYS.days,
    )  # fmt: skip


@blueprint.get("/duties/<uuid:duty_id>")
@requires(P.VIEW, of="duty_id")
def duty(duty_id: UUID) -> str:
    """One judge's duty: state, seats, card, and what excludes."""
    return _duty_page(duty_id, RelieveForm(formdata=None))


def _duty_page(duty_id: UUID, form: RelieveForm) -> str:
    row = queries.duty(duty_id)
    event = _event(row.event_id)
    listed = _list(row.event_id)
    others = [
        other for other in listed["rows"]
        if other.id != duty_id and other.role in SEATED and other.state == DutyState.ACCEPTED
    ]  # fmt: skip
    form.replaced_by.choices = [("", _("nobody"))] + [(str(other.id), other.person.name_zh) for other in others]
    return render_template("competitions/judges/duty.html", row=row, event=event, form=form, **listed)


@blueprint.post("/duties/<uuid:duty_id>/invitation")
@requires(P.INVITE, of="duty_id")
def new_link(duty_id: UUID) -> str:
    """A fresh invitation link; the one before ends."""
    return _show_link(_event(queries.duty(duty_id).event_id), duty_id)


@blueprint.post("/duties/<uuid:duty_id>/relieve")
@requires(P.RELIEVE, of="duty_id")
def relieve(duty_id: UUID) -> Response | tuple[str, int]:
    """End a duty, with a reason."""
    form = RelieveForm()
    form.replaced_by.validate_choice = False
    if form.validate():
        with refusals_on(form):
            actions.relieve_judge(
                duty_id,
                reason=form.reason.data or "",
                replaced_by=chosen(form.replaced_by.data),
                actor=actor(),
                at=now(),
            )
            flash(_("The judge was relieved; card, role and tablets ended."), "success")
            return redirect(url_for("judges.duty", duty_id=duty_id))
    return _duty_page(duty_id, form), 422


@blueprint.post("/events/<uuid:event_id>/judges/cards")
@requires(P.CARD, of="event_id")
def cards(event_id: UUID) -> Response:
    """New cards for the chosen judges as PDF; it is handed out once, earlier cards end."""
    event = _event(event_id)
    wanted = [key for text in request.form.getlist("duty") if (key := chosen(text)) is not None]
    if not wanted:
        flash(_("Choose at least one judge."), "warning")
        return redirect(url_for("judges.judges", event_id=event_id))
    try:
        issued = actions.issue_cards(event_id, wanted, actor=actor(), at=now())
    except Refusal as refusal:
        flash(sentence(refusal.code, **refusal.facts), "warning")
        return redirect(url_for("judges.judges", event_id=event_id))
    people = {row.id: row for row in queries.duties(event_id)}
    address = current_app.config["PUBLIC_URL"]
    printed = print_html(
        render_template(
            "competitions/judges/print_cards.html",
            event=event,
            address=f"{address}/judge",
            cards=[(people[one.duty_id], one, qr_data_url(f"{address}/judge?card={one.code}")) for one in issued],
        )
    )
    return send_bytes(printed.data, media_type="application/pdf", name=f"judge-cards-{event.code}.pdf")


# --- panels -----------------------------------------------------------------------------------------------------------


@blueprint.get("/events/<uuid:event_id>/panels")
@requires(P.VIEW, of="event_id")
def panels(event_id: UUID) -> str:
    """The panels of an event and the sub-criteria nobody marks yet."""
    event = _event(event_id)
    subs = queries.sub_criteria(event_id)
    taken = queries.assigned_to(event_id)
    return render_template(
        "competitions/judges/panels.html",
        event=event,
        panels=queries.panels(event_id),
        subs={sub.id: sub for sub in subs},
        unassigned=[sub for sub in subs if sub.id not in taken],
        is_complete=queries.is_complete,
    )


@blueprint.route("/events/<uuid:event_id>/panels/new", methods=["GET", "POST"])
@requires(P.SEAT, of="event_id")
def new_panel(event_id: UUID) -> Response | str | tuple[str, int]:
    """Set up a panel."""
    event = _event(event_id)
    form = PanelForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            actions.set_up_panel(
                event_id, form.name.data, form.entry_mode.data, form.chosen_duties(), form.chosen_sub_criteria(),
                actor=actor(), at=now(), key=chosen(form.key.data),
            )  # fmt: skip
            flash(_("The panel was set up."), "success")
            return redirect(url_for("judges.panels", event_id=event_id))
    return _panel_page(event, form, None), 422 if form.is_submitted() else 200


@blueprint.route("/panels/<uuid:panel_id>", methods=["GET", "POST"])
@requires(P.SEAT, of="panel_id")
def edit_panel(panel_id: UUID) -> Response | str | tuple[str, int]:
    """Change a panel until its first mark."""
    row = queries.panel(panel_id)
    event = _event(row.event_id)
    form = PanelForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            actions.change_panel(
                panel_id, form.name.data, form.entry_mode.data, form.chosen_duties(), form.chosen_sub_criteria(),
                actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("Saved."), "success")
            return redirect(url_for("judges.panels", event_id=event.id))
    elif not form.is_submitted():
        form.show(row)
    return _panel_page(event, form, row), 422 if form.is_submitted() else 200


def _panel_page(event: Any, form: PanelForm, row: Panel | None) -> str:
    able = [one for one in queries.duties(event.id) if one.role in SEATED and one.state in queries.ACTIVE]
    names = {panel.id: panel.name for panel in queries.panels(event.id) if row is None or panel.id != row.id}
    taken = {sub: names[panel] for sub, panel in queries.assigned_to(event.id).items() if panel in names}
    return render_template(
        "competitions/judges/panel_form.html", event=event, form=form, row=row, able=able, taken=taken,
        subs=queries.sub_criteria(event.id),
    )  # fmt: skip


@blueprint.post("/panels/<uuid:panel_id>/dissolve")
@requires(P.SEAT, of="panel_id")
def dissolve(panel_id: UUID) -> Response:
    """Take a panel back that has not marked."""
    event_id = queries.panel(panel_id).event_id
    actions.dissolve_panel(panel_id, actor=actor(), at=now())
    flash(_("The panel was dissolved."), "success")
    return redirect(url_for("judges.panels", event_id=event_id))


@blueprint.post("/events/<uuid:event_id>/panels/one")
@requires(P.SEAT, of="event_id")
def one_panel(event_id: UUID) -> Response:
    """One panel of all judges marks whatever is left."""
    try:
        actions.one_panel_marks_everything(event_id, _("Panel 1"), actor=actor(), at=now())
        flash(_("One panel of all judges marks everything that had no panel."), "success")
    except Refusal as refusal:
        if refusal.status in (404, 403):
            raise
        flash(sentence(refusal.code, **refusal.facts), "warning")
    return redirect(url_for("judges.panels", event_id=event_id))
