"""Pictures are decoded and written anew: what a file holds beside its pixels does not pass."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from api.refusals import Invalid, TooLarge

MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 24_000_000
LONGEST_PX = 1600
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 85


def written_anew(content: bytes) -> tuple[bytes, int, int]:
    """A JPEG of at most 1600 pixels a side, with width and height; Invalid `picture` for what is no picture."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise TooLarge("too_large", f"the picture has more than {MAX_PIXELS} pixels: make it smaller")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        fields = (("/body", "picture"),)
        raise Invalid("invalid", "this is no picture that can be read: send JPEG, PNG or WebP", fields=fields) from None
    upright.thumbnail((LONGEST_PX, LONGEST_PX))
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)
    written = io.BytesIO()
    plain.save(written, "JPEG", quality=QUALITY, optimize=True)
    return written.getvalue(), plain.width, plain.height
