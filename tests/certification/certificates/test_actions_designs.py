"""Versions of designs never change, are known by what is in them, and certificates keep the one they were printed with."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from certification.certificates import drawing
from certification.certificates.actions import designs as actions
from certification.certificates.actions.designs import Given
from certification.certificates.models.designs import DesignVersion
from certification.certificates.queries import designs as queries
from certification.certificates.queries import register
from certification.rules import design_settings as rules
from foundation.db import session
from foundation.files.queries import file_bytes
from foundation.permission import Actor
from foundation.print import designs, packs
from foundation.refusal import Refusal
from tests.factories import certification as factory
from tests.factories.accounts import make_person


def picture(colour: str = "#b3261e") -> bytes:
    target = io.BytesIO()
    Image.new("RGBA", (300, 300), colour).save(target, "PNG")
    return target.getvalue()


def named() -> Actor:
    return Actor(make_person("方圆"))


def test_the_same_content_is_the_same_version_and_another_text_another(app: Flask, at: datetime) -> None:
    issuer, officer = factory.make_issuer(), named()
    first = actions.publish_version(issuer, "prize", "初版", pictures_allowed=False, actor=officer, at=at)
    assert actions.publish_version(issuer, "prize", "又一次", pictures_allowed=False, actor=officer, at=at) == first
    settings = actions.in_hand(issuer, "prize").settings
    changed = replace(settings, texts={**settings.texts, "title": "优胜证书"})
    actions.save_draft(issuer, "prize", Given(changed), actor=officer, at=at)
    assert queries.version_in_use(issuer, "prize") == queries.version(first)
    second = actions.publish_version(
        issuer, "prize", "优胜", pictures_allowed=False, actor=officer, at=at + timedelta(days=1)
    )
    assert queries.draft(issuer, "prize") is None
    rows = queries.versions_of(issuer, "prize")
    assert [(row.id, row.number, row.name, row.kind) for row in rows] == [
        (second, 2, "优胜", "prize"),
        (first, 1, "初版", "prize"),
    ]
    assert rows[0].hash != rows[1].hash
    assert [one.after for one in rules.differences(*(rules.settings_from(row.settings) for row in reversed(rows)))] == [
        "优胜证书"
    ]
    assert session().get_one(DesignVersion, first).settings["texts"]["title"] == "获奖证书"


def test_a_picture_needs_a_named_person_who_answers_for_it(app: Flask, at: datetime) -> None:
    issuer, officer = factory.make_issuer(), named()
    settings = replace(actions.in_hand(issuer, "grade").settings, seal="picture")
    with pytest.raises(Refusal, match="design_seal_picture_missing"):
        actions.save_draft(issuer, "grade", Given(settings), actor=officer, at=at)
    actions.save_draft(issuer, "grade", Given(settings, seal=picture()), actor=officer, at=at)
    with pytest.raises(Refusal, match="design_pictures_not_allowed"):
        actions.publish_version(issuer, "grade", "带章", pictures_allowed=False, actor=officer, at=at)
    with pytest.raises(Refusal, match="design_needs_person"):
        actions.publish_version(issuer, "grade", "带章", pictures_allowed=True, actor=Actor(None), at=at)
    row = queries.version(actions.publish_version(issuer, "grade", "带章", pictures_allowed=True, actor=officer, at=at))
    assert (row.pictures_allowed_by, row.settings["seal"]) == (officer.person, "picture")
    issued = register.certificate(factory.make_issued(issuer))
    assert issued.design_hash == row.hash
    with pytest.raises(Refusal, match="photo_not_readable") as refused:
        actions.save_draft(issuer, "grade", Given(settings, seal=b"<svg/>"), actor=officer, at=at)
    assert refused.value.field == "seal_picture"


def test_an_issued_certificate_keeps_its_version_and_bytes(app: Flask, at: datetime) -> None:
    issuer, officer = factory.make_issuer(), named()
    before = register.certificate(factory.make_issued(issuer))
    assert (before.design, before.design_hash) == ("grade", designs.design("grade").hash)
    made = actions.publish_version(issuer, "grade_zh", "只用中文", pictures_allowed=False, actor=officer, at=at)
    after = register.certificate(factory.make_issued(issuer, factory.make_holder("欧阳修远")))
    assert (after.design, after.design_hash) == ("grade_zh", queries.version(made).hash)
    session().refresh(before)
    assert before.design_hash == designs.design("grade").hash
    assert before.file_id is not None
    assert file_bytes(before.file_id)[:5] == b"%PDF-"


def test_a_version_is_printed_from_its_folder_as_it_was(
    app: Flask, at: datetime, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The installation brings another design of that name, and the laid out copy is lost: the pack in the store remains."""
    issuer = factory.make_issuer()
    row = queries.version(
        actions.publish_version(issuer, "prize", "初版", pictures_allowed=False, actor=named(), at=at)
    )
    shutil.copytree(designs.DESIGNS, tmp_path / "later")
    (tmp_path / "later" / "prize" / "certificate.css").write_text("h1 { color: blue; }")
    monkeypatch.setattr(designs, "DESIGNS", tmp_path / "later")
    packs.install(tmp_path / "laid-out")
    try:
        assert designs.design("prize", designs.DESIGNS).hash != row.folder_hash
        found = drawing.folder_of(row)
        assert (found.hash, found.root) == (row.folder_hash, tmp_path / "laid-out" / row.folder_hash)
        (found.root / "prize" / "certificate.css").write_text("h1 { color: blue; }")
        assert drawing.folder_of(row).hash == row.folder_hash
    finally:
        packs.install(app.config["DATA_FOLDER"] / "designs")


def test_two_at_once_publish_one_version(app: Flask, at: datetime) -> None:
    from tests.certification.certificates.test_actions import together

    issuer, officer = factory.make_issuer(), named()
    made = together(
        app,
        lambda: actions.publish_version(issuer, "prize", "初版", pictures_allowed=False, actor=officer, at=at),
        times=4,
    )
    assert len(set(made)) == 1
    assert len(session().scalars(select(DesignVersion)).all()) == 1
