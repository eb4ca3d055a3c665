"""Reading QR and bar codes from a photographed picture."""

from __future__ import annotations

import zxingcpp

from foundation.files.pictures import decoded


def codes_in(data: bytes) -> list[str]:
    """The texts of the codes in a picture, largest first. Raises Refusal photo_not_readable, photo_too_many_pixels."""
    found = zxingcpp.read_barcodes(decoded(data))

    def width(code: zxingcpp.Barcode) -> int:
        return abs(code.position.top_right.x - code.position.top_left.x)

    return [code.text for code in sorted(found, key=width, reverse=True)]
