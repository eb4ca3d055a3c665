"""The rules of a competition: in words, by form, and what each version changed."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from competitions.programme import actions, queries
from competitions.programme.forms.rules import RulesForm
from competitions.programme.permissions import ProgrammePermission
from competitions.programme.views.blueprint import blueprint
from competitions.programme.violations import violation_kinds
from competitions.rules.prizes import scheme_from
from competitions.rules.rule_set import RuleSet, rule_set
from competitions.rules.rule_words import differences, values_of
from foundation.clock import now
from foundation.files.actions import keep_file
from foundation.files.queries import file_bytes, file_row
from foundation.permission import requires
from foundation.refusal import Missing
from foundation.web import navigation
from foundation.web.access import actor
from foundation.web.downloads import send_bytes
from foundation.web.forms import refusals_on

_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@blueprint.get("/competitions/<uuid:competition_id>/rules")
@requires(ProgrammePermission.VIEW, of="competition_id", below=True)
def rules(competition_id: UUID) -> str:
    """The rules in force in words, and the versions before."""
    row = queries.competition(competition_id)
    versions = list(queries.rule_set_versions(competition_id))
    _key, in_force = queries.rule_set_in_force(competition_id)
    read = [rule_set(version.rules) for version in versions]
    changes = [differences(before, after) for after, before in pairwise(read)] + [[]]
    navigation.enter(competition_id=competition_id)
    return render_template(
        "competitions/programme/rules.html",
        row=row,
        values=values_of(in_force),
        versions=list(zip(versions, changes, strict=False)),
        preview=_preview(in_force),
    )


FIELDS = (5, 10, 20, 30, 38, 50, 100)
"""Sizes of a field for which the page shows what the prizes come to."""


def _preview(rules: RuleSet) -> list[tuple[int, list[tuple[str, int, int]]]]:
    """(starters, [(prize, first place, last place)]) for usual sizes; no lines where the field is too small for prizes."""
    scheme = scheme_from(rules.prizes, rules.prize_cap)
    found = []
    for size in FIELDS if scheme.bands else ():
        lines: list[tuple[str, int, int]] = []
        first = 1
        small = not rules.prizes_below_minimum and size < rules.minimum_entries
        for band, end in zip(scheme.bands, scheme.ends(size), strict=True):
            last = size if end is None else min(end, size)
            if not small and last >= first:
                lines.append((band.prize, first, last))
            first = max(first, last + 1)
        found.append((size, lines))
    return found


@blueprint.route("/competitions/<uuid:competition_id>/rules/edit", methods=["GET", "POST"])
@requires(ProgrammePermission.EDIT, of="competition_id")
def edit_rules(competition_id: UUID) -> Response | str | tuple[str, int]:
    """Put the next version in force."""
    row = queries.competition(competition_id)
    latest = next(iter(queries.rule_set_versions(competition_id)), None)
    _key, before = queries.rule_set_in_force(competition_id)
    form = RulesForm()
    form.offer_choices()
    if form.validate_on_submit():
        with refusals_on(form):
            wanted, scan = form.rules(before), form.scan()
            notice = None
            if scan:
                data, media_type = scan
                name = f"notice.{_ENDINGS[media_type]}"
                notice = keep_file(data, media_type=media_type, name=name, actor=actor(), at=now())
            actions.set_rules(
                competition_id, wanted, basis=form.basis.data or "", notice_id=notice, actor=actor(), at=now()
            )
            flash(_("The rules are in force."), "success")
            return redirect(url_for("programme.rules", competition_id=competition_id))
    elif not form.is_submitted():
        form.show(before, latest.basis if latest else "")
    navigation.enter(competition_id=competition_id, nav="programme.rules")
    page = render_template(
        "competitions/programme/rules_form.html", form=form, row=row, latest=latest, kinds="、".join(violation_kinds())
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/competitions/<uuid:competition_id>/rules/<int:number>/notice")
@requires(ProgrammePermission.VIEW, of="competition_id")
def notice(competition_id: UUID, number: int) -> Response:
    """The scan of the notice beside a version."""
    found = [row for row in queries.rule_set_versions(competition_id) if row.number == number]
    if not found or found[0].notice_id is None:
        raise Missing
    media_type = file_row(found[0].notice_id).media_type
    name = f"{_('Notice')}-{number}.{_ENDINGS[media_type]}"
    return send_bytes(file_bytes(found[0].notice_id), media_type=media_type, name=name, inline=True)
