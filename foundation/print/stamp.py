"""Stamping: a design is printed once without its fields; text, photo and QR code are laid on it file by file.

A file is put together from the ground's bytes, which never change, and a tail of a few objects: the page, the fonts cut down
to this file's own glyphs, the photo, and one table of all objects. So nothing of another person can be in it, and WeasyPrint
runs once per design and not once per certificate. Text is shaped by HarfBuzz in the fonts WeasyPrint would take; flowing
text, and scripts whose lines are laid out by more than their letters' order, go through WeasyPrint whole (`needs_layout`).
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import zxingcpp
from PIL import Image

from foundation.print.faces import Cut, Face, Glyph, face_of, runs
from foundation.print.printer import Laid
from foundation.refusal import Refusal

PX = 0.75  # points in a CSS pixel
_STEP = 0.25  # points: sizes are taken back in steps, so that the same name is the same size everywhere
_LAID_OUT = (
    "ARABIC",
    "HEBREW",
    "SYRIAC",
    "TIBETAN",
    "MONGOLIAN",
    "DEVANAGARI",
    "BENGALI",
    "THAI",
    "KHMER",
    "MYANMAR",
    "TAMIL",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one field stands, in CSS pixels, and how it is set. A picture has no baseline."""

    x: float
    y: float
    width: float
    height: float
    floor: float  # points: the smallest size a long text may take; 0: never smaller
    baseline: float | None = None
    size: float = 0.0
    families: tuple[str, ...] = ()
    bold: bool = False
    colour: tuple[float, ...] = (0.0, 0.0, 0.0)
    align: str = "start"
    spacing: float = 0.0


@dataclass(frozen=True, slots=True)
class Ground:
    """A design ready to be stamped: bytes up to the table of objects, where each object begins, the places of fields."""

    prefix: bytes
    offsets: tuple[int, ...]  # of objects 1…n
    page: int
    root: int
    info: int
    base: int  # the form that draws the ground
    box: tuple[float, float, float, float]
    places: Mapping[str, Place]
    key: str


