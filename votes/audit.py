"""A second verifier of secret polls, to be read whole by an auditor: python votes/audit.py FILE.bel

Written from the published description of the Belenios protocol v1 and secret/SPEC.md alone. It needs nothing but Python's
standard library and shares no line with the rest of this project; it is slow (a tenth of a second a ballot) and simple on purpose.
A message is compared with a template: exact keys in exact order, and its bytes must be the only way to write it.
Exit 0: everything holds. 1: something does not, and the line says what. 2: the file is not an archive."""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from functools import partial
from itertools import chain
from math import prod
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

_P = """
a3ef2d011fefb1b6e39e568fccdffb0fb7dc7ef3a791b6862791811d21fc35f21e6d36856b428030421f514ed40bfd4c06e092a495af8d79a2f
85e0fb11c0ede07dd973f9c53e50930c6e82ac36de1ae3fb8c3aabfff12ce27a5022ddd8912d107435012768a2cdd0a4091d8fa447f6c7ebc15
a349fa318a6b4fe17d8d47e843a3e14dfa9b2162f4d7229abe93a188b46b006517d6f6747ebbb29c9ec3099b607f18fb1a8bc858279aa859941
1d998d3e3fada9e010840d082d8c31911acdd4a0e7992d0f18cc759cb5de0acf66a3882555bc810941e021b6a4ccfa04ee4008f878affa2375e
2999b44f6cef17d707301e59e0e6351e051ed9cec4157646e64f
"""
_G = """
1307c1ab5f295885d7caa3a78a42415e31fd1c5807b61fb1e781878a52230a51988b98c259597f9c5a9dfd001d26ba31d9d8976f01d95a1c826
2ee68a0e92cea541e5219e0d0d094301b894236823fe1d4bc04e29f3748aefd4f10d5b1a356a8643e673fd9d215fc8fe5fb9cf9fdb8ea88fdb1
a3381a697fdf9c2458570b06d26aef1be365fdd90165f397c6b870df8c1b9e519edcee8bb0f74b7a1615a274ba60a7ea574a61f552d2dde0ce5
14e0927c4ff49b1964c4a913731ae4268d60d7f22127b6cbba44d453ac8b72fd04e0991b7aeff04867d8724ac638f5f34100d2d47aa680d4377
1902743d663f42d853c041e1c91fe3823f4bcf284308f1d7e653
"""
P, G = (int(text.replace("\n", ""), 16) for text in (_P, _G))
Q = 78571733251071885079927659812671450121821421258408794611510081919805623223441
LARGEST = {2: 1 << 22, 3: 1 << 26}  # in bytes: the trustees and the credentials, the second and third record
LARGEST_OTHER, MOST_PARTS = 1 << 20, 20_000  # any other record; how many brackets and commas a message may have
UNPROVED = "没有第二份证明，结果可能有假 but no second proofs: a trustee with a voter could falsify it unseen"
Pair = tuple[int, int]  # a ciphertext (alpha, beta) or a proof (challenge, response)


class Wrong(Exception): ...


class NotAnArchive(Exception): ...


def need(condition: object, message: str) -> None:
    if not condition:
        raise Wrong(message)


