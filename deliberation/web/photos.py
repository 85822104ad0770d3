"""Uploaded pictures are decoded and written anew, so that nothing but a picture is ever kept or served."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from votes.refusal import Refused

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1600


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
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(body), formats=["JPEG", "PNG", "WEBP"]) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Refused("image_too_large", most_mb=MOST_BYTES // 1024 // 1024)
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(image).convert("RGB")
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                out = io.BytesIO()
                upright.save(out, "JPEG", quality=82, optimize=True)
    except Refused:
        raise
    except Exception as problem:  # a decoder may raise anything on a crafted file
        raise Refused("not_an_image") from problem
    return Picture(out.getvalue(), upright.width, upright.height)
