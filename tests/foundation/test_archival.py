"""PDF/A-3: what a file says of itself, held against what is in it. No validator was to be had as a package: these checks are ours."""

from __future__ import annotations

import io
import re
from typing import Any

import pikepdf
import pytest

from foundation.print import designs
from foundation.print.press import Press, Setup, Sheet
from foundation.print.signatures import Attachment
from tests.foundation.test_press import AT, sheets, tool

FORBIDDEN = {"/JavaScript", "/JS", "/Launch", "/Movie", "/Sound", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView"}  # fmt: skip


def files_of(key: str) -> bytes:
    """A signed certificate of a design, with an attachment."""
    signer, _own = tool()
    found = designs.design(key)
    sample = found.sample()
    stamped = {name: sample[name] for name in found.settings["stamped"]}
    constants = {field: value for field, value in sample.items() if field not in stamped} | {
        "sample": False, "with_photo": True,
    }  # fmt: skip
    (plain,) = sheets("龙𬭎䶮㛃𠅤")
    name = {"name": plain.values["name"]} if "name" in stamped else {}
    attached = Attachment("credential.jwt", "application/jwt", b"eyJhbGciOiJFZERTQSJ9", "Open Badges 3.0")
    setup = Setup(designs.ground_of(found, constants), designs.own_font(), signer)
    with Press(1) as press:
        (made,) = press.made(setup, [Sheet(stamped | name, plain.photo, plain.qr, (attached,))], at=AT, keep=bytes)
    assert isinstance(made, bytes), made
    return made


def every_object(pdf: pikepdf.Pdf) -> list[Any]:
    return [one for one in pdf.objects if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream, pikepdf.Array))]


@pytest.mark.parametrize("key", ["grade", "prize"])
def test_a_signed_certificate_is_built_as_pdf_a_3_asks(key: str) -> None:
    data = files_of(key)
    assert data[:9] in (b"%PDF-1.7\n", b"%PDF-1.7\r")
    assert re.match(rb"%PDF-1\.7\s+%[\x80-\xff]{4}", data)  # 6.1.2: a comment of four bytes above 127
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert not pdf.is_encrypted
        assert "/ID" in pdf.trailer
        said = str(pdf.Root.Metadata.read_bytes(), "utf-8")
        assert "/Filter" not in pdf.Root.Metadata  # 6.6.2.1: metadata in plain text
        assert re.search(r'pdfaid:part(>|=")3', said)
        assert re.search(r'pdfaid:conformance(>|=")[UBA]', said)
        (intent,) = pdf.Root.OutputIntents
        assert intent.S == "/GTS_PDFA1"
        profile = intent.DestOutputProfile
        assert (int(profile.N), profile.read_bytes()[36:40]) == (3, b"acsp")
        found = every_object(pdf)
        for one in found:
            facts = one if not isinstance(one, pikepdf.Array) else {}
            assert "/AA" not in facts
            assert facts.get("/S") not in FORBIDDEN if "/S" in facts else True
            if "/Filter" in facts:
                assert "LZWDecode" not in str(facts["/Filter"])
            assert "/F" not in facts or not isinstance(one, pikepdf.Stream)  # no data outside the file
        _fonts(found)
        _images(found)
        _attachments(pdf)
        _signature(pdf)


def _fonts(found: list[Any]) -> None:
    descriptors = [one for one in found if not isinstance(one, pikepdf.Array) and one.get("/Type") == "/FontDescriptor"]
    assert descriptors
    for one in descriptors:
        assert any(name in one for name in ("/FontFile", "/FontFile2", "/FontFile3")), one.FontName
    for one in found:
        if not isinstance(one, pikepdf.Array) and one.get("/Type") == "/Font" and one.get("/Subtype") == "/Type0":
            assert "/ToUnicode" in one  # level U: every glyph is text
            (descendant,) = one.DescendantFonts
            assert descendant.CIDSystemInfo.Ordering in ("Identity", b"Identity")
            if descendant.Subtype == "/CIDFontType2":
                assert "/CIDToGIDMap" in descendant


def _images(found: list[Any]) -> None:
    for one in found:
        if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image":
            assert one.get("/Interpolate", False) in (False, None)
            assert "/Alternates" not in one
            assert one.get("/ColorSpace") != "/DeviceCMYK"  # the output intent is RGB


def _attachments(pdf: pikepdf.Pdf) -> None:
    specs = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Filespec"]
    assert [str(one.UF) for one in specs] == ["credential.jwt"]
    (spec,) = specs
    assert {"/F", "/UF", "/AFRelationship", "/EF"} <= set(spec.keys())
    assert "Subtype" in str(spec.EF.F.keys())  # 6.8: the kind of the file is said
    assert [one.objgen for one in pdf.Root.AF] == [spec.objgen]
    assert spec.EF.F.read_bytes() == b"eyJhbGciOiJFZERTQSJ9"


def _signature(pdf: pikepdf.Pdf) -> None:
    (field,) = pdf.Root.AcroForm.Fields
    assert field.FT == "/Sig"
    assert not pdf.Root.AcroForm.get("/NeedAppearances", False)
    assert field.V.SubFilter == "/ETSI.CAdES.detached"
    assert int(field.get("/F", 0)) & 4  # 6.3.2: annotations print
    assert not int(field.get("/F", 0)) & 2  # and are not hidden by that flag


def test_the_check_sees_what_is_wrong() -> None:
    """The same checks on files that break a rule each."""
    data = files_of("grade")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        broken = next(
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
        )
        for name in ("/FontFile2", "/FontFile3"):
            if name in broken:
                del broken[name]
        with pytest.raises(AssertionError):
            _fonts(every_object(pdf))
        spec = next(
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Filespec"
        )
        del spec["/AFRelationship"]
        with pytest.raises(AssertionError):
            _attachments(pdf)
