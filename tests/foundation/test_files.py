from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from foundation.files import actions, pictures, queries
from foundation.permission import MACHINE
from foundation.refusal import Missing, Refusal


def picture(size: tuple[int, int], kind: str = "PNG", **options: object) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "skyblue").save(target, kind, **options)
    return target.getvalue()


def test_a_file_is_sealed_on_disk_and_comes_back(app: Flask, at: datetime) -> None:
    key = actions.keep_file("身份证 110105".encode(), media_type="text/plain", name="张三.txt", actor=MACHINE, at=at)
    assert queries.file_bytes(key) == "身份证 110105".encode()
    stored = next(Path(app.config["DATA_FOLDER"]).glob(f"files/*/{key.hex}")).read_bytes()
    assert b"110105" not in stored


def test_an_erased_file_is_gone_but_its_row_says_when(app: Flask, at: datetime) -> None:
    key = actions.keep_file(b"x", media_type="text/plain", name="x", actor=MACHINE, at=at)
    actions.erase_file(key, at=at)
    actions.erase_file(key, at=at)
    with pytest.raises(Missing):
        queries.file_bytes(key)


def test_a_photo_is_cropped_to_one_inch_and_loses_what_was_hidden_in_it() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    made = pictures.cropped_photo(picture((1200, 900), "JPEG", exif=exif))
    opened = Image.open(io.BytesIO(made))
    assert (opened.size, opened.format, b"secret" in made) == ((413, 579), "JPEG", False)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7 not a picture", "photo_not_readable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_not_readable"),
        (picture((800, 800))[:200], "photo_not_readable"),
        (picture((100, 100)), "photo_too_small"),
        (picture((9000, 9000)), "photo_too_many_pixels"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        pictures.cropped_photo(data)
    assert (refused.value.code, refused.value.field) == (code, "photo")
