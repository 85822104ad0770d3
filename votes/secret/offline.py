"""The commands of those who hold a secret (SPEC S13): `trustee`, `credentials`, `ballot`. They need no network."""

from __future__ import annotations

import argparse
import getpass
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from votes.asked import Asked
from votes.refusal import Refused
from votes.secret import credential as credentials
from votes.secret import keyfile, memory, wire, words
from votes.secret.archive import Reader, opened
from votes.secret.ballot import check_ballot, make_ballot
from votes.secret.board import Chain, Event, events
from votes.secret.ceremony import commitment
from votes.secret.commands import NOT_AN_ARCHIVE, reason, unusable
from votes.secret.election import UUID, read_election
from votes.secret.group import Group, belenios_2048
from votes.secret.report import lines
from votes.secret.shares import file_bytes
from votes.secret.tally import require_openable, tally_bytes
from votes.secret.trustee import Secret, new_secret, public_json, read_trustees
from votes.secret.verify import Verification, same_fingerprint

NOT_TEXT = "不是 UTF-8 文字，请用 UTF-8 编码另存 / not UTF-8 text"
SEPARATORS = set("，；;\t")  # written where a comma was meant, they would make the weight a part of the label
ARCHIVE_HELP = "表决的存档文件 / the poll's archive"
TRUSTEE_HELP = """\
计票受托人：表决前生成密钥（keygen），表决结束后解开合计（decrypt）。在自己的电脑上做，不用联网。
A trustee makes a key before the poll and decrypts the sums after the close, on a machine of their own."""
NO_KEY_FILE = {"key.json", "key.shape", "key.keys", "key.canonical", "key.size", "key.kind"}


class NotText(Exception):
    """A file that should hold text; which one."""


def trustee_command(arguments: Sequence[str]) -> int:
    parser = Asked("python -m votes trustee", description=TRUSTEE_HELP)
    steps = parser.add_subparsers(dest="step", required=True)
    keygen = steps.add_parser("keygen", help="生成密钥 / make a key")
    keygen.add_argument(
        "--key", required=True, type=Path, help="新的密钥文件，只归您自己保管 / new sealed file, yours alone"
    )
    help_text = "新的公钥文件，等各位的校验码都交齐后再交 / new file to hand in after everybody's fingerprint"
    keygen.add_argument("--public", required=True, type=Path, help=help_text)
    keygen.add_argument("--name", default="", help="存档里写的姓名 / as it shall appear in the archive")
    decrypt = steps.add_parser("decrypt", help="解开合计，只解合计 / decrypt the sums, and only the sums")
    decrypt.add_argument("archive", type=Path, metavar="FILE.bel", help=ARCHIVE_HELP)
    help_text = "生成密钥时的密钥文件 / sealed file, or a .privkey of belenios-tool"
    decrypt.add_argument("--key", required=True, type=Path, help=help_text)
    help_text = "公告栏张贴的校验码，64 个字母和数字 / fingerprint of the last entry, as it was posted"
    decrypt.add_argument("--head", required=True, metavar="HEX", help=help_text)
    help_text = "新文件，交给主持计票的人 / new file to hand in: the decryption and its proofs"
    decrypt.add_argument("--out", required=True, type=Path, help=help_text)
    decrypt.add_argument(
        "--second-tally",
        action="store_true",
        help="即使解过这次表决的另一份合计也再解；两份放在一起会露出单张票 / "
        "also if this key decrypted another tally of this poll: the two together show single ballots",
    )
    for step in (keygen, decrypt):
        _ask(step)
    return _run({"keygen": _keygen, "decrypt": _decrypt}, parser.parse_args(arguments))


def credentials_command(arguments: Sequence[str]) -> int:
    parser = Asked("python -m votes credentials", description="投票凭证 / Voting credentials")
    steps = parser.add_subparsers(dest="step", required=True)
    issue = steps.add_parser("issue", help="每位投票人一个，生成凭证 / make one for each voter")
    help_text = "这次表决的编号；不写就新编一个 / of the election; a new one is made where none is given"
    issue.add_argument("--uuid", help=help_text)
    help_text = "每行一位投票人：名称，或 名称,权重 / one line for each voter: LABEL or LABEL,WEIGHT"
    issue.add_argument("--voters", required=True, type=Path, help=help_text)
    help_text = "新的加密文件，装各人的凭证 / new sealed file with the secret codes"
    issue.add_argument("--codes", required=True, type=Path, help=help_text)
    help_text = "新文件：放进存档的名单 / new file: the list for the archive"
    issue.add_argument("--public", required=True, type=Path, help=help_text)
    show = steps.add_parser("show", help="列出凭证，用来打印纸条 / print the codes for the slips")
    show.add_argument("--codes", required=True, type=Path, help="装凭证的加密文件 / sealed file with the codes")
    for step in (issue, show):
        _ask(step)
    return _run({"issue": _issue, "show": _show}, parser.parse_args(arguments))


