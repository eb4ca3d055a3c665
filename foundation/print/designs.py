"""Designs: a folder of HTML, CSS and pictures that values are laid into. The folder's hash is the design's version.

`templates/certificates/<key>/`: design.toml (name, sizes, what may be edited), certificate.html (Jinja, sandboxed), certificate.css,
pictures, sample.toml (values to show it with). `parts` names folders it shares files with, `stamped` the fields whose values
differ from certificate to certificate: elements with `data-field`, one line each in a place of fixed size. Texts that are the
same on many certificates stand in rooms (`data-room`) and are made smaller until they fit. Fonts an issuer may use but we may not
ship lie in LAUREL_DATA/fonts.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from fontTools.ttLib import TTCollection, TTFont
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from foundation.print import faces, stamp
from foundation.print.printer import ASSETS, ROOT, Laid, Printed, print_ground, print_html
from foundation.print.qr import qr_data_url
from foundation.refusal import Missing, Refusal

DESIGNS = ROOT / "templates" / "certificates"
FALLBACK_FAMILY = "Noto Serif CJK SC"
_FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_SUFFIXES = (".otf", ".ttf")
_SIZES = (1.0, 0.93, 0.86, 0.79, 0.72, 0.65)  # of a room's text; below the last it is refused, not squeezed
_installed: list[Path] = []
_BLANK = (
    "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI0IiBoZWlnaHQ9IjUiLz4="
)


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """One design as it lies in its folder."""

    key: str
    title: str
    settings: Mapping[str, Any]
    files: tuple[str, ...]
    hash: str
    root: Path = DESIGNS

    def sample(self) -> dict[str, Any]:
        """The values of its sample: the design's own texts, with sample.toml laid over them."""
        own = {name: fill(text, self.placeholders()) for name, text in self.settings.get("texts", {}).items()}
        return own | self.plain() | {name: value for name, value in self._given().items() if name != "placeholders"}

    def placeholders(self) -> dict[str, str]:
        """Invented values for the names in braces that texts of this design may hold."""
        return dict(self._given().get("placeholders", {}))

    def _given(self) -> dict[str, Any]:
        return tomllib.loads((self.root / self.key / "sample.toml").read_text(encoding="utf-8"))

    def plain(self) -> dict[str, Any]:
        """What a page of this design needs beside its texts, where nobody chose anything."""
        return {
            "colours": dict(self.settings.get("colours", {})),
            "signatories": [],
            "logo": "",
            "seal": "",
            "with_photo": False,
        }


@dataclass(frozen=True, slots=True)
class FilledFont:
    """The font of what is filled in: its family, where it lies (None: installed in the system), is it the declared one?"""

    family: str
    path: Path | None
    declared: bool


def fill(text: str, facts: Mapping[str, str]) -> str:
    """`text` with `{name}` replaced by what is known; brackets around nothing go. What is not known stays as it is."""
    for name, said in facts.items():
        text = text.replace(f"{{{name}}}", said)
    return text.replace("（）", "").replace(" ()", "").replace("  ", " ").strip()


def install_fonts(folder: Path) -> None:
    """Look for an issuer's own fonts in this folder."""
    _installed[:] = [folder]
    _characters.cache_clear()


def design(key: str, root: Path = DESIGNS) -> Design:
    """Read a design. Raises Missing design_unknown."""
    folder = root / key
    if not key.isidentifier() or not (folder / "design.toml").is_file():
        raise Missing("design_unknown", name=key)
    settings = tomllib.loads((folder / "design.toml").read_text(encoding="utf-8"))
    folders = [folder, *(root / part for part in settings.get("parts", ()))]
    files = sorted(path for one in folders for path in one.rglob("*") if path.is_file() and path.suffix != ".pyc")
    digest = hashlib.sha256()
    for path in files:
        name, data = path.relative_to(root).as_posix().encode(), path.read_bytes()
        digest.update(b"%d:%b%d:%b" % (len(name), name, len(data), data))
    names = tuple(path.relative_to(root).as_posix() for path in files)
    return Design(key, settings["title"], settings, names, digest.hexdigest(), root)


def specimen_photo() -> bytes:
    """A drawn portrait of nobody, JPEG, to show designs with."""
    return (ROOT / "static" / "images" / "specimen-photo.jpg").read_bytes()


def catalogue() -> tuple[Design, ...]:
    """Every design there is, by key."""
    return tuple(design(path.parent.name) for path in sorted(DESIGNS.glob("*/design.toml")))


