"""Pages of award lists: propose, check, public notice, approval; the public notice; one's own case; a policy's trial."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from accounts.people.queries import people
from certification.filings import queries as filings
from certification.policies import queries as policies
from certification.policies.permissions import PolicyPermission
from certification.promotion import actions, paper, queries
from certification.promotion.assessment import assess
from certification.promotion.facts import ApprovalFacts
from certification.promotion.forms import ApprovalForm, NoticeForm, ProposeForm, ReasonForm
from certification.promotion.permissions import PromotionPermission
from certification.promotion.roster import on_roster, rows_of
from certification.rules.lifecycle import AWARD_CASE, AWARD_LIST
from foundation.clock import china_day, now
from foundation.files import scans
from foundation.permission import SIGNED_IN, public, requires, visible
from foundation.refusal import Missing, Refusal
from foundation.spreadsheets.writing import MEDIA_TYPE
from foundation.web import listing, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import Form, refusals_on

blueprint = Blueprint("promotion", __name__)
_MOVES = {
    "hold": actions.hold_case,
    "release": actions.release_case,
    "refuse": actions.refuse_case,
    "revoke": actions.revoke_case,
}


@blueprint.get("/award-lists")
@requires(PromotionPermission.VIEW)
def award_lists() -> str:
    """Every award list the reader may see."""
    asked = listing.asked(orders=("created_at",), filters=("state",))
    wanted = queries.award_lists(actor(), search=asked.search, state=asked.filters.get("state", ""))
    return render_template(
        "certification/promotion/award_lists.html",
        page=listing.page_of(wanted, asked),
        asked=asked,
        states=AWARD_LIST.states(),
    )


@blueprint.get("/competitions/<uuid:competition_id>/award-lists")
@requires(PromotionPermission.VIEW, of="competition_id")
def of_competition(competition_id: UUID) -> str:
    """The award lists of one competition."""
    navigation.enter(competition_id=competition_id)
    asked = listing.asked(orders=("created_at",), filters=("state",))
    wanted = queries.award_lists(
        actor(), competition_id=competition_id, search=asked.search, state=asked.filters.get("state", "")
    )
    return render_template(
        "certification/promotion/award_lists.html",
        page=listing.page_of(wanted, asked),
        asked=asked,
        states=AWARD_LIST.states(),
        competition_id=competition_id,
    )


@blueprint.route("/competitions/<uuid:competition_id>/award-lists/new", methods=["GET", "POST"])
@requires(PromotionPermission.PROPOSE, of="competition_id")
def propose(competition_id: UUID) -> Response | str | tuple[str, int]:
    """Make an award list of a decided publication."""
    navigation.enter(nav="promotion.of_competition", competition_id=competition_id)
    found = queries.publications_to_propose(competition_id)
    today = china_day(now())
    region = found[0].competition.region_code if found else ""
    form = ProposeForm()
    form.offer_edges()
    form.publication.choices = [
        (str(one.publication_id), f"{one.event.name_zh} · {one.event.division_name} · {one.document_number}")
        for one in found
    ]
    form.policy.choices = [(str(row.id), row.title) for row in policies.policies_in_force(region_code=region)]
    issuers = {row.id: row for one in found for row in filings.filed_for(one.event.occupation_code, today)}
    form.issuer.choices = [(str(row.id), row.name) for row in issuers.values()]
    if form.validate_on_submit():
        with refusals_on(form):
            made = actions.propose(
                UUID(form.publication.data), UUID(form.policy.data), UUID(form.issuer.data),
                edge_decision=form.edge_decision.data or "", actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("The award list was made. Every case shows its clause and its checks."), "success")
            return redirect(url_for("promotion.award_list", award_list_id=made))
    return render_template(
        "certification/promotion/propose.html", form=form, competition_id=competition_id
    ), 422 if form.is_submitted() else 200


@blueprint.get("/award-lists/<uuid:award_list_id>")
@requires(PromotionPermission.VIEW, of="award_list_id")
def award_list(award_list_id: UUID) -> str:
    """One list: the next step, everybody's case."""
    return _page(award_list_id)


