"""Pages of competitions: the board, events, rules, staff, and what the public sees."""

from competitions.programme.views import competitions, events, public_pages, rules, staff
from competitions.programme.views.blueprint import blueprint

__all__ = ["blueprint", "competitions", "events", "public_pages", "rules", "staff"]
