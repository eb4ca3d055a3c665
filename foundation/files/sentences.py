"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "file_missing": N_("This file is not here."),
    "scan_kind": N_("The scan must be a PDF, JPEG or PNG file."),
    "archive_not_readable": N_("This is not a readable ZIP archive. Pack the pictures anew as .zip and send it again."),
    "archive_locked": N_("This archive has a password. Pack it without one."),
    "archive_path": N_("The archive holds “%(path)s”, which leads out of it. Pack the pictures themselves."),
    "archive_too_many": N_("The archive holds more than %(limit)s files. Split it."),
    "archive_too_large": N_("Unpacked, the archive is larger than %(limit)s MB, or one of its files than %(each)s MB."),
    "photo_blurred": N_("The photo is out of focus."),
    "photo_ground_uneven": N_("The ground of the photo is not one plain colour."),
    "photo_ground_colour": N_("The ground of the photo has another colour than the rules say."),
    "photo_not_readable": N_("This file is not a readable photo. A JPEG, PNG or WebP picture is needed."),
    "photo_too_many_pixels": N_("The photo has more than %(limit)s million pixels. Send a smaller one."),
    "photo_too_small": N_(
        "The photo is %(width)s × %(height)s pixels; at least %(least_width)s × %(least_height)s are needed to print it."
    ),
}
