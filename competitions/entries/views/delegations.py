"""The organizer's pages of delegations: which there are, who leads them, slips, resets, hand-over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.people.identity import pinyin_of
from competitions.entries.actions import delegations as actions
from competitions.entries.forms import DelegationForm, HandOverForm, OfficerForm, ReasonForm
from competitions.entries.models.delegations import OfficerRole
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import delegations as queries
from competitions.entries.views.room import named
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.permission import can, requires
from foundation.spreadsheets import writing as spreadsheets
from foundation.web import listing, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on
from foundation.web.showing import list_of, yes_no

blueprint = Blueprint("delegations", __name__)


@blueprint.route("/competitions/<uuid:competition_id>/delegations", methods=["GET", "POST"])
@requires(EntryPermission.DELEGATIONS, of="competition_id")
def delegations(competition_id: UUID) -> Response | tuple[str, int]:
    """The delegations of a competition: leaders, entries, what is handed in and sealed; open one more."""
    form, asked = DelegationForm(), listing.asked(orders=tuple(_ORDERS), filters=("state",))
    if form.validate_on_submit():
        with refusals_on(form):
            made = actions.open_delegation(competition_id, form.name.data, actor=actor(), at=now())
            flash(_("The delegation is open. Appoint its leader and hand over the slip."), "success")
            return redirect(url_for("delegations.officers", delegation_id=made))
    navigation.enter(competition_id=competition_id)
    page = render_template(
        "competitions/entries/delegations.html", row=programme.competition(competition_id), form=form,
        rows=_shortlist(competition_id, asked), asked=asked, any=bool(queries.delegations_of(competition_id)), named=named,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


_ORDERS: dict[str, Callable[[queries.Row], Any]] = {
    "name": lambda one: pinyin_of(one.delegation.name),
    "entries": lambda one: one.entries,
    "drafts": lambda one: one.drafts,
}
_STATES: dict[str, Callable[[queries.Row], bool]] = {
    "waiting": lambda one: one.drafts > 0,
    "handed_in": lambda one: one.entries > 0 and not one.drafts,
    "empty": lambda one: not one.entries,
    "leaderless": lambda one: not one.leaders,
    "sealed": lambda one: one.filed,
}


def _shortlist(competition_id: UUID, asked: listing.Listing) -> list[queries.Row]:
    def words(one: queries.Row) -> list[str]:
        return [one.delegation.name, pinyin_of(one.delegation.name), *one.leaders, *map(pinyin_of, one.leaders)]

    def in_state(one: queries.Row, wanted: str) -> bool:
        fits = _STATES.get(wanted)
        return fits is None or fits(one)

    found = queries.delegations_of(competition_id)
    return listing.shortlist(found, asked, words=words, orders=_ORDERS, filters={"state": in_state})


@blueprint.get("/competitions/<uuid:competition_id>/delegations.xlsx")
@requires(EntryPermission.DELEGATIONS, of="competition_id")
def delegations_sheet(competition_id: UUID) -> Response:
    """The delegations as they are listed, as a spreadsheet."""
    asked = listing.asked(orders=tuple(_ORDERS), filters=("state",))
    heads = [_("Name of the delegation"), _("Leader"), _("Entries"), _("Not handed in"), _("Sealed summary")]
    rows = [
        [one.delegation.name, list_of(list(one.leaders)), one.entries, one.drafts, yes_no(one.filed)]
        for one in _shortlist(competition_id, asked)
    ]
    data = spreadsheets.workbook([spreadsheets.Table(_("Delegations"), heads, rows)])
    return send_bytes(data, media_type=spreadsheets.MEDIA_TYPE, name=f"{_('Delegations')}.xlsx")


@blueprint.route("/delegations/<uuid:delegation_id>/officers", methods=["GET", "POST"])
@requires(EntryPermission.LEAD, of="delegation_id")
def officers(delegation_id: UUID) -> Response | str | tuple[str, int]:
    """Leaders and coaches. Leaders are appointed by the organizer, coaches by the leader as well."""
    row = queries.delegation(delegation_id)
    manages = can(actor(), EntryPermission.DELEGATIONS, queries.delegation_scopes(delegation_id) or ())
    form = OfficerForm()
    form.offer([role.value for role in OfficerRole] if manages else [OfficerRole.COACH.value])
    if form.validate_on_submit():
        with refusals_on(form):
            _officer, password = actions.appoint_officer(
                delegation_id, form.role.data, form.name.data, user_name=form.user_name.data or "", actor=actor(), at=now()
            )  # fmt: skip
            if password:
                return _slip(delegation_id, form.name.data, form.user_name.data, password)
            flash(_("Appointed."), "success")
            return redirect(url_for("delegations.officers", delegation_id=delegation_id))
    navigation.enter(nav="delegations.delegations", competition_id=row.competition_id)
    page = render_template(
        "competitions/entries/officers.html", row=row, competition=programme.competition(row.competition_id), form=form,
        officers=queries.officers(delegation_id), manages=manages, named=named,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _slip(delegation_id: UUID, name: str, user_name: str, password: str) -> str:
    row = queries.delegation(delegation_id)
    return render_template(
        "competitions/entries/leader_slip.html", row=row, competition=programme.competition(row.competition_id), name=name,
        user_name=user_name, password=password, named=named,
        address=f"{current_app.config['PUBLIC_URL']}{url_for('sign_in.sign_in')}",
    )  # fmt: skip


@blueprint.post("/delegations/<uuid:delegation_id>/officers/<uuid:officer_id>/reset")
@requires(EntryPermission.DELEGATIONS, of="delegation_id")
def reset(delegation_id: UUID, officer_id: UUID) -> str:
    """A fresh first password for a leader, printed on a slip."""
    password = actions.reset_officer(delegation_id, officer_id, actor=actor(), at=now())
    found = next(one for one in queries.officers(delegation_id) if one.row.id == officer_id)
    return _slip(delegation_id, found.row.person.name_zh, found.user_name, password)


@blueprint.post("/delegations/<uuid:delegation_id>/officers/<uuid:officer_id>/dismiss")
@requires(EntryPermission.DELEGATIONS, of="delegation_id")
def dismiss(delegation_id: UUID, officer_id: UUID) -> Response:
    """End an office."""
    form = ReasonForm()
    actions.dismiss_officer(delegation_id, officer_id, reason=form.reason.data or "", actor=actor(), at=now())
    flash(_("The office was ended; the reason stays on record."), "success")
    return redirect(url_for("delegations.officers", delegation_id=delegation_id))


@blueprint.route("/delegations/<uuid:delegation_id>/officers/<uuid:officer_id>/hand-over", methods=["GET", "POST"])
@requires(EntryPermission.DELEGATIONS, of="delegation_id")
def hand_over(delegation_id: UUID, officer_id: UUID) -> Response | str | tuple[str, int]:
    """Another leader in place of one, with a new slip."""
    row, before = queries.delegation(delegation_id), queries.officer(delegation_id, officer_id)
    form = HandOverForm()
    if form.validate_on_submit():
        with refusals_on(form):
            password = actions.hand_over(
                delegation_id, officer_id, form.name.data, form.user_name.data, reason=form.reason.data or "",
                actor=actor(), at=now(),
            )  # fmt: skip
            if password:
                return _slip(delegation_id, form.name.data, form.user_name.data, password)
            flash(_("Appointed."), "success")
            return redirect(url_for("delegations.officers", delegation_id=delegation_id))
    navigation.enter(nav="delegations.delegations", competition_id=row.competition_id)
    page = render_template("competitions/entries/hand_over.html", row=row, before=before, form=form)
    return page, 422 if form.is_submitted() else 200
