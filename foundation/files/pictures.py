"""Photos: decoded, checked, turned upright, cropped and written anew, so that nothing of the upload but pixels survives."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from foundation.refusal import Refusal

MAX_PIXELS = 40_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class PhotoRule:
    """What a photo must be: its size in pixels once cropped, and the least size of an upload."""

    width: int = 413
    height: int = 579
    least_width: int = 295
    least_height: int = 413


ONE_INCH = PhotoRule()


def cropped_photo(data: bytes, rule: PhotoRule = ONE_INCH) -> bytes:
    """`data` as a JPEG of exactly the rule's size, cropped around the centre (a little above, where faces are).

    Raises Refusal: photo_not_readable, photo_too_many_pixels, photo_too_small.
    """
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
    return target.getvalue()


def decoded(data: bytes) -> Image.Image:
    """The picture in `data`, upright, RGB on white. Decided by its content, never by its name."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    raise Refusal("photo_too_many_pixels", field="photo", limit=MAX_PIXELS // 1_000_000)
                upright = ImageOps.exif_transpose(opened).convert("RGBA")
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as broken:
            raise Refusal("photo_not_readable", field="photo") from broken
    ground = Image.new("RGBA", upright.size, "white")
    return Image.alpha_composite(ground, upright).convert("RGB")
