"""A hand of the press: a process of its own that stamps, signs and looks. See `press`.

It reads orders from standard input and answers each file with one message, until its input ends.
"""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp
from cryptography import x509
from PIL import Image, ImageChops, ImageDraw

from foundation.print import frames
from foundation.print.signatures import Attachment, PdfSigner, file_signer, token_signer
from foundation.print.stamp import PX, Ground, OwnFont, Place, Stamper
from foundation.refusal import Refusal

MEMORY_BYTES = 2 * 1024**3
DPI = 110
DIFFERENT = 48  # of 255: less is smoothing


class _NoSigner(Exception):
    """The key does not open."""


class _Desk:
    """What was sent once: ground, font, signer."""

    def __init__(self, order: Mapping[str, Any], blobs: list[bytes]) -> None:
        facts = order["ground"]
        places = {
            name: Place(**{**one, "families": tuple(one["families"]), "colour": tuple(one["colour"])})
            for name, one in facts["places"].items()
        }
        box = tuple(facts["box"])
        self.ground = Ground(
            **{**facts, "prefix": blobs[0], "offsets": tuple(facts["offsets"]), "box": box, "places": places}
        )
        path = order["own"]["path"]
        self.own = OwnFont(order["own"]["family"], Path(path)) if path else OwnFont()
        said = order["signer"]
        self.name = said["name"] if said else ""
        try:
            self.signer = _signer(said, blobs[1]) if said else None
        except Exception as broken:
            raise _NoSigner(f"{type(broken).__name__}: {broken}") from broken
        self._empty: Image.Image | None = None

    def made(self, order: Mapping[str, Any], blobs: Iterator[bytes]) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
        at = datetime.fromisoformat(order["at"])
        sheets = order["sheets"]
        pictures, attached = [], []
        for sheet in sheets:
            pictures.append(next(blobs))
            attached.append([Attachment(data=next(blobs), **one) for one in sheet["attachments"]])
        stampers = _stampers(self.ground, self.own, [{} if sheet["whole"] else sheet["values"] for sheet in sheets])
        for sheet, stamper, photo, files in zip(sheets, stampers, pictures, attached, strict=True):
            if isinstance(stamper, Refusal):
                yield {"refusal": stamper.code, "facts": {k: str(v) for k, v in stamper.facts.items()}}, []
                continue
            try:
                data = photo if sheet["whole"] else stamper.stamped(sheet["values"], photo=photo, qr=sheet["qr"])
            except Refusal as refusal:
                yield {"refusal": refusal.code, "facts": {k: str(v) for k, v in refusal.facts.items()}}, []
                continue
            if self.signer is not None:
                try:
                    data = self.signer.sign(data, at=at, name=self.name, attachments=files)
                except Exception as broken:
                    raise _NoSigner(f"{type(broken).__name__}: {broken}") from broken
            yield {"faults": self.faults(data, sheet["values"], sheet["qr"]) if sheet["check"] else []}, [data]

    def faults(self, pdf: bytes, values: Mapping[str, str], qr: str) -> list[str]:
        """Text as it is copied out, ink where there must be ink and nowhere else, the code as a camera reads it."""
        document = pypdfium2.PdfDocument(pdf)
        page = document[0]
        text = "".join(page.get_textpage().get_text_range().split())
        shown = page.render(scale=DPI / 72).to_pil().convert("RGB")
        found = [f"text:{name}" for name, value in values.items() if "".join(value.split()) not in text]
        if self._empty is None:
            blank = Stamper(self.ground, self.own, []).stamped({})
            self._empty = pypdfium2.PdfDocument(blank)[0].render(scale=DPI / 72).to_pil().convert("RGB")
        ink = (
            ImageChops.difference(shown, self._empty).convert("L").point(lambda value: 255 if value > DIFFERENT else 0)
        )
        draw = ImageDraw.Draw(ink)
        for name, place in self.ground.places.items():
            if values.get(name) and ink.crop(_area(place, 0)).getbbox() is None:
                found.append(f"raster:{name}")
        for place in self.ground.places.values():
            draw.rectangle(_area(place, (place.size or 0) * 0.35 + 2), fill=0)
        if ink.getbbox() is not None:
            found.append("raster:ground")
        if qr and [code.text for code in zxingcpp.read_barcodes(shown)] != [qr]:
            found.append("qr")
        return found


def _area(place: Place, room: float) -> tuple[int, int, int, int]:
    # With `room`, because glyphs may reach over their line.
    scale = PX * DPI / 72
    return (
        max(0, int((place.x - room) * scale)), max(0, int((place.y - room) * scale)),
        int((place.x + place.width + room) * scale) + 1, int((place.y + place.height + room) * scale) + 1,
    )  # fmt: skip


def _stampers(ground: Ground, own: OwnFont, texts: list[Mapping[str, str]]) -> list[Stamper | Refusal]:
    """One stamper for all; when a text is refused, one each, so that it stops no other."""
    try:
        shared = Stamper(ground, own, texts)
    except Refusal:
        found: list[Stamper | Refusal] = []
        for one in texts:
            try:
                found.append(Stamper(ground, own, [one]))
            except Refusal as refusal:
                found.append(refusal)
        return found
    return [shared] * len(texts)


def _signer(said: Mapping[str, Any], private_key: bytes) -> PdfSigner:
    chain = x509.load_pem_x509_certificates(said["chain"].encode())
    if said["holder"] == "token":
        token = said["token"]
        return token_signer(
            module=token["module"], token=token["token"], label=token["label"], pin=said["pin"], certificates=chain
        )
    return file_signer(private_key, chain)


def main() -> None:
    """Answer orders until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    source, target = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = io.TextIOWrapper(
        io.FileIO(2, "w", closefd=False)
    )  # whatever a library prints must not break the frames
    desk: _Desk | None = None
    while True:
        try:
            order, blobs = frames.receive(source)
        except EOFError:
            return
        try:
            if order["do"] == "setup":
                desk = _Desk(order, blobs)
            elif order["do"] == "make" and desk is not None:
                for head, data in desk.made(order, iter(blobs)):
                    frames.send(target, head, data)
        except BrokenPipeError:
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
            said = f"{type(error).__name__}: {error}"[:500]
            frames.send(target, {"error": said, "signer": isinstance(error, _NoSigner)})
            return


if __name__ == "__main__":
    main()