def filled_font() -> FilledFont:
    """The FangSong somebody put into LAUREL_DATA/fonts, else the declared fallback."""
    for folder in _installed:
        for path in sorted(folder.glob("*")) if folder.is_dir() else ():
            if path.suffix.lower() in _SUFFIXES:
                return FilledFont(faces.family_of(path), path, declared=True)
    return FilledFont(FALLBACK_FAMILY, None, declared=False)


def html_of(found: Design, values: Mapping[str, Any], sizes: Mapping[str, float] | None = None) -> str:
    """The design with `values` laid in; every name it uses must be given. `sizes`: how large the text of each room is set."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([found.root / found.key, found.root]), autoescape=True, undefined=StrictUndefined
    )
    font = filled_font()
    shrunk = " ".join(f"[data-room={room}] .fit {{ font-size: {size}em; }}" for room, size in (sizes or {}).items())
    own = {"font_family": font.family, "font_file": font.path.name if font.path else "", "folder": found.key,
           "fitted": "", "drawn": partial(_drawn, environment), "rooms": shrunk}  # fmt: skip
    return environment.get_template("certificate.html").render({**own, **found.plain(), **values})


def _drawn(environment: ImmutableSandboxedEnvironment, name: str, colours: Any) -> str:
    """A drawing of the folder in the chosen colours, as an address."""
    drawing = environment.get_template(name).render({"colours": colours})
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()


def _folders(found: Design) -> tuple[Path, ...]:
    """Where a design's addresses lead: its own root, the house's pictures, the issuer's fonts."""
    return (found.root, *(folder for folder in ASSETS if folder != DESIGNS), *_installed)


def print_design(found: Design, values: Mapping[str, Any]) -> Printed:
    """The design as PDF, laid out whole by WeasyPrint: for samples, and for what cannot be stamped.

    Raises Refusal print_failed, print_text_too_long.
    """
    return _fitted(lambda sizes: print_html(html_of(found, values, sizes), folders=_folders(found)))


Laying = TypeVar("Laying", Printed, Laid)


def _fitted(laid: Callable[[Mapping[str, float]], Laying]) -> Laying:
    """Lay a page out, its rooms smaller step by step until every text fits. Raises Refusal print_text_too_long."""
    sizes: dict[str, float] = {}
    while True:
        found = laid(sizes)
        if not found.overfull:
            return found
        for room, text in found.overfull.items():
            step = _SIZES.index(sizes.get(room, 1.0)) + 1
            if step == len(_SIZES):
                raise Refusal("print_text_too_long", text=text[:60])
            sizes[room] = _SIZES[step]


def own_font() -> stamp.OwnFont:
    """The issuer's own font, as stamping wants it."""
    font = filled_font()
    return stamp.OwnFont(font.family, font.path) if font.path else stamp.OwnFont()


def ground_of(found: Design, constants: Mapping[str, Any]) -> stamp.Ground:
    """The design printed with what is the same on every certificate, ready to be stamped; printed once per process and hash.

    Raises Refusal print_failed; RuntimeError when the design is wrong.
    """
    said = json.dumps([found.hash, constants, str(own_font())], sort_keys=True, ensure_ascii=False, default=str)
    return _ground(found, hashlib.sha256(said.encode()).hexdigest(), _Constants(constants))


class _Constants(dict[str, Any]):
    def __hash__(self) -> int:  # type: ignore[override]
        return 0  # found by the hash beside it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Constants)


@lru_cache(maxsize=32)
def _ground(found: Design, _key: str, constants: _Constants) -> stamp.Ground:
    sample, empty = found.sample(), dict.fromkeys(found.settings["stamped"], "")
    filled = {
        **constants,
        **{name: sample[name] for name in empty},
        "photo": _BLANK,
        "qr": qr_data_url("https://laurel"),
    }
    bare = {**constants, **empty, "photo": "", "qr": ""}
    laid = _fitted(
        lambda sizes: print_ground(html_of(found, filled, sizes), html_of(found, bare, sizes), folders=_folders(found))
    )
    if laid.warnings:
        raise RuntimeError(f"design {found.key}: {laid.warnings[:3]}")
    return stamp.ground_of(laid)


@dataclass(frozen=True, slots=True)
class Filled:
    """What differs from certificate to certificate: texts, photo (JPEG, may be empty), what the QR code says."""

    values: Mapping[str, str]
    photo: bytes
    qr: str


