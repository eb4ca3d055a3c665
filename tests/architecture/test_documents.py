"""Documents that stay true."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.architecture.documents import PAGES, ROOT


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_what_the_code_does(app: Flask, name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name](app), "run: make documents"


def test_every_role_and_package_stands_in_the_glossary_and_map() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    from accounts.access.roles import Role

    assert [role.value for role in Role if f"`{role.value}`" not in glossary] == []
