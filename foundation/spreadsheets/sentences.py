"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "spreadsheet_wrong_type": N_("This is not an Excel workbook (.xlsx). Save it as .xlsx and send it again."),
    "spreadsheet_old_type": N_(
        "This is an old Excel file (.xls) or a protected one. Save it as .xlsx without a password."
    ),
    "spreadsheet_broken": N_(
        "This workbook cannot be read; it seems damaged. Open it in Excel, save it anew and send it again."
    ),
    "spreadsheet_too_large": N_("This workbook is too large: at most %(limit)s MB are read."),
    "spreadsheet_too_many_rows": N_("Sheet “%(sheet)s” has more than %(limit)s rows. Split it and send the parts."),
}
