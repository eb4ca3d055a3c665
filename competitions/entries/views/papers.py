"""What is printed or pasted: claim slips, passes, the text for the group."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.entries.actions import entering as actions
from competitions.entries.models.entries import Entry, EntryMember
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import delegations
from competitions.entries.queries import entries as queries
from competitions.entries.views.room import blueprint, named, pass_context, public_address
from competitions.programme import queries as programme
from competitions.rules.lifecycle import EntryState
from foundation.clock import now
from foundation.permission import requires
from foundation.print import printer
from foundation.refusal import Missing, Refusal
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes

_PDF = "application/pdf"


@blueprint.post("/events/<uuid:event_id>/slips")
@requires(EntryPermission.ENTER, of="event_id")
def slips(event_id: UUID) -> Response:
    """Claim slips of everybody in an event who has not claimed, many a page. Codes printed before end."""
    event = programme.event(event_id)
    codes = actions.issue_claim_codes(event_id, actor=actor(), at=now())
    rows = queries.entries_of_event(event_id, states=queries.LIVE)
    members = [(row, member) for row in rows for member in row.members if member.id in codes]
    if not members:
        flash(_("Everybody in this event has claimed their entry: there is no slip to print."), "success")
        return redirect(url_for("entries.event_entries", event_id=event_id))
    return slips_pdf(members, codes, f"{named(event)}-{_('Claim slips')}.pdf")


@blueprint.post("/entries/<uuid:entry_id>/slips")
@requires(EntryPermission.ENTER, of="entry_id")
def entry_slips(entry_id: UUID) -> Response:
    """Claim slips of one entry."""
    row = queries.entry(entry_id)
    codes = {
        member.id: actions.issue_claim_code(member.id, actor=actor(), at=now())
        for member in row.members
        if member.claimed_at is None
    }
    members = [(row, member) for member in row.members if member.id in codes]
    if not members:
        raise Refusal("already_claimed")
    return slips_pdf(members, codes, f"{_('Claim slips')}-{row.number}.pdf")


def slips_pdf(members: list[tuple[Entry, EntryMember]], codes: dict[UUID, str], name: str) -> Response:
    """Slips with codes as a PDF, many a page."""
    html = render_template(
        "competitions/entries/print/slips.html",
        members=members,
        codes=codes,
        claim_url=public_address("/claim"),
        named=named,
    )
    return send_bytes(printer.print_html(html).data, media_type=_PDF, name=name, inline=True)


@blueprint.post("/events/<uuid:event_id>/passes")
@requires(EntryPermission.ENTER, of="event_id")
def issue_passes(event_id: UUID) -> Response:
    """Number the passes of an event."""
    count = actions.issue_passes(event_id, actor=actor(), at=now())
    flash(_("%(count)s passes were numbered.", count=count), "success")
    return redirect(url_for("entries.event_entries", event_id=event_id))


@blueprint.get("/events/<uuid:event_id>/passes.pdf")
@requires(EntryPermission.VIEW, of="event_id")
def passes(event_id: UUID) -> Response:
    """The passes of an event, four a page."""
    rows = [row for row in queries.entries_of_event(event_id, states=(EntryState.ACCEPTED,)) if row.pass_number]
    if not rows:
        flash(_("No pass has a number yet. Accept entries, then number the passes."), "warning")
        return redirect(url_for("entries.event_entries", event_id=event_id))
    html = render_template("competitions/entries/print/passes.html", **pass_context(rows, single=False))
    return send_bytes(printer.print_html(html).data, media_type=_PDF, name=f"{_('Passes')}.pdf", inline=True)


@blueprint.get("/delegations/<uuid:delegation_id>/passes.pdf")
@requires(EntryPermission.LEAD, of="delegation_id")
def delegation_passes(delegation_id: UUID) -> Response:
    """The passes of a delegation, four a page: its leader prints and hands them out."""
    rows = [row for row in delegations.entries_of_delegation(delegation_id) if row.pass_number]
    if not rows:
        flash(_("No pass has a number yet. The organizers number them after the review."), "warning")
        return redirect(url_for("delegations.delegation", delegation_id=delegation_id))
    html = render_template("competitions/entries/print/passes.html", **pass_context(rows, single=False))
    name = f"{delegations.delegation(delegation_id).name}-{_('Passes')}.pdf"
    return send_bytes(printer.print_html(html).data, media_type=_PDF, name=name, inline=True)


@blueprint.get("/entries/<uuid:entry_id>/pass.png")
@requires(EntryPermission.VIEW, of="entry_id")
def entry_pass_picture(entry_id: UUID) -> Response:
    """One pass as a picture, to send to its holder."""
    picture = printer.picture_of(pass_pdf(entry_id), dpi=200)
    return send_bytes(picture, media_type="image/png", name=f"{_('Admission pass')}.png", inline=True)


@blueprint.get("/entries/<uuid:entry_id>/pass.pdf")
@requires(EntryPermission.VIEW, of="entry_id")
def entry_pass(entry_id: UUID) -> Response:
    """One pass."""
    return send_bytes(pass_pdf(entry_id), media_type=_PDF, name=f"{_('Admission pass')}.pdf", inline=True)


def pass_pdf(entry_id: UUID) -> bytes:
    """The pass of an accepted entry with a number. Raises Missing."""
    row = queries.entry(entry_id)
    if row.state != EntryState.ACCEPTED or not row.pass_number:
        raise Missing
    html = render_template("competitions/entries/print/passes.html", **pass_context([row], single=True))
    return printer.print_html(html).data


@blueprint.get("/competitions/<uuid:competition_id>/entries/group-text")
@requires(EntryPermission.VIEW, of="competition_id")
def group_text(competition_id: UUID) -> str:
    """Who lacks what, as a text to paste into the group: names with units, nothing of numbers or phones."""
    rows = [
        (row, member, missing)
        for event in queries.event_filter(competition_id)
        for row in queries.entries_of_event(event.id, states=queries.LIVE)
        for member in row.members
        if (missing := queries.certificate_gaps(member))
    ]
    navigation.enter(nav="entries.entries", competition_id=competition_id)
    return render_template(
        "competitions/entries/group_text.html",
        row=programme.competition(competition_id),
        rows=rows,
        claim_url=public_address("/claim"),
        named=named,
    )
