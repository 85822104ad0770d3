"""Reading a form: every field is read, every fault is noted at its field, then all are told at once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar

from starlette.datastructures import FormData, UploadFile

from deliberation.i18n.dates import LOCAL
from deliberation.web.photos import Picture, reencode
from votes.refusal import Refused

Choice = TypeVar("Choice", bound=str)

_HIDDEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
"""Letters that nobody sees: they would make two names that look alike, or a title of nothing."""


class BadForm(Exception):
    """Faults by field name; a Refused each."""

    def __init__(self, faults: dict[str, Refused]) -> None:
        super().__init__(", ".join(f"{name}: {fault.code}" for name, fault in faults.items()))
        self.faults = faults


def _strange(letter: str) -> bool:
    """Control letters, private ones, and those that no XML may hold."""
    return (unicodedata.category(letter) in {"Cc", "Cs", "Co"} and letter not in "\n\t") or ord(
        letter
    ) & 0xFFFE == 0xFFFE


@dataclass(frozen=True)
class Upload:
    name: str
    body: bytes


@dataclass
class Form:
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[Upload]] = field(default_factory=dict)
    faults: dict[str, Refused] = field(default_factory=dict)

    @classmethod
    async def read(cls, data: FormData) -> Form:
        form = cls()
        for name, value in data.multi_items():
            if isinstance(value, UploadFile):
                body = await value.read()
                if value.filename and body:
                    form.files.setdefault(name, []).append(Upload(value.filename, body))
            else:
                # A sender may name any charset, and some can spell half a letter that nothing can write again.
                form.fields.setdefault(name, []).append(value.encode("utf-8", "replace").decode("utf-8"))
        return form

    def raw(self, name: str) -> str:
        return self.fields.get(name, [""])[-1]

    def digest(self) -> str:
        """Of all that was filled in and chosen, so that two sendings can be told apart."""
        fields = sorted((name, values) for name, values in self.fields.items() if name != "csrf")
        files = sorted(
            (name, hashlib.sha256(file.body).hexdigest()) for name, some in self.files.items() for file in some
        )
        return hashlib.sha256(repr((fields, files)).encode()).hexdigest()

    def fault(self, name: str, code: str, **facts: object) -> None:
        self.faults.setdefault(name, Refused(code, **facts))

    def check(self) -> None:
        if self.faults:
            raise BadForm(self.faults)

    def text(self, name: str, *, most: int, least: int = 0, required: bool = True, one_line: bool = True) -> str:
        value = _HIDDEN.sub("", self.raw(name)).replace("\r\n", "\n").replace("\r", "\n").strip()
        if one_line:
            value = " ".join(value.split("\n"))
        if any(_strange(letter) for letter in value):
            self.fault(name, "strange_characters")
        elif not value and required:
            self.fault(name, "missing")
        elif len(value) > most:
            self.fault(name, "too_long", most=most, have=len(value))
        elif value and len(value) < least:
            self.fault(name, "too_short", least=least)
        return value

    def whole(self, name: str, *, least: int, most: int, default: int | None = None) -> int:
        value = unicodedata.normalize("NFKC", self.raw(name)).strip()
        if not value and default is not None:
            return default
        if not value:
            self.fault(name, "missing")
        elif not re.fullmatch(r"-?[0-9]{1,12}", value):
            self.fault(name, "not_a_number")
        elif not least <= int(value) <= most:
            self.fault(name, "out_of_range", least=least, most=most)
        else:
            return int(value)
        return least

    def choice(self, name: str, allowed: Collection[Choice], *, default: Choice | None = None) -> Choice:
        value = self.raw(name)
        for one in allowed:
            if one == value:
                return one
        if not value and default is not None:
            return default
        self.fault(name, "not_a_choice" if value else "missing")
        return next(iter(allowed))

    def ticked(self, name: str) -> bool:
        return self.raw(name) in {"1", "on", "yes"}

    def day(self, name: str, *, required: bool = True) -> date | None:
        value = self.raw(name).strip()
        if not value:
            if required:
                self.fault(name, "missing")
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fault(name, "not_a_date")
            return None

    def moment(self, name: str) -> datetime:
        """A datetime-local field: the compound's own time in, UTC out. After a fault the value must not be used."""
        value = self.raw(name).strip().replace(" ", "T")
        try:
            return datetime.fromisoformat(value).replace(tzinfo=LOCAL).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fault(name, "not_a_moment" if value else "missing")
            return datetime.fromtimestamp(0, UTC)

    def upload(self, name: str, *, most_mb: int) -> Upload:
        files = self.files.get(name, [])
        if not files:
            self.fault(name, "missing")
            return Upload("", b"")
        if len(files[0].body) > most_mb * 1024 * 1024:
            self.fault(name, "file_too_large", most_mb=most_mb)
        return files[0]

    def photos(self, name: str, *, most: int = 6) -> list[Picture]:
        files = self.files.get(name, [])
        if len(files) > most:
            self.fault(name, "too_many_photos", most=most)
            return []
        pictures: list[Picture] = []
        for file in files:
            try:
                pictures.append(reencode(file.body))
            except Refused as refusal:
                self.faults.setdefault(name, refusal)
        return pictures
