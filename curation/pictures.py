"""Images for letters: made small, and without what cameras write in them (place, date, device)."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import Unreadable
from core.newsletters import Picture

HEAVIEST: Final = 10 * 2**20  # bytes received
WIDEST: Final = 1120  # pixels: twice the width of a letter, for fine screens
MOST_PIXELS: Final = 50_000_000  # a small file may open into a very large image
READ: Final = ("JPEG", "PNG", "GIF", "WEBP")
NO_IMAGE: Final = "Ce fichier n’est pas une image que Glaneuse sait lire : JPEG, PNG, GIF ou WebP."
DRAWING: Final = (
    "Un dessin SVG peut cacher un programme : enregistrez-le en PNG, et choisissez ce fichier."
)
TOO_LARGE: Final = "Cette image a trop de points : réduisez-la d’abord."


# What Pillow raises for files that are no image, broken ones, or made to hurt.
_BROKEN: Final = (UnidentifiedImageError, OSError, SyntaxError, ValueError)
_BOMBS: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def clean_picture(content: bytes, *, tallest: int = WIDEST * 2) -> Picture:
    """The image as letters show it: JPEG, or PNG when it has transparent parts.

    ``tallest``: its height at most, in pixels. Raises Unreadable, its reason in French, for what
    is no image or too large a one.
    """
    if len(content) > HEAVIEST:
        raise Unreadable("image", TOO_LARGE)
    if b"<svg" in content[:2000].lower():
        raise Unreadable("image", DRAWING)
    try:
        with Image.open(BytesIO(content), formats=READ) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Unreadable("image", TOO_LARGE)
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((WIDEST, tallest))
            return _picture(upright)
    except _BOMBS as error:
        raise Unreadable("image", TOO_LARGE) from error
    except _BROKEN as error:
        raise Unreadable("image", NO_IMAGE) from error


def _picture(image: Image.Image) -> Picture:
    see_through = "A" in image.getbands() or "transparency" in image.info
    bare = Image.new("RGBA" if see_through else "RGB", image.size)
    bare.paste(image.convert(bare.mode))  # pixels alone: nothing of what the file said besides
    written = BytesIO()
    if see_through:
        bare.save(written, "PNG", optimize=True)
    else:
        bare.save(written, "JPEG", quality=82, optimize=True, progressive=True)
    content = written.getvalue()
    ending, kind = ("png", "image/png") if see_through else ("jpg", "image/jpeg")
    name = f"{hashlib.sha256(content).hexdigest()[:32]}.{ending}"
    return Picture(name, kind, *image.size, content)