def _page(award_list_id: UUID, **forms: Form) -> str:
    row = queries.award_list(award_list_id)
    results = queries.published_results(row.publication_id)
    navigation.enter(nav="promotion.of_competition", competition_id=row.competition_id)
    if "notice_form" not in forms:
        forms["notice_form"] = NoticeForm(days=policies.policy_of(row.policy).notice_days)
    people_known = people([key for key in (row.created_by, row.approved_by) if key])
    return render_template(
        "certification/promotion/award_list.html",
        row=row,
        rows=rows_of(row, results),
        policy=policies.policy_of(row.policy),
        results=results,
        case_course=AWARD_CASE,
        today=china_day(now()),
        last=date.fromisoformat(row.notice["last"]) if row.notice else None,
        people=people_known,
        approval_form=forms.get("approval_form") or ApprovalForm(on=china_day(now())),
        **{name: form for name, form in forms.items() if name != "approval_form"},
    )


@blueprint.get("/award-lists/<uuid:award_list_id>/cases/<uuid:case_id>")
@requires(PromotionPermission.VIEW, of="award_list_id")
def case(award_list_id: UUID, case_id: UUID) -> str:
    """One case: clause, document and article, each check with its basis, what may be done."""
    row = queries.award_list(award_list_id)
    navigation.enter(nav="promotion.of_competition", competition_id=row.competition_id)
    shown = next(
        (one for one in rows_of(row, queries.published_results(row.publication_id)) if one.case.id == case_id), None
    )
    if shown is None:
        raise NotFound
    return render_template(
        "certification/promotion/case.html", row=row, shown=shown, case=shown.case, policy=policies.policy_of(row.policy),
        clause=policies.policy_of(row.policy).clause(shown.case.clause), moves=AWARD_CASE.moves_from(shown.case.state),
        reason_form=ReasonForm(),
    )  # fmt: skip


@blueprint.post("/award-lists/<uuid:award_list_id>/cases/<uuid:case_id>/verify")
@requires(PromotionPermission.CHECK, of="award_list_id")
def verify(award_list_id: UUID, case_id: UUID) -> Response:
    """Note that a declared grade was looked up."""
    held = request.form.get("qualification", type=UUID)
    if held is None:
        raise NotFound
    actions.verify_held(award_list_id, case_id, held, note=request.form.get("note", ""), actor=actor(), at=now())
    flash(_("The held grade is verified; the case was decided again."), "success")
    return redirect(url_for("promotion.case", award_list_id=award_list_id, case_id=case_id))


@blueprint.post("/award-lists/<uuid:award_list_id>/confirm-standard")
@requires(PromotionPermission.CHECK, of="award_list_id")
def confirm_standard(award_list_id: UUID) -> Response:
    """Note that the standard offers a grade."""
    grade, note = request.form.get("grade", ""), request.form.get("note", "")
    actions.confirm_standard(award_list_id, grade, note=note, actor=actor(), at=now())
    flash(_("The standard is confirmed; the cases were decided again."), "success")
    return redirect(url_for("promotion.award_list", award_list_id=award_list_id))


@blueprint.post("/award-lists/<uuid:award_list_id>/cases/<uuid:case_id>/move")
@requires(PromotionPermission.CHECK, of="award_list_id")
def move(award_list_id: UUID, case_id: UUID) -> Response:
    """Hold a case up, let it go on, refuse it, take it back."""
    form = ReasonForm()
    act = _MOVES.get(form.move.data or "")
    if act is None:
        raise NotFound
    act(award_list_id, case_id, reason=form.reason.data or "", actor=actor(), at=now())
    flash(_("Done."), "success")
    return redirect(url_for("promotion.case", award_list_id=award_list_id, case_id=case_id))


@blueprint.post("/award-lists/<uuid:award_list_id>/assess")
@requires(PromotionPermission.CHECK, of="award_list_id")
def assess_again(award_list_id: UUID) -> Response:
    """Decide again what is not checked yet."""
    actions.assess_again(award_list_id, actor=actor(), at=now())
    flash(_("Every case was decided again."), "success")
    return redirect(url_for("promotion.award_list", award_list_id=award_list_id))


@blueprint.post("/award-lists/<uuid:award_list_id>/check")
@requires(PromotionPermission.CHECK, of="award_list_id")
def check(award_list_id: UUID) -> Response | tuple[str, int]:
    """Pass the list to the notice."""
    form = NoticeForm(formdata=None)
    try:
        passed = actions.check_list(award_list_id, actor=actor(), at=now())
    except Missing:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(award_list_id, notice_form=form), 422
    flash(_("%(count)s cases are checked.", count=passed), "success")
    return redirect(url_for("promotion.award_list", award_list_id=award_list_id))


