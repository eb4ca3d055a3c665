"""The tablets of an event: pairing by a code on the screen, the lost one, what it held. Chief judge and organizer, at a desk."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.sign_in.queries import device as device_of
from competitions.judges import queries as judges
from competitions.judges.permissions import SEATED
from competitions.marking.actions import gaps, tablets
from competitions.marking.permissions import MarkingPermission
from competitions.marking.queries import tablets as queries
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.permission import can, requires
from foundation.print.qr import qr_data_url
from foundation.refusal import Missing
from foundation.web import navigation
from foundation.web.access import actor

blueprint = Blueprint("marking_tablets", __name__)


@blueprint.get("/events/<uuid:event_id>/tablets")
@requires(MarkingPermission.PROGRESS, of="event_id")
def event(event_id: UUID) -> str:
    """Every tablet: whose, last heard of, how many marks wait on it, which numbers are missing."""
    return _page(event_id)


def _page(event_id: UUID, *, pairing: tablets.Pairing | None = None) -> str:
    row = programme.event(event_id)
    navigation.enter(competition_id=row.competition_id, event_id=event_id)
    scopes = programme.event_scopes(event_id) or ()
    duties = [duty for duty in judges.duties(event_id) if duty.state == "accepted" and duty.role in SEATED]
    found = queries.tablets_of(event_id)
    again = {
        one.declared.id: queries.places_named([(work, aspect) for work, aspect in one.declared.again])
        for one in found
        if one.declared is not None
    }
    # The code stands after "#": it reaches no server's log on its way.
    # The hall's address, not the one this page was opened by: an office computer may know the server as localhost.
    address = f"{current_app.config['PUBLIC_URL'].rstrip('/')}/pair#{pairing.code}" if pairing else ""
    return render_template(
        "competitions/marking/tablets.html", row=row, tablets=found, again=again, duties=duties, pairing=pairing,
        pairing_duty=next((duty for duty in duties if pairing and duty.id == pairing.duty_id), None),
        picture=qr_data_url(address) if address else "", address=address,
        may_pair=can(actor(), MarkingPermission.TABLETS, scopes), may_declare=can(actor(), MarkingPermission.CONFIRM, scopes),
        may_approve=can(actor(), MarkingPermission.APPROVE, scopes),
    )  # fmt: skip


@blueprint.post("/judges/<uuid:duty_id>/pairing")
@requires(MarkingPermission.TABLETS, of="duty_id")
def offer(duty_id: UUID) -> str:
    """Show a one-time code as QR: ten minutes, one tablet."""
    pairing = tablets.offer_pairing(duty_id, actor=actor(), at=now())
    return _page(judges.duty(duty_id).event_id, pairing=pairing)


@blueprint.post("/tablets/<uuid:device_id>/lost")
@requires(MarkingPermission.TABLETS, of="device_id")
def lost(device_id: UUID) -> ResponseReturnValue:
    """Report a tablet lost."""
    found = device_of(device_id)
    if found is None:
        raise Missing
    tablets.revoke_tablet(found.scope_id, device_id, request.form.get("reason", ""), actor=actor(), at=now())
    flash(_("The tablet was reported lost. What arrives of it later is held for the chief judge."), "success")
    return redirect(url_for("marking_tablets.event", event_id=found.scope_id))


@blueprint.post("/tablets/<uuid:device_id>/gap")
@requires(MarkingPermission.CONFIRM, of="device_id")
def declare(device_id: UUID) -> ResponseReturnValue:
    """The chief judge declares what a lost tablet held as lost."""
    found = device_of(device_id)
    if found is None:
        raise Missing
    gaps.declare_gap(device_id, request.form.get("reason", ""), actor=actor(), at=now())
    flash(_("Declared. A supervisor approves it now; the list says what must be marked again."), "success")
    return redirect(url_for("marking_tablets.event", event_id=found.scope_id))


@blueprint.post("/gaps/<uuid:gap_id>/approve")
@requires(MarkingPermission.APPROVE, of="gap_id")
def approve(gap_id: UUID) -> ResponseReturnValue:
    """A supervisor approves a declared gap."""
    gaps.approve_gap(gap_id, actor=actor(), at=now())
    flash(_("Approved. Lists may be confirmed once what was lost has been marked again."), "success")
    event_id = next(UUID(scope.key) for scope in queries.gap_scopes(gap_id) or () if scope.kind == "event")
    return redirect(url_for("marking_tablets.event", event_id=event_id))
