from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from catalogue.commands import load_everything
from catalogue.occupations import queries
from catalogue.occupations.models import Occupation, OccupationStandard, Region
from foundation.db import session


def counts() -> tuple[int, int, int]:
    tables = (Occupation, OccupationStandard, Region)
    found = [session().scalar(select(func.count()).select_from(table)) or 0 for table in tables]
    return found[0], found[1], found[2]


def test_loading_again_changes_nothing(app: Flask) -> None:
    before = counts()
    assert before[:2] == (199, 391)
    assert before[2] > 6800
    loaded = load_everything()
    assert (loaded["occupations"], loaded["occupational standards"]) == (199, 391)
    assert counts() == before


def test_the_welder(app: Flask) -> None:
    row = queries.occupation("2022", "6-18-02-04")
    assert row is not None
    assert (row.name, row.name_pinyin) == ("焊工", "hangong hg")
    assert queries.grades_offered("2022", "6-18-02-04") == ("L5", "L4", "L3", "L2", "L1")
    assert queries.occupation("2015", "6-18-02-04") is None


@pytest.mark.parametrize("text", ["6-18-02-04", "焊工", "hangong", "6-18-02-04 焊工", " 焊工 "])
def test_an_occupation_is_found_by_code_name_and_pinyin(app: Flask, text: str) -> None:
    assert queries.search_occupations(text)[0].code == "6-18-02-04"


def test_nothing_is_found_for_nothing(app: Flask) -> None:
    assert queries.search_occupations("") == []
    assert queries.search_occupations("没有这个职业") == []


def test_an_unknown_standard_is_not_one_that_offers_nothing(app: Flask) -> None:
    assert queries.grades_offered("2022", "6-18-01-02") is None  # 铣工: no standard in the list
    assert queries.grades_offered("2022", "9-99-99-99") is None


@pytest.mark.parametrize(
    ("code", "former"),
    [
        ("4-10-08-01", "4-02-07-10"),
        ("5-05-01-01", "5-05-01-00"),
        ("6-18-01-13", "6-20-99-00"),
        ("6-31-07-01", "6-31-01-10"),
        ("6-31-07-03", "6-30-99-00"),
    ],
)
def test_five_standards_stand_under_an_older_code(app: Flask, code: str, former: str) -> None:
    row = queries.occupation("2022", code)
    assert row is not None
    assert row.former_codes == [former]
    assert queries.grades_offered("2022", code) is not None
    assert code in [found.code for found in queries.search_occupations(former)]


def test_a_standard_of_another_occupation_under_a_reused_code_does_not_count(app: Flask) -> None:
    row = queries.occupation("2022", "6-31-01-10")
    assert row is not None
    assert row.name == "机电设备维修工"
    assert queries.grades_offered("2022", "6-31-01-10") is None


def test_regions_by_code_and_name(app: Flask) -> None:
    assert queries.region_name("320000") == "江苏省"
    assert queries.region_name("320102") == "江苏省南京市玄武区"
    assert queries.region_name("110101") == "北京市东城区"
    assert queries.region_name("999999") == "999999"
    assert [row.code for row in queries.search_regions("江苏省")][:2] == ["320000", "320100"]
    assert queries.search_regions("南京")[0].code == "320100"
    assert queries.search_regions("410000 河南省")[0].name == "河南省"
    assert queries.search_regions("") == []


def test_an_old_county_is_still_valid_and_not_offered(app: Flask) -> None:
    row = queries.region("110103")
    assert row is not None
    assert (row.full_name, row.withdrawn) == ("北京市崇文区", True)
    assert queries.search_regions("崇文区") == []
    assert queries.search_regions("110103") == [row]
    assert "110103" not in dict(queries.region_choices())


def test_the_pickers_offer_occupations_provinces_and_cities(app: Flask) -> None:
    assert dict(queries.occupation_choices())["6-18-02-04"] == "焊工"
    offered = dict(queries.region_choices())
    assert (offered["320000"], offered["320100"]) == ("江苏省", "江苏省南京市")
    assert "110100" not in offered  # 市辖区 is no place
