"""P10: certificates, unsigned, on one core: stamped, beside the same pages laid out whole by WeasyPrint each time.

Different people, each with a photo of their own; processor time, warm process. Typst, where it is installed (`pip install
typst`; it is no dependency), makes the same page file by file.
"""

from __future__ import annotations

import base64
import importlib
import importlib.util
import io
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import segno
import weasyprint
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from benchmarks.table import Row
from foundation.clock import now
from foundation.print import designs
from foundation.print.child import OnlyOurs
from foundation.print.printer import ASSETS
from foundation.print.qr import qr_data_url
from foundation.print.signatures import file_signer
from tests.factories.certification import photo

MANY, FEW, ROUNDS, BAR = 400, 4, 3, 50
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN = "晓禾明远建国文博思源嘉宁志强雨晴子涵海燕春生"


def rows() -> list[Row]:
    """Three rounds of each way, interleaved; the medians count."""
    found = designs.design("prize")
    sample = found.sample()
    stamped = {name: sample[name] for name in found.settings["stamped"]}
    constants = {name: value for name, value in sample.items() if name not in stamped} | {
        "sample": False,
        "with_photo": True,
    }
    people = [person(stamped, n) for n in range(MANY)]
    designs.ground_of(found, constants)
    stamp, naive, other = [], [], []
    for _ in range(ROUNDS):
        stamp.append(_spent(lambda: [None for _ in designs.certificates(found, constants, people)]) / MANY)
        naive.append(_spent(lambda: [_whole(found, constants, one) for one in people[:FEW]]) / FEW)
        if importlib.util.find_spec("typst"):
            other.append(_spent(lambda: [_typst(constants, one) for one in people[:20]]) / 20)
    ours, theirs = sorted(stamp)[1], sorted(naive)[1]
    table = [
        Row("P10", "certificate with photo and QR, unsigned, one core", f"{ours * 1000:.1f} ms", f"WeasyPrint each time {theirs * 1000:.0f} ms",
            f"{theirs / ours:.0f} ×", f"≥ {BAR} ×", theirs / ours >= BAR)
    ]  # fmt: skip
    if other:
        typst = sorted(other)[1]
        table.append(Row("P10", "the same beside typst, file by file", f"{ours * 1000:.1f} ms", f"typst {typst * 1000:.1f} ms",
                         f"{typst / ours:.1f} ×", "> 1 ×", typst > ours))  # fmt: skip
    return table


def person(stamped: dict[str, str], n: int) -> designs.Filled:
    """One of many people: a name, a number, a photo, a code of their own."""
    name = SURNAMES[n % 20] + GIVEN[n * 7 % 20] + GIVEN[n * 3 % 19]
    colour = f"#{n % 256:02x}{(n * 7) % 256:02x}40"
    return designs.Filled(stamped | {"name": name, "number": f"2026-3F9A2C-{n:05d}"}, photo(colour),
                          f"https://laurel.example/verify/abcdefghijklmnopqrstuvwxyz{n:06d}")  # fmt: skip


def _whole(found: designs.Design, constants: dict[str, Any], one: designs.Filled) -> bytes:
    picture = "data:image/jpeg;base64," + base64.b64encode(one.photo).decode()
    html = designs.html_of(found, {**constants, **one.values, "photo": picture, "qr": qr_data_url(one.qr)})
    document = weasyprint.HTML(string=html, url_fetcher=OnlyOurs(list(ASSETS)), base_url="asset:")
    return bytes(document.write_pdf())


def naive_signed(count: int) -> None:
    """Certificates of the grade design, each laid out whole and signed with a signer of its own."""
    at = now()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench")])
    own = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(at - timedelta(days=1)).not_valid_after(at + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    found = designs.design("grade")
    sample = found.sample()
    stamped = {field: sample[field] for field in found.settings["stamped"]}
    constants = {field: value for field, value in sample.items() if field not in stamped} | {"sample": False}
    for n in range(count):
        one = person(stamped, n)
        file_signer(der, [own]).sign(_whole(found, constants, one), at=at, name="bench")


def _typst(constants: dict[str, Any], one: designs.Filled) -> bytes:
    typst = importlib.import_module("typst")
    code = io.BytesIO()
    segno.make(one.qr, error="m", micro=False).save(code, kind="svg", border=2)
    ground = (designs.DESIGNS / "prize" / "ground.svg").read_bytes()
    said = one.values
    source = f"""#set page(width: 297mm, height: 210mm, margin: 0mm, background: image("/ground.svg", width: 100%))
#set text(font: "Noto Serif CJK SC")
#place(top + center, dy: 31mm, text(42pt, weight: "bold", fill: rgb("#8c1c1c"), tracking: .42em)[{constants["title"]}])
#place(top + center, dy: 67mm, text(30pt, weight: "bold")[{said["name"]}])
#place(top + center, dy: 81mm, text(11pt)[{said["name_en"]}])
#place(top + center, dy: 87mm, text(11pt)[{said["unit"]}])
#place(top + center, dy: 98mm, text(14.5pt)[{constants["body"]}])
#place(top + center, dy: 123mm, text(36pt, weight: "bold", tracking: .2em)[{said["prize"]}])
#place(top + center, dy: 138mm, text(12pt)[{said["prize_en"]}])
#place(top + left, dx: 35mm, dy: 58mm, image("/photo.jpg", width: 25mm))
#place(top + left, dx: 31mm, dy: 157mm, image("/qr.svg", width: 25mm))
#place(top + left, dx: 59mm, dy: 168mm, text(9pt)[{said["number"]}])
#place(top + left, dx: 190mm, dy: 157mm, text(12.5pt)[{constants["issuer"]}])
#place(top + left, dx: 200mm, dy: 166mm, text(12pt)[{constants["date_text"]}])"""
    files = {"main.typ": source.encode(), "ground.svg": ground, "photo.jpg": one.photo, "qr.svg": code.getvalue()}
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        return bytes(typst.compile(str(Path(folder) / "main.typ"), root=folder, format="pdf"))


def _spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
