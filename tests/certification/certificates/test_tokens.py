"""A key that stays in a device (PKCS#11), against SoftHSM: the same interface, single files and whole batches, the PIN never shown."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pkcs11
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from pkcs11.util.ec import decode_ec_private_key

from certification.certificates import signing
from certification.certificates.actions import batches, keys, making
from certification.certificates.checking import check_file
from certification.certificates.queries import batches as queries
from certification.certificates.queries import register
from foundation.files.queries import file_bytes
from foundation.print.press import Press, Setup, SignerBroken, SigningTool
from foundation.refusal import Refusal
from tests.factories import certification as factory
from tests.foundation.test_press import AT, setup, sheets

MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
PIN = "271828"


@dataclass(frozen=True)
class Device:
    """A device with one key, and its certificate."""

    module: str
    chain: bytes
    own: x509.Certificate


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    """A SoftHSM token of this module's own: `make test` installs softhsm2."""
    module = next(path for path in MODULES if Path(path).exists())
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "laurel", "--so-pin", "31415926", "--pin", PIN],
        check=True, capture_output=True,
    )  # fmt: skip
    private = ec.generate_private_key(ec.SECP256R1())
    der = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "江州省职业技能评价中心")])
    own = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key()).serial_number(11)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=900))
        .sign(private, hashes.SHA256())
    )  # fmt: skip
    token = pkcs11.lib(module).get_token(token_label="laurel")
    with token.open(user_pin=PIN, rw=True) as session:
        session.create_object(
            {**decode_ec_private_key(der), pkcs11.Attribute.LABEL: "seal", pkcs11.Attribute.TOKEN: True}
        )
    yield Device(module, own.public_bytes(serialization.Encoding.PEM), own)
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture
def pin(app: Flask) -> Iterator[None]:
    """The PIN is a setting of the process."""
    signing.install_pin(PIN)
    yield
    signing.install_pin("")


@pytest.mark.usefixtures("pin")
def test_a_device_signs_single_files_and_batches(app: Flask, at: datetime, device: Device, tmp_path: Path) -> None:
    officer = factory.make_officer()
    issuer = factory.make_issuer()
    keys.register_token(issuer, device.chain, module=device.module, token="laurel", label="seal", actor=officer, at=at)
    single = factory.make_issued(issuer, factory.make_holder("林一"))
    waiting = [factory.make_reported(issuer, factory.make_holder(name)) for name in ("林二", "林三")]
    (batch_id,) = batches.order_batches(waiting, public_url=factory.PUBLIC, actor=officer, at=at)
    batches.start_batch(batch_id, actor=officer, at=at)
    making.make_batch(batch_id, run=1, actor=officer)
    assert queries.states_of([batch_id])[batch_id]["issued"] == 2
    for key in (single, *waiting):
        row = register.certificate(key)
        assert row.file_id is not None
        pdf = file_bytes(row.file_id)
        assert check_file(pdf).code == "genuine"
        altered = bytearray(pdf)
        altered[len(pdf) // 2] ^= 1
        assert check_file(bytes(altered)).code == "altered"
    (tmp_path / "c.pdf").write_bytes(pdf)
    (tmp_path / "c.pem").write_bytes(device.chain)
    command = [
        sys.executable, "-m", "pyhanko", "sign", "validate", "--pretty-print", "--trust", "c.pem", "--trust-replace",
        "--no-revocation-check", "c.pdf",
    ]  # fmt: skip
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "The signature is judged VALID" in said.stdout, said.stdout + said.stderr


def test_a_wrong_pin_or_label_is_said_and_nothing_is_signed(app: Flask, device: Device) -> None:
    for changed, wrong_pin in (({"label": "nobody"}, PIN), ({}, "000000"), ({"token": "elsewhere"}, PIN)):
        place = {"module": device.module, "token": "laurel", "label": "seal"} | changed
        tool = SigningTool("token", "江州", device.chain.decode(), token=place, pin=wrong_pin)
        plain = setup()
        assert wrong_pin not in repr(tool)
        with Press(1) as press, pytest.raises(SignerBroken) as said:
            press.made(Setup(plain.ground, plain.own, tool), sheets("林晓禾"), at=AT, keep=bytes)
        assert wrong_pin not in str(said.value)


def test_a_device_that_is_not_there_is_refused(app: Flask, at: datetime, device: Device) -> None:
    issuer, officer = factory.make_issuer(), factory.make_officer()
    keys.register_token(
        issuer,
        device.chain,
        module="/nowhere/lib.so",
        token="laurel",
        label="seal",
        actor=officer,
        at=at,
    )
    key = factory.make_reported(issuer)
    with pytest.raises(Refusal, match="signing_key_unreadable"):
        factory.issue_certificate(key, public_url=factory.PUBLIC, actor=factory.MACHINE, at=at)
    (batch_id,) = batches.order_batches([key], public_url=factory.PUBLIC, actor=officer, at=at)
    batches.start_batch(batch_id, actor=officer, at=at)
    with pytest.raises(Refusal, match="signing_key_unreadable"):
        making.make_batch(batch_id, run=1, actor=officer)
    assert register.certificate(key).state == "reported"
