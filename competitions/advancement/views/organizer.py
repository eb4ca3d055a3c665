"""Where an event's people come from: links, nominations, the tree across tiers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from competitions.advancement import actions, queries
from competitions.advancement.permissions import AdvancementPermission
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.permission import can, requires
from foundation.refusal import Refusal
from foundation.translation import sentence
from foundation.web import navigation
from foundation.web.access import actor

blueprint = Blueprint("advancement", __name__)
_NUMBERS = ("top", "share", "per_delegation", "all_if_at_most", "substitutes", "edge", "rounding")
PARTS = ("theory", "practice")


@blueprint.get("/events/<uuid:event_id>/advancement")
@requires(AdvancementPermission.VIEW, of="event_id")
def event(event_id: UUID) -> str:
    """Links into this event with everybody nominated, and the form for another link."""
    return _event(event_id)


def _event(event_id: UUID, wrong: str = "") -> str:
    row = programme.event(event_id)
    navigation.enter(competition_id=row.competition_id, event_id=event_id)
    links = queries.links_into(event_id)
    entries = [one.source_entry_id for link in links for one in link.nominations]
    may_link = can(actor(), AdvancementPermission.LINK, programme.event_scopes(event_id) or ())
    return render_template(
        "competitions/advancement/event.html", event=row, links=links, names=queries.names(entries), wrong=wrong,
        decided={link.id: queries.decided(link) for link in links}, may_link=may_link, typed=request.form,
        sources=queries.candidates_below(event_id) if may_link else [], parts=PARTS,
    )  # fmt: skip


@blueprint.post("/events/<uuid:event_id>/advancement")
@requires(AdvancementPermission.LINK, of="event_id")
def link(event_id: UUID) -> ResponseReturnValue:
    """Add a link."""
    form = request.form
    choice: dict[str, Any] = {name: form.get(name, "").strip() for name in _NUMBERS}
    choice["least"] = {part: form[f"least_{part}"].strip() for part in PARTS if form.get(f"least_{part}", "").strip()}
    choice["must_pass"] = form.getlist("must_pass")
    source, _bar, division = form.get("source", "").partition("|")
    try:
        key, division_key = UUID(source), UUID(division)
        target_division = UUID(form.get("target_division_id", ""))
    except ValueError:
        return _event(event_id, sentence("link_division_wrong")), Refusal.status
    try:
        actions.link_events(
            event_id, key, source_division_id=division_key, target_division_id=target_division,
            delegation=form.get("delegation", ""), choice=choice, actor=actor(), at=now(),
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return _event(event_id, sentence(refusal.code, **refusal.facts)), refusal.status
    flash(_("Linked. Decided results below nominate by themselves."), "success")
    return redirect(url_for("advancement.event", event_id=event_id))


@blueprint.post("/advancement/links/<uuid:link_id>/end")
@requires(AdvancementPermission.LINK, of="link_id")
def end(link_id: UUID) -> ResponseReturnValue:
    """Take a link back."""
    event_id = queries.target_of(link_id)
    actions.end_link(link_id, actor=actor(), at=now())
    flash(_("The link is taken back."), "success")
    return redirect(url_for("advancement.event", event_id=event_id))


@blueprint.get("/events/<uuid:event_id>/tree")
@requires(AdvancementPermission.VIEW, of="event_id")
def tree(event_id: UUID) -> str:
    """The tree of the event across tiers: where seats come from, who fills them."""
    row = programme.event(event_id)
    navigation.enter(competition_id=row.competition_id, event_id=event_id)
    return render_template("competitions/advancement/tree.html", event=row, tree=queries.tree(event_id))


@blueprint.get("/delegations/<uuid:delegation_id>/nominations")
@requires(AdvancementPermission.VIEW, of="delegation_id")
def delegation(delegation_id: UUID) -> str:
    """What the leader confirms or declines."""
    links = queries.links_of_delegation(delegation_id)
    entries = [one.source_entry_id for link in links for one in link.nominations]
    return render_template(
        "competitions/advancement/delegation.html",
        delegation=queries.delegation(delegation_id),
        links=links,
        names=queries.names(entries),
    )


@blueprint.post("/advancement/nominations/<uuid:nomination_id>/confirm")
@requires(AdvancementPermission.CONFIRM, of="nomination_id")
def confirm(nomination_id: UUID) -> ResponseReturnValue:
    """The delegation takes the person or team."""
    actions.confirm_nomination(nomination_id, actor=actor(), at=now())
    flash(_("Confirmed: the entry is handed in above and waits for review."), "success")
    return _back(nomination_id)


@blueprint.post("/advancement/nominations/<uuid:nomination_id>/decline")
@requires(AdvancementPermission.CONFIRM, of="nomination_id")
def decline(nomination_id: UUID) -> ResponseReturnValue:
    """The seat is given up."""
    moved = actions.decline_nomination(nomination_id, request.form.get("reason", ""), actor=actor(), at=now())
    flash(
        _("Declined; the next substitute moves up.") if moved else _("Declined; nobody waits as a substitute."),
        "success",
    )
    return _back(nomination_id)


def _back(nomination_id: UUID) -> ResponseReturnValue:
    found = queries.nomination(nomination_id).link
    if can(actor(), AdvancementPermission.LINK, programme.event_scopes(found.target_event_id) or ()):
        return redirect(url_for("advancement.event", event_id=found.target_event_id))
    return redirect(url_for("advancement.delegation", delegation_id=found.delegation_id))
