"""A second verifier of secret polls, to be read whole by an auditor: python votes/audit.py FILE.bel

Written from the published description of the Belenios protocol v1 and SPEC S4 alone. It needs nothing but Python's standard
library and shares no line with the rest of this project; it is slow (a tenth of a second a ballot) and simple on purpose.
A message is compared with a template: exact keys in exact order, and its bytes must be the only way to write it.
Exit 0: everything holds. 1: something does not, and the line says what. 2: the file is not an archive."""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import mmap
import re
import sys
from collections.abc import Iterator
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, NamedTuple

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
LARGEST_ENTRY, LARGEST_MESSAGE = 1 << 26, 1 << 20
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


def entry(data: mmap.mmap | bytes, place: int) -> tuple[bytes, int, bytes, int]:
    """Name, time and body of the entry at this place, and the next place. The header is rebuilt, so no byte is free."""
    head = data[place : place + 512]
    numbers = re.fullmatch(rb"([0-7]{11})\0([0-7]{11})\0", head[124:148])
    if len(head) < 512 or not numbers:
        raise Wrong(f"the header at byte {place} is broken")
    size, time = int(numbers[1], 8), int(numbers[2], 8)
    name = head[:100].rstrip(b"\0")
    fields = name.ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + head[124:148]
    rebuilt = (fields + b"%06o\0 0" % (sum(fields) + 8 * 32 + ord("0"))).ljust(512, b"\0")
    need(head == rebuilt, f"the header at byte {place} is not as it must be")
    end = place + 512 + size
    following = end + (-size % 512)
    need(size <= LARGEST_ENTRY and following <= len(data), f"the file breaks off after byte {place}")
    need(not any(data[end:following]), f"the padding before byte {following} is not zero")
    return name, time, data[place + 512 : end], following


def records(data: mmap.mmap | bytes) -> Iterator[Record]:
    """The first record stands for the archive's own entry and has its time as name."""
    if data[:9] != b"BELENIOS\0":
        raise NotAnArchive
    _, time, body, place = entry(data, 0)
    need(body == b'{"version":1,"timestamp":"%d"}' % time, "the first entry is wrong")
    yield Record("archive", str(time), 0, b"")
    while place < len(data):
        name, own_time, body, following = entry(data, place)
        found = re.fullmatch(rb"([0-9a-f]{64})\.(data|event)\.json", name)
        if not found or own_time != time:
            raise Wrong(f"the entry at byte {place} has a wrong name or time")
        need(sha(body).encode() == found[1], f"entry {found[1].decode()} does not match its hash")
        yield Record(found[2].decode(), found[1].decode(), place, body)
        place = following


# ---- 2. Messages: a template is a dict, a list, a fixed text, a function, or None for anything ----


def read(data: bytes, template: Any, what: str, limit: int = LARGEST_MESSAGE) -> Any:
    """The message's values in the template's order; its bytes must be what writing it again gives."""
    try:
        need(len(data) <= limit, "too long")
        value = json.loads(data.decode())
        need(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode() == data, "not canonical")
        return fit(value, template)
    except (ValueError, RecursionError, Wrong) as error:
        reason = error if isinstance(error, Wrong) else "no proper JSON"
        raise Wrong(f"{what} is not written as it must be: {reason}") from None


def fit(value: Any, template: Any) -> Any:
    if isinstance(template, dict):
        need(isinstance(value, dict) and list(value) == list(template), f"not exactly the keys {list(template)}")
        return tuple(fit(value[key], inner) for key, inner in template.items())
    if isinstance(template, list):
        need(isinstance(value, list) and len(value) == len(template), f"not a list of {len(template)}")
        return [fit(each, inner) for each, inner in zip(value, template, strict=True)]
    if isinstance(template, str):
        need(value == template, f"not {template!r}")
        return value
    return value if template is None else template(value)


def decimal(value: Any, digits: int, below: int) -> int:
    plain = isinstance(value, str) and re.fullmatch(r"(?:0|[1-9][0-9]*)(?!\n)", value, re.ASCII)
    need(plain and len(value) <= digits and int(value) < below, "a number is malformed or too large")
    return int(value)


