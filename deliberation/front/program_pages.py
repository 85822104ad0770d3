"""The counting program by itself, for whoever wants to count on a computer of their own."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route

import votes
from deliberation.web.routing import page
from deliberation.web.viewer import ANYONE
from deliberation.web.visit import Visit

FOLDER = Path(votes.__file__).parent
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The same program makes the same file, whenever it was installed."""


@cache
def archive() -> bytes:
    """The folder `votes` as it runs here."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(FOLDER.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name = zipfile.ZipInfo(str(Path("votes") / path.relative_to(FOLDER)), LONG_AGO)
                name.compress_type = zipfile.ZIP_DEFLATED
                file.writestr(name, path.read_bytes())
    return body.getvalue()


def program(visit: Visit) -> Response:
    headers = {"content-disposition": 'attachment; filename="votes.zip"'}
    return Response(archive(), media_type="application/zip", headers=headers)


routes: list[Route] = [page("/votes.zip", program, needs=ANYONE)]
