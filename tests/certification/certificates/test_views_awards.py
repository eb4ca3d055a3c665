"""The pages of awards: what an officer sees before and after issuing, what a winner has at home, what others may not see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.access.roles import Role
from certification.certificates.actions import designs
from certification.certificates.models.certificates import Certificate
from foundation.clock import now
from foundation.db import session
from foundation.jobs.actions import run_job
from foundation.jobs.models import Job
from foundation.permission import Actor
from tests.certification.certificates.test_actions_awards import announced
from tests.factories import certification as factory


def test_from_the_plan_to_the_winners_home(app: Flask, signed_in: Callable[..., FlaskClient]) -> None:
    _ready, publication = announced()
    issuer = factory.make_issuer(switched_on=False)
    officer = signed_in(Role.EVALUATION_OFFICER)
    base = f"/evaluation-organizations/{issuer}/awards"
    page = f"{base}/{publication}"
    assert "颁发证书" in officer.get(base).get_data(as_text=True)
    assert "还没有这种证书的设计版本" in officer.get(page).get_data(as_text=True)
    clerk = Actor(officer.person_id)  # type: ignore[attr-defined]
    version = designs.publish_version(issuer, "prize", "初版", pictures_allowed=False, actor=clerk, at=now())
    designs.publish_version(issuer, "honour", "初版", pictures_allowed=False, actor=clerk, at=now())
    shown = officer.get(page).get_data(as_text=True)
    assert "4 人将获得证书" in shown
    app.config["WTF_CSRF_ENABLED"] = True  # as in service: looking asks for no token
    try:
        assert officer.get(f"{page}/specimen.png?given_as=prize&version={version}").mimetype == "image/png"
        assert officer.post(page, data={"given_as": "prize", "version": str(version)}).status_code in (400, 422)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert "此种证书" in officer.get(f"{page}?given_as=coach&version=").get_data(as_text=True)
    lacking = officer.get(f"{page}?given_as=title&version=x&wording=").get_data(as_text=True)
    assert "荣誉称号" in lacking
    wrong = officer.post(page, data={"given_as": "prize", "version": ""})
    assert wrong.status_code == 422
    assert "/jobs/" in officer.post(page, data={"given_as": "prize", "version": str(version)}).headers["Location"]
    run_job(session().scalars(select(Job.id)).one(), lease=timedelta(seconds=60))
    session().rollback()
    first = session().scalars(select(Certificate).order_by(Certificate.number)).first()
    assert first is not None
    assert first.number is not None
    for path, said in (
        (base, "获奖"),
        (page, first.number),
        ("/certificates?kind=prize", "一等奖"),
        (f"/certificates/{first.id}", "一等奖"),
    ):
        assert said in officer.get(path).get_data(as_text=True), path
    assert officer.get("/certificates/export.xlsx?kind=prize").data[:2] == b"PK"
    mine = signed_in(person_id=first.person_id)
    for path in ("/my/certificates", f"/my/certificates/{first.id}"):
        text = mine.get(path).get_data(as_text=True)
        assert "获奖证书" in text, path
        assert "一等奖" in text, path
    assert mine.get(f"/my/certificates/{first.id}/certificate.pdf").data[:5] == b"%PDF-"
    assert signed_in().get(f"/my/certificates/{first.id}").status_code == 404
    other = signed_in(Role.EVALUATION_OFFICER, person_id=None)
    assert other.get(page.replace(str(issuer), str(publication))).status_code == 404
    public = app.test_client().post("/verify", data={"number": first.number}).get_data(as_text=True)
    assert "获奖证书" in public
    assert "样本 SAMPLE" in public
