"""Writes the records of an archive in other forms: what a forger hopes that one of the two verifiers reads differently."""

from __future__ import annotations

import io
import random
import re
import time

from tests.votes.secret.make import GROUP, Town
from tests.votes.secret.mutants import of_bytes, of_events, of_fields
from tests.votes.secret.mutate import Editor
from votes import audit
from votes.refusal import Refused
from votes.secret import proof as zk
from votes.secret import wire
from votes.secret.report import LANGUAGES, lines
from votes.secret.verify import Verification

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|-?[0-9]+|[\[\]{},:]|true|false|null')
SLOWEST = 30.0
LITERALS = (
    *(b"null", b"true", b"false", b"[]", b"{}", b'""', b"0", b"1", b"-0", b"-1", b"1.0", b"1e0", b"NaN", b"Infinity"),
    *(
        b"[[]]",
        b'{"":0}',
        b"1073741823",
        b"1073741824",
        b'"1073741824"',
        b"9" * 19,
        b"9" * 5000,
        b'"' + b"9" * 700 + b'"',
    ),
    *(b'"\\ud800"', b'"\\u4e00"', b'"\\u0000"', '"\u0085\u2028\x7f"'.encode(), b"[" * 3000 + b"]" * 3000),
    *(b'"' + b"0" * 64 + b'"', b'{"heads":"' + b"0" * 64 + b'"}', b'"' + b"A" * 64 + b'"'),
)
KEYS = (
    *(b"x_roll_sha256", b"x_rules_sha256", b"x_credentials_sha256", b"x_trustees_sha256", b"x_created", b"x_note"),
    *(b"administrator", b"credential_authority", b"blank", b"name", b"type", b"version", b"weight", b"context", b""),
)


def of_tokens(town: Town, data: bytes, chance: random.Random) -> bytes:
    """A few tokens of one record written otherwise, then every hash, signature and name made to fit."""
    editor = Editor(data)
    part = chance.choice([part for part in editor.events if part.records])
    place = chance.randrange(len(part.records))
    body = part.records[place]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        body = other_tokens(body, chance)
    ballot = part.fields["type"] == "Ballot"
    part.records[place] = signed_again(town, body) if ballot and chance.random() < 0.8 else body
    if chance.random() < 0.95 and place != len(part.records) - 1:
        try:
            editor.renew_setup()
            editor.renew_wrappers()
        except ValueError:
            return data
    return editor.data()


def other_tokens(body: bytes, chance: random.Random) -> bytes:
    tokens = list(TOKEN.finditer(body))
    if not tokens:
        return body
    found = chance.choice(tokens)
    start, end, old = found.start(), found.end(), found[0]
    kind = chance.randrange(8)
    if kind == 0:
        new = chance.choice(LITERALS)
    elif kind == 1:
        new = other_number(old, chance)
    elif kind == 2:
        new = other_text(old, chance)
    elif kind == 3:
        new = chance.choice((b" ", b"\n", b"\t", b"\r", b"\x0b", b"\xef\xbb\xbf", b",", b"", b"\0")) + old
    elif kind == 4:
        new = old[1:-1] if old[:1] == b'"' else b'"' + old + b'"'
    elif kind == 5:
        new = b'"' + chance.choice(KEYS) + b'":' + chance.choice(LITERALS) + b"," + old
        if old == b"{":
            new = old + new[:-1]
    elif kind == 6:
        other = chance.choice(tokens)
        new = other[0]
    else:
        other = chance.choice(tokens)
        (start, end), (first, last) = sorted(((start, end), (other.start(), other.end())))
        if end > first:
            return body
        return body[:start] + body[first:last] + body[end:first] + body[start:end] + body[last:]
    return body[:start] + new + body[end:]


