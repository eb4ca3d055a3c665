"""Role × route, the whole table: nobody reaches what their role does not grant, on their own scope or another's."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.access.roles import Role, permissions_of
from foundation.clock import new_id
from foundation.permission import PLATFORM, SIGNED_IN, Scope, ScopeKind, requirement_of
from foundation.web.access import assert_declared
from tests.architecture.world import World, build_world

SCOPED = frozenset(Role) - {Role.CANDIDATE}


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, rule) of every route that is not public."""
    found = []
    for rule in app.url_map.iter_rules():
        asked = requirement_of(app.view_functions[rule.endpoint])
        if asked is not None and not asked.public:
            found += [
                (rule.endpoint, method, rule.rule) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            ]
    return found


def address(app: Flask, endpoint: str, world: World) -> str:
    """The route's address for the objects of `world`; what the world lacks is a random id."""
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    values: dict[str, object] = {name: world.ids.get(name, new_id()) for name in rule.arguments}
    for name, converter in rule._converters.items():
        kind = type(converter).__name__
        if kind == "AnyConverter":
            values[name] = min(converter.items)  # type: ignore[attr-defined]
        elif kind != "UUIDConverter" and isinstance(values[name], UUID):
            values[name] = "1" if "Integer" in kind else "x"
    with app.test_request_context():
        from flask import url_for

        return url_for(endpoint, **values)


def test_no_route_is_undeclared(app: Flask) -> None:
    assert_declared(app)


def test_a_planted_route_without_declaration_is_found() -> None:
    planted = Flask("planted")
    planted.add_url_rule("/planted", "planted", lambda: "leak")
    with pytest.raises(RuntimeError, match="planted"):
        assert_declared(planted)


def test_the_public_reaches_no_protected_route(app: Flask, client: FlaskClient) -> None:
    world = build_world()
    leaks = []
    for endpoint, method, rule in routes(app):
        status = client.open(address(app, endpoint, world), method=method).status_code
        if status not in (302, 401, 403, 404):
            leaks.append((rule, method, status))
    assert leaks == []


@pytest.mark.parametrize("role", sorted(SCOPED))
def test_a_role_reaches_what_it_grants_here_and_nothing_elsewhere(
    app: Flask, signed_in: Callable[..., FlaskClient], role: Role
) -> None:
    mine, other = build_world(), build_world(region="370000")
    client = signed_in(role, Scope(ScopeKind.COMPETITION, str(mine.ids["competition_id"])))
    leaks, locked = [], []
    for endpoint, method, rule in routes(app):
        asked = requirement_of(app.view_functions[endpoint])
        assert asked is not None
        if asked.permission == SIGNED_IN:
            continue
        granted = asked.permission in permissions_of(role)
        if asked.of:
            status = client.open(address(app, endpoint, other), method=method).status_code
            if status != 404:
                leaks.append((rule, method, "other scope", status))
        if not granted:
            status = client.open(address(app, endpoint, mine), method=method).status_code
            if status != (404 if asked.of else 403):
                leaks.append((rule, method, "not granted", status))
        elif method == "GET" and asked.of in mine.ids:
            status = client.get(address(app, endpoint, mine)).status_code
            if status not in (200, 302, 404, 409, 422):
                locked.append((rule, status))
    assert (leaks, locked) == ([], [])


def test_a_missing_check_would_be_found(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    """The harness turns red on a planted hole: a route whose declaration was taken away from its scope."""
    other = build_world(region="370000")
    client = signed_in(Role.ORGANIZER, Scope(ScopeKind.REGION, "32"))
    view = app.view_functions["programme.competition"]
    declared = view.requirement  # type: ignore[attr-defined]
    try:
        view.requirement = type(declared)(declared.permission, "")  # type: ignore[attr-defined]
        assert client.get(address(app, "programme.competition", other)).status_code == 200
    finally:
        view.requirement = declared  # type: ignore[attr-defined]
    assert client.get(address(app, "programme.competition", other)).status_code == 404


def test_platform_is_the_widest_scope(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    world = build_world()
    assert signed_in(Role.ORGANIZER, PLATFORM).get(address(app, "programme.competition", world)).status_code == 200