def ballot_command(arguments: Sequence[str]) -> int:
    parser = Asked("python -m votes ballot", description="不用网页制作秘密表决票 / A secret ballot without the website")
    steps = parser.add_subparsers(dest="step", required=True)
    make = steps.add_parser("make", help="制作 / make one")
    make.add_argument("archive", type=Path, metavar="FILE.bel", help=ARCHIVE_HELP)
    help_text = "每题一组，选的写 1，不选写 0 / 0 and 1 for each question, such as [[1,0,0],[0,1,1,0]]"
    make.add_argument("--choices", required=True, help=help_text)
    help_text = "公告栏张贴的开始校验码 / fingerprint of the first entry, as it was posted before the poll opened"
    make.add_argument("--setup", metavar="HEX", help=help_text)
    help_text = "写有投票凭证的文件；不写就当场输入 / the credential; asked for where not given"
    make.add_argument("--code-file", type=Path, help=help_text)
    make.add_argument("--out", required=True, type=Path, help="新文件 / new file")
    check = steps.add_parser("check", help="检查 / check one")
    check.add_argument("archive", type=Path, metavar="FILE.bel", help=ARCHIVE_HELP)
    check.add_argument("ballot", type=Path, help="表决票文件 / the ballot")
    return _run({"make": _make, "check": _check}, parser.parse_args(arguments))


def _ask(step: argparse.ArgumentParser) -> None:
    help_text = "口令在这个文件的第一行；不写就当场输入 / its first line; asked for where not given"
    step.add_argument("--passphrase-file", type=Path, help=help_text)


def _run(steps: dict[str, Any], options: argparse.Namespace) -> int:
    """Exit 0 done, 1 refused, 2 unusable input; a secret is in no message."""
    try:
        steps[options.step](options)
    except Refused as refused:
        if refused.code == "archive.not_one":
            return unusable(str(options.archive), NOT_AN_ARCHIVE)
        with suppress(OSError):
            print(" / ".join(words.fault(refused.code, refused.facts)), file=sys.stderr)
        return 2 if refused.code in NO_KEY_FILE else 1
    except NotText as no_text:
        return unusable(str(no_text), NOT_TEXT)
    except EOFError:
        return unusable("-", "没有输入 / nothing was typed")
    except UnicodeError:
        return unusable("-", NOT_TEXT)  # typed, or on the command line
    except OSError as error:
        return unusable(str(error.filename or "-"), reason(error))
    return 0


def _passphrase(options: argparse.Namespace, *, twice: bool) -> str:
    if options.passphrase_file is not None:
        lines_ = _text(options.passphrase_file).splitlines()
        return str(lines_[0]) if lines_ else ""
    hint = f"（至少 {keyfile.SHORTEST_PASSPHRASE} 个字符，输入时不显示）" if twice else "（输入时不显示）"
    first = getpass.getpass(f"口令{hint} / passphrase: ")
    if twice and getpass.getpass("再输一次 / again: ") != first:
        raise Refused("key.different")
    return first


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise NotText(path) from None


def _keygen(options: argparse.Namespace) -> None:
    options.name.encode()  # what the terminal could not read is no name
    group = belenios_2048()
    secret = new_secret(group)
    public = wire.dumps(public_json(group, secret, options.name))
    content = {"group": group.name, "exponent": str(secret.exponent), "public_key": group.encode(secret.public)}
    sealed = keyfile.seal(content, _passphrase(options, twice=True))
    keyfile.write_all((options.key, sealed, 0o600), (options.public, public + b"\n", 0o644))
    print(f"先交校验码，等各位都交齐再交公钥 / hand in this fingerprint first: {commitment(public)}")
    print(f"密钥文件 {options.key} 和口令请自己保管到公布结果，谁也不要给；丢了谁也补不回来", end="")
    print(f" / keep {options.key} and its passphrase to yourself until the result; nobody can replace them")


def read_key(group: Group, data: bytes, passphrase: str | None) -> Secret:
    """A sealed key, or the bare quoted number that belenios-tool writes."""
    text = data.strip()
    if text.startswith(b'"') or passphrase is None:
        number = wire.loads(text, "key", 200)
    else:
        content = wire.fields(keyfile.unseal(data, passphrase), "key", "group", "exponent", "public_key")
        if content["group"] != group.name:
            raise Refused("key.group")
        number = content["exponent"]
    try:
        exponent = group.scalar(number)
    except Refused:
        raise Refused("key.number") from None  # the other refusal would show the number
    return Secret(exponent, group.base_power(exponent))


