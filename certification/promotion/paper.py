"""核发花名册 on paper (A4 across) and as a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from flask_babel import gettext as _

from certification.policies.queries import policy_of
from certification.promotion.models import AwardList
from certification.promotion.roster import RosterRow
from competitions.published import PublishedResults
from foundation.print.printer import print_html
from foundation.spreadsheets.writing import Table, workbook
from foundation.web.showing import show_code


def roster_pdf(row: AwardList, results: PublishedResults, rows: Sequence[RosterRow]) -> bytes:
    """The roster as PDF."""
    html = render_template(
        "certification/promotion/roster_paper.html", row=row, results=results, rows=rows, policy=policy_of(row.policy)
    )
    return print_html(html).data


def roster_workbook(row: AwardList, results: PublishedResults, rows: Sequence[RosterRow]) -> bytes:
    """The roster as `.xlsx`."""
    heads = (
        _("No."), _("Name of the person"), _("Identity number"), _("Unit"), _("Competition"), _("Event"), _("Division"), _("Place"), _("Theory"),
        _("Practice"), _("Present grade"), _("Certificate number"), _("Proposed grade"), _("Title"), _("Clause"), _("State"),
    )  # fmt: skip
    lines = [
        (
            number, one.name, one.document, one.unit, row.competition_name, results.event.name_zh, results.event.division_name,
            one.rank, one.theory, one.practice, show_code(one.present, "award_grade") if one.present else "",
            one.present_number, show_code(one.case.grade, "award_grade") if one.case.grade else "", one.case.title,
            one.case.decision["article"], show_code(one.case.state, "award_case_state"),
        )
        for number, one in enumerate(rows, start=1)
    ]  # fmt: skip
    return workbook([Table(_("Award roster"), heads, lines)])
