"""Publishing below nominates above; the leader confirms; a substitute moves up; corrections and rings."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.access.roles import Role
from accounts.people.identity import identity_index
from accounts.people.models import IdentityDocument
from catalogue.rules.identity_numbers import check_character
from competitions.advancement import actions, queries
from competitions.advancement.models import Nomination
from competitions.entries.models.entries import Delegation, Entry, EntryMember
from competitions.programme.models import Competition, Division, Event
from competitions.publications import actions as publishing
from foundation.clock import now
from foundation.db import session, transaction
from foundation.permission import Actor, Scope, ScopeKind
from foundation.refusal import Conflict, Missing, Refusal
from tests.conftest import AT
from tests.factories import rows
from tests.factories.competitions import make_competition
from tests.factories.results import AFTER_NOTICE, Ready, change_theory, decided, make_ready, signed_run

HEAD = Actor(None)


def above(tier: str = "national", name: str = "全国技能大赛") -> tuple[UUID, UUID, UUID]:
    """An open competition of a higher tier with the same event: (competition, event, division)."""
    competition = make_competition(tier=tier, name_zh=name)
    event = rows.make_event(competition)
    with transaction() as writing:
        writing.get_one(Competition, competition).state = "registration_open"
        division = writing.scalars(select(Division.id).where(Division.event_id == event)).one()
    return competition, event, division


def with_papers(ready: Ready) -> Ready:
    """Everybody's identity document is settled."""
    with transaction() as writing:
        for n, entry in enumerate(ready.entries.values()):
            first = f"3201021990050110{n}"
            number = first + check_character(first)
            person = writing.scalars(select(EntryMember.person_id).where(EntryMember.entry_id == entry)).one()
            writing.add(
                IdentityDocument(
                    person_id=person, kind="resident_identity_card", number=number, created_at=AT,
                    number_index=identity_index("resident_identity_card", number),
                )
            )  # fmt: skip
    return ready


def link(ready: Ready, event: UUID, division: UUID, **choice: object) -> UUID:
    return actions.link_events(
        event, ready.event_id, source_division_id=ready.division_id, target_division_id=division, delegation="江州省代表队",
        choice=choice, actor=ready.organizer, at=AT,
    )  # fmt: skip


def states(link_id: UUID, ready: Ready) -> dict[str, str]:
    session().expire_all()
    names = {key: name for name, key in ready.entries.items()}
    found = session().scalars(select(Nomination).where(Nomination.link_id == link_id).order_by(Nomination.position))
    return {names[one.source_entry_id]: one.state for one in found}


def nomination(link_id: UUID, ready: Ready, name: str) -> UUID:
    wanted = select(Nomination.id).where(
        Nomination.link_id == link_id, Nomination.source_entry_id == ready.entries[name]
    )
    return session().scalars(wanted).one()


def test_decided_results_nominate_and_only_they(app: Flask) -> None:
    """李梅 1, 王强 and 张伟 2, 赵刚 4, who failed theory."""
    ready = make_ready()
    _competition, event, division = above()
    key = link(ready, event, division, top=1, substitutes=2, must_pass=["theory"])
    run = signed_run(ready)
    publishing.propose_results(run, actor=ready.organizer, at=now())
    assert states(key, ready) == {}
    publishing.decide_results(
        run,
        document_number="江人社函〔2026〕66号",
        document_date=AFTER_NOTICE.date(),
        actor=ready.organizer,
        at=AFTER_NOTICE,
    )
    found = states(key, ready)
    assert found.pop("李梅") == "nominated"
    assert found == {"王强": "waiting", "张伟": "waiting"}
    publication = queries.decided(session().get_one(Nomination, nomination(key, ready, "李梅")).link)
    assert publication is not None
    assert actions.nominate_from(publication.id, actor=HEAD, at=AT) == 0  # again: nothing new


def test_a_link_to_what_is_decided_nominates_at_once_and_confirming_enters_above(app: Flask) -> None:
    ready = with_papers(make_ready())
    decided(ready)
    competition, event, division = above()
    key = link(ready, event, division, top=3)
    assert states(key, ready) == {"李梅": "nominated", "王强": "nominated", "张伟": "nominated"}
    first = nomination(key, ready, "李梅")
    entry = actions.confirm_nomination(first, actor=ready.organizer, at=AT)
    assert actions.confirm_nomination(first, actor=ready.organizer, at=AT) == entry
    made = session().get_one(Entry, entry)
    body = session().get_one(Delegation, made.delegation_id)
    below = session().scalars(select(EntryMember).where(EntryMember.entry_id == ready.entries["李梅"])).one()
    [member] = made.members
    assert (made.competition_id, made.event_id, made.state, made.origin, body.name) == (
        competition, event, "submitted", "nomination", "江州省代表队",
    )  # fmt: skip
    assert (member.person_id, member.unit_name) == (
        below.person_id,
        below.unit_name,
    )  # the same person, not a second one
    assert session().scalars(select(Entry.id).where(Entry.event_id == event)).all() == [entry]


