"""Fonts as files: finding a family, shaping a line, cutting a font down to the glyphs of one document."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import uharfbuzz as hb
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTCollection, TTFont

from foundation.refusal import Refusal

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
# The families that designs may name, and the files that hold them: Debian's collections first.
_FILES = {
    ("Noto Serif CJK SC", False): ("NotoSerifCJK-Regular.ttc", "NotoSerifSC-Regular.otf", "NotoSerifCJKsc-Regular.otf"),
    ("Noto Serif CJK SC", True): ("NotoSerifCJK-Bold.ttc", "NotoSerifSC-Bold.otf", "NotoSerifCJKsc-Bold.otf"),
}
# What a page needs of a font is its outlines: tables for editors, vertical text and layout would only make files larger.
_DROPPED = (
    "GSUB",
    "GPOS",
    "GDEF",
    "BASE",
    "VORG",
    "vhea",
    "vmtx",
    "DSIG",
    "cmap",
    "name",
    "OS/2",
    "post",
    "gasp",
    "STAT",
)
_PLAIN = {"liga": False, "clig": False, "dlig": False, "hlig": False, "calt": False}


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph of a shaped line: its number in the whole font, advance and offset in font units, the text it stands for."""

    gid: int
    advance: int
    x_offset: int
    text: str


class Face:
    """One font file, opened once per process."""

    def __init__(self, path: Path, index: int) -> None:
        blob = hb.Blob.from_file_path(str(path))
        self.face = hb.Face(blob, index)
        self.font = hb.Font(self.face)
        self.upem: int = self.face.upem
        extents = self.font.get_font_extents("ltr")
        self.ascender, self.descender = extents.ascender, -extents.descender
        self.characters = frozenset(self.face.unicodes)

    def shaped(self, text: str) -> list[Glyph]:
        """The glyphs of one run, kerned, without ligatures: what is copied out of the file must be the text."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        # As Pango does: Chinese forms of digits and signs, but not where the line is written in Latin letters.
        buffer.language = "en" if buffer.script == "Latn" else "zh-cn"
        hb.shape(self.font, buffer, _PLAIN)
        infos = buffer.glyph_infos
        ends = [info.cluster for info in infos[1:]] + [len(text)]
        return [
            Glyph(info.codepoint, place.x_advance, place.x_offset, text[info.cluster : end])
            for info, place, end in zip(infos, buffer.glyph_positions, ends, strict=True)
        ]

    def cut(self, gids: Iterable[int]) -> Cut:
        """The font with these glyphs alone, renumbered."""
        return Cut(self.face, {gid: gid for gid in gids})


class Cut:
    """A font cut down once: for the lines of many documents, so that cutting it for each costs little."""

    def __init__(self, face: Any, names: Mapping[int, int]) -> None:
        data, kept = _subset(face, names)
        self.face = hb.Face(hb.Blob(data))
        self.kept = {names[old]: new for old, new in kept.items() if old in names}  # whole font's glyph → ours
        self._cids = _cids(data)

    def file_for(self, gids: Iterable[int]) -> tuple[str, bytes, dict[int, int]]:
        """For one document: kind (`cff` or `glyf`), the font program, whole font's glyph → code in the page."""
        ours = {self.kept[gid]: gid for gid in gids}
        data, kept = _subset(self.face, ours)
        codes = {ours[old]: self._cids.get(old, new) for old, new in kept.items() if old in ours}
        cff = _table(data, b"CFF ")
        return ("cff", cff, codes) if cff else ("glyf", data, codes)


def _subset(face: Any, gids: Iterable[int]) -> tuple[bytes, dict[int, int]]:
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.GLYPH_INDEX).update(set(gids))
    wanted.sets(hb.SubsetInputSets.DROP_TABLE_TAG).update({_tag(name) for name in _DROPPED})
    wanted.flags = hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NO_HINTING
    plan = hb.SubsetPlan(face, wanted)
    result = plan.execute()
    return bytes(result.blob.data), dict(plan.old_to_new_glyph_mapping)


def _tag(name: str) -> int:
    return int.from_bytes(name.ljust(4).encode(), "big")


def _table(data: bytes, tag: bytes) -> bytes:
    for start in range(12, 12 + 16 * int.from_bytes(data[4:6], "big"), 16):
        if data[start : start + 4] == tag:
            offset = int.from_bytes(data[start + 8 : start + 12], "big")
            return data[offset : offset + int.from_bytes(data[start + 12 : start + 16], "big")]
    return b""


def _cids(data: bytes) -> dict[int, int]:
    """Glyph → CID of a font keyed by CID: such a font is addressed by CID in a PDF, others by glyph."""
    cff = _table(data, b"CFF ")
    if not cff:
        return {}
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(cff), None)
    top = fonts[0]
    if not hasattr(top, "ROS"):
        return {}
    return {gid: int(name[3:]) for gid, name in enumerate(top.charset) if name.startswith("cid")}


@lru_cache(maxsize=16)
def face_of(family: str, bold: bool, own: Path | None = None, own_family: str = "") -> Face | None:
    """The face of a family: the issuer's own file when it is that family, else an installed one; None when there is none."""
    if own is not None and family == own_family:
        return Face(own, 0)
    for folder in FOLDERS:
        for name in _FILES.get((family, bold), ()):
            for path in sorted(folder.rglob(name)):
                return Face(path, _index(path, family))
    return None


def _index(path: Path, family: str) -> int:
    if path.suffix != ".ttc":
        return 0
    with TTCollection(path, lazy=True) as collection:
        for index, font in enumerate(collection.fonts):
            if font["name"].getDebugName(1) == family:
                return index
    return 0


def family_of(path: Path) -> str:
    """The family a font file says it is."""
    with TTFont(path, lazy=True) as font:
        return str(font["name"].getBestFamilyName() or path.stem)


def runs(text: str, faces: Sequence[Face]) -> list[tuple[Face, str]]:
    """`text` in runs, each in the first face that has its characters. Raises Refusal print_character_missing."""
    found: list[tuple[Face, str]] = []
    for character in text:
        face = next((one for one in faces if ord(character) in one.characters), None)
        if face is None:
            raise Refusal("print_character_missing", character=character, code_point=f"U+{ord(character):04X}")
        if found and found[-1][0] is face:
            found[-1] = (face, found[-1][1] + character)
        else:
            found.append((face, character))
    return found
