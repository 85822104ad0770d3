"""Nothing but a picture is kept, and nothing that the phone wrote into it."""

import io

import pytest
from PIL import Image

from deliberation.web import photos
from deliberation.web.photos import reencode
from tests.deliberation.web.build import bomb_png, jpeg, located_jpeg
from votes.refusal import Refused


def refused(body: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        reencode(body)
    return refusal.value.code


def test_place_and_camera_are_gone_and_the_picture_stands_upright() -> None:
    kept = reencode(located_jpeg())
    assert (kept.width, kept.height) == (30, 40)
    with Image.open(io.BytesIO(kept.body)) as image:
        assert dict(image.getexif()) == {}
    assert b"CameraMaker" not in kept.body


def test_a_large_picture_is_made_small_enough_for_a_phone() -> None:
    kept = reencode(jpeg(4000, 1000))
    assert (kept.width, kept.height) == (1600, 400)


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "CMYK"])
def test_every_colour_mode_becomes_a_plain_jpeg(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (20, 20)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    with Image.open(io.BytesIO(reencode(out.getvalue()).body)) as image:
        assert (image.format, image.mode) == ("JPEG", "RGB")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"GIF89a" + b"\0" * 50,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        b"\xff\xd8\xff" + b"\0" * 100,
        jpeg()[:200],
    ],
)
def test_what_is_no_picture_is_refused(body: bytes) -> None:
    assert refused(body) == "not_an_image"


def test_a_picture_of_more_pixels_than_memory_is_refused_unopened() -> None:
    assert len(bomb_png()) < 500_000
    assert refused(bomb_png()) in {"image_too_large", "not_an_image"}
    assert refused(bomb_png(9_000, 7_000)) == "image_too_large"


def test_a_file_beyond_the_limit_is_refused() -> None:
    assert refused(b"x" * (photos.MOST_BYTES + 1)) == "image_too_large"
