"""Documents that are made from the code: `python -m tests.architecture.documents` writes them, a test compares them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask

import config
from accounts.access.roles import Role, permissions_of
from app import create_app
from certification.rules import certificate_states
from certification.rules import lifecycle as awards
from competitions.rules import lifecycle
from foundation.permission import SIGNED_IN, requirement_of

ROOT = Path(__file__).resolve().parents[2]


def settings_page(_app: Flask) -> str:
    """docs/settings.md."""
    rows = "\n".join(f"| `{s.name}` | `{s.default or '—'}` | {s.help} |" for s in config.SETTINGS)
    return (
        f"# Settings\n\nRead from the environment.\n\n| name | default | what it does |\n| --- | --- | --- |\n{rows}\n"
    )


def permissions_page(app: Flask) -> str:
    """docs/permissions.md: the whole URL map with what each route asks for and which roles grant it."""
    lines = ["# Permissions", "", "Every route, what it asks for, and the roles that grant it on a scope of the object.", "",
             "| route | methods | permission | of | roles |", "| --- | --- | --- | --- | --- |"]  # fmt: skip
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        asked = requirement_of(app.view_functions[rule.endpoint])
        assert asked is not None
        methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        if asked.public:
            roles = "everybody"
        elif asked.permission == SIGNED_IN:
            roles = "everybody signed in"
        else:
            roles = ", ".join(role.value for role in Role if asked.permission in permissions_of(role)) or "nobody"
        lines.append(f"| `{rule.rule}` | {methods} | `{asked.permission or 'public'}` | {asked.of or '—'} | {roles} |")
    return "\n".join(lines) + "\n"


def lifecycles_page(_app: Flask) -> str:
    """docs/lifecycles.md: the state machines as diagrams."""
    parts = ["# Lifecycles", "", "Drawn from the tables in `competitions/rules/` and `certification/rules/`.", ""]
    for table in (*lifecycle.LIFECYCLES, *awards.COURSES, *certificate_states.COURSES):
        parts += [f"## {table.noun}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {table.start}"]
        parts += [f"    {state} --> {after}: {move}" for (state, move), after in table.moves.items()]
        parts += ["```", ""]
    return "\n".join(parts)


PAGES = {"settings.md": settings_page, "permissions.md": permissions_page, "lifecycles.md": lifecycles_page}

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        whole = create_app({"LAUREL_DATA": folder, "TESTING": "yes"})
        for name, make in PAGES.items():
            (ROOT / "docs" / name).write_text(make(whole), encoding="utf-8")
