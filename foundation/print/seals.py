"""Electronic seals (电子印章): a service of the issuer's seal authority puts them on; none is used until an address is set.

The service is a door and no more: it is sent one PDF and answers with the sealed one. What it answers is looked at before it is
kept: a PDF of the same pages with the same text. A sealed file carries the service's own signature; ours would break it and is
left out.
"""

from __future__ import annotations

import io
import urllib.error
import urllib.request
from typing import Protocol
from urllib.parse import quote

import pypdfium2

from foundation.refusal import Refusal

TIMEOUT_SECONDS = 30
MOST_ADDED_BYTES = 4_000_000
PDF = "application/pdf"


class SealService(Protocol):
    """What puts an electronic seal on a PDF."""

    def sealed(self, pdf: bytes, *, owner: str) -> bytes:
        """The sealed PDF of the owner of the seal. Raises OSError when it does not answer."""


class HttpSealService:
    """`POST` of the PDF with the owner's name (percent-encoded) in `X-Seal-Owner`; the answer is the sealed PDF."""

    def __init__(self, url: str, token: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise ValueError("the seal service needs an http or https address")
        self._url, self._token = url, token
        self._opener = urllib.request.build_opener(_NoRedirect())

    def sealed(self, pdf: bytes, *, owner: str) -> bytes:
        """Raises OSError when it does not answer, or answers anything but 200."""
        heads = {"Content-Type": PDF, "Accept": PDF, "X-Seal-Owner": quote(owner)}
        if self._token:
            heads["Authorization"] = f"Bearer {self._token}"
        asked = urllib.request.Request(self._url, data=pdf, headers=heads, method="POST")  # noqa: S310 - http or https, see above
        with self._opener.open(asked, timeout=TIMEOUT_SECONDS) as answer:
            if answer.status != 200:
                raise OSError(f"the seal service answered {answer.status}")
            return bytes(answer.read(len(pdf) + MOST_ADDED_BYTES + 1))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> None:
        return None


_installed: list[SealService] = []


def install(service: SealService | None) -> None:
    """Make a service this process's; None: there is none."""
    _installed[:] = [service] if service is not None else []


def available() -> bool:
    """Is there a seal service?"""
    return bool(_installed)


def seal(pdf: bytes, *, owner: str) -> bytes:
    """The PDF with the electronic seal of `owner`. Raises Refusal seal_service_off, seal_service_failed, seal_answer_wrong."""
    if not _installed:
        raise Refusal("seal_service_off")
    try:
        answer = _installed[0].sealed(pdf, owner=owner)
    except (OSError, urllib.error.URLError) as gone:
        raise Refusal("seal_service_failed", reason=str(gone)[:120]) from gone
    if len(answer) > len(pdf) + MOST_ADDED_BYTES or not answer.startswith(b"%PDF-") or _said(answer) != _said(pdf):
        raise Refusal("seal_answer_wrong")
    return answer


def _said(pdf: bytes) -> list[str]:
    """The text of every page, without white space: what a seal may not change."""
    try:
        document = pypdfium2.PdfDocument(io.BytesIO(pdf))
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]
    except pypdfium2.PdfiumError:
        return []
