"""SMS by a gateway that takes JSON over HTTP. Off unless SMS_URL is set; nothing in Laurel depends on it.

What a gateway sees: `POST SMS_URL` with `Authorization: Bearer SMS_TOKEN` and `{"id", "phone", "sign", "text"}`. `id` is the
message's own: a gateway that saw it before must not send again. Any 2xx means "handed over". Chinese providers ask for a filed
signature (签名) and templates (模板): the gateway between Laurel and the provider maps `sign` and `text` to them.
"""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from urllib.parse import urlsplit


class SmsFailed(Exception):
    """The gateway did not take the message. Says the reason and nothing of the person."""


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """Where SMS go out. `url` is http(s)://…; empty means off."""

    url: str
    token: str = ""
    sign: str = ""

    def send(self, key: str, to: str, text: str) -> None:
        """Hand one message to the gateway. Raises SmsFailed; the job tries again."""
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise SmsFailed("SMS_URL is no http address")
        body = json.dumps({"id": key, "phone": to, "sign": self.sign, "text": text}, ensure_ascii=False).encode()
        asked = urllib.request.Request(  # noqa: S310 - the scheme was looked at
            self.url, data=body, method="POST",
            headers={"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {self.token}"},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310  # nosec B310
                status = answer.status
        except OSError as wrong:  # the error's own words may carry the request
            raise SmsFailed(type(wrong).__name__) from None
        if not 200 <= status < 300:
            raise SmsFailed(str(status))


_installed: list[SmsGateway] = [SmsGateway("")]


def install(gateway: SmsGateway) -> None:
    """Make `gateway` this process's way out."""
    _installed[:] = [gateway]


def switched_on() -> bool:
    """Is a gateway configured?"""
    return bool(_installed[0].url)


def gateway() -> SmsGateway:
    """This process's way out."""
    return _installed[0]
