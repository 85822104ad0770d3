"""A large body is for those who may send one: nobody signed in, nothing read."""

import asyncio
from typing import Any

import pytest

from tests.conftest import Town

PIECE = b"x" * 64 * 1024


@pytest.mark.parametrize("path", ["/c/jinxiu/matters", "/c/jinxiu/tasks/1/progress", "/c/jinxiu/roll/import"])
def test_a_strangers_large_upload_is_not_read_to_its_end(town: Town, path: str) -> None:
    head = b'--X\r\nContent-Disposition: form-data; name="photos"; filename="a.png"\r\n\r\n'
    pieces = [head, *([PIECE] * 160), b"\r\n--X--\r\n"]
    length, taken, status = sum(map(len, pieces)), [0], [0]

    async def receive() -> dict[str, Any]:
        piece = pieces[taken[0]]
        taken[0] += 1
        return {"type": "http.request", "body": piece, "more_body": taken[0] < len(pieces)}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            status[0] = message["status"]

    headers = {
        "host": "127.0.0.1",
        "content-type": "multipart/form-data; boundary=X",
        "content-length": str(length),
    }
    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("203.0.113.7", 1),
        "server": ("127.0.0.1", 80),
        "scheme": "http",
        "http_version": "1.1",
    }
    asyncio.run(town.app(scope, receive, send))  # type: ignore[arg-type]
    assert status[0] in {303, 403, 404, 413}
    assert taken[0] * len(PIECE) < 2 * 1024 * 1024, f"{taken[0]} pieces of 64 kB were taken in from a stranger"