def element(value: Any) -> int:
    number = decimal(value, 617, P)
    need(number > 0, "zero is in no group")
    return number


def total(value: Any) -> int:
    """A sum: a JSON number up to 1073741823, above that a text."""
    if type(value) is int:
        need(0 <= value <= 1073741823, "a sum is out of range")
        return value
    number = decimal(value, 19, 2**60 + 1)
    need(number > 1073741823, "a sum is written in the wrong way")
    return number


def words(value: Any) -> str:
    need(isinstance(value, str), "not a text")
    return str(value)


def several(value: Any, template: Any, most: int) -> list[Any]:
    need(isinstance(value, list) and 1 <= len(value) <= most, "not a list of the right length")
    return [fit(each, template) for each in value]


scalar = partial(decimal, digits=77, below=Q)
PROOF = {"challenge": scalar, "response": scalar}
PAIR = {"alpha": element, "beta": element}

# ---- 3. The setup: election, trustees, credentials ----
Question = NamedTuple("Question", [("slots", int), ("low", int), ("high", int), ("blank", bool)])  # noqa: UP014
Election = NamedTuple(  # noqa: UP014
    "Election", [("uuid", str), ("key", int), ("questions", list[Question]), ("hash", str), ("extra", dict[str, Any])]
)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    need(len(dict(pairs)) == len(pairs), "election.json has a key twice")
    return dict(pairs)


