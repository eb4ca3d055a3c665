"""A paper as it is filed, such as a guardian's consent: a PDF, or a photo written anew."""

from __future__ import annotations

import io

from foundation.files.pictures import decoded
from foundation.refusal import Refusal


def checked_consent(data: bytes) -> tuple[bytes, str]:
    """(bytes to file, media type). Raises Refusal consent_file_kind."""
    return checked_paper(data, "consent_file_kind", field="consent")


def checked_paper(data: bytes, code: str, *, field: str) -> tuple[bytes, str]:
    """(bytes to file, media type). Decided by the content. Raises Refusal `code` on `field`."""
    if data.startswith(b"%PDF-"):
        return data, "application/pdf"
    try:
        picture = decoded(data)
    except Refusal as wrong:
        raise Refusal(code, field=field) from wrong
    target = io.BytesIO()
    picture.thumbnail((2400, 2400))
    picture.save(target, "JPEG", quality=85)
    return target.getvalue(), "image/jpeg"