@dataclass(frozen=True, slots=True)
class OwnFont:
    """The issuer's own font for what is filled in, where there is one."""

    family: str = ""
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One text set in its place: size in points, glyphs by face, whole width in CSS pixels."""

    place: Place
    size: float
    glyphs: Sequence[tuple[Face, Sequence[Glyph]]]
    width: float


def ground_of(laid: Laid) -> Ground:
    """Make a printed page ready to be stamped."""
    with pikepdf.open(io.BytesIO(laid.data)) as pdf:
        page = pdf.pages[0]
        contents = page.obj.Contents
        data = (
            contents.read_bytes()
            if isinstance(contents, pikepdf.Stream)
            else b"\n".join(c.read_bytes() for c in contents)
        )
        box = tuple(float(value) for value in page.mediabox)
        form = pdf.make_stream(
            data,
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Form,
            BBox=page.obj.MediaBox,
            Resources=page.obj.Resources,
        )
        page.obj.Contents, page.obj.Resources = (
            pikepdf.Array(),
            pikepdf.Dictionary(XObject=pikepdf.Dictionary(Base=form)),
        )
        target = io.BytesIO()
        pdf.save(
            target, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=True, deterministic_id=True
        )
    return _read(target.getvalue(), box, laid.places)


def _read(data: bytes, box: tuple[float, ...], places: Mapping[str, Mapping[str, Any]]) -> Ground:
    start = data.rindex(b"xref\n", 0, data.rindex(b"startxref"))
    head = data[start + 5 :].split(b"\n", 1)[0].split()
    lines = data[start + 5 :].split(b"\n", 1)[1]
    offsets = tuple(int(lines[20 * n : 20 * n + 10]) for n in range(1, int(head[1])))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0].obj
        numbers = (page.objgen[0], pdf.Root.objgen[0], pdf.trailer.Info.objgen[0] if "/Info" in pdf.trailer else 0,
                   page.Resources.XObject.Base.objgen[0])  # fmt: skip
    found = {
        name: Place(**{**facts, "families": tuple(facts.get("families", ())), "colour": tuple(facts.get("colour", ()))})
        for name, facts in places.items()
    }
    return Ground(
        data[:start], offsets, *numbers, (box[0], box[1], box[2], box[3]), found, hashlib.sha256(data).hexdigest()
    )


def needs_layout(text: str) -> bool:
    """Is this a text whose letters join, turn round or stack, or that breaks into lines? WeasyPrint lays it out then."""
    if "\n" in text:
        return True
    return any(
        ord(c) > 0x2FF
        and (unicodedata.bidirectional(c) in ("R", "AL") or unicodedata.name(c, "").startswith(_LAID_OUT))
        for c in text
    )


def set_line(place: Place, text: str, own: OwnFont) -> Line:
    """`text` in its place, smaller when it is too long, down to the place's floor.

    Raises Refusal print_text_too_long, print_character_missing.
    """
    faces = [
        face
        for family in place.families
        if (face := face_of(family, place.bold and family != own.family, own.path, own.family)) is not None
    ]
    glyphs = [(face, face.shaped(run)) for face, run in runs(text, faces)]
    ems = sum(glyph.advance / face.upem for face, run in glyphs for glyph in run)
    count = sum(len(run) for _, run in glyphs)
    ratio = place.spacing / place.size
    whole = (ems + ratio * count) * place.size
    size = place.size * PX
    if whole > place.width:
        fitted = size * place.width / whole
        size = fitted - fitted % _STEP
        if not place.floor or size < place.floor:
            raise Refusal("print_text_too_long", text=text)
    return Line(place, size, glyphs, (ems + ratio * count) * size / PX)


class Stamper:
    """Stamps one ground. Texts told beforehand make it fast: fonts are cut down to them once."""

    def __init__(self, ground: Ground, own: OwnFont, texts: Iterable[Mapping[str, str]]) -> None:
        self._ground, self._own = ground, own
        gids: dict[Face, set[int]] = {}
        for values in texts:
            for line in self._lines(values).values():
                for face, glyphs in line.glyphs:
                    gids.setdefault(face, set()).update(glyph.gid for glyph in glyphs)
        self._cuts: dict[Face, Cut] = {face: face.cut(found) for face, found in gids.items()}

    def _lines(self, values: Mapping[str, str]) -> dict[str, Line]:
        return {
            name: set_line(place, values[name], self._own)
            for name, place in self._ground.places.items()
            if place.baseline is not None and values.get(name)
        }

    def stamped(self, values: Mapping[str, str], *, photo: bytes = b"", qr: str = "") -> bytes:
        """The PDF. Every text must have been told at the start. Raises Refusal as `set_line`."""
        tail, drawn = _Tail(self._ground), [b"q /Base Do Q"]
        places, height = self._ground.places, self._ground.box[3]
        if photo and "photo" in places:
            drawn.append(_photo(tail, places["photo"], photo, height))
        if qr and "qr" in places:
            drawn.append(_qr(places["qr"], qr, height))
        drawn += self._text(tail, self._lines(values), height)
        return tail.finished(b"\n".join(drawn))

    def _text(self, tail: _Tail, lines: Mapping[str, Line], height: float) -> list[bytes]:
        used: dict[Face, dict[int, Glyph]] = {}
        for line in lines.values():
            for face, glyphs in line.glyphs:
                used.setdefault(face, {}).update({glyph.gid: glyph for glyph in glyphs})
        codes = {face: _font(tail, face, self._cuts[face], found) for face, found in used.items()}
        drawn = []
        for line in lines.values():
            place, size = line.place, line.size
            free = place.width - line.width
            x = place.x + {"center": free / 2, "right": free, "end": free}.get(place.align, 0.0)
            y = height - _baseline(line) * PX
            red, green, blue = place.colour
            out = [f"BT {red:.4g} {green:.4g} {blue:.4g} rg"]
            pen = x * PX
            spacing = place.spacing / place.size * size
            for face, glyphs in line.glyphs:
                name, numbers = codes[face]
                shown = []
                start = pen
                for glyph in glyphs:
                    natural = face.font.get_glyph_h_advance(glyph.gid)
                    shift = (natural - glyph.advance) / face.upem * 1000 - spacing / size * 1000
                    shown.append(f"<{numbers[glyph.gid]:04x}>" + (f" {shift:.2f} " if shift else ""))
                    pen += glyph.advance / face.upem * size + spacing
                out.append(f"/{name} {size:.4f} Tf 1 0 0 1 {start:.4f} {y:.4f} Tm [{''.join(shown)}] TJ")
            drawn.append(("\n".join(out) + "\nET").encode())
        return drawn


def _baseline(line: Line) -> float:
    # In a line of fixed height the space above and below the text is shared out evenly: smaller text stands higher, and a
    # fallback font with other proportions moves it, as WeasyPrint's own lines do.
    place = line.place
    first = next(
        (face for family in place.families if (face := face_of(family, place.bold)) is not None), line.glyphs[0][0]
    )
    plain: float = (first.ascender - first.descender) / first.upem / 2
    up: float = max(face.ascender / face.upem for face, _ in line.glyphs)
    down: float = max(face.descender / face.upem for face, _ in line.glyphs)
    moved: float = (up - down) / 2 * line.size / PX
    return (place.baseline or 0.0) - plain * place.size + moved


class _Tail:
    """Collects what one file adds to the ground."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._objects: list[bytes] = []
        self.fonts: list[tuple[str, int]] = []
        self.pictures: list[tuple[str, int]] = []

    def add(self, body: bytes) -> int:
        self._objects.append(body)
        return len(self._ground.offsets) + len(self._objects)

    def stream(self, facts: str, data: bytes, *, packed: bool = True) -> int:
        body = zlib.compress(data, 6) if packed else data
        kind = "/Filter /FlateDecode " if packed else ""
        return self.add(f"<< {facts} {kind}/Length {len(body)} >>\nstream\n".encode() + body + b"\nendstream")

    def finished(self, drawn: bytes) -> bytes:
        ground = self._ground
        content = self.stream("", drawn)
        fonts = " ".join(f"/{name} {number} 0 R" for name, number in self.fonts)
        pictures = " ".join(f"/{name} {number} 0 R" for name, number in self.pictures)
        parent = _parent(ground)
        box = " ".join(f"{value:g}" for value in ground.box)
        page = (
            f"<< /Type /Page /Parent {parent} 0 R /MediaBox [{box}] /Contents {content} 0 R /Resources << /Font << {fonts} >> "
            f"/XObject << /Base {ground.base} 0 R {pictures} >> >> >>"
        ).encode()
        offsets = list(ground.offsets)
        out, at = [ground.prefix], len(ground.prefix)
        first = len(offsets) + 1
        for number, body in [*enumerate(self._objects, first), (ground.page, page)]:
            piece = b"%d 0 obj\n%b\nendobj\n" % (number, body)
            if number < first:
                offsets[number - 1] = at
            else:
                offsets.append(at)
            out.append(piece)
            at += len(piece)
        size = len(offsets) + 1
        digest = hashlib.sha256(b"".join(out[1:])).hexdigest()[:32]
        table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
        info = f" /Info {ground.info} 0 R" if ground.info else ""
        end = (
            f"trailer\n<< /Size {size} /Root {ground.root} 0 R{info} /ID [<{ground.key[:32]}><{digest}>] >>\n"
            f"startxref\n{at}\n%%EOF\n"
        )
        return b"".join([*out, b"xref\n0 %d\n0000000000 65535 f \n" % size, table, end.encode()])


