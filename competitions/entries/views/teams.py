"""The page on which a person or a team is entered: one for organizers and leaders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import render_template
from werkzeug.wrappers import Response

from competitions.entries.forms import EntryForm, MemberForm
from competitions.entries.member_facts import MemberFacts
from competitions.entries.models.entries import Delegation
from competitions.entries.queries import deadlines
from competitions.entries.views.room import named
from competitions.programme.models import Event
from foundation.clock import now
from foundation.refusal import Refusal
from foundation.web import navigation
from foundation.web.forms import refusals_on


def entering_page(
    event: Event, store: Callable[[EntryForm, Sequence[MemberFacts]], Response], *, delegation: Delegation | None = None
) -> Response | tuple[str, int]:
    """Show the form, or check every member and hand them to `store`, which answers where to go on.

    Every form is validated, so that all errors are shown at once. A leader declares and never verifies (ADR 30).
    """
    form = EntryForm()
    form.offer(event)
    members = [MemberForm(prefix=f"m{number}-", meta={"csrf": False}) for number in range(1, event.team_size + 1)]
    for member in members:
        member.offer_choices()
    if form.is_submitted() and all([form.validate(), *(member.validate() for member in members)]):
        facts = []
        for member in members:
            with refusals_on(member):
                said = member.facts() if delegation is None else replace(member.facts(), held_basis="declared")
                facts.append(said.checked())
        if len(facts) == len(members):
            with refusals_on(members[0]):
                try:
                    return store(form, facts)
                except (
                    Refusal
                ) as refusal:  # what belongs to the entry stands at its field, the rest with the first member
                    if refusal.field not in form:
                        raise
                    form.refuse(refusal)
    nav = "entries.entries" if delegation is None else "delegations.delegations"
    navigation.enter(nav=nav, competition_id=event.competition_id)
    page = render_template(
        "competitions/entries/enter.html", form=form, members=members, event=event, entry=None, delegation=delegation, named=named,
        late=delegation is None and deadlines.is_late(event.competition, now()),
    )  # fmt: skip
    return page, 422 if form.is_submitted() else 200