def other_number(old: bytes, chance: random.Random) -> bytes:
    quote, digits = (b'"', old[1:-1]) if old[:1] == b'"' else (b"", old)
    if not digits.isdigit():
        return old + b"0"
    number = int(digits[:700])
    group = (number + int(GROUP.order), number + audit.P, audit.P - number, number + 1, 2**60, 2**61, 10**18, 0, 1)
    forms = (
        b"0" + digits,
        b"+" + digits,
        b"-" + digits,
        digits + b"\\n",
        digits + b".0",
        digits + b"e0",
        b"0x" + digits,
    )
    wide = "".join(chr(0xFF10 + int(each)) for each in digits.decode()).encode()
    return quote + chance.choice((*forms, wide, digits[:1] + b"_" + digits[1:], *(b"%d" % n for n in group))) + quote


def other_text(old: bytes, chance: random.Random) -> bytes:
    if old[:1] != b'"' or len(old) < 3:
        return old + old
    place = chance.randrange(1, len(old) - 1)
    letter = old[place : place + 1]
    escaped = b"\\u00%02x" % letter[0] if letter < b"\x80" else b"\\u4e00"
    return (
        old[:place]
        + chance.choice((escaped, escaped.upper(), letter * 2, b"", b"\\/", b"\\ud800", b"\x7f"))
        + old[place + 1 :]
    )


def signed_again(town: Town, body: bytes) -> bytes:
    """The signature of whoever it says, over these very bytes."""
    start = body.rfind(b',"signature":')
    if start < 0:
        return body
    unsigned = body[:start] + b"}"
    voter = next((v for v in town.voters if GROUP.encode(v.public).encode() in body), town.voters[0])
    digest = wire.sha_b64(unsigned)
    proof = zk.to_json(zk.prove_power(GROUP, voter.secret, f"sig|{digest}|"))
    return unsigned[:-1] + b',"signature":' + wire.dumps({"hash": digest, "proof": proof}) + b"}"


def of_headers(_: Town, data: bytes, chance: random.Random) -> bytes:
    """Bytes of one header, its sum made to fit."""
    starts, place = [], 0
    while place < len(data):
        starts.append(place)
        place += 512 + -(-int(data[place + 124 : place + 135], 8) // 512) * 512
    start = chance.choice(starts)
    header = bytearray(data[start : start + 512])
    at = chance.choice((chance.randrange(512), *range(96, 160, 3)))
    new = chance.choice((b"\0", b" ", b"0", b"7", b"/", b"ustar", b"\xff", b"\x80", b"2", b"."))
    header[at : at + len(new)] = new
    header = header[:512]
    if chance.random() < 0.9:
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
    return data[:start] + bytes(header) + data[start + 512 :]


def verify_verdict(data: bytes) -> tuple[int, str]:
    """The exit code of `verify`, and why."""
    try:
        report = Verification(io.BytesIO(data), len(data)).run(None, None, False)
    except Refused as refused:
        return 2, refused.code
    assert all(lines(report, language) for language in LANGUAGES)
    codes = [finding.code for finding in report.findings if not finding.ok]
    return int(bool(codes)), f"{codes}{report.totals}{report.head}"


def audit_verdict(data: bytes) -> tuple[int, str]:
    second = audit.Audit(io.BytesIO(data))
    try:
        second.run()
    except audit.NotAnArchive:
        return 2, "not an archive"
    except audit.Wrong as wrong:
        return 1, str(wrong)
    return 0, f"[]{second.result or None}{second.head}"


CHANGES = (of_tokens, of_tokens, of_tokens, of_tokens, of_headers, of_fields, of_events, of_bytes)


def compare(town: Town, data: bytes, number: int, seed: int) -> list[int]:
    """Both verifiers come to the same end about every mutant, and where they pass it, to the same result; how many each way."""
    chance = random.Random(seed)
    ends = [0, 0, 0]
    for turn in range(number):
        mutant = chance.choice(CHANGES)(town, data, chance)
        started = time.process_time()
        first, second = verify_verdict(mutant), audit_verdict(mutant)
        where = f"seed {seed}, turn {turn}: {first} {second}"
        assert time.process_time() - started < SLOWEST, where
        assert first[0] == second[0], where
        assert first[0] or first == second, where
        ends[first[0]] += 1
    return ends