@blueprint.post("/award-lists/<uuid:award_list_id>/post")
@requires(PromotionPermission.POST, of="award_list_id")
def post(award_list_id: UUID) -> Response | tuple[str, int]:
    """Put the list on public notice."""
    form = NoticeForm()
    if form.validate():
        with refusals_on(form):
            actions.post_notice(award_list_id, form.facts(), actor=actor(), at=now())
            flash(_("The list is on public notice."), "success")
            return redirect(url_for("promotion.award_list", award_list_id=award_list_id))
    return _page(award_list_id, notice_form=form), 422


@blueprint.post("/award-lists/<uuid:award_list_id>/approve")
@requires(PromotionPermission.APPROVE, of="award_list_id")
def approve(award_list_id: UUID) -> Response | tuple[str, int]:
    """Approve the list, or record an approval from outside with its scan."""
    form = ApprovalForm()
    if form.validate():
        with refusals_on(form):
            scan = scans.keep(request.files.get("scan"), actor=actor(), at=now()) if form.outside.data else None
            facts = ApprovalFacts(form.number.data or "", form.on.data, bool(form.outside.data), scan)
            approved = actions.approve(award_list_id, facts, actor=actor(), at=now())
            flash(_("%(count)s cases are approved.", count=approved), "success")
            return redirect(url_for("promotion.award_list", award_list_id=award_list_id))
    return _page(award_list_id, approval_form=form), 422


@blueprint.get("/award-lists/<uuid:award_list_id>/roster.<any(pdf, xlsx):form>")
@requires(PromotionPermission.EXPORT, of="award_list_id")
def roster(award_list_id: UUID, form: str) -> Response:
    """The award roster on paper or as a spreadsheet; numbers are masked, handing out is recorded."""
    row = queries.award_list(award_list_id)
    results = queries.published_results(row.publication_id)
    rows = on_roster(rows_of(row, results))
    made = paper.roster_pdf(row, results, rows) if form == "pdf" else paper.roster_workbook(row, results, rows)
    actions.note_export(award_list_id, form, actor=actor(), at=now())
    media = "application/pdf" if form == "pdf" else MEDIA_TYPE
    name = f"{row.event_name}-{row.division_name}-{_('award roster')}.{form}"
    return send_bytes(made, media_type=media, name=name, inline=form == "pdf")


@blueprint.get("/award-lists/<uuid:award_list_id>/notice")
@public
def notice(award_list_id: UUID) -> str:
    """The public notice: names, units, places, proposed grades; no identity numbers."""
    row = queries.public_list(award_list_id)
    results = queries.published_results(row.publication_id)
    shown = [one for one in on_roster(rows_of(row, results)) if one.case.state in ("on_notice", "approved")]
    first, last = (date.fromisoformat(row.notice[name]) for name in ("first", "last"))
    return render_template(
        "certification/promotion/notice.html", row=row, rows=shown, results=results, policy=policies.policy_of(row.policy),
        first=first, last=last, running=china_day(now()) <= last,
    )  # fmt: skip


@blueprint.get("/me/award-cases/<uuid:case_id>")
@requires(SIGNED_IN)
def my_case(case_id: UUID) -> str:
    """One's own case: the clause, each check, where it stands."""
    me = actor().person
    if me is None:
        raise NotFound
    mine = queries.case_of_person(case_id, me)
    policy = policies.policy_of(mine.award_list.policy)
    return render_template(
        "certification/promotion/my_case.html",
        case=mine,
        row=mine.award_list,
        policy=policy,
        clause=policy.clause(mine.clause),
    )


@blueprint.get("/award-policies/<uuid:policy_version_id>/what-if")
@requires(PolicyPermission.VIEW)
def what_if(policy_version_id: UUID) -> str:
    """Who would get what and why, before a policy binds: nothing is stored."""
    version = policies.policy_version(policy_version_id)
    policy = policies.policy_of(version)
    navigation.enter(nav="policies.policies")
    offered = queries.publications_to_try(actor())
    chosen = request.args.get("publication", type=UUID)
    context: dict[str, Any] = {"version": version, "policy": policy, "offered": offered, "chosen": None, "rows": []}
    if chosen is not None:
        results = queries.published_results(chosen)
        if not queries.may_see(visible(actor(), PromotionPermission.VIEW), results):
            raise NotFound
        issuers = filings.filed_for(results.event.occupation_code, china_day(now()))
        rows = list(assess(results, policy, version.content_hash, issuer=issuers[0].id if issuers else None, at=now()))
        context |= {"chosen": results, "rows": rows, "people": people(one.member.person_id for one in rows)}
    return render_template("certification/promotion/what_if.html", **context)