def _parent(ground: Ground) -> int:
    start = ground.offsets[ground.page - 1]
    body = ground.prefix[start : ground.prefix.index(b"endobj", start)]
    return int(body.split(b"/Parent", 1)[1].split()[0])


def _font(tail: _Tail, face: Face, cut: Cut, glyphs: Mapping[int, Glyph]) -> tuple[str, dict[int, int]]:
    kind, program, codes = cut.file_for(glyphs)
    name = f"F{len(tail.fonts)}"
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(program).digest()[:6])
    base = f"{tag}+LaurelFilled{name}"
    if kind == "cff":
        file = f"/FontFile3 {tail.stream('/Subtype /CIDFontType0C', program)} 0 R"
        subtype = "/CIDFontType0"
    else:
        file = f"/FontFile2 {tail.stream(f'/Length1 {len(program)}', program)} 0 R"
        subtype = "/CIDFontType2 /CIDToGIDMap /Identity"
    thousand = 1000 / face.upem
    up, down = round(face.ascender * thousand), round(-face.descender * thousand)
    descriptor = tail.add(
        f"<< /Type /FontDescriptor /FontName /{base} /Flags 4 /FontBBox [-200 {down} 1200 {up}] /ItalicAngle 0 "
        f"/Ascent {up} /Descent {down} /CapHeight 700 /StemV 80 {file} >>".encode()
    )
    order = sorted((codes[gid], glyph) for gid, glyph in glyphs.items())
    widths = " ".join(f"{code} [{face.font.get_glyph_h_advance(glyph.gid) * thousand:g}]" for code, glyph in order)
    cid = tail.add(
        f"<< /Type /Font /Subtype {subtype} /BaseFont /{base} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        f"/Supplement 0 >> /FontDescriptor {descriptor} 0 R /DW 1000 /W [{widths}] >>".encode()
    )
    said = "\n".join(f"<{code:04x}> <{glyph.text.encode('utf-16-be').hex()}>" for code, glyph in order)
    sections = [said.split("\n")[at : at + 100] for at in range(0, len(order), 100)]
    listed = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in sections)
    cmap = (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) "
        "/Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\n"
        f"endcodespacerange\n{listed}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )
    unicode_map = tail.stream("", cmap.encode())
    font = tail.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{base} /Encoding /Identity-H /DescendantFonts [{cid} 0 R] "
        f"/ToUnicode {unicode_map} 0 R >>".encode()
    )
    tail.fonts.append((name, font))
    return name, codes


