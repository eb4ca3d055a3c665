"""Eligibility in the browser: the rules of a notice as data, decision lists and their matches, what people state, the check before awards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from catalogue.codes.queries import code_name
from competitions.entries.actions import eligibility as actions
from competitions.entries.consent import checked_paper
from competitions.entries.decisions import names_of_text, names_of_workbook
from competitions.entries.eligibility_forms import DecisionForm
from competitions.entries.forms import choices, key_of
from competitions.entries.permissions import EntryPermission
from competitions.entries.queries import eligibility as queries
from competitions.entries.queries import entries
from competitions.entries.views.room import blueprint, named
from competitions.programme import actions as programme_actions
from competitions.programme import queries as programme
from competitions.programme.permissions import ProgrammePermission
from competitions.rules.eligibility import KINDS
from competitions.rules.eligibility_options import (
    GROUPS,
    LIMITS,
    OPTIONS,
    STATEMENTS,
    RuleOption,
    checked_rule,
    path_of,
    rule_at,
    with_rule,
)
from foundation.clock import china_day, now
from foundation.files.queries import file_bytes, file_row
from foundation.permission import SIGNED_IN, can, requires
from foundation.refusal import Missing
from foundation.translation import known, sentence
from foundation.web import language, navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import Form, refusals_on
from foundation.web.showing import list_of, show_date, yes_no


@blueprint.get("/competitions/<uuid:competition_id>/eligibility")
@requires(EntryPermission.REVIEW, of="competition_id")
def eligibility(competition_id: UUID) -> str:
    """Who may take part, in words; lists and matches; what is open before awards."""
    return _page(competition_id, _decision_form())


def _decision_form() -> DecisionForm:
    form = DecisionForm(formdata=None)
    form.offer_choices()
    form.decided_on.data = china_day(now())
    return form


def _page(competition_id: UUID, form: DecisionForm) -> str:
    row = programme.competition(competition_id)
    _key, rules = programme.rule_set_in_force(competition_id)
    keys = [event.id for event in row.events]
    checks = queries.last_checks(keys)
    navigation.enter(nav="entries.eligibility", competition_id=competition_id)
    return render_template(
        "competitions/entries/eligibility.html", row=row, rules=_in_words(rules.eligibility), kinds=_kinds(), form=form, named=named,
        lists=queries.decision_lists(competition_id), matches=queries.possible_matches(competition_id),
        checks=[(event, checks.get(event.id)) for event in row.events if not event.cancelled_at],
        open=queries.open_verdicts(keys), facts_of=entries.shown_facts,
    )  # fmt: skip


def _kinds() -> list[tuple[str, str]]:
    return [(kind, sentence(f"eligibility_rule:{kind}")) for kind in KINDS if kind != "all_of"]


def _in_words(rules: Sequence[Mapping[str, Any]], above: str = "") -> list[dict[str, Any]]:
    """Each rule with its path, kind, options in words and the rules inside it."""
    found = []
    for place, rule in enumerate(rules):
        path, kind = f"{above}{place}", str(rule.get("kind", ""))
        said = [
            (sentence(f"rule_option:{option.name}"), _shown(kind, option, rule[option.name]))
            for option in (*OPTIONS.get(kind, ()), *LIMITS)
            if rule.get(option.name) not in (None, "", [], (), {}, False)
        ]
        inner = _in_words(rule.get("rules", ()), f"{path}.")
        found.append({"path": path, "kind": kind, "said": said, "inner": inner, "group": kind in GROUPS})
    return found


def _shown(kind: str, option: RuleOption, value: Any) -> str:
    if option.form == "yes":
        return yes_no(True)
    if option.form == "day":
        return show_date(date.fromisoformat(str(value)))
    if option.form == "by_sex":
        return list_of([f"{code_name('sex', sex, language.chosen())} {number}" for sex, number in value.items()])
    if option.form in ("many", "words"):
        return list_of([_value_name(kind, option, one) for one in value])
    return _value_name(kind, option, str(value))


def _value_name(kind: str, option: RuleOption, value: str) -> str:
    if kind == "documents" and option.name == "any_of":
        return code_name("identity_document_kind", value, language.chosen()) or value
    for prefix in ("identity_class", "rule_way", "grade_name"):
        if known(f"{prefix}:{value}"):
            return sentence(f"{prefix}:{value}")
    return value


@blueprint.route("/competitions/<uuid:competition_id>/eligibility/rule", methods=["GET", "POST"])
@requires(ProgrammePermission.EDIT, of="competition_id")
def eligibility_rule(competition_id: UUID) -> Response | tuple[str, int]:
    """Write one rule: `kind` for a new one, `at` where it stands or goes."""
    row = programme.competition(competition_id)
    _key, rules = programme.rule_set_in_force(competition_id)
    path = _path(request.args.get("at", ""), rules.eligibility)
    before = rule_at(rules.eligibility, path)
    kind = str(before["kind"]) if before else request.args.get("kind", "")
    if kind not in KINDS:
        raise Missing
    form, options = Form(), (*OPTIONS[kind], *LIMITS)
    typed: Mapping[str, Any] = before or {}
    if form.validate_on_submit():
        given = {
            option.name: request.form.getlist(option.name)
            if option.form == "many"
            else request.form.get(option.name, "")
            for option in options
        } | {name: value for name, value in request.form.items() if name.startswith("most_")}
        typed = given
        with refusals_on(form):
            made = checked_rule(kind, given, before)
            _put(competition_id, with_rule(rules.eligibility, path, made))
            flash(_("The rules are in force."), "success")
            if kind in GROUPS and not before:
                flash(_("Now add the conditions inside it."), "success")
            return redirect(url_for("entries.eligibility", competition_id=competition_id))
    navigation.enter(nav="entries.eligibility", competition_id=competition_id)
    page = render_template(
        "competitions/entries/eligibility_rule.html", row=row, form=form, kind=kind, options=options, typed=typed, named=named,
        offered={option.name: _offered(kind, option, competition_id) for option in options if option.form in ("many", "one")},
        sexes=choices("sex", empty=False),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


def _path(text: str, rules: Sequence[Mapping[str, Any]]) -> tuple[int, ...]:
    """Where a rule stands; without a place: behind the last. Raises Missing."""
    try:
        path = path_of(text) or (len(rules),)
    except ValueError as wrong:
        raise Missing from wrong
    group = rule_at(rules, path[:-1]) if len(path) > 1 else None
    if len(path) > 1 and (group is None or group.get("kind") not in GROUPS):
        raise Missing
    return path


def _offered(kind: str, option: RuleOption, competition_id: UUID) -> list[tuple[str, str]]:
    if option.name == "events":
        return [(event.code, named(event)) for event in entries.event_filter(competition_id)]
    if kind == "documents" and option.name == "any_of":
        return choices("identity_document_kind", empty=False)
    return [(value, _value_name(kind, option, value)) for value in option.values]


def _put(competition_id: UUID, eligibility_rules: tuple[Mapping[str, Any], ...]) -> None:
    latest = next(iter(programme.rule_set_versions(competition_id)), None)
    rules = replace(programme.rule_set_in_force(competition_id)[1], eligibility=eligibility_rules)
    programme_actions.set_rules(competition_id, rules, basis=latest.basis if latest else "", actor=actor(), at=now())


@blueprint.post("/competitions/<uuid:competition_id>/eligibility/remove")
@requires(ProgrammePermission.EDIT, of="competition_id")
def remove_rule(competition_id: UUID) -> Response:
    """Take a rule out."""
    _key, rules = programme.rule_set_in_force(competition_id)
    path = _path(request.form.get("at", ""), rules.eligibility)
    if rule_at(rules.eligibility, path) is None:
        raise Missing
    _put(competition_id, with_rule(rules.eligibility, path, None))
    flash(_("The rule was taken out; the version before keeps it."), "success")
    return redirect(url_for("entries.eligibility", competition_id=competition_id))


@blueprint.post("/competitions/<uuid:competition_id>/eligibility/lists")
@requires(EntryPermission.REVIEW, of="competition_id")
def import_decision(competition_id: UUID) -> Response | tuple[str, int]:
    """Keep the names of a decision."""
    form = DecisionForm()
    form.offer_choices()
    if form.validate():
        with refusals_on(form):
            upload = request.files["file"].read() if "file" in request.files else b""
            names = names_of_workbook(upload) if upload else names_of_text(form.text.data or "")
            actions.import_decision(
                competition_id, form.kind.data, form.title.data, names, state=form.state.data, decided_on=form.decided_on.data,
                document_number=form.document_number.data or "", actor=actor(), at=now(),
            )  # fmt: skip
            flash(_("%(count)s names are kept; who may be one of them stands below.", count=len(names)), "success")
            return redirect(url_for("entries.eligibility", competition_id=competition_id))
    return _page(competition_id, form), 422


@blueprint.post("/competitions/<uuid:competition_id>/eligibility/settle")
@requires(EntryPermission.REVIEW, of="competition_id")
def settle_match(competition_id: UUID) -> Response:
    """Say whether a listed name is a person entered here."""
    name_id, person_id = key_of(request.form.get("name")), key_of(request.form.get("person"))
    if name_id is None or person_id is None:
        raise Missing
    same = request.form.get("same") == "yes"
    reason = request.form.get("reason", "")
    actions.settle_match(competition_id, name_id, person_id, same=same, reason=reason, actor=actor(), at=now())
    flash(_("Settled; the entry was judged anew."), "success")
    return redirect(url_for("entries.eligibility", competition_id=competition_id, _anchor="matches"))


@blueprint.post("/events/<uuid:event_id>/eligibility/check")
@requires(EntryPermission.REVIEW, of="event_id")
def check_event(event_id: UUID) -> Response:
    """Judge the accepted entries of an event anew."""
    count = actions.check_event(event_id, actor=actor(), at=now())
    flash(_("Judged anew; open: %(count)s.", count=count), "warning" if count else "success")
    return redirect(
        url_for("entries.eligibility", competition_id=programme.event(event_id).competition_id, _anchor="check")
    )


@blueprint.post("/entries/<uuid:entry_id>/verdicts/accept")
@requires(EntryPermission.REVIEW, of="entry_id")
def accept_verdicts(entry_id: UUID) -> Response:
    """Let an accepted entry keep its place although a verdict is open."""
    actions.accept_verdicts(entry_id, request.form.get("reason", ""), actor=actor(), at=now())
    flash(_("The reason was kept with the verdict."), "success")
    competition = entries.entry(entry_id).competition_id
    return redirect(url_for("entries.eligibility", competition_id=competition, _anchor="check"))


# --- what people state ------------------------------------------------------------------------------------------------


@blueprint.route("/entries/<uuid:entry_id>/members/<int:position>/statements", methods=["GET", "POST"])
@requires(EntryPermission.ENTER, of="entry_id")
def statements(entry_id: UUID, position: int) -> Response | tuple[str, int]:
    """What the rules ask of a member, stated by leader or organizer; an organizer verifies."""
    organizer = can(actor(), EntryPermission.REVIEW, entries.entry_scopes(entry_id) or ())
    back = url_for("entries.entry", entry_id=entry_id)
    return _statements(entry_id, position, back=back, by_organizer=organizer)


@blueprint.route("/my/entries/<uuid:entry_id>/statements", methods=["GET", "POST"])
@requires(SIGNED_IN)
def my_statements(entry_id: UUID) -> Response | tuple[str, int]:
    """What the rules ask of the candidate."""
    return _statements(
        entry_id, _own(entry_id), back=url_for("entries.my_entry", entry_id=entry_id), by_organizer=False
    )


def _own(entry_id: UUID) -> int:
    found = entries.own_entry(entry_id, actor().person)
    return next(member.position for member in found.members if member.person_id == actor().person)


def _statements(entry_id: UUID, position: int, *, back: str, by_organizer: bool) -> Response | tuple[str, int]:
    found = entries.entry(entry_id)
    member = entries.member_at(found, position)
    form = Form()
    asked = queries.asked_statements(found, member)
    if form.validate_on_submit():
        with refusals_on(form):
            given = {key: request.form[key] for key, _row in asked if key in request.form}
            papers = {}
            for key, _row in asked:
                data = request.files[f"file.{key}"].read() if f"file.{key}" in request.files else b""
                if data:
                    papers[key] = checked_paper(data, "field_file_kind", field=key)
            actions.state(entry_id, position, given, papers=papers, by_organizer=by_organizer, actor=actor(), at=now())
            flash(_("Saved; the entry was judged anew."), "success")
            return redirect(back)
    typed = {key: request.form.get(key, row.value.revealed() if row else "") for key, row in asked}
    if by_organizer or back.startswith("/entries"):
        navigation.enter(nav="entries.entries", competition_id=found.competition_id)
    page = render_template(
        "competitions/entries/statements.html", entry=found, member=member, asked=asked, typed=typed, form=form, back=back,
        ways=STATEMENTS, organizer=by_organizer, named=named, base=request.path,
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/entries/<uuid:entry_id>/members/<int:position>/statements/<key>/verify")
@requires(EntryPermission.REVIEW, of="entry_id")
def verify_statement(entry_id: UUID, position: int, key: str) -> Response:
    """Note that a statement was compared with its proof."""
    actions.verify_statement(entry_id, position, key, actor=actor(), at=now())
    flash(_("Verified; the entry was judged anew."), "success")
    return redirect(url_for("entries.statements", entry_id=entry_id, position=position))


@blueprint.get("/entries/<uuid:entry_id>/members/<int:position>/statements/<key>")
@requires(EntryPermission.VIEW, of="entry_id")
def statement_paper(entry_id: UUID, position: int, key: str) -> Response:
    """The paper that proves a statement."""
    return _paper(entries.member_at(entries.entry(entry_id), position).id, key)


@blueprint.get("/my/entries/<uuid:entry_id>/statements/<key>")
@requires(SIGNED_IN)
def my_statement_paper(entry_id: UUID, key: str) -> Response:
    """The own paper."""
    return _paper(entries.member_at(entries.entry(entry_id), _own(entry_id)).id, key)


def _paper(member_id: UUID, key: str) -> Response:
    row = queries.statements(member_id).get(key)
    if row is None or row.evidence_id is None:
        raise Missing
    media_type = file_row(row.evidence_id).media_type
    ending = "pdf" if media_type == "application/pdf" else "jpg"
    return send_bytes(file_bytes(row.evidence_id), media_type=media_type, name=f"{key}.{ending}", inline=True)
