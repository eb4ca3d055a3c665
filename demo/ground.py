"""The demo: an invented provincial competition under an invented policy, built through the real actions, by stage and seed.

Everything a visitor may doubt is invented and says so: the province, the bodies, the policy, the people. The awkward cases are
there on purpose: absent, late and stopped entries, a tie at places 5 and 6, a barred title holder, one who holds 技师, one with a
certificate of another occupation, one promoted this year already, one who failed theory, a minor, two of the same name, a rare
character.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime

from accounts.sign_in import queries as accounts
from demo import certifying, marking, publishing, registration
from demo.scene import PASSWORD, SIGN_INS, Scene
from foundation.clock import arranged

STAGES = ("registration", "marking", "published", "certified")
START = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)


def build(*, stage: str, seed: int, if_empty: bool) -> Scene | None:
    """Build the demo up to `stage` and answer what it holds; with `if_empty` only into an installation without accounts, else None."""
    if if_empty and accounts.any_account():
        return None
    reached = STAGES.index(stage)
    with arranged(START, seed):
        scene = Scene(rng=random.Random(seed))  # nosec B311
        registration.play(scene)
        if reached >= STAGES.index("marking"):
            marking.play(scene, finish=reached > STAGES.index("marking"))
        if reached >= STAGES.index("published"):
            publishing.play(scene)
        if reached >= STAGES.index("certified"):
            certifying.play(scene)
    return scene


def sign_ins() -> str:
    """The demo's sign-ins as text."""
    rows = "\n".join(f"    {login:12} {PASSWORD}   {what}" for login, _name, what in SIGN_INS)
    return f"\n  Demo sign-ins (invented people, invented competition):\n{rows}\n    judges sign in at /judge with card and PIN: the organizer prints them"
