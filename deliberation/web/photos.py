"""Uploaded pictures are decoded and written anew, so that nothing but a picture is ever kept or served."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass

from PIL import Image, ImageOps

from votes.refusal import Refused

MOST_BYTES = 12 * 1024 * 1024
MOST_JPEG_PIXELS = 60_000_000
"""A camera's; a JPEG is decoded at a fraction of its size."""
MOST_OTHER_PIXELS = 16_000_000
"""Decoded whole, up to four bytes a pixel."""
LONGEST_SIDE = 1600
_places = threading.BoundedSemaphore(2)
"""Pictures decoded at a time: many at once would take the memory of a small server."""
# Our own limits are stricter; Pillow's would only warn, and warnings are shared by all threads.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True)
class Picture:
    """A JPEG without the place, camera or owner that phones write into theirs."""

    body: bytes
    width: int
    height: int


def reencode(body: bytes) -> Picture:
    if len(body) > MOST_BYTES:
        raise Refused("image_too_large", most_mb=MOST_BYTES // 1024 // 1024)
    try:
        with _places, Image.open(io.BytesIO(body), formats=["JPEG", "PNG", "WEBP"]) as image:
            most = MOST_JPEG_PIXELS if image.format == "JPEG" else MOST_OTHER_PIXELS
            if image.width * image.height > most:
                raise Refused("image_too_large", most_mb=MOST_BYTES // 1024 // 1024)
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGB")
            # A comment would be written along: whatever somebody hid in it, or what a phone says of itself.
            upright.info.clear()
            out = io.BytesIO()
            upright.save(out, "JPEG", quality=82, optimize=True)
    except Refused:
        raise
    except Exception as problem:  # a decoder may raise anything on a crafted file
        raise Refused("not_an_image") from problem
    return Picture(out.getvalue(), upright.width, upright.height)
