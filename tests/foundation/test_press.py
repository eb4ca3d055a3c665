"""The press: many files in several processes, the same as one by one, signed, looked at; nothing of one in another."""

from __future__ import annotations

import io
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from foundation.print import designs
from foundation.print.press import Flawed, Press, PressBroken, Setup, Sheet, SignerBroken, SigningTool
from foundation.print.signatures import Attachment, signature_holds, signature_in
from foundation.refusal import Refusal
from tests.factories.certification import photo

AT = datetime(2026, 11, 22, 2, tzinfo=UTC)
NAMES = ("林晓禾", "欧阳修远", "龙𬭎䶮㛃𠅤", "周明", "赵子涵")


def setup(signer: SigningTool | None = None) -> Setup:
    found = designs.design("grade")
    return Setup(designs.ground_of(found, {"sample": False}), designs.own_font(), signer)


def sheets(*names: str, check: bool = False) -> list[Sheet]:
    found = designs.design("grade")
    sample = found.sample()
    given = {name: sample[name] for name in found.settings["stamped"]}
    return [
        Sheet(given | {"name": name, "number": f"S00003200000126200000{n}"}, photo(f"#{n * 40:02x}3d55"), f"https://l/verify/{n}",
              check=check)
        for n, name in enumerate(names, 1)
    ]  # fmt: skip


def tool() -> tuple[SigningTool, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "江州")])
    own = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        .not_valid_before(AT).not_valid_after(AT + timedelta(days=9)).sign(key, hashes.SHA256())
    )  # fmt: skip
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chain = own.public_bytes(serialization.Encoding.PEM).decode()
    return SigningTool("file", "江州", chain, private_key=der), own


def test_the_press_makes_the_same_files_as_one_process() -> None:
    ready = sheets(*NAMES)
    alone = list(
        designs.certificates(
            designs.design("grade"), {"sample": False}, [designs.Filled(one.values, one.photo, one.qr) for one in ready]
        )
    )
    with Press(2) as press:
        made = press.made(setup(), ready, at=AT, keep=bytes)
    for ours, theirs, sheet in zip(made, alone, ready, strict=True):
        assert isinstance(ours, bytes)
        ours_text, theirs_text = (
            pypdfium2.PdfDocument(one)[0].get_textpage().get_text_range() for one in (ours, theirs)
        )
        assert ours_text == theirs_text
        assert sheet.values["name"] in ours_text
        assert not any(other in ours_text for other in NAMES if other != sheet.values["name"])
        assert sheet.photo in ours
        assert not any(other.photo in ours for other in ready if other is not sheet)


def test_what_is_checked_is_right_signed_and_holds() -> None:
    signer, own = tool()
    attached = Attachment("credential.jwt", "application/jwt", b"eyJ", "x")
    ready = [Sheet(one.values, one.photo, one.qr, (attached,), check=True) for one in sheets(*NAMES)]
    with Press(2) as press:
        made = press.made(setup(signer), ready, at=AT, keep=bytes)
    for data in made:
        assert isinstance(data, bytes), data
        found = signature_in(data)
        assert found is not None
        assert signature_holds(found, own)
        assert b"eyJ" in data
        assert data.count(own.public_bytes(serialization.Encoding.DER).hex().encode()) + data.count(
            own.public_bytes(serialization.Encoding.DER).hex().upper().encode()
        ) == 1  # fmt: skip
    assert signer.private_key.hex() not in repr(signer)


def test_a_hand_that_made_many_is_relieved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foundation.print.press.FILES_OF_A_HAND", 2)
    plain, ready = setup(), sheets("林晓禾", "周明")
    with Press(1) as press:
        first = press.made(plain, ready, at=AT, keep=bytes)
        before = press.pids
        assert press.made(plain, ready, at=AT, keep=bytes) == first
        assert press.pids != before
        assert not Path(f"/proc/{before[0]}").exists()


def test_a_text_without_room_stops_no_other() -> None:
    ready = sheets("林晓禾", "很" * 200, "周明")
    with Press(2) as press:
        made = press.made(setup(), ready, at=AT, keep=bytes)
    assert [isinstance(one, bytes) for one in made] == [True, False, True]
    assert isinstance(made[1], Refusal)
    assert made[1].code == "print_text_too_long"


def test_the_look_finds_what_extraction_does_not() -> None:
    """A page whose drawing, text or code is not what was asked for is handed back as flawed and not kept."""
    from foundation.print import press_hand

    (sheet,) = sheets("林晓禾")
    plain = setup()
    desk = object.__new__(press_hand._Desk)
    desk.ground, desk.own, desk._empty = plain.ground, plain.own, None
    from foundation.print.stamp import Stamper

    stamper = Stamper(plain.ground, plain.own, [sheet.values])
    good = stamper.stamped(sheet.values, photo=sheet.photo, qr=sheet.qr)
    assert desk.faults(good, sheet.values, sheet.qr) == []
    assert desk.faults(good, {**sheet.values, "name": "周明"}, sheet.qr) == ["text:name"]
    assert desk.faults(good, sheet.values, sheet.qr + "x") == ["qr"]
    empty = stamper.stamped({**sheet.values, "name": ""}, photo=sheet.photo, qr=sheet.qr)
    assert set(desk.faults(empty, sheet.values, sheet.qr)) == {"text:name", "raster:name"}
    other = designs.ground_of(designs.design("grade"), {"sample": True})
    marked = Stamper(other, plain.own, [sheet.values]).stamped(sheet.values, photo=sheet.photo, qr=sheet.qr)
    assert desk.faults(marked, sheet.values, sheet.qr) == ["raster:ground"]
    assert Flawed(("qr",)) == Flawed(("qr",))


def test_a_killed_hand_is_noticed_and_hands_end_with_their_owner() -> None:
    with Press(2) as press:
        press.made(setup(), sheets("林晓禾", "周明"), at=AT, keep=bytes)
        pids = press.pids
        os.kill(pids[0], signal.SIGKILL)
        with pytest.raises(PressBroken):
            press.made(setup(), sheets("林晓禾", "周明"), at=AT, keep=bytes)
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_a_key_that_does_not_open_is_said() -> None:
    signer, _own = tool()
    broken = SigningTool("file", "江州", signer.chain, private_key=b"no key")
    with Press(1) as press, pytest.raises(SignerBroken, match=r"ValueError"):
        press.made(setup(broken), sheets("林晓禾"), at=AT, keep=bytes)


def test_frames_say_when_the_other_side_is_gone() -> None:
    from foundation.print import frames

    with pytest.raises(EOFError):
        frames.receive(io.BytesIO(b""))
    with pytest.raises(EOFError):
        frames.receive(io.BytesIO(b'{"sizes": [5]}\nabc'))