def certificates(found: Design, constants: Mapping[str, Any], wanted: Sequence[Filled]) -> Iterator[bytes]:
    """One PDF after the other, in this order. Stamped; laid out whole where a text needs it. Nothing of one is in another.

    Raises Refusal print_failed, print_text_too_long, print_character_missing; RuntimeError when the design is wrong.
    """
    ground = ground_of(found, constants)
    stamped = found.settings["stamped"]
    own = own_font()
    plain = [one for one in wanted if not any(stamp.needs_layout(one.values.get(name, "")) for name in stamped)]
    stamper = stamp.Stamper(ground, own, [one.values for one in plain])
    easy = {id(one) for one in plain}
    for one in wanted:
        if id(one) in easy:
            yield stamper.stamped(one.values, photo=one.photo, qr=one.qr)
            continue
        printed = whole_page(found, ground, constants, one)
        if printed.pages != 1 or printed.warnings:
            raise RuntimeError(f"design {found.key}: {printed.pages} pages, {printed.warnings[:3]}")
        yield printed.data


def check_fit(found: Design, constants: Mapping[str, Any], values: Mapping[str, str]) -> None:
    """Raises Refusal print_text_too_long, print_character_missing for the first text that has no room in its place."""
    own = own_font()
    for name, place in ground_of(found, constants).places.items():
        text = values.get(name, "")
        if place.baseline is not None and text and not stamp.needs_layout(text):
            stamp.set_line(place, text, own)


def whole_page(found: Design, ground: stamp.Ground, constants: Mapping[str, Any], filled: Filled) -> Printed:
    """The same certificate laid out whole by WeasyPrint, long texts in the sizes stamping would take."""
    own, sizes, values = own_font(), [], filled.values
    photo = "data:image/jpeg;base64," + base64.b64encode(filled.photo).decode() if filled.photo else ""
    pictures = {"photo": photo, "qr": qr_data_url(filled.qr)}
    for name, place in ground.places.items():
        if place.baseline is not None and values.get(name) and not stamp.needs_layout(values[name]):
            size = stamp.set_line(place, values[name], own).size
            if size != place.size * stamp.PX:
                sizes.append(f"[data-field={name}] {{ font-size: {size}pt; }}")
    return print_design(found, {**constants, **values, **pictures, "fitted": " ".join(sizes)})


def missing_characters(text: str) -> tuple[str, ...]:
    """The characters of `text` that neither the filled font nor the declared fallback has, each once, in order.

    Private-use characters count as missing whatever a font says: nobody else would read them. Raises Refusal
    certificate_font_missing where the fallback is not installed.
    """
    known = _characters(filled_font().path)
    return tuple(dict.fromkeys(c for c in text if not c.isspace() and (_private(c) or ord(c) not in known)))


def plain_form(character: str) -> str:
    """The unified ideograph that a Kangxi radical or a compatibility ideograph stands for; the character itself otherwise."""
    code = ord(character)
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or 0x2F800 <= code <= 0x2FA1F:
        meant = unicodedata.normalize("NFKC", character)
        return meant if len(meant) == 1 else character
    return character


def look_alikes(text: str) -> tuple[str, ...]:
    """Characters that look like an ideograph and are not the one everybody types, each once."""
    return tuple(dict.fromkeys(c for c in text if plain_form(c) != c))


def _private(character: str) -> bool:
    code = ord(character)
    return 0xE000 <= code <= 0xF8FF or code >= 0xF0000


@lru_cache(maxsize=4)
def _characters(own: Path | None) -> frozenset[int]:
    found = set(_fallback())
    if own is not None:
        with TTFont(own, lazy=True) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)


@lru_cache(maxsize=1)
def _fallback() -> frozenset[int]:
    for folder in _FONT_FOLDERS:
        for path in sorted(folder.rglob("NotoSerifCJK-Regular.ttc")):
            with TTCollection(path, lazy=True) as collection:
                for font in collection.fonts:
                    if font["name"].getDebugName(1) == FALLBACK_FAMILY:
                        return frozenset(font.getBestCmap())
        for path in sorted(folder.rglob("NotoSerif*SC-Regular.otf")):
            with TTFont(path, lazy=True) as font:
                return frozenset(font.getBestCmap())
    raise Refusal("certificate_font_missing", font=FALLBACK_FAMILY)