def _photo(tail: _Tail, place: Place, data: bytes, height: float) -> bytes:
    with Image.open(io.BytesIO(data), formats=("JPEG",)) as opened:  # the head alone; the bytes go in as they are
        width, tall, mode = opened.width, opened.height, opened.mode
    if mode not in ("RGB", "L"):
        raise Refusal("photo_not_readable", field="photo")
    space = "/DeviceRGB" if mode == "RGB" else "/DeviceGray"
    number = tail.stream(
        f"/Type /XObject /Subtype /Image /Width {width} /Height {tall} /BitsPerComponent 8 /ColorSpace {space} "
        "/Filter /DCTDecode", data, packed=False,
    )  # fmt: skip
    tail.pictures.append(("Photo", number))
    left, low = place.x * PX, height - (place.y + place.height) * PX
    wide, high = place.width * PX, place.height * PX
    scale = max(wide / width, high / tall)  # covers its place, as object-fit does
    x, y = left + (wide - width * scale) / 2, low + (high - tall * scale) / 2
    return (
        f"q {left:.4f} {low:.4f} {wide:.4f} {high:.4f} re W n {width * scale:.4f} 0 0 {tall * scale:.4f} {x:.4f} {y:.4f} cm "
        "/Photo Do Q"
    ).encode()


def _qr(place: Place, content: str, height: float) -> bytes:
    image = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode, ec_level="M").to_image(
        scale=1, add_quiet_zones=False
    )
    side = image.shape[0]
    rows = bytes(memoryview(image).cast("B"))  # type: ignore[arg-type]
    quiet = 2
    module = place.width * PX / (side + 2 * quiet)
    left, top = place.x * PX + quiet * module, height - place.y * PX - quiet * module
    out = ["q 0 g"]
    for row in range(side):
        column = 0
        while column < side:
            if rows[row * side + column]:
                column += 1
                continue
            start = column
            while column < side and not rows[row * side + column]:
                column += 1
            out.append(
                f"{left + start * module:.3f} {top - (row + 1) * module:.3f} {(column - start) * module:.3f} {module:.3f} re"
            )
    return (" ".join(out) + " f Q").encode()