def power(base: int, exponent: int) -> int:
    return pow(base, exponent, P)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sha64(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def hashed(*parts: object) -> int:
    """The challenge: SHA-256 of the parts as they stand, as a number modulo Q."""
    return int(sha("".join(str(part) for part in parts).encode()), 16) % Q


def in_group(x: int) -> bool:
    return 1 < x < P and power(x, Q) == 1


# ---- 1. The file: fixed headers, and records named by their hashes ----
Record = NamedTuple("Record", [("kind", str), ("name", str), ("place", int), ("body", bytes)])  # noqa: UP014


def entry(file: BinaryIO, place: int, limit: int) -> tuple[bytes, int, bytes, int]:
    """Name, time and body of the entry at this place, and the next place. The header is rebuilt, so no byte is free."""
    file.seek(place)
    head = file.read(512)
    name, numbers = head[:100].rstrip(b"\0"), head[124:148]
    need(re.fullmatch(rb"[0-7]{11}\0[0-7]{11}\0", numbers), f"the header at byte {place} is broken")
    size, time = int(numbers[:11], 8), int(numbers[12:23], 8)
    fields = name.ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + numbers
    rebuilt = (fields + b"%06o\0 0" % (sum(fields) + 8 * 32 + ord("0"))).ljust(512, b"\0")
    need(head == rebuilt, f"the header at byte {place} is not as it must be")
    need(size <= limit, f"the entry at byte {place} is too long")
    body, padding = file.read(size), file.read(-size % 512)
    need(len(body) + len(padding) == size + -size % 512, f"文件不完整 the file breaks off after byte {place}")
    need(not any(padding), f"the padding of the entry at byte {place} is not zero")
    return name, time, body, place + 512 + size + len(padding)


def records(file: BinaryIO) -> Iterator[Record]:
    """The first record stands for the archive's own entry and has its time as name."""
    try:
        name, time, body, place = entry(file, 0, 200)
        need(name == b"BELENIOS" and body == b'{"version":1,"timestamp":"%d"}' % time, "the first entry is wrong")
    except Wrong:
        raise NotAnArchive from None
    yield Record("archive", str(time), 0, b"")
    number = 0
    while place != file.seek(0, io.SEEK_END):
        number += 1
        name, own_time, body, following = entry(file, place, LARGEST.get(number, LARGEST_OTHER))
        digest, _, kind = name.decode("ascii", "replace").partition(".")
        need(kind in ("data.json", "event.json") and own_time == time, f"the name or time at byte {place} is wrong")
        need(sha(body) == digest, f"文件损坏 the entry at byte {place} does not match its hash")
        yield Record(kind, digest, place, body)
        place = following


# ---- 2. Messages: a template is a dict, a list, a fixed text, a kind, a function, or None for anything ----
def read(data: bytes, template: Any, what: str, limit: int = LARGEST_OTHER) -> Any:
    """The message's values in the template's order; its bytes must be what writing it again gives."""
    try:
        need(len(data) <= limit and sum(map(data.count, b"[{,")) <= MOST_PARTS, "too long")
        value = json.loads(data.decode())
        need(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode() == data, "not canonical")
        return fit(value, template)
    except (ValueError, RecursionError, Wrong) as error:
        reason = error if isinstance(error, Wrong) else "no proper JSON"
        raise Wrong(f"{what} is not written as it must be: {reason}") from None


def fit(value: Any, template: Any) -> Any:
    if isinstance(template, dict):  # a key with a question mark may be absent
        need(isinstance(value, dict), "not an object")
        inner = {key.rstrip("?"): each for key, each in template.items()}
        expected = [key for key in inner if key in value or key in template]
        need(list(value) == expected, f"not exactly the keys {expected}")
        return tuple(fit(value[key], each) if key in value else None for key, each in inner.items())
    if isinstance(template, list):
        need(isinstance(value, list) and len(value) == len(template), f"not a list of {len(template)}")
        return [fit(each, inner) for each, inner in zip(value, template, strict=True)]
    if isinstance(template, str):
        need(value == template, f"not {template!r}")
        return value
    if isinstance(template, type):
        need(type(value) is template, f"not of the kind {template.__name__}")
        return value
    return value if template is None else template(value)


def decimal(value: Any, digits: int, below: int) -> int:
    plain = isinstance(value, str) and re.fullmatch(r"0|[1-9][0-9]*", value, re.ASCII)
    need(plain and len(value) <= digits and int(value) < below, "a number is malformed or too large")
    return int(value)


def element(value: Any) -> int:
    number = decimal(value, 617, P)
    need(number > 0, "zero is in no group")
    return number


def total(value: Any) -> int:
    """A sum: a JSON number up to 1073741823, above that a text."""
    number = value if type(value) is int else decimal(value, 19, 2**60 + 1)
    need((type(value) is int) == (0 <= number <= 1073741823), "a sum is out of range or written in the wrong way")
    return int(number)


def several(value: Any, template: Any, most: int) -> list[Any]:
    need(isinstance(value, list) and 1 <= len(value) <= most, "not a list of the right length")
    return [fit(each, template) for each in value]


scalar = partial(decimal, digits=77, below=Q)
PROOF = {"challenge": scalar, "response": scalar}
PAIR = {"alpha": element, "beta": element}

# ---- 3. The setup: election, trustees, credentials ----
Question = NamedTuple("Question", [("slots", int), ("low", int), ("high", int), ("blank", bool)])  # noqa: UP014
Election = NamedTuple(  # noqa: UP014
    "Election", [("uuid", str), ("key", int), ("questions", list[Question]), ("hash", str), ("bound", list[Any])]
)


def fingerprint(value: Any) -> str:
    need(re.fullmatch("[0-9a-f]{64}", fit(value, str)), "a fingerprint is malformed")
    return str(value)


def fingerprints(value: Any) -> dict[str, str]:
    need(isinstance(value, dict) and 1 <= len(value) <= 8, "not a few fingerprints with names")
    return {name: fingerprint(each) for name, each in value.items()}


def read_election(data: bytes) -> Election:
    template = {"version": int, "description": str, "name": str, "group": "BELENIOS-2048", "public_key": element}
    template |= {"questions": lambda value: several(value, read_question, 32), "uuid": str}
    template |= {"administrator?": str, "credential_authority?": str, "x_roll_sha256?": fingerprint}
    template |= {"x_rules_sha256?": fingerprint, "x_credentials_sha256?": fingerprints}
    template |= {"x_trustees_sha256?": fingerprint, "x_created?": str, "x_second_proof?": bool}
    version, _, _, _, key, questions, uuid, _, _, _, _, *bound = read(data, template, "election.json")
    need(version == 1 and in_group(key), "the version or the public key is wrong")
    need(re.fullmatch(r"[1-9A-HJ-NP-Za-km-z]{14,64}", uuid), "the uuid is malformed")
    need(sum(each.slots for each in questions) <= 256, "there are too many answers")
    need(bound[-1] is not False, "second proofs are demanded by true, or nothing is said")
    return Election(uuid, key, questions, sha64(data), bound)


def read_question(value: Any) -> Question:
    template = {"answers": lambda each: len(several(each, str, 64)), "blank?": bool, "min": int, "max": int}
    count, blank, low, high, _ = fit(value, template | {"question": str})
    need(0 <= low <= high <= count and high > 0, "a question's minimum or maximum is wrong")
    return Question(count + bool(blank), low, high, bool(blank))


def knows(prefix: str, proof: Pair, *pairs: Pair) -> bool:
    """The prover knows the one exponent that raises the first of each pair to the second, as far as the prefix names them."""
    made = [power(base, proof[1]) * power(raised, proof[0]) % P for base, raised in pairs]
    return hashed(prefix, ",".join(map(str, made))) == proof[0]


def public_key(value: Any) -> int:
    pok, key, _ = fit(value, {"pok": PROOF, "public_key": element, "name?": str})
    need(in_group(key) and knows(f"pok|BELENIOS-2048|{key}|", pok, (G, key)), "a trustee did not prove to hold the key")
    return int(key)


def read_trustees(data: bytes) -> tuple[list[tuple[int, int, int]], list[int], int]:
    """All who may decrypt (item, place in it, key), each item's threshold, the product of all keys."""
    members: list[tuple[int, int, int]] = []
    thresholds: list[int] = []
    product = 1
    for kind, value in read(data, lambda each: several(each, [str, None], 64), "trustees", LARGEST[2]):
        if kind == "Single":
            threshold, keys = 1, [group_key := public_key(value)]
        else:
            need(kind == "Pedersen", "a trustee is of an unknown kind")
            threshold, group_key, keys = pedersen(value)
        members += [(len(thresholds), place, key) for place, key in enumerate(keys, 1)]
        need(len(members) <= 64, "there are too many trustees")
        thresholds.append(threshold)
        product = product * group_key % P
    keys_of_items = {(item, key) for item, _, key in members}  # members of a 1-of-n group share one key
    need(len({key for _, key in keys_of_items}) == len(keys_of_items), "one key belongs to two trustees")
    return members, thresholds, product


def pedersen(value: Any) -> tuple[int, int, list[int]]:
    count = len(value["certs"]) if isinstance(value, dict) and isinstance(value.get("certs"), list) else 0
    need(1 <= count <= 64, "the number of certificates is wrong")
    signed = [{"message": str, "signature": PROOF}] * count
    template = {"threshold": int, "certs": signed, "coefexps": signed}
    threshold, certificates, rows, keys = fit(value, template | {"verification_keys": [public_key] * count})
    need(1 <= threshold <= count, "the threshold is wrong")
    columns = [1] * threshold
    for (message, proof), (row_message, row_proof) in zip(certificates, rows, strict=True):
        certificate = {"verification": element, "encryption": element}
        signer, encryption = read(message.encode("utf-8", "replace"), certificate, "a certificate")
        need(in_group(signer) and in_group(encryption), "a certificate's key is not in the group")
        need(knows(f"sigmsg|{message}|", proof, (G, signer)), "a certificate's signature does not hold")
        need(knows(f"sigmsg|{row_message}|", row_proof, (G, signer)), "a signature on coefficients does not hold")
        (row,) = read(row_message.encode("utf-8", "replace"), {"coefexps": [element] * threshold}, "coefficients")
        need(all(in_group(each) for each in row), "a coefficient is not in the group")
        columns = [column * each % P for column, each in zip(columns, row, strict=True)]
    for place, key in enumerate(keys, 1):
        expected = prod(power(column, pow(place, exponent, Q)) for exponent, column in enumerate(columns)) % P
        need(key == expected, f"the verification key of member {place} is wrong")
    return threshold, columns[0], keys


VOTER = re.compile(rb'"([1-9][0-9]{0,616})(?:,(0|[1-9][0-9]{0,14}))?"')


def read_credentials(data: bytes) -> dict[int, int]:
    """Public credential to weight, in ascending order. A list of this form needs no JSON reader, which takes much memory."""
    found: dict[int, int] = {}
    place, before, last = 0, b"[", 0
    for line in VOTER.finditer(data):
        need(data[place : line.start()] == before and len(found) < 100_000, "the list of credentials is malformed")
        public = element(line[1].decode())
        need(last < public, "the credentials are not in ascending order")
        found[public] = int(line[2] or 1)
        place, before, last = line.end(), b",", public
    need(data[place:] == (b"]" if found else b"[]"), "the list of credentials is malformed")
    need(all(in_group(public) for public in found), "a credential is not in the group")
    need(sum(found.values()) <= 2**60, "the weights are too large")
    return found


# ---- 4. Ballots ----
def one_holds(key: int, prefix: str, branches: list[tuple[Pair, int]], proofs: list[Pair]) -> bool:
    """One of the ciphertexts hides its value: the challenges add up to the hash of all commitments."""
    texts: list[str] = []
    for ((alpha, beta), value), (challenge, response) in zip(branches, proofs, strict=True):
        shifted = beta * power(power(G, value), -1) % P
        texts.append(str(power(G, response) * power(alpha, challenge) % P))
        texts.append(str(power(key, response) * power(shifted, challenge) % P))
    return hashed(prefix, ",".join(texts)) == sum(challenge for challenge, _ in proofs) % Q


def read_ballot(election: Election, data: bytes) -> tuple[int, list[Any], Pair]:
    """Credential, answers and signature, without looking at any proof."""
    answers: list[Any] = []
    for question in election.questions:
        template = {"choices": [PAIR] * question.slots, "individual_proofs": [[PROOF] * 2] * question.slots}
        template |= {"overall_proof": [PROOF] * (question.high - question.low + 1 + question.blank)}
        answers.append(template | ({"blank_proof": [PROOF] * 2} if question.blank else {}))
    whole = {"election_uuid": election.uuid, "election_hash": election.hash, "credential": element, "answers": answers}
    whole |= {"signature": {"hash": sha64(unsigned(data)), "proof": PROOF}}
    _, _, credential, found, (_, proof) = read(data, whole, f"ballot {sha64(data)}")
    return credential, found, proof


def unsigned(data: bytes) -> bytes:
    return data[: data.rfind(b',"signature":')] + b"}"


def check_ballot(election: Election, weights: dict[int, int], data: bytes) -> int:
    credential, answers, signature = read_ballot(election, data)
    name = f"ballot {sha64(data)}"
    need(credential in weights, f"the credential of {name} is not on the list")
    elements = [each for choices, *_ in answers for pair in choices for each in pair]
    need(all(in_group(each) for each in elements), f"{name} contains a number outside the group")
    need(len(set(elements)) == len(elements), f"{name} uses a ciphertext twice")
    need(knows(f"sig|{sha64(unsigned(data))}|", signature, (G, credential)), f"the signature of {name} does not hold")
    context = f"{election.hash}|{credential}"
    for question, (choices, single, overall, *blank) in zip(election.questions, answers, strict=True):
        for pair, proofs in zip(choices, single, strict=True):
            held = one_holds(election.key, f"prove|{context}|{pair[0]},{pair[1]}|", [(pair, 0), (pair, 1)], proofs)
            need(held, f"{name}: a choice is not zero or one")
        statement = f"{context}|" + ",".join(f"{alpha},{beta}" for alpha, beta in choices)
        alpha = beta = 1
        for each in choices[int(question.blank) :]:
            alpha, beta = alpha * each[0] % P, beta * each[1] % P
        branches = [((alpha, beta), value) for value in range(question.low, question.high + 1)]
        prefix = f"prove|{statement}|{alpha},{beta}|"
        if question.blank:
            zero = [(choices[0], 0), ((alpha, beta), 0)]
            held = one_holds(election.key, f"bproof0|{statement}|", zero, blank[0])
            need(held, f"{name}: blank and an answer together")
            branches, prefix = [(choices[0], 1), *branches], f"bproof1|{statement}|"
        need(one_holds(election.key, prefix, branches, overall), f"{name}: the number of choices is not allowed")
    return credential


# ---- 5. The whole archive, event by event ----
AFTER = {"": ["Setup"], "Setup": ["Ballot", "EndBallots"], "Ballot": ["Ballot", "EndBallots"], "Result": []}
AFTER |= {"EndBallots": ["EncryptedTally"], "EncryptedTally": ["PartialDecryption"]}
AFTER |= {"PartialDecryption": ["PartialDecryption", "Result"]}
DATA_BEFORE = {"Setup": 4, "Ballot": 1, "EndBallots": 0, "EncryptedTally": 2, "PartialDecryption": 2, "Result": 1}


class Audit:
    """Goes through an archive once; any method raises Wrong when something does not hold."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.last, self.head, self.height = file, "", "", 0
        self.latest: dict[int, Record] = {}
        self.seen: set[str] = set()
        self.shares: dict[int, list[list[int]]] = {}
        self.result: list[list[int]] = []

    def run(self) -> None:
        source = records(self.file)
        self.time = next(source).name
        waiting: list[Record] = []
        for record in source:
            if record.kind == "data.json":
                waiting.append(record)
                need(len(waiting) < 5, "too many records before an entry of the ledger")
                continue
            possible = {self.event(type_, waiting): type_ for type_ in AFTER[self.last]}
            type_ = possible.get(record.body, "")
            need(type_, f"entry {self.height} is malformed, or may not follow {self.last or 'the beginning'}")
            need(len(waiting) == DATA_BEFORE[type_], f"entry {self.height} lacks or has too many records")
            self.last, self.head, self.height = type_, record.name, self.height + 1
            getattr(self, type_)(*waiting)
            waiting = []
        need(self.last and not waiting, "the ledger is empty, or something is left over at its end")
        need(self.second or sum(self.thresholds) <= 3, "all else holds, but over 3 trustees combine and could forge it")

    def event(self, type_: str, waiting: list[Record]) -> bytes:
        """The only way to write an event of this type here."""
        parent = {"parent": self.head} if self.height else {}
        payload = {"payload": waiting[-1].name} if waiting else {}
        return json.dumps({**parent, "height": self.height, "type": type_, **payload}, separators=(",", ":")).encode()

    def Setup(self, election: Record, trustees: Record, credentials: Record, setup: Record) -> None:  # noqa: N802
        names = {"election": election.name, "trustees": trustees.name, "credentials": credentials.name}
        read(setup.body, names, "the setup")
        self.election = read_election(election.body)
        self.members, self.thresholds, key = read_trustees(trustees.body)
        need(key == self.election.key, "the trustees' keys do not give the public key")
        self.weights = read_credentials(credentials.body)
        lists, group, created, second = self.election.bound  # what the ballots commit to
        self.second: dict[str, Any] = {"x_second_proof": PROOF} if second else {}
        need(lists is None or credentials.name in lists.values(), "the ballots commit to other weights")
        by_heads = lists is not None and lists.get("heads") == credentials.name
        need(not by_heads or set(self.weights.values()) <= {1}, "the list by heads gives other weights than one")
        need(group in (None, trustees.name), "the ballots commit to other trustees")
        need(created in (None, self.time), "the ballots commit to another time")

    def Ballot(self, ballot: Record) -> None:  # noqa: N802
        need(ballot.name not in self.seen, f"ballot {sha64(ballot.body)} stands there twice")
        credential = check_ballot(self.election, self.weights, ballot.body)
        self.seen.add(ballot.name)
        self.latest[credential] = ballot._replace(body=b"")

    def EndBallots(self) -> None:  # noqa: N802
        """Each voter's last ballot, to the power of the voter's weight."""
        self.cells = [[(1, 1)] * question.slots for question in self.election.questions]
        for credential, ballot in self.latest.items():
            weight = self.weights[credential]
            body = entry(self.file, ballot.place, LARGEST_OTHER)[2]
            need(sha(body) == ballot.name, "the file was changed while it was read")
            _, answers, _ = read_ballot(self.election, body)
            for row, (choices, *_) in zip(self.cells, answers, strict=True):
                for index, (alpha, beta) in enumerate(choices):
                    row[index] = (row[index][0] * power(alpha, weight) % P, row[index][1] * power(beta, weight) % P)
        self.weight = sum(self.weights[credential] for credential in self.latest)

    def EncryptedTally(self, tally: Record, sized: Record) -> None:  # noqa: N802
        written = read(tally.body, [[PAIR] * len(row) for row in self.cells], "the encrypted tally")
        need(written == self.cells, "the encrypted tally is not that of the ballots")
        template = {"num_tallied": total, "total_weight": total, "encrypted_tally": tally.name}
        count, weight, _ = read(sized.body, template, "the size of the tally")
        need(count == len(self.latest) and weight == self.weight, "the number of ballots or their weight is wrong")

    def PartialDecryption(self, share: Record, owned: Record) -> None:  # noqa: N802
        owner, _ = read(owned.body, {"owner": total, "payload": share.name}, "a trustee's decryption")
        need(1 <= owner <= len(self.members), f"there is no trustee {owner}")
        need(owner not in self.shares, f"trustee {owner} stands there twice")
        key = self.members[owner - 1][2]
        sizes, what = [len(row) for row in self.cells], f"the decryption by trustee {owner}"
        template: dict[str, Any] = {"decryption_factors": [[element] * size for size in sizes]}
        template |= {"decryption_proofs": [[PROOF] * size for size in sizes]} | self.second
        factors, proofs, *second = read(share.body, template, what)
        pairs = [(G, key), *zip((alpha for row in self.cells for alpha, _ in row), chain(*factors), strict=True)]
        for pair, proof in zip(pairs[1:], chain(*proofs), strict=True):
            proved = knows(f"decrypt|{self.election.hash}|{key}|", proof, pairs[0], pair)
            need(proved and (pair[1] == 1 or in_group(pair[1])), f"{what} is not proved")
        texts = (",".join(map(str, each)) for each in zip(*pairs, strict=True))
        named = "|".join(["factors", self.election.hash, *texts, ""])
        need(all(knows(named, each, *pairs) for each in second), f"{what} may be false: its second proof does not hold")
        self.shares[owner] = factors

    def Result(self, result: Record) -> None:  # noqa: N802
        (self.result,) = read(result.body, {"result": [[total] * len(row) for row in self.cells]}, "the result")
        used = [pair for item in range(len(self.thresholds)) for pair in self.opening(item)]
        for i, row in enumerate(self.result):
            for j, number in enumerate(row):
                opened = power(G, number) * prod(power(factors[i][j], exponent) for factors, exponent in used) % P
                need(number <= self.weight and opened == self.cells[i][j][1], f"question {i + 1}: another result opens")

    def opening(self, item: int) -> Iterator[tuple[list[list[int]], int]]:
        """Whose factors of one item are used, each with its exponent (Lagrange at zero)."""
        present = [owner for owner in sorted(self.shares) if self.members[owner - 1][0] == item]
        need(len(present) >= self.thresholds[item], "not enough trustees have decrypted")
        places = {owner: self.members[owner - 1][1] for owner in present[: self.thresholds[item]]}
        for owner, own in places.items():
            yield (
                self.shares[owner],
                prod(other * pow(other - own, -1, Q) for other in places.values() if other != own) % Q,
            )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="核验秘密表决的存档 / Check a secret poll's archive.")
    parser.add_argument("file", metavar="FILE.bel", help="存档 / archive")
    parser.add_argument("--head", type=lambda text: "".join(text.split()).lower(), help="张贴的校验码 / posted")
    parser.add_argument("--finished", action="store_true", help="要求已有结果 / require a result")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Chinese changes no verdict
    code, stream = 0, sys.stdout
    try:
        if not Path(options.file).is_file():
            raise NotAnArchive
        with Path(options.file).open("rb") as file:
            audit = Audit(file)
            audit.run()
        need(options.head in (None, audit.head), f"校验码不同 the last entry is {audit.head}, not the posted")
        need(audit.last == "Result" or not options.finished, f"没有结果 no result yet, only {audit.last}")
        said = f"核验成立 all checks hold: {audit.last}, 计入 ballots {len(audit.latest)}, 结果 result {audit.result}"
        said += f"\n最后一条记录 last entry {audit.head}" + ("" if audit.second else f"\n{UNPROVED}")
    except (NotAnArchive, OSError, ValueError, MemoryError):
        code, stream, said = 2, sys.stderr, f"{options.file}: 没有这个文件或不是存档 / no file, or not an archive"
    except Wrong as wrong:
        code, said = 1, f"核验不成立 FAILS: {wrong}"
    try:
        print(said, file=stream, flush=True)
    except OSError:  # nobody reads it, or the disk is full: the verdict stays
        os.dup2(os.open(os.devnull, os.O_WRONLY), (stream or sys.stdout).fileno())
    return code


if __name__ == "__main__":
    sys.exit(main())
