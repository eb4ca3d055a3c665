"""Photos: decoded, checked, turned upright, cropped and written anew, so that nothing of the upload but pixels survives."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageFilter, ImageOps, ImageStat, UnidentifiedImageError

from foundation.refusal import Refusal

MAX_PIXELS = 40_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_EVEN = 22
"""Largest standard deviation of the brightness of a ground that counts as plain, of 255."""


@dataclass(frozen=True, slots=True)
class PhotoRule:
    """What a photo must be: its size in pixels once cropped, and the least size of an upload.

    `ground`: any, plain (one colour), white, blue or red. `sharpness`: the least variance of the Laplacian of the cropped photo's
    brightness; 0: not looked at.
    """

    width: int = 413
    height: int = 579
    least_width: int = 295
    least_height: int = 413
    ground: str = "any"
    sharpness: int = 0


ONE_INCH = PhotoRule()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A photo as it is filed, and what a person should look at: `photo_blurred`, `photo_ground_uneven`, `photo_ground_colour`."""

    data: bytes
    concerns: tuple[str, ...]


def cropped_photo(data: bytes, rule: PhotoRule = ONE_INCH) -> bytes:
    """`data` as a JPEG of exactly the rule's size, cropped around the centre (a little above, where faces are).

    Raises Refusal: photo_not_readable, photo_too_many_pixels, photo_too_small.
    """
    return prepared_photo(data, rule).data


def prepared_photo(data: bytes, rule: PhotoRule) -> Prepared:
    """The photo cropped as `cropped_photo` does, with what does not fit the rule about ground and sharpness. Raises the same."""
    picture = decoded(data)
    if picture.width < rule.least_width or picture.height < rule.least_height:
        raise Refusal(
            "photo_too_small",
            field="photo",
            width=picture.width,
            height=picture.height,
            least_width=rule.least_width,
            least_height=rule.least_height,
        )
    fitted = ImageOps.fit(picture, (rule.width, rule.height), Image.Resampling.LANCZOS, centering=(0.5, 0.4))
    target = io.BytesIO()
    fitted.save(target, "JPEG", quality=90, dpi=(300, 300))
    concerns = [*_ground_concerns(fitted, rule.ground)]
    if rule.sharpness and sharpness_of(fitted) < rule.sharpness:
        concerns.append("photo_blurred")
    return Prepared(target.getvalue(), tuple(concerns))


def sharpness_of(picture: Image.Image) -> float:
    """The variance of the Laplacian of the brightness in the middle of a picture: low when it is out of focus."""
    width, height = picture.size
    middle = picture.convert("L").crop((width // 6, height // 8, width * 5 // 6, height * 7 // 8))
    edges = middle.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128))
    inner = edges.crop((1, 1, edges.width - 1, edges.height - 1))  # the filter leaves the rim as it was
    return float(ImageStat.Stat(inner).var[0])


def _ground_concerns(picture: Image.Image, wanted: str) -> list[str]:
    if wanted == "any":
        return []
    width, height = picture.size
    side = max(4, width // 12)
    # Above the head and beside it: the strip at the top, and the left and right rims of the upper half.
    strips = [
        picture.crop(box)
        for box in (
            (0, 0, width, max(4, height // 20)),
            (0, 0, side, height // 2),
            (width - side, 0, width, height // 2),
        )
    ]
    stats = [ImageStat.Stat(strip) for strip in strips]
    medians = [stat.median for stat in stats]
    spread = max(max(values) - min(values) for values in zip(*medians, strict=True))
    if spread > 2 * _EVEN or any(max(stat.stddev) > _EVEN for stat in stats):
        return ["photo_ground_uneven"]
    red, green, blue = (sorted(values)[1] for values in zip(*medians, strict=True))
    fits = {
        "plain": True,
        "white": min(red, green, blue) >= 205,
        "blue": blue >= 110 and blue - red >= 35,
        "red": red >= 120 and red - max(green, blue) >= 60,
    }
    return [] if fits[wanted] else ["photo_ground_colour"]


def clean_picture(data: bytes, *, field: str, most: int = 1200) -> bytes:
    """`data` as PNG of at most `most` pixels a side, what was transparent still so. Raises Refusal as `cropped_photo`."""
    try:
        picture = _upright(data)
    except Refusal as refusal:
        raise Refusal(refusal.code, **{**refusal.facts, "field": field}) from refusal
    picture.thumbnail((most, most), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    picture.save(target, "PNG", optimize=True)
    return target.getvalue()


def decoded(data: bytes) -> Image.Image:
    """The picture in `data`, upright, RGB on white. Decided by its content, never by its name."""
    upright = _upright(data)
    ground = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(ground, upright).convert("RGB")


def _upright(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise Refusal("photo_too_many_pixels", field="photo", limit=MAX_PIXELS // 1_000_000)
                return ImageOps.exif_transpose(opened).convert("RGBA")
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as broken:
            raise Refusal("photo_not_readable", field="photo") from broken
