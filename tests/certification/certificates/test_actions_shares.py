"""Links holders give away: theirs alone, to their day, until withdrawn."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from certification.certificates.actions.shares import MOST, share_certificate, withdraw_share
from certification.certificates.queries.shares import shared, shares_of
from foundation.db import session
from foundation.permission import Actor
from foundation.refusal import Missing, Refusal
from tests.factories import certification as factory
from tests.factories.accounts import make_person


def test_a_link_works_to_its_day_or_until_it_is_withdrawn(app: Flask, at: datetime) -> None:
    person = factory.make_holder()
    key = factory.make_issued(factory.make_issuer(), person)
    holder, stranger = Actor(person), Actor(make_person())
    with pytest.raises(Missing):
        share_certificate(key, note="", days=7, actor=stranger, at=at)
    made = share_certificate(key, note="给人事处", days=7, actor=holder, at=at)
    open_end = share_certificate(key, note="", days=0, actor=holder, at=at)
    session().rollback()
    links = {one.id: one.token.revealed() for one in shares_of(key)}
    assert len(set(links.values())) == 2

    def works(share: object, when: datetime) -> bool:
        found = shared(links[share], when)  # type: ignore[index]
        return found is not None and found.id == key

    later = at + timedelta(days=8)
    assert [works(made, at), works(made, at + timedelta(days=7)), works(made, later)] == [True, True, False]
    assert works(open_end, at + timedelta(days=4000))
    with pytest.raises(Missing):
        withdraw_share(key, open_end, actor=stranger, at=at)
    withdraw_share(key, open_end, actor=holder, at=at)
    withdraw_share(key, open_end, actor=holder, at=at)
    session().rollback()
    assert not works(open_end, at)
    other = factory.make_issued(factory.make_issuer(), factory.make_holder("周一"))
    with pytest.raises(Missing):
        withdraw_share(other, made, actor=holder, at=at)


def test_what_is_not_in_force_is_not_shared_and_links_have_a_limit(app: Flask, at: datetime) -> None:
    person = factory.make_holder()
    key = factory.make_issued(factory.make_issuer(), person)
    holder = Actor(person)
    for _ in range(MOST):
        share_certificate(key, note="", days=7, actor=holder, at=at)
    with pytest.raises(Refusal, match="share_too_many"):
        share_certificate(key, note="", days=7, actor=holder, at=at)
    factory.change(key, "revoke")
    with pytest.raises(Refusal, match="share_not_in_force"):
        share_certificate(key, note="", days=7, actor=holder, at=at)
