"""A leader's road: one grid of who lacks what, entering, slips, handing in once, the sealed summary."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.entries.actions import delegations as actions
from competitions.entries.actions import entering
from competitions.entries.consent import checked_consent
from competitions.entries.forms import EntryForm, SummaryForm, key_of
from competitions.entries.member_facts import MemberFacts
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import deadlines, quotas
from competitions.entries.queries import delegations as queries
from competitions.entries.queries.entries import event_filter
from competitions.entries.queries.fields import asked_of_delegation
from competitions.entries.views.delegations import blueprint
from competitions.entries.views.papers import slips_pdf
from competitions.entries.views.room import answer_columns, label, named, public_address, time_left
from competitions.entries.views.room import shown as shown_answer
from competitions.entries.views.teams import entering_page
from competitions.entries.views.uploads import uploaded
from competitions.programme import queries as programme
from foundation.clock import now
from foundation.files.queries import file_bytes, file_row
from foundation.permission import Scope, ScopeKind, can, requires, visible
from foundation.print import printer
from foundation.refusal import Missing
from foundation.spreadsheets import writing as spreadsheets
from foundation.translation import sentence
from foundation.web import listing, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on
from foundation.web.showing import list_of, show_code

_FILTERS = ("event", "lack")
_PDF = "application/pdf"


@blueprint.get("/delegations")
@requires(EntryPermission.OWN_DELEGATIONS)
def mine() -> Response | str:
    """The delegations the reader leads; with one alone, its grid."""
    reach = visible(actor(), EntryPermission.OWN_DELEGATIONS)
    rows, may_open, elsewhere = queries.delegations_led(reach), queries.may_open(reach), queries.people_elsewhere(reach)
    if len(rows) == 1 and not may_open and not elsewhere:
        return redirect(url_for("delegations.delegation", delegation_id=rows[0].delegation.id))
    return render_template(
        "competitions/entries/my_delegations.html", rows=rows, named=named, may_open=may_open, elsewhere=elsewhere
    )


@blueprint.post("/delegations/open/<uuid:competition_key>/<uuid:body>")
@requires(EntryPermission.OWN_DELEGATIONS)
def open_own(competition_key: UUID, body: UUID) -> Response:
    """A unit's operator opens the own body's delegation. The action limits itself to the reader's own bodies."""
    made = actions.open_own_delegation(competition_key, body, actor=actor(), at=now())
    return redirect(url_for("delegations.delegation", delegation_id=made))


@blueprint.get("/delegations/<uuid:delegation_id>")
@requires(EntryPermission.LEAD, of="delegation_id")
def delegation(delegation_id: UUID) -> str:
    """Who lacks what: one line a person, with the next step first."""
    return _page(delegation_id, SummaryForm(formdata=None))


def _page(delegation_id: UUID, form: SummaryForm) -> str:
    row = queries.delegation(delegation_id)
    competition = programme.competition(row.competition_id)
    asked = listing.asked(orders=("event",), filters=_FILTERS)
    everybody = queries.grid(delegation_id)
    shown = (
        queries.grid(delegation_id, search=asked.search, **asked.filters)
        if asked.search or asked.filters
        else everybody
    )
    role = "leader" if can(actor(), EntryPermission.LEAD, [Scope(ScopeKind.DELEGATION, str(delegation_id))]) else "unit"
    closes, is_open = deadlines.closes_for(competition, role), deadlines.is_open(competition, role, now())
    said = queries.content_hash(everybody) if everybody else ""
    navigation.enter(nav="delegations.delegations", competition_id=row.competition_id)
    return render_template(
        "competitions/entries/delegation.html", row=row, competition=competition, lines=shown, everybody=everybody,
        asked=asked, columns=queries.COLUMNS, events=[one for one in event_filter(row.competition_id) if not one.cancelled_at],
        is_open=is_open, closes=closes, left=time_left(closes) if closes and is_open else "",
        places=quotas.lines_of_delegation(row, competition),
        drafts=len({line.entry.id for line in everybody if line.entry.state in ("draft", "returned")}),
        lacking=[line for line in everybody if line.gaps], unclaimed=[line for line in everybody if not line.member.claimed_at],
        summaries=queries.summaries(delegation_id), said=said, form=form, claim_url=public_address("/claim"), named=named,
        extra=asked_of_delegation(row), label=label, shown=shown_answer,
    )  # fmt: skip


@blueprint.get("/delegations/<uuid:delegation_id>/grid.xlsx")
@requires(EntryPermission.LEAD, of="delegation_id")
def export(delegation_id: UUID) -> Response:
    """The grid as a spreadsheet, as it is filtered; no identity numbers, no phones."""
    row = queries.delegation(delegation_id)
    asked = listing.asked(orders=("event",), filters=_FILTERS)
    lines = queries.grid(delegation_id, search=asked.search, **asked.filters)
    heads = [
        _("No."), _("Event"), _("Division"), _("Name of the person"), _("Unit or school"), _("State"), _("Claimed"),
        _("Still missing for a certificate"),
    ]  # fmt: skip
    extra, told = answer_columns(row.competition_id, [line.entry for line in lines])
    table = spreadsheets.Table(
        _("Who lacks what"),
        [*heads, *extra],
        (
            [
                line.entry.number, named(line.entry.event), named(line.entry.division), line.member.person.name_zh,
                line.member.unit_name, show_code(line.entry.state, "entry_state"),
                _("yes") if line.member.claimed_at else _("no"), list_of([sentence(gap) for gap in line.gaps]),
                *told(line.entry, line.member),
            ]
            for line in lines
        ),
    )  # fmt: skip
    entering.note_export(row.competition_id, count=len(lines), revealed=False, actor=actor(), at=now())
    name = f"{row.name}-{_('Who lacks what')}.xlsx"
    return send_bytes(spreadsheets.workbook([table]), media_type=spreadsheets.MEDIA_TYPE, name=name)


