"""Archives of strangers: what leads out, explodes, lies or is locked is refused; names come out as they were meant."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFilter

from foundation.files import archives
from foundation.files.pictures import PhotoRule, prepared_photo, sharpness_of
from foundation.refusal import Refusal


def packed(files: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", kind) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def link() -> bytes:
    entry = zipfile.ZipInfo("photo.jpg")
    entry.external_attr = 0o120777 << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return target.getvalue()


def lying() -> bytes:
    """An archive whose only file says it is ten bytes long and is 30 MB."""
    data = bytearray(packed({"a.jpg": bytes(30 * 1024 * 1024)}))
    size = struct.pack("<I", 30 * 1024 * 1024)
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = struct.pack("<I", 10)
    return bytes(data)


def locked() -> bytes:
    data = bytearray(packed({"a.jpg": b"x" * 100}))
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (lambda: b"no archive at all", "archive_not_readable"),
        (lambda: packed({"a.jpg": b"x" * 900})[:80], "archive_not_readable"),
        (lambda: packed({"../../etc/cron.d/x.jpg": b"x"}), "archive_path"),
        (lambda: packed({"/etc/x.jpg": b"x"}), "archive_path"),
        (lambda: packed({"..\\..\\x.jpg": b"x"}), "archive_path"),
        (lambda: packed({"C:\\x.jpg": b"x"}), "archive_path"),
        (link, "archive_path"),
        (locked, "archive_locked"),
        (lambda: packed({"bomb.jpg": bytes(20 * 1024 * 1024)}), "archive_too_large"),
        (lambda: packed({"big.jpg": bytes(26 * 1024 * 1024)}, zipfile.ZIP_STORED), "archive_too_large"),
        (lambda: packed({f"{n}.jpg": b"" for n in range(2001)}), "archive_too_many"),
    ],
    ids=["text", "cut", "climbs", "absolute", "backslashes", "drive", "link", "password", "bomb", "large", "many"],
)
def test_a_hostile_archive_is_refused_before_anything_is_unpacked(made: Callable[[], bytes], code: str) -> None:
    with pytest.raises(Refusal) as found:
        archives.paths_in(made())
    assert found.value.code == code


def test_an_archive_that_lies_about_its_size_stops_early() -> None:
    with pytest.raises(Refusal) as found:
        list(archives.unpacked(lying()))
    assert found.value.code in ("archive_not_readable", "archive_too_large")


def test_names_come_out_as_windows_macs_and_servers_wrote_them() -> None:
    def raw(name: bytes) -> bytes:
        """An archive whose file's name is these bytes, without saying how they are written."""
        data = zlib.crc32(b"x")
        head = struct.pack("<HHHHHIIIHH", 20, 0, 0, 0, 0, data, 1, 1, len(name), 0)
        local = b"PK\x03\x04" + head + name + b"x"
        central = b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
        return local + central + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)

    assert archives.paths_in(raw("江州重工/张伟.jpg".encode("gb18030"))) == ("江州重工/张伟.jpg",)
    assert archives.paths_in(raw("张伟.jpg".encode())) == ("张伟.jpg",)
    furnished = {"__MACOSX/._张伟.jpg": b"x", "队/Thumbs.db": b"x", "队/张伟.jpg": b"pixels"}
    assert list(archives.unpacked(packed(furnished))) == [archives.Packed("队/张伟.jpg", b"pixels")]


# --- what is looked at in a photo ---


def portrait(ground: str, blur: int = 0, stripes: bool = False) -> bytes:
    picture = Image.new("RGB", (600, 840), ground)
    draw = ImageDraw.Draw(picture)
    if stripes:
        for x in range(0, 600, 40):
            draw.rectangle((x, 0, x + 20, 840), fill="#333")
    draw.ellipse((180, 200, 420, 560), fill="#d8a98a", outline="#111", width=6)
    for y in range(300, 520, 16):
        draw.line((220, y, 380, y), fill="#402010", width=3)
    if blur:
        picture = picture.filter(ImageFilter.GaussianBlur(blur))
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(
    ("photo", "ground", "concerns"),
    [
        (portrait("#ffffff"), "white", ()),
        (portrait("#438edb"), "blue", ()),
        (portrait("#c0202c"), "red", ()),
        (portrait("#438edb"), "white", ("photo_ground_colour",)),
        (portrait("#438edb"), "plain", ()),
        (portrait("#ffffff", stripes=True), "plain", ("photo_ground_uneven",)),
        (portrait("#ffffff", stripes=True), "any", ()),
        (portrait("#ffffff", blur=9), "white", ("photo_blurred",)),
    ],
    ids=["white", "blue", "red", "not white", "plain", "stripes", "any", "blurred"],
)
def test_ground_and_sharpness(photo: bytes, ground: str, concerns: tuple[str, ...]) -> None:
    made = prepared_photo(photo, PhotoRule(ground=ground, sharpness=20))
    assert made.concerns == concerns
    assert Image.open(io.BytesIO(made.data)).size == (413, 579)


def test_sharpness_falls_with_every_step_of_blur() -> None:
    values = [sharpness_of(Image.open(io.BytesIO(portrait("#fff", blur=blur))).convert("RGB")) for blur in (0, 2, 5, 9)]
    assert values == sorted(values, reverse=True)
    assert values[0] > 100 > 20 > values[-1]
