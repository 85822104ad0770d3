"""Small files that unpack into hundreds of megabytes, and decoders that run side by side."""

import io
import subprocess
import sys
import warnings
from threading import Event, Thread, current_thread
from typing import Any

import pytest
from PIL import Image, ImageOps

from deliberation.council.roll import differences
from deliberation.web.photos import reencode
from tests.deliberation.council.build import workbook
from tests.serving import PATIENCE

MEMORY_SCRIPT = """
import io, resource
from PIL import Image
from deliberation.web.photos import reencode
from votes.refusal import Refused
body = open({path!r}, "rb").read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    reencode(body)
except Refused:
    pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_a_picture_of_a_quarter_megabyte_does_not_take_hundreds(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "bomb.png"
    Image.new("RGBA", (7745, 7745), (1, 2, 3, 4)).save(path, "PNG")
    script = MEMORY_SCRIPT.format(path=str(path))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 200, f"{path.stat().st_size} bytes took {done.stdout.strip()} MB"


def test_pictures_decoded_side_by_side_leave_the_process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """`warnings.catch_warnings` changes the whole process: two threads that leave it in the order in which they came
    leave "every warning is an error" behind, for every request after them."""
    out = io.BytesIO()
    Image.new("RGB", (30, 30), "red").save(out, "PNG")
    first_is_in, second_is_in, first_is_out = Event(), Event(), Event()
    plain = ImageOps.exif_transpose

    def held(image: Image.Image) -> Image.Image:
        if current_thread().name == "first":
            first_is_in.set()
            second_is_in.wait(PATIENCE)
        else:
            second_is_in.set()
            first_is_out.wait(PATIENCE)
        turned: Image.Image = plain(image)
        return turned

    def work() -> None:
        reencode(out.getvalue())

    monkeypatch.setattr(ImageOps, "exif_transpose", held)
    warnings.simplefilter("default")  # pytest's own "error" would look the same; it puts its own back after the test
    before = list(warnings.filters)
    first, second = Thread(target=work, name="first"), Thread(target=work, name="second")
    first.start()
    assert first_is_in.wait(PATIENCE)
    second.start()
    first.join()
    first_is_out.set()
    second.join()
    assert list(warnings.filters) == before


def test_workbooks_read_side_by_side_leave_the_process_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    body = workbook([["名册"], ["一", "二"]])
    first_is_in, second_is_in, first_is_out = Event(), Event(), Event()
    plain = differences._sheet

    def held(book: Any) -> Any:
        if current_thread().name == "first":
            first_is_in.set()
            second_is_in.wait(PATIENCE)
        else:
            second_is_in.set()
            first_is_out.wait(PATIENCE)
        return plain(book)

    def work() -> None:
        differences.read_rows("roll.xlsx", body, lambda done, total: None)

    monkeypatch.setattr(differences, "_sheet", held)
    before = list(warnings.filters)
    first, second = Thread(target=work, name="first"), Thread(target=work, name="second")
    first.start()
    assert first_is_in.wait(PATIENCE)
    second.start()
    first.join()
    first_is_out.set()
    second.join()
    assert list(warnings.filters) == before