def read_election(data: bytes) -> Election:
    """The only message that may be written freely, as its exact bytes are bound into every ballot."""
    try:
        value = json.loads(data.decode(), object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Wrong("election.json is not proper JSON") from None
    need(isinstance(value, dict) and len(data) <= LARGEST_MESSAGE, "election.json is malformed or too large")
    known = {key: each for key, each in value.items() if not key.startswith("x_")}
    template: dict[str, Any] = {"version": None, "description": words, "name": words, "group": "BELENIOS-2048"}
    template |= {"public_key": element, "questions": partial(several, template=read_question, most=32), "uuid": words}
    template |= {key: words for key in ("administrator", "credential_authority") if key in known}
    version, _, _, _, key_, questions, uuid, *_ = fit(known, template)
    need(type(version) is int and version == 1 and in_group(key_), "the version or the public key is wrong")
    need(re.fullmatch(r"[1-9A-HJ-NP-Za-km-z]{14,64}(?!\n)", uuid), "the uuid is malformed")
    need(sum(each.slots for each in questions) <= 256, "there are too many answers")
    extra = {key: each for key, each in value.items() if key not in known}
    return Election(uuid, key_, questions, sha64(data), extra)


def read_question(value: Any) -> Question:
    need(isinstance(value, dict), "a question is malformed")
    known = {key: each for key, each in value.items() if not key.startswith("x_")}
    blank = {"blank": None} if "blank" in known else {}
    answers: Any = {"answers": lambda each: len(several(each, words, 64))}
    template = answers | blank | {"min": None, "max": None, "question": words}
    count, *flag, low, high, _ = fit(known, template)
    need(all(isinstance(each, bool) for each in flag) and type(low) is int and type(high) is int, "a question's rule")
    need(0 <= low <= high <= count and high > 0, "a question's minimum or maximum is wrong")
    return Question(count + any(flag), low, high, any(flag))


def knows(prefix: str, proof: Pair, *pairs: Pair) -> bool:
    """The prover knows the one exponent that raises the first of each pair to the second, as far as the prefix names them."""
    made = [power(base, proof[1]) * power(raised, proof[0]) % P for base, raised in pairs]
    return hashed(prefix, ",".join(map(str, made))) == proof[0]


def public_key(value: Any) -> int:
    name = {"name": words} if isinstance(value, dict) and "name" in value else {}
    proof, key, *_ = fit(value, {"pok": PROOF, "public_key": element, **name})
    need(in_group(key) and knows(f"pok|BELENIOS-2048|{key}|", proof, (G, key)), "a trustee did not prove its key")
    return int(key)


def read_trustees(data: bytes) -> tuple[list[tuple[int, int, int]], list[int], int]:
    """All who may decrypt (item, place in it, key), each item's threshold, the product of all keys."""
    members: list[tuple[int, int, int]] = []
    thresholds: list[int] = []
    product = 1
    for kind, value in read(data, lambda each: several(each, [words, None], 64), "trustees", 1 << 22):
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
    signed = [{"message": words, "signature": PROOF}] * count
    template = {"threshold": None, "certs": signed, "coefexps": signed}
    threshold, certificates, rows, keys = fit(value, template | {"verification_keys": [public_key] * count})
    need(type(threshold) is int and 1 <= threshold <= count, "the threshold is wrong")
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
        expected = 1
        for exponent, column in enumerate(columns):
            expected = expected * power(column, pow(place, exponent, Q)) % P
        need(key == expected, f"the verification key of member {place} is wrong")
    return threshold, columns[0], keys


def read_credentials(data: bytes) -> dict[int, int]:
    """Public credential to weight, in ascending order."""

    def line(value: Any) -> tuple[int, int]:
        public, comma, weight = words(value).partition(",")
        return element(public), decimal(weight, 15, 10**15) if comma else 1

    found = read(data, lambda each: several(each, line, 100_000) if each else [], "credentials", LARGEST_ENTRY)
    need(all(a < b for (a, _), (b, _) in pairwise(found)), "the credentials are not in ascending order")
    need(all(in_group(public) for public, _ in found), "a credential is not in the group")
    need(sum(weight for _, weight in found) <= 2**60, "the weights are too large")
    return dict(found)


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

    def __init__(self, data: mmap.mmap | bytes) -> None:
        self.data, self.last, self.head, self.height = data, "", "", 0
        self.latest: dict[int, int] = {}
        self.seen: set[str] = set()
        self.shares: dict[int, list[list[int]]] = {}
        self.result: list[list[int]] = []

    def run(self) -> None:
        source = records(self.data)
        self.time = next(source).name
        waiting: list[Record] = []
        for record in source:
            need(len(waiting) < 5, "too many records before an entry of the ledger")
            if record.kind == "data":
                waiting.append(record)
                continue
            try:
                type_ = json.loads(record.body)["type"]
                need(isinstance(type_, str) and type_ in AFTER[self.last], f"{type_!a:.40} may not follow {self.last}")
            except (ValueError, TypeError, KeyError, RecursionError):
                raise Wrong("an entry of the ledger is malformed") from None
            parent = {"parent": self.head} if self.height else {}
            payload = {"payload": waiting[-1].name} if waiting else {}
            expected = {**parent, "height": self.height, "type": type_, **payload}
            need(json.dumps(expected, separators=(",", ":")).encode() == record.body, f"entry {self.height} is wrong")
            need(len(waiting) == DATA_BEFORE[type_], f"entry {self.height} lacks or has too many records")
            self.last, self.head, self.height = type_, record.name, self.height + 1
            getattr(self, type_)(*waiting)
            waiting = []
        need(self.last and not waiting, "the ledger is empty, or something is left over at its end")
        # The more combine without second proofs, the less work it takes all of them to forge a result.
        need(self.second or sum(self.thresholds) <= 3, "all else holds, but over 3 trustees combine and could forge it")

    def Setup(self, election: Record, trustees: Record, credentials: Record, setup: Record) -> None:  # noqa: N802
        names = {"election": election.name, "trustees": trustees.name, "credentials": credentials.name}
        read(setup.body, names, "the setup")
        self.election = read_election(election.body)
        self.members, self.thresholds, key = read_trustees(trustees.body)
        need(key == self.election.key, "the trustees' keys do not give the public key")
        self.weights = read_credentials(credentials.body)
        extra = self.election.extra
        need(extra.get("x_second_proof", True) is True, "the demand for second proofs is malformed")
        self.second: dict[str, Any] = {"x_second_proof": PROOF} if "x_second_proof" in extra else {}
        lists = extra.get("x_credentials_sha256", {"": credentials.name})
        need(isinstance(lists, dict) and credentials.name in lists.values(), "the ballots commit to other weights")
        need(extra.get("x_trustees_sha256", trustees.name) == trustees.name, "the ballots commit to other trustees")
        need(extra.get("x_created", self.time) == self.time, "the ballots commit to another time")

    def Ballot(self, ballot: Record) -> None:  # noqa: N802
        need(ballot.name not in self.seen, f"ballot {sha64(ballot.body)} stands there twice")
        credential = check_ballot(self.election, self.weights, ballot.body)
        self.seen.add(ballot.name)
        self.latest[credential] = ballot.place

    def EndBallots(self) -> None:  # noqa: N802
        """Each voter's last ballot, to the power of the voter's weight."""
        self.cells = [[(1, 1)] * question.slots for question in self.election.questions]
        for credential, place in self.latest.items():
            weight = self.weights[credential]
            _, answers, _ = read_ballot(self.election, entry(self.data, place)[2])
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
        alphas = [alpha for row in self.cells for alpha, _ in row]
        pairs = [(G, key), *zip(alphas, chain(*factors), strict=True)]
        for pair, proof in zip(pairs[1:], chain(*proofs), strict=True):
            proved = knows(f"decrypt|{self.election.hash}|{key}|", proof, pairs[0], pair)
            need(proved and (pair[1] == 1 or in_group(pair[1])), f"{what} is not proved")
        named = "|".join(",".join(map(str, each)) for each in zip(*pairs, strict=True))
        named = f"factors|{self.election.hash}|{named}|"
        need(all(knows(named, each, *pairs) for each in second), f"{what} may be false: its second proof does not hold")
        self.shares[owner] = factors

    def Result(self, result: Record) -> None:  # noqa: N802
        (self.result,) = read(result.body, {"result": [[total] * len(row) for row in self.cells]}, "the result")
        used = [pair for item in range(len(self.thresholds)) for pair in self.opening(item)]
        for i, row in enumerate(self.result):
            for j, number in enumerate(row):
                opened = power(G, number)
                for factors, exponent in used:
                    opened = opened * power(factors[i][j], exponent) % P
                need(number <= self.weight and opened == self.cells[i][j][1], f"question {i + 1}: another result opens")

    def opening(self, item: int) -> Iterator[tuple[list[list[int]], int]]:
        """Whose factors of one item are used, each with its exponent (Lagrange at zero)."""
        present = [owner for owner in sorted(self.shares) if self.members[owner - 1][0] == item]
        need(len(present) >= self.thresholds[item], "not enough trustees have decrypted")
        places = {owner: self.members[owner - 1][1] for owner in present[: self.thresholds[item]]}
        for owner, own in places.items():
            exponent = 1
            for other in places.values():
                exponent = exponent * (other * pow(other - own, -1, Q) if other != own else 1) % Q
            yield self.shares[owner], exponent


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check the archive of a secret poll, with Python alone.")
    parser.add_argument("file")
    parser.add_argument("--head", help="the posted fingerprint of the last entry")
    parser.add_argument("--finished", action="store_true", help="require a result")
    options = parser.parse_args(arguments)
    try:
        with Path(options.file).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            audit = Audit(data)
            audit.run()
        need(options.head in (None, audit.head), f"the last entry is {audit.head}, not the posted one")
        need(audit.last == "Result" or not options.finished, f"there is no result yet, only {audit.last}")
    except (NotAnArchive, OSError, ValueError):
        print(f"{options.file}: not an archive of a poll / 不是投票存档", file=sys.stderr)
        return 2
    except Wrong as wrong:
        print(f"FAILS 核验不成立: {wrong}")
        return 1
    print(f"all checks hold 核验成立: {audit.last}, {len(audit.latest)} ballots count, result {audit.result}")
    print(f"last entry {audit.head}")
    if not audit.second:
        print("but no second proofs 没有第二份证明: a trustee together with a voter could falsify a result unseen")
    return 0


if __name__ == "__main__":
    sys.exit(main())
