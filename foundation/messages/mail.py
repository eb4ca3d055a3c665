"""Mail by SMTP. Off unless SMTP_URL is set; nothing in Laurel depends on it."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail goes out. `url` is smtp://user:password@host:port or smtps://…; empty means off."""

    url: str
    sender: str

    def send(self, to: str, subject: str, body: str) -> None:
        """Hand one mail to the server. Raises smtplib.SMTPException or OSError; the job tries again."""
        parts = urlsplit(self.url)
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, to, subject
        message.set_content(body)
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        with kind(parts.hostname or "localhost", parts.port or 0, timeout=20) as connection:
            if parts.username:
                if parts.scheme == "smtp":
                    connection.starttls()
                connection.login(unquote(parts.username), unquote(parts.password or ""))
            connection.send_message(message)


_installed: list[MailServer] = [MailServer("", "")]


def install(server: MailServer) -> None:
    """Make `server` this process's way out."""
    _installed[:] = [server]


def switched_on() -> bool:
    """Is mail configured?"""
    return bool(_installed[0].url)


def server() -> MailServer:
    """This process's way out."""
    return _installed[0]
