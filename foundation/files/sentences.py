"""What this room says."""

from foundation.translation import N_

SENTENCES = {
    "file_missing": N_("This file is not here."),
    "scan_kind": N_("The scan must be a PDF, JPEG or PNG file."),
    "photo_not_readable": N_("This file is not a readable photo. A JPEG, PNG or WebP picture is needed."),
    "photo_too_many_pixels": N_("The photo has more than %(limit)s million pixels. Send a smaller one."),
    "photo_too_small": N_(
        "The photo is %(width)s × %(height)s pixels; at least %(least_width)s × %(least_height)s are needed to print it."
    ),
}
