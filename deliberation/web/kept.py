"""What was typed into a form that came after its sender's sign-in had ended, until they are back at that form."""

from __future__ import annotations

import contextlib
import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from deliberation.web.forms import Form

MOST = 48 * 1024
"""Characters that are carried along; the longest form of ours holds a few thousand."""
BEGINNING = 128 * 1024
"""Bytes of a large form that are read for the words in it, which come before its photos, when nobody is signed in."""
MOST_KEPT = 200
FOR = timedelta(minutes=30)
NEVER = frozenset(
    {"csrf", "once", "next", "typed", "expired", "identifier", "password", "again", "current", "choice", "receipt"}
    | {"have_account"}
)
"""Fields that belong to one showing of a form, secrets, and what somebody chose on a ballot."""


def carried(form: Form) -> str:
    """The fields as one text for a hidden field; empty when there are none, or too much to carry. Never a file."""
    pairs = [(name, value) for name, values in form.fields.items() if name not in NEVER for value in values]
    text = json.dumps(pairs, ensure_ascii=False) if any(value.strip() for _, value in pairs) else ""
    return text if len(text) <= MOST else ""


def fields_of(text: str) -> dict[str, list[str]]:
    """`carried`, read back; whatever else is sent in its place is nothing."""
    try:
        pairs = json.loads(text) if len(text) <= MOST else []
    except (ValueError, RecursionError):
        return {}
    found: dict[str, list[str]] = {}
    for pair in pairs if isinstance(pairs, list) else []:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair):
            name, value = pair
            if name not in NEVER:
                found.setdefault(name, []).append(value)
    return found


async def beginning(request: Request) -> Form:
    """The fields at the head of a form with photos, as far as a small part of it reaches."""

    async def some() -> AsyncGenerator[bytes, None]:
        read = 0
        async for piece in request.stream():
            yield piece[: BEGINNING - read]
            read += len(piece)
            if read >= BEGINNING:
                return

    form = Form()
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        parser = MultiPartParser(request.headers, some(), max_files=0, max_fields=300, max_part_size=BEGINNING)
        # It stops at the first photo; what came before stands in `items`.
        with contextlib.suppress(MultiPartException, ValueError, LookupError, KeyError):
            await parser.parse()
        form = await Form.read(FormData(parser.items))
    return form


@dataclass(frozen=True)
class _Typed:
    account_id: int
    fields: dict[str, list[str]]
    until: datetime


class Kept:
    """In memory only: half an hour's text needs no row, and a restart may forget it."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._typed: OrderedDict[str, _Typed] = OrderedDict()

    def put(self, account_id: int, fields: dict[str, list[str]], now: datetime) -> str:
        """The name under which this person, and nobody else, finds it again."""
        name = secrets.token_urlsafe(12)
        with self._turn:
            self._typed[name] = _Typed(account_id, fields, now + FOR)
            while len(self._typed) > MOST_KEPT:
                self._typed.popitem(last=False)
        return name

    def of(self, name: str, account_id: int, now: datetime) -> dict[str, list[str]]:
        with self._turn:
            for gone in [one for one, typed in self._typed.items() if typed.until <= now]:
                del self._typed[gone]
            found = self._typed.get(name)
        return dict(found.fields) if found and found.account_id == account_id else {}
