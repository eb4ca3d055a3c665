"""From the bytes somebody sent to a checked draft, and back to the same workbook with what is wrong written beside the rows."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Font, PatternFill

from competitions.rules.scheme import ERROR, NOWHERE, Finding, Place, SchemeDraft, check_scheme
from competitions.schemes import chinese_template, cis
from competitions.schemes.headings import Notes, Reading
from foundation.spreadsheets.reading import read_workbook
from foundation.spreadsheets.writing import put

FINDINGS_SHEET = "问题清单 Findings"
_RED, _AMBER = PatternFill("solid", fgColor="FBEAE8"), PatternFill("solid", fgColor="FFF5DD")


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft and all findings about it."""

    draft: SchemeDraft
    findings: tuple[Finding, ...]
    layout: str

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What stops the import."""
        return tuple(finding for finding in self.findings if finding.is_error)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is worth a look."""
        return tuple(finding for finding in self.findings if not finding.is_error)


def checked_workbook(data: bytes) -> Checked:
    """Read a workbook in either layout and check it whole. Raises what `read_workbook` raises."""
    sheets = read_workbook(data)
    if chinese_template.is_template(sheets):
        reading, layout = chinese_template.read(sheets), "template"
    elif cis.is_cis(sheets):
        reading, layout = cis.read(sheets), "cis"
    else:
        notes = Notes()
        place = Place(sheets[0].title, 1) if sheets else NOWHERE
        found = "、".join(sheet.title for sheet in sheets)[:100]
        notes.error("layout_unknown", place, found=found)
        return Checked(SchemeDraft("", ()), tuple(notes.found), "")
    findings = (*reading.findings, *_without_echo(reading))
    ordered = sorted(findings, key=lambda finding: finding.severity != ERROR)
    return Checked(reading.draft, tuple(ordered), layout)


def _without_echo(reading: Reading) -> list[Finding]:
    """The findings of the check, less those that only repeat on a cell what reading already said of it."""
    said = {finding.place for finding in reading.findings if finding.is_error and finding.place.cell}
    return [finding for finding in check_scheme(reading.draft) if finding.place not in said]


def annotated(data: bytes, findings: Sequence[Finding], say: Callable[[Finding], str]) -> bytes:
    """The workbook as it came, with every finding beside its row, its cell coloured, and a first sheet that lists them all."""
    book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    beside: dict[str, int] = {}
    for finding in findings:
        place = finding.place
        if place.sheet not in book.sheetnames or not place.row:
            continue
        sheet = book[place.sheet]
        if place.sheet not in beside:
            beside[place.sheet] = 1 + max(
                (cell.column for row in sheet.iter_rows() for cell in row if cell.value not in (None, "")), default=0
            )
        target = sheet.cell(place.row, beside[place.sheet])
        if isinstance(target, MergedCell):
            continue
        before = f"{target.value}\n" if target.value else ""
        put(target, before + say(finding))
        target.font, target.alignment = Font(color="A8281F", bold=True), Alignment(wrap_text=False)
        if place.cell and not isinstance(sheet[place.cell], MergedCell):
            sheet[place.cell].fill = _RED if finding.is_error else _AMBER
    listing = book.create_sheet(FINDINGS_SHEET, 0)
    for number, finding in enumerate(findings, start=1):
        row = (finding.place.sheet, str(finding.place.row or ""), finding.place.cell, say(finding))
        for column, text in enumerate(row, start=1):
            put(listing.cell(number, column), text)
    for letter, width in (("A", 28), ("B", 8), ("C", 10), ("D", 110)):
        listing.column_dimensions[letter].width = width
    book.active = 0
    answer = io.BytesIO()
    book.save(answer)
    return answer.getvalue()
