"""Limits on guessing and flooding, by person where one is known, else by address."""

from __future__ import annotations

from flask import g
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address


def sender_key() -> str:
    """Who a limit counts for: a hall behind one address must not lock out its judges."""
    actor = getattr(g, "actor", None)
    return str(actor.person) if actor is not None and actor.person else get_remote_address()


limiter = Limiter(key_func=sender_key, default_limits=[], headers_enabled=True)
