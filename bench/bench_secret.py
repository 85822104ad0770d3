"""Secret polls: checking a 1000-ballot archive (3 choices) against gmpy2's own powers and against belenios-tool, in one run."""

import os
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import gmpy2

from votes import audit
from votes.secret import credential as credentials
from votes.secret import trustee as trusting
from votes.secret.ballot import make_ballot, read_ballot
from votes.secret.election import Question
from votes.secret.group import belenios_2048
from votes.secret.poll import Poll, prepare
from votes.secret.shares import file_bytes, read_file
from votes.secret.tally import Counter

BALLOTS = int(os.environ.get("BALLOTS", "1000"))
VARIABLE, FIXED = 22, 15
"""Powers that a 3-choice ballot needs, seven of them for membership one by one: of bases met once, and of g and y."""
FLOOR_SHARE, PER_CORE, TWO_PROCESSES, TALLY_SECONDS, MEMORY = 0.90, 1.8, 3.4, 0.2, 1.2
VERIFY = "import sys; from votes.__main__ import main; sys.exit(main(sys.argv[1:]))"


def make_archive(folder: Path, count: int) -> tuple[Path, Poll, list[bytes]]:
    group = belenios_2048()
    uuid = credentials.new_uuid()
    voters = credentials.issue(group, uuid, count)
    secret = trusting.new_secret(group)
    setup = prepare(
        group,
        uuid=uuid,
        name="bench",
        description="",
        questions=[Question("?", ("yes", "no", "abstain"), 1, 1)],
        trustees=trusting.trustees_bytes([("Single", trusting.public_json(group, secret))]),
        areas={voter.public: secrets.randbelow(20_000) + 4_000 for voter in voters},
        timestamp=1_795_426_863,
    )
    poll = Poll.start(setup, "area")
    bodies = []
    for voter in voters:
        plain = [0, 0, 0]
        plain[secrets.randbelow(3)] = 1
        bodies.append(make_ballot(poll.election, voter, [plain]))
        poll.enter(bodies[-1], read_ballot(poll.election, bodies[-1]))
    tally = poll.close()
    handed = read_file(file_bytes(poll.election, secret, 1, tally))
    poll.accept_share(1, handed.share, handed.proof)
    poll.publish()
    folder.mkdir(parents=True)
    path = folder / f"{uuid}.bel"
    path.write_bytes(poll.board.data)
    return path, poll, bodies


def each(action: Callable[[], object], times: int) -> float:
    """CPU milliseconds of one call."""
    started = time.process_time()
    for _ in range(times):
        action()
    return (time.process_time() - started) / times * 1000


def floor_of_a_ballot() -> tuple[float, float]:
    """What gmpy2's powers alone cost for one ballot, and the two kinds' prices."""
    group = belenios_2048()
    base = group.base_power(secrets.randbelow(group.order))
    p = gmpy2.mpz(audit.P)
    exponent = gmpy2.mpz(secrets.randbelow(group.order))
    table = group.table(base)
    return each(lambda: gmpy2.powmod(base, exponent, p), 400), each(lambda: table(exponent), 2000)


def measured(command: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of a child, its own children included."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def peak_kib(path: Path) -> int:
    """VmHWM, as ru_maxrss would remember the size of the process that started this one."""
    code = "import sys; from pathlib import Path; from votes.secret.verify import verify_file;"
    code += "assert verify_file(Path(sys.argv[1])).ok; print(Path('/proc/self/status').read_text())"
    status = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True).stdout
    return int(status.partition("VmHWM:")[2].split()[0])


def judged(value: float, target: float, *, most: bool = False) -> str:
    met = value <= target if most else value >= target
    return f"{'met' if met else 'MISSED'} (target {'at most' if most else 'at least'} {target})"


def measure() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, poll, bodies = make_archive(folder / "large", BALLOTS)
        yield f"archive of {BALLOTS} ballots, {path.stat().st_size / 1e6:.1f} MB"
        yield from _speed(path)
        yield from _tally(poll, bodies)
        small, _, _ = make_archive(folder / "small", max(BALLOTS // 10, 1))
        few, many = peak_kib(small), peak_kib(path)
        yield f"memory {few / 1024:.1f} MiB for {max(BALLOTS // 10, 1)} ballots, {many / 1024:.1f} MiB for {BALLOTS}"
        yield f"ten times the ballots take {many / few:.2f}x the memory: {judged(many / few, MEMORY, most=True)}"


def _speed(path: Path) -> Iterator[str]:
    verify = [sys.executable, "-c", VERIFY, "verify", "--finished", str(path), "--jobs"]
    start, _ = measured([sys.executable, "-c", "import votes.secret.commands"])
    before = floor_of_a_ballot()
    alone, alone_wall = measured([*verify, "1"])
    after = floor_of_a_ballot()
    variable, fixed = ((before[i] + after[i]) / 2 for i in (0, 1))
    floor = VARIABLE * variable + FIXED * fixed
    ours = (alone - start) / BALLOTS * 1000
    yield f"powers: {variable:.3f} ms of any base, {fixed:.3f} ms by table; floor {floor:.2f} ms a ballot"
    yield f"ours, one process: {ours:.2f} ms a ballot; {floor / ours:.0%} of the floor: {judged(floor / ours, FLOOR_SHARE)}"
    both, both_wall = measured([*verify, "2"])
    yield f"ours, two processes: {both_wall:.1f} s by the clock, {both:.1f} s of CPU"
    tool = shutil.which("belenios-tool")
    if tool is None:
        yield "belenios-tool is not installed: nothing to compare with"
        return
    theirs, theirs_wall = measured([tool, "election", "verify", "--dir", str(path.parent)])
    yield f"belenios-tool: {theirs / BALLOTS * 1000:.2f} ms a ballot"
    yield f"per core, CPU against CPU: {theirs / alone:.2f}x: {judged(theirs / alone, PER_CORE)}"
    ratio = theirs_wall / both_wall
    yield f"two processes, clock against clock: {ratio:.2f}x: {judged(ratio, TWO_PROCESSES)} (needs two idle cores)"
    yield f"two processes, CPU spread evenly over them: {theirs / (both / 2):.2f}x; one process by the clock {alone_wall:.1f} s"


def _tally(poll: Poll, bodies: list[bytes]) -> Iterator[str]:
    ballots = [read_ballot(poll.election, body) for body in bodies]
    started = time.process_time()
    counter = Counter(poll.election)
    for ballot in ballots:
        counter.add([answer.choices for answer in ballot.answers], poll.weights[ballot.credential])
    counter.value()
    taken = (time.process_time() - started) * 1000 / len(ballots)
    yield f"tally of 1000 verified ballots, by area: {taken:.3f} s: {judged(taken, TALLY_SECONDS, most=True)}"