@blueprint.route("/delegations/<uuid:delegation_id>/events/<uuid:event_id>/enter", methods=["GET", "POST"])
@requires(EntryPermission.LEAD, of="delegation_id")
def enter(delegation_id: UUID, event_id: UUID) -> Response | tuple[str, int]:
    """A leader enters a person, or a team in its order; it stays a draft until the delegation is handed in."""
    row, event = queries.delegation(delegation_id), programme.event(event_id)
    if event.competition_id != row.competition_id:
        raise Missing
    actions.check_open(row, now(), actor())

    def store(form: EntryForm, facts: Sequence[MemberFacts]) -> Response:
        actions.enter_for(
            delegation_id, event_id, key_of(form.division_id.data) or event_id, facts,
            quota_reason=form.quota_reason.data or "", actor=actor(), at=now(), key=key_of(form.key.data),
        )  # fmt: skip
        flash(_("Entered. It goes out with the others when you hand in the delegation."), "success")
        return redirect(url_for("delegations.delegation", delegation_id=delegation_id))

    return entering_page(event, store, delegation=row)


@blueprint.post("/delegations/<uuid:delegation_id>/submit")
@requires(EntryPermission.LEAD, of="delegation_id")
def submit(delegation_id: UUID) -> Response:
    """Hand in everything that is not submitted yet."""
    count = actions.submit_delegation(delegation_id, actor=actor(), at=now())
    flash(_("%(count)s entries were handed in. Print the summary now and have it sealed.", count=count), "success")
    return redirect(url_for("delegations.delegation", delegation_id=delegation_id))


@blueprint.post("/delegations/<uuid:delegation_id>/slips")
@requires(EntryPermission.LEAD, of="delegation_id")
def slips(delegation_id: UUID) -> Response:
    """Claim slips of everybody in the delegation who has not claimed. Codes printed before end."""
    waiting = [line for line in queries.grid(delegation_id) if line.member.claimed_at is None]
    if not waiting:
        flash(_("Everybody has claimed their entry: there is no slip to print."), "success")
        return redirect(url_for("delegations.delegation", delegation_id=delegation_id))
    codes = actions.issue_codes([line.member.id for line in waiting], actor=actor(), at=now())
    name = f"{queries.delegation(delegation_id).name}-{_('Claim slips')}.pdf"
    return slips_pdf([(line.entry, line.member) for line in waiting], codes, name)


@blueprint.post("/delegations/<uuid:delegation_id>/summary")
@requires(EntryPermission.LEAD, of="delegation_id")
def print_summary(delegation_id: UUID) -> Response:
    """The summary (报名汇总表) for the seal, with its code."""
    made = actions.print_summary(delegation_id, actor=actor(), at=now())
    row = queries.delegation(delegation_id)
    html = render_template(
        "competitions/entries/print/summary.html", row=row, competition=programme.competition(row.competition_id),
        lines=queries.grid(delegation_id), officers=queries.officers(delegation_id), summary=made, named=named,
    )  # fmt: skip
    data = printer.print_html(html).data
    return send_bytes(
        data, media_type=_PDF, name=f"{row.name}-{_('Registration summary')}-{made.code}.pdf", inline=True
    )


@blueprint.post("/delegations/<uuid:delegation_id>/summary/file")
@requires(EntryPermission.LEAD, of="delegation_id")
def file_summary(delegation_id: UUID) -> Response | tuple[str, int]:
    """File the sealed scan by the code on the sheet."""
    form = SummaryForm()
    if form.validate():
        with refusals_on(form):
            data, media_type = checked_consent(uploaded("scan"))
            actions.file_summary(
                delegation_id, form.code.data, data, media_type=media_type, actor=actor(), at=now()
            )  # fmt: skip
            flash(_("The sealed summary is filed."), "success")
            return redirect(url_for("delegations.delegation", delegation_id=delegation_id))
    return _page(delegation_id, form), 422


@blueprint.get("/summaries/<uuid:summary_id>/scan")
@requires(EntryPermission.LEAD, of="summary_id")
def scan(summary_id: UUID) -> Response:
    """The sealed scan."""
    found = queries.summary(summary_id)
    if found.scan_id is None:
        raise Missing
    media_type = file_row(found.scan_id).media_type
    ending = "pdf" if media_type == _PDF else "jpg"
    return send_bytes(file_bytes(found.scan_id), media_type=media_type, name=f"{found.code}.{ending}", inline=True)
