"""Stamped certificates look like whole ones, say what their record says, and hold nothing of anybody else."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw

from foundation.print import designs, stamp
from foundation.print.printer import picture_of
from foundation.refusal import Refusal
from tests.factories.certification import photo

DESIGNS = ("grade", "grade_zh", "prize", "prize_laurel", "honour", "participation")
ADDRESS = "https://laurel.example/verify/abcdefghijklmnopqrstuvwxyz234567"
# The eleven of the domain notes; then the first block, extensions A to G, and two of the private area.
RARE = "𬭎䶮㛃𠅤𬱖𫖮𪨶𬍛𬀩㕔·" + "喆珺龑堃" + "䂮㸌" + "𠮷𪚥" + "𪜀𫝀𫠠𬺰" + "𰀀𱍊" + "\ue000\U000f0000"
NAMES = ("林晓", "林晓禾", "欧阳修远", "阿依古丽·买买提", "古丽巴哈尔·阿卜杜热合曼", "买买提江·阿卜杜热西提·托合提")


def parts(key: str) -> tuple[designs.Design, dict[str, Any], dict[str, str]]:
    """A design with its sample: constants and stamped values."""
    found = designs.design(key)
    sample = found.sample()
    stamped = {name: sample[name] for name in found.settings["stamped"]}
    constants = {name: value for name, value in sample.items() if name not in stamped} | {"sample": False}
    return found, constants, stamped


def text_of(pdf: bytes) -> str:
    said = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    return re.sub(r"\s", "", said)


def differing(one: bytes, other: bytes, place: stamp.Place, dpi: int = 100) -> tuple[int, int]:
    """Pixels that differ by more than 64 of 255 outside the QR code, and pixels in all."""
    left, right = (Image.open(io.BytesIO(picture_of(pdf, dpi=dpi))).convert("RGB") for pdf in (one, other))
    red, green, blue = ImageChops.difference(left, right).split()
    far = ImageChops.lighter(ImageChops.lighter(red, green), blue).point([0] * 65 + [255] * 191)
    scale = dpi / 96
    far.paste(0, (int(place.x * scale) - 1, int(place.y * scale) - 1, int((place.x + place.width) * scale) + 2,
                  int((place.y + place.height) * scale) + 2))  # fmt: skip
    return far.histogram()[255], left.width * left.height


@pytest.mark.parametrize("key", DESIGNS)
def test_a_stamped_page_is_the_whole_page(key: str) -> None:
    found, constants, values = parts(key)
    if "with_photo" in constants:
        constants["with_photo"] = True
    names = NAMES[2::3] if key in ("grade", "prize") else NAMES[1:2]
    wanted = [designs.Filled(values | {"name": name}, photo(), ADDRESS) for name in names]
    ground = designs.ground_of(found, constants)
    for filled, pdf in zip(wanted, designs.certificates(found, constants, wanted), strict=True):
        whole = designs.whole_page(found, ground, constants, filled)
        assert (whole.pages, whole.warnings) == (1, ())
        differ, pixels = differing(pdf, whole.data, ground.places["qr"])
        assert differ <= pixels / 10_000, (key, filled.values["name"], differ)
        text = text_of(pdf)
        for name, value in filled.values.items():
            assert re.sub(r"\s", "", value) in text or (key == "grade_zh" and name.endswith("_en")), (key, name)
        codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture_of(pdf, dpi=100))))
        assert [code.text for code in codes] == [ADDRESS]


def ring(colour: str) -> str:
    """A picture of a seal, of a kind, as an address."""
    picture = Image.new("RGBA", (240, 240), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((8, 8, 232, 232), outline=colour, width=14)
    target = io.BytesIO()
    picture.save(target, "PNG")
    return "data:image/png;base64," + base64.b64encode(target.getvalue()).decode()


@pytest.mark.parametrize("key", ["grade", "honour"])
def test_what_an_issuer_sets_is_stamped_as_it_is_laid_out(key: str) -> None:
    """Seal, logo, signatories and colours: the same page stamped and whole, and another one than without them."""
    found, constants, values = parts(key)
    set_by = {"seal": ring("#b3261e"), "logo": ring("#0b473c"), "with_photo": True,
              "signatories": [{"role": "主任", "name": "张三"}, {"role": "裁判长", "name": "李四"}],
              "colours": constants["colours"] | {"line": "#334455"} if constants["colours"] else {}}  # fmt: skip
    filled = designs.Filled(values, photo(), ADDRESS)
    ground = designs.ground_of(found, constants | set_by)
    (pdf,) = designs.certificates(found, constants | set_by, [filled])
    differ, pixels = differing(
        pdf, designs.whole_page(found, ground, constants | set_by, filled).data, ground.places["qr"]
    )
    assert differ <= pixels / 10_000
    (plain,) = designs.certificates(found, constants, [filled])
    assert differing(pdf, plain, ground.places["qr"])[0] > pixels / 1_000


@pytest.mark.parametrize("key", DESIGNS)
def test_qpdf_finds_nothing_wrong(key: str, tmp_path: Path) -> None:
    found, constants, values = parts(key)
    (pdf,) = designs.certificates(found, constants, [designs.Filled(values, photo(), ADDRESS)])
    path = tmp_path / "one.pdf"
    path.write_bytes(pdf)
    answer = subprocess.run(["qpdf", "--check", str(path)], check=False, capture_output=True, text=True)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_rare_characters_print_or_are_refused_by_name() -> None:
    assert len(RARE) == 27
    found, constants, values = parts("prize")
    refused = designs.missing_characters(RARE)
    assert {"\ue000", "\U000f0000"} <= set(refused)
    assert not set("𬭎䶮㛃𠅤𬱖𫖮𪨶𬍛𬀩㕔·喆珺龑堃") & set(refused)
    for character in RARE:
        name = f"王{character}"
        if character in refused:
            assert designs.missing_characters(name) == (character,)
            continue
        (pdf,) = designs.certificates(found, constants, [designs.Filled(values | {"name": name}, b"", ADDRESS)])
        assert name in text_of(pdf), f"U+{ord(character):04X}"


def test_a_character_of_no_font_is_refused_with_its_code_point() -> None:
    found, constants, values = parts("prize")
    with pytest.raises(Refusal, match="print_character_missing") as caught:
        list(designs.certificates(found, constants, [designs.Filled(values | {"name": "王\ue000"}, b"", ADDRESS)]))
    assert caught.value.facts["code_point"] == "U+E000"


def test_radicals_and_compatibility_forms_are_told_from_what_is_meant() -> None:
    assert designs.look_alikes("\u2f24\uf9e1林") == ("\u2f24", "\uf9e1")
    assert [designs.plain_form(c) for c in "\u2f24\uf9e1林"] == ["大", "李", "林"]


def streams(pdf: bytes) -> list[bytes]:
    """Every stream of a file, as it is and unpacked: also those that no object points to."""
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        found += [match[1], _unpacked(match[1])]
    return found


@lru_cache(maxsize=4000)
def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""


def test_a_batch_of_fifty_holds_nothing_of_anybody_else() -> None:
    found, constants, values = parts("grade")
    people = [
        (chr(0x4E00 + 40 * n) + chr(0x7000 + 30 * n), photo(f"#{n:02x}{255 - n:02x}{3 * n:02x}")) for n in range(50)
    ]
    wanted = [
        designs.Filled(values | {"name": name, "name_en": ""}, picture, f"{ADDRESS}{n}")
        for n, (name, picture) in enumerate(people)
    ]
    files = list(designs.certificates(found, constants, wanted))
    own = set("".join(values.values()))
    for n, pdf in enumerate(files):
        raw = streams(pdf)
        mapped = {
            m.decode() for s in raw if b"beginbfchar" in s for m in re.findall(rb"<[0-9a-f]{4}> <([0-9a-f]+)>", s)
        }
        for other, (name, picture) in enumerate(people):
            assert (picture in pdf) is (other == n)
            if other != n:
                assert not {c.encode("utf-16-be").hex() for c in name if c not in own | set(people[n][0])} & mapped
        assert {c.encode("utf-16-be").hex() for c in people[n][0]} <= mapped
        programs = [f for f in map(_charset, raw) if f]
        assert any(
            {f"cid{int(code, 16):05d}" for code in _codes(s)} == set(f[1:])
            for f in programs
            for s in raw
            if b"Adobe-Identity-UCS" in s
        )


def _codes(cmap: bytes) -> list[bytes]:
    return re.findall(rb"<([0-9a-f]{4})> <", cmap.split(b"endcodespacerange")[-1])


def _charset(cff: bytes) -> list[str]:
    """The glyphs of a font program; nothing for every other stream."""
    from fontTools.cffLib import CFFFontSet

    if cff[:3] != b"\x01\x00\x04":
        return []
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(cff), None)
    return list(fonts[0].charset)


def test_a_name_that_has_no_room_is_refused_not_cut() -> None:
    found, constants, values = parts("prize")
    with pytest.raises(Refusal, match="print_text_too_long"):
        designs.check_fit(found, constants, values | {"name": "长" * 60})
    designs.check_fit(found, constants, values | {"name": NAMES[-1]})


def test_long_words_of_a_design_are_set_smaller_and_refused_when_that_is_not_enough() -> None:
    found, constants, values = parts("prize")
    filled = designs.Filled(values, b"", ADDRESS)
    long = "在" + "江州省第三届职业技能大赛暨选拔赛" * 6 + "中荣获"
    (pdf,) = designs.certificates(found, constants | {"body": long}, [filled])
    assert long in text_of(pdf)
    assert (
        sum(
            place.baseline is not None for place in designs.ground_of(found, constants | {"body": long}).places.values()
        )
        == 5
    )
    with pytest.raises(Refusal, match="print_text_too_long") as refused:
        list(designs.certificates(found, constants | {"title": "长" * 40}, [filled]))
    assert refused.value.facts["text"] == "长" * 40


@pytest.mark.parametrize("name", ["ئالىم", "བསྟན་འཛིན", "甲\n乙"])
def test_what_joins_stacks_or_breaks_is_laid_out_whole(name: str) -> None:
    assert stamp.needs_layout(name)
    assert not stamp.needs_layout("林晓禾 LIN · 2026")


def test_values_are_text_and_never_markup() -> None:
    found, constants, values = parts("honour")
    hostile = "<img src=x>{{ 7*7 }}"
    filled = designs.Filled(values | {"name": hostile}, b"", ADDRESS)
    (pdf,) = designs.certificates(found, constants | {"body": "<script>alert(1)</script>{{ 7*7 }}"}, [filled])
    text = text_of(pdf)
    assert re.sub(r"\s", "", hostile) in text
    assert "<script>alert(1)</script>{{7*7}}" in text
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "/Photo" not in opened.pages[0].Resources.XObject