def _decrypt(options: argparse.Namespace) -> None:
    """Checks the whole archive first: a trustee who decrypts whatever the server shows decrypts single ballots.

    All that is used comes from that one check of a private copy, so that nobody can exchange the file meanwhile.
    """
    group = belenios_2048()
    with _private_copy(options.archive) as (copy, size):
        report = Verification(copy, size).run(None, options.head, finished=False)
    if not report.ok or report.election is None or report.trustees is None:
        print("\n".join(lines(report)), file=sys.stderr)
        raise Refused("decrypt.archive")
    if report.tally is None:
        raise Refused("decrypt.early")
    data = options.key.read_bytes()
    sealed = not data.strip().startswith(b'"')
    secret = read_key(group, data, _passphrase(options, twice=False) if sealed else None)
    owners = report.trustees.owners.values()
    number = next((owner.number for owner in owners if owner.public == secret.public), None)
    if number is None:
        raise Refused("decrypt.key")
    tally_hash = wire.sha_hex(tally_bytes(group, report.tally))
    asked = memory.Decrypted(report.election.hash, report.counts, report.counted_hash, tally_hash)
    memory.remember(memory.beside(options.key), asked, second=options.second_tally)
    keyfile.write_new(options.out, file_bytes(report.election, secret, number, report.tally), 0o644)
    print(f"第 {number} 位受托人，{report.counted} 张票 / trustee {number}, {report.counted} ballots: {options.out}")
    print("请把这个文件交给主持计票的人 / hand this file in to whoever leads the count")


@contextmanager
def _private_copy(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    with opened(path) as source, tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(source, copy)
        size = copy.tell()
        copy.seek(0)
        yield copy, size


def _events(path: Path) -> list[Event]:
    """All but the ballots, which would fill the memory."""
    with opened(path) as file:
        return [event for event in events(Reader(file), Chain()) if event.type != "Ballot"]


def _issue(options: argparse.Namespace) -> None:
    group = belenios_2048()
    uuid = credentials.new_uuid() if options.uuid is None else options.uuid
    if not UUID.fullmatch(uuid):
        raise Refused("election.uuid")
    voters: list[tuple[str, int, bool]] = []
    labels: set[str] = set()
    for number, line in enumerate(_text(options.voters).splitlines(), 1):
        label, comma, weight = line.strip().partition(",")
        mixed = bool(voters) and voters[0][2] != bool(comma)
        if not label or mixed or SEPARATORS & {*label} or (comma and not re.fullmatch(wire.WEIGHT, weight.strip())):
            raise Refused("credentials.voter", line=number)
        if label in labels:
            raise Refused("credentials.twice", line=number)
        labels.add(label)
        voters.append((label, int(weight) if comma else 1, bool(comma)))
    if len(voters) > credentials.MOST_VOTERS:
        raise Refused("credentials.length")
    require_openable(sum(weight for _, weight, _ in voters))
    issued = credentials.issue(group, uuid, len(voters))
    entries = [credentials.Entry(each.public, voter[1]) for each, voter in zip(issued, voters, strict=True)]
    public = credentials.list_bytes(group, entries, weighted=any(voter[2] for voter in voters))
    codes = [[voter[0], each.code] for each, voter in zip(issued, voters, strict=True)]
    sealed = keyfile.seal({"uuid": uuid, "codes": codes}, _passphrase(options, twice=True))
    keyfile.write_all((options.codes, sealed, 0o600), (options.public, public + b"\n", 0o644))
    print(f"{len(voters)} 个凭证 / credentials, uuid {uuid}")


def _show(options: argparse.Namespace) -> None:
    found = keyfile.unseal(options.codes.read_bytes(), _passphrase(options, twice=False))
    for label, code in wire.fields(found, "key", "uuid", "codes")["codes"]:
        print(f"{label}\t{code}")


def _make(options: argparse.Namespace) -> None:
    """Whoever serves the archive chooses the key a ballot is made under: the posted fingerprint of the first entry binds it."""
    setup = _events(options.archive)[0]
    if options.setup is not None and not same_fingerprint(options.setup, setup.hash):
        raise Refused("setup.posted", posted=options.setup, found=setup.hash)
    election = read_election(setup.data[0].body)
    if read_trustees(election.group, setup.data[1].body).public != election.key.y:
        raise Refused("trustees.public_key")
    if options.code_file is not None:
        typed = _text(options.code_file)
    else:
        typed = getpass.getpass("投票凭证 / credential: ")
    voter = credentials.derive(election.group, election.uuid, credentials.normalise(typed))
    try:
        plain = json.loads(options.choices)
    except (ValueError, RecursionError):
        raise Refused("ballot.choice") from None
    if not isinstance(plain, list) or not all(isinstance(each, list) for each in plain):
        raise Refused("ballot.choice")
    if voter.public not in credentials.read_list(election.group, setup.data[2].body):
        raise Refused("credential.unlisted")
    data = make_ballot(election, voter, plain)
    keyfile.write_new(options.out, data + b"\n", 0o644)
    print(f"回执 / receipt: {wire.sha_b64(data)}")
    if options.setup is None:
        print(f"这张票是按开始校验码 {setup.hash} 做的，交票前请与公告栏张贴的核对", end="")
        print(" / before handing it in, compare this fingerprint of the first entry with the one posted")


def _check(options: argparse.Namespace) -> None:
    setup = _events(options.archive)[0]
    election = read_election(setup.data[0].body)
    listed = credentials.read_list(election.group, setup.data[2].body)
    credentials.check_members(election.group, listed)
    ballot = check_ballot(election, options.ballot.read_bytes().removesuffix(b"\n"), listed)
    print(f"合规 / in order, 回执 / receipt: {ballot.tracker}")
