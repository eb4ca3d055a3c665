"""Replacing a person on a statement, the order of a team, substitutes, coaches; the review of units and delegations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.entries.actions import replacing as actions
from competitions.entries.actions import reviewing
from competitions.entries.consent import checked_paper
from competitions.entries.forms import MemberForm, StatementForm, key_of
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import entries, replacements
from competitions.entries.queries.reviews import scopes_of_level
from competitions.entries.views.delegations import blueprint
from competitions.entries.views.room import named
from competitions.entries.views.uploads import marks_given, uploaded
from foundation.clock import now
from foundation.files.queries import file_bytes, file_row
from foundation.permission import can, requires
from foundation.refusal import Missing
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on


@blueprint.route("/entries/<uuid:entry_id>/members/<int:position>/replace", methods=["GET", "POST"])
@requires(EntryPermission.ENTER, of="entry_id")
def replace_member(entry_id: UUID, position: int) -> Response | tuple[str, int]:
    """Another person in a member's place: a named substitute, or somebody new, with reason and statement."""
    found = entries.entry(entry_id)
    before, named_ones = entries.member_at(found, position), replacements.substitutes_of(entry_id)
    statement, form = StatementForm(), MemberForm(prefix="m-", meta={"csrf": False})
    statement.offer([(str(one.id), f"{one.person.name_zh}（{one.unit_name or '—'}）") for one in named_ones])
    form.offer_choices()
    chosen = key_of(statement.substitute.data)
    if statement.is_submitted() and all([statement.validate(), chosen is not None or form.validate()]):
        reviews = can(actor(), EntryPermission.REVIEW, entries.entry_scopes(entry_id) or ())
        with refusals_on(statement):
            data, media_type = checked_paper(uploaded("statement"), "statement_file_kind", field="statement")
            said: dict[str, Any] = {
                "reason": statement.reason.data or "", "statement": data, "media_type": media_type,
                "capacity": "organizer" if reviews else "leader", "actor": actor(), "at": now(),
            }  # fmt: skip
            done = False
            if chosen is not None:
                actions.step_in(entry_id, position, chosen, **said)
                done = True
            with refusals_on(form):
                if not done:
                    facts = form.facts() if reviews else replace(form.facts(), held_basis="declared")
                    actions.replace_member(entry_id, position, facts, **said)
                    done = True
            if done:
                flash(_("Replaced. The entry keeps its number and pass and is reviewed again."), "success")
                return redirect(url_for("entries.entry", entry_id=entry_id))
    if not form.is_submitted():
        form.unit_name.data, form.identity_class.data = before.unit_name, before.identity_class
    navigation.enter(nav="entries.entries", competition_id=found.competition_id)
    page = render_template(
        "competitions/entries/replace.html", entry=found, before=before, form=form, statement=statement,
        substitutes=named_ones, named=named,
    )  # fmt: skip
    return page, 422 if statement.is_submitted() else 200


@blueprint.get("/replacements/<uuid:replacement_id>/statement")
@requires(EntryPermission.VIEW, of="replacement_id")
def statement(replacement_id: UUID) -> Response:
    """The statement on which somebody was replaced."""
    row = file_row(replacements.replacement(replacement_id).statement_id)
    return send_bytes(file_bytes(row.id), media_type=row.media_type, name="statement", inline=True)


@blueprint.post("/entries/<uuid:entry_id>/order")
@requires(EntryPermission.ENTER, of="entry_id")
def order_members(entry_id: UUID) -> Response:
    """Move one member of a team up by one place."""
    places = [member.position for member in entries.entry(entry_id).members]
    up = request.form.get("up", type=int)
    if up in places[1:]:
        place = places.index(up)
        places[place - 1], places[place] = places[place], places[place - 1]
    actions.order_members(entry_id, places, actor=actor(), at=now())
    return redirect(url_for("entries.entry", entry_id=entry_id))


@blueprint.route("/entries/<uuid:entry_id>/substitutes/new", methods=["GET", "POST"])
@requires(EntryPermission.ENTER, of="entry_id")
def name_substitute(entry_id: UUID) -> Response | tuple[str, int]:
    """Name somebody who may step in before the start."""
    found, form = entries.entry(entry_id), MemberForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            actions.name_substitute(entry_id, replace(form.facts(), held_basis="declared"), actor=actor(), at=now())
            flash(_("Named as a substitute."), "success")
            return redirect(url_for("entries.entry", entry_id=entry_id))
    navigation.enter(nav="entries.entries", competition_id=found.competition_id)
    page = render_template(
        "competitions/entries/enter.html", form=None, members=[form], event=found.event, entry=found, named=named,
        title=_("Name a substitute"),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/entries/<uuid:entry_id>/coaches")
@requires(EntryPermission.ENTER, of="entry_id")
def name_coaches(entry_id: UUID) -> Response:
    """Say which coaches of the delegation trained this entry."""
    wanted = [key for key in map(key_of, request.form.getlist("coach")) if key]
    actions.name_coaches(entry_id, wanted, actor=actor(), at=now())
    flash(_("Saved."), "success")
    return redirect(url_for("entries.entry", entry_id=entry_id))


# --- the review of units and delegations ------------------------------------------------------------------------------


@blueprint.post("/entries/<uuid:entry_id>/endorse")
@requires(EntryPermission.ENDORSE, of="entry_id")
def endorse(entry_id: UUID) -> Response:
    """A unit or delegation passes an entry on to the next level, or returns it with marked fields."""
    level = entries.entry(entry_id).review_level
    if not can(actor(), EntryPermission.ENDORSE, scopes_of_level(entry_id, level)):
        raise Missing
    if request.form.get("decision") == "return":
        reviewing.return_below(
            entry_id, level, note=request.form.get("note", ""), marks=marks_given(), actor=actor(), at=now()
        )
    else:
        reviewing.pass_on(entry_id, level, actor=actor(), at=now())
    flash(_("The decision was stored."), "success")
    return redirect(url_for("entries.entry", entry_id=entry_id))
