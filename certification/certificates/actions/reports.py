"""数据上传: make the sheet, take in the authority's answer person by person, send the refused ones again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import insert, select, update

from certification.certificates import reporting_sheet
from certification.certificates.actions.issuing import locked
from certification.certificates.models.certificates import Certificate
from certification.certificates.models.reports import CertificateReport, CertificateReportItem
from certification.certificates.number_lists import RowFault
from certification.certificates.permissions import CertificatePermission
from certification.certificates.queries import register
from certification.certificates.queries import reports as queries
from certification.filings.models import EvaluationOrganization
from certification.rules.certificate_states import CertificateState, advance
from certification.rules.numbering import Fault
from foundation.audit.chain import record
from foundation.clock import new_id
from foundation.db import transaction
from foundation.encryption.personal import Personal
from foundation.files.actions import note_file, put_bytes
from foundation.permission import Actor
from foundation.refusal import Conflict, Missing, Refusal
from foundation.spreadsheets.writing import MEDIA_TYPE

_P = CertificatePermission


def make_report(
    ids: Sequence[UUID], issue_day: date, *, actor: Actor, at: datetime, repeats: UUID | None = None
) -> Sequence[UUID]:
    """Put numbered certificates into uploads, one for each issuer, and keep their sheets. Returns the uploads.

    What is on its way already is left out. Raises Missing, Refusal report_nothing_waits.
    """
    rows = [row for row in register.chosen(actor, _P.REPORT, ids) if row.state == CertificateState.NUMBERED]
    taken = queries.on_the_way(row.id for row in rows) if repeats is None else frozenset()
    groups: dict[UUID, list[Certificate]] = {}
    for row in rows:
        if row.id not in taken:
            groups.setdefault(row.evaluation_organization_id, []).append(row)
    if not groups:
        raise Refusal("report_nothing_waits")
    return [_made(issuer, part, issue_day, repeats, actor=actor, at=at) for issuer, part in sorted(groups.items())]


def _made(
    issuer_id: UUID, rows: Sequence[Certificate], issue_day: date, repeats: UUID | None, *, actor: Actor, at: datetime
) -> UUID:  # fmt: skip
    rows = sorted(rows, key=lambda row: row.number or "")
    holders = register.holders(row.person_id for row in rows)
    more = queries.reported(row.person_id for row in rows)
    lines = [
        reporting_sheet.line(position, row, holders.get(row.person_id), more.get(row.person_id), issue_day)
        for position, row in enumerate(rows, start=1)
    ]
    put = put_bytes(reporting_sheet.sheet_of(lines))
    competitions, regions = {row.competition_id for row in rows}, {row.region_code for row in rows}
    with transaction() as writing:
        writing.execute(
            select(EvaluationOrganization.id).where(EvaluationOrganization.id == issuer_id).with_for_update()
        ).one()
        if repeats is None and queries.on_the_way(row.id for row in rows):
            raise Conflict("report_on_the_way")  # somebody was faster
        number = queries.last_number(issuer_id) + 1
        sheet = note_file(put, media_type=MEDIA_TYPE, name=f"report-{number}.xlsx", actor=actor, at=at)
        writing.flush()
        report = CertificateReport(
            id=new_id(), evaluation_organization_id=issuer_id, number=number, size=len(rows), issue_day=issue_day,
            competition_id=next(iter(competitions)) if len(competitions) == 1 else None,
            region_code=next(iter(regions)) if len(regions) == 1 else "", sheet_id=sheet, repeats_id=repeats,
            made_by=actor.person, made_at=at,
        )  # fmt: skip
        writing.add(report)
        writing.flush()
        writing.execute(
            insert(CertificateReportItem),
            [
                {"report_id": report.id, "position": position, "certificate_id": row.id, "state": "sent"}
                for position, row in enumerate(rows, start=1)
            ],
        )
        record(
            actor, "certificate_report:made", "certificate_report", report.id, at=at, size=len(rows), sheet=put.sha256
        )
        return report.id


def note_receipt(
    report_id: UUID, reference: str, data: bytes | None, *, actor: Actor, at: datetime
) -> tuple[dict[str, int], Sequence[RowFault]]:
    """Take in what the authority answered: with a file person by person, without one all of them are accepted.

    Accepted certificates become reported under the receipt's number; refused ones stay numbered with the authority's words.
    A row of nobody in this upload stores nothing and is named. Returns counts and what is wrong with the file. Raises Missing,
    Refusal report_reference_missing, report_answered, receipt_*, spreadsheet_*.
    """
    receipt = reference.strip()[:80]
    if not receipt:
        raise Refusal("report_reference_missing", field="reference")
    waiting = queries.items(report_id, "sent")
    if not waiting:
        raise Refusal("report_answered")
    answers, faults = _matched(waiting, data) if data is not None else ({item.position: "" for item in waiting}, [])
    if faults:
        return {"accepted": 0, "rejected": 0, "sent": len(waiting)}, faults
    put = put_bytes(data) if data is not None else None
    with transaction() as writing:
        report = writing.get(CertificateReport, report_id, with_for_update=True)
        if report is None:
            raise Missing
        kept = {item.position for item in queries.items(report_id, "sent")}
        if put is not None:
            kept_file = note_file(put, media_type=MEDIA_TYPE, name="receipt.xlsx", actor=actor, at=at)
            writing.flush()
            report.receipt_id = kept_file
        report.reference, report.answered_at = receipt, at
        accepted = [item for item in waiting if item.position in kept and answers.get(item.position) == ""]
        for row in locked(writing, [item.certificate_id for item in accepted]):
            if row.state == CertificateState.NUMBERED:
                row.state = advance(row.state, "report")
                row.reported_at, row.report_reference = at, receipt
                record(actor, "certificate:reported", "certificate", row.id, at=at)
        _note(report_id, [item.position for item in accepted], "accepted", "")
        rejected = [item for item in waiting if item.position in kept and answers.get(item.position)]
        for item in rejected:
            _note(report_id, [item.position], "rejected", answers[item.position])
        writing.flush()
        counts = {
            "accepted": len(accepted),
            "rejected": len(rejected),
            "sent": len(kept) - len(accepted) - len(rejected),
        }
        record(
            actor, "certificate_report:answered", "certificate_report", report_id, at=at, accepted=counts["accepted"],
            rejected=counts["rejected"],
        )  # fmt: skip
        return counts, ()


def _matched(
    waiting: Sequence[CertificateReportItem], data: bytes
) -> tuple[dict[int, str], list[RowFault]]:  # position → why refused, empty: accepted
    by_number = {item.certificate.number: item.position for item in waiting}
    papers = {item.certificate_id: register.printed_values(item.certificate) for item in waiting}
    by_paper = reporting_sheet.document_of(papers)
    positions = {item.certificate_id: item.position for item in waiting}
    answers: dict[int, str] = {}
    faults: list[RowFault] = []
    for one in reporting_sheet.read_receipt(data):
        owner = by_paper.get(one.document)
        position = by_number.get(one.number) or (positions[owner] if owner is not None else None)
        if position is None:
            faults.append(RowFault(one.row, Fault("receipt_row_unknown", {"number": one.number or "—"})))
        elif position in answers:
            faults.append(RowFault(one.row, Fault("receipt_row_twice", {"number": one.number or "—"})))
        else:
            answers[position] = "" if one.accepted else (one.reason or "—")
    if not answers and not faults:
        raise Refusal("receipt_empty", field="file")
    return answers, faults


def _note(report_id: UUID, positions: Sequence[int], state: str, error: str | None) -> None:
    said = {} if error is None else {"error": Personal(error, keep=0) if error else None}
    with transaction() as writing:
        writing.execute(
            update(CertificateReportItem)
            .where(CertificateReportItem.report_id == report_id, CertificateReportItem.position.in_(positions))
            .values(state=state, **said)
        )


def send_again(report_id: UUID, issue_day: date, *, actor: Actor, at: datetime) -> UUID:
    """Put the refused ones of an upload into a new one, with their data as they are now. Raises Missing, Refusal report_nothing_waits."""
    queries.report(report_id)
    refused = queries.items(report_id, "rejected")
    if not refused:
        raise Refusal("report_nothing_waits")
    with transaction():
        (made,) = make_report(
            [item.certificate_id for item in refused], issue_day, actor=actor, at=at, repeats=report_id
        )
        _note(report_id, [item.position for item in refused], "repeated", None)
        return made