def test_who_gives_the_seat_up_is_followed_by_the_substitute(app: Flask) -> None:
    ready = make_ready()
    decided(ready)
    _competition, event, division = above()
    key = link(ready, event, division, top=1, substitutes=2)
    with pytest.raises(Refusal, match="reason_missing"):
        actions.decline_nomination(nomination(key, ready, "李梅"), " ", actor=ready.organizer, at=AT)
    moved = actions.decline_nomination(nomination(key, ready, "李梅"), "出国", actor=ready.organizer, at=AT)
    assert moved is not None
    found = states(key, ready)
    assert (found["李梅"], sorted((found["王强"], found["张伟"]))) == ("declined", ["nominated", "waiting"])
    for state in ("nominated", "waiting"):
        name = next(name for name in ("王强", "张伟") if states(key, ready)[name] in ("nominated", state))
        actions.decline_nomination(nomination(key, ready, name), "生病", actor=ready.organizer, at=AT)
    assert set(states(key, ready).values()) == {"declined"}
    with pytest.raises(Conflict, match="move_not_allowed"):
        actions.confirm_nomination(nomination(key, ready, "李梅"), actor=ready.organizer, at=AT)


def test_a_correction_below_moves_the_nominations_and_leaves_the_confirmed(app: Flask) -> None:
    ready = make_ready()
    decided(ready)
    _competition, event, division = above()
    key = link(ready, event, division, top=2, edge="exclude_all")
    assert states(key, ready) == {"李梅": "nominated"}
    change_theory(ready, "张伟", "85")
    run = signed_run(ready, reason="更正理论成绩")
    publishing.propose_results(run, reason="更正", actor=ready.organizer, at=now())
    publishing.decide_results(
        run, document_number="江人社函〔2026〕70号", document_date=AFTER_NOTICE.date(), reason="更正", actor=ready.organizer,
        at=AFTER_NOTICE,
    )  # fmt: skip
    assert states(key, ready) == {"李梅": "nominated", "张伟": "nominated"}


def test_rings_and_wrong_divisions_are_refused(app: Flask) -> None:
    ready = make_ready()
    _competition, event, division = above()
    key = link(ready, event, division, top=1)
    with pytest.raises(Conflict, match="link_exists"):
        link(ready, event, division, top=1)
    with pytest.raises(Refusal, match="link_ring"):
        actions.link_events(
            ready.event_id, event, source_division_id=division, target_division_id=ready.division_id, delegation="x", choice={},
            actor=ready.organizer, at=AT,
        )  # fmt: skip
    with pytest.raises(Refusal, match="link_division_wrong"):
        actions.link_events(
            event, ready.event_id, source_division_id=division, target_division_id=division, delegation="x", choice={},
            actor=ready.organizer, at=AT,
        )  # fmt: skip
    with pytest.raises(Refusal, match="choice_wrong"):
        link(ready, event, division, top="viele")
    actions.end_link(key, actor=ready.organizer, at=AT)
    assert queries.links_into(event) == []
    with pytest.raises(Missing):
        actions.end_link(key, actor=ready.organizer, at=AT)


def test_four_tiers_make_a_tree(app: Flask) -> None:
    shop, top = make_ready(), above()
    tiers = [above("municipal", "江州市职业技能大赛"), above("provincial", "江州省职业技能大赛"), top]
    link(shop, tiers[0][1], tiers[0][2], top=2)
    for (_below, event, division), (_above, target, target_division) in pairwise(tiers):
        actions.link_events(
            target, event, source_division_id=division, target_division_id=target_division, delegation="代表队", choice={"top": 1},
            actor=shop.organizer, at=AT,
        )  # fmt: skip
    found = queries.tree(top[1])
    chain = []
    while True:
        chain.append(session().get_one(Event, found.event.id).competition.name_zh)
        if not found.below:
            break
        [found] = found.below
    assert chain == ["全国技能大赛", "江州省职业技能大赛", "江州市职业技能大赛", "江州省第三届职业技能大赛"]


def test_the_pages_and_who_sees_them(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    ready = with_papers(make_ready())
    decided(ready)
    competition, event, division = above()
    organizer = signed_in(Role.ORGANIZER, Scope(ScopeKind.COMPETITION, str(competition)))
    address = f"/events/{event}/advancement"
    assert "全部竞赛" in organizer.get(address).text
    form = {
        "source": f"{ready.event_id}|{ready.division_id}", "target_division_id": str(division), "delegation": "江州省代表队", "top": "2",
        "substitutes": "1", "edge": "include_all",
    }  # fmt: skip
    wrong = organizer.post(address, data=form | {"top": "zwei"})
    assert (wrong.status_code, "top" in wrong.text, 'value="zwei"' in wrong.text) == (422, True, True)
    assert organizer.post(address, data=form).status_code == 302
    page = organizer.get(address).text
    assert "李梅" in page
    assert "全国技能大赛" in organizer.get(f"/events/{event}/tree").text
    body = session().scalars(select(Delegation.id).where(Delegation.competition_id == competition)).one()
    leader = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(body)))
    assert "李梅" in leader.get(f"/delegations/{body}/nominations").text
    assert leader.get(address).status_code in (403, 404)
    [key] = [one.id for one in queries.links_into(event)]
    assert leader.post(f"/advancement/nominations/{nomination(key, ready, '李梅')}/confirm").status_code == 302
    assert states(key, ready)["李梅"] == "confirmed"
    other = signed_in(Role.DELEGATION_LEADER, Scope(ScopeKind.DELEGATION, str(ready.event_id)))
    assert other.get(f"/delegations/{body}/nominations").status_code == 404
    assert other.post(f"/advancement/nominations/{nomination(key, ready, '王强')}/confirm").status_code == 404
