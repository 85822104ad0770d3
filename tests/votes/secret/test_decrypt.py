"""A trustee's own tool: what it decrypts, for whom, and what it remembers (SPEC S13)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.votes.secret.make import Town, town, write
from tests.votes.secret.mutate import Editor
from tests.votes.secret.paths import VECTORS, bel
from votes.__main__ import main
from votes.secret import memory
from votes.secret.finding import Report
from votes.secret.memory import Decrypted, harmless
from votes.secret.poll import Poll
from votes.secret.shares import read_file
from votes.secret.verify import Verification

YES = [[1, 0, 0]]
BALLOTS: dict[tuple[str, int], bytes] = {}


def the_tool_s_key(folder: Path, case: str = "a_plain3") -> Path:
    """A copy, as a record is kept beside it."""
    (key,) = (VECTORS / case).glob("*.privkey")
    copy = folder / "key"
    copy.write_bytes(key.read_bytes())
    return copy


def head_of(path: Path) -> str:
    return Editor(path.read_bytes()).last_hash()


def decrypt(archive: Path, key: Path, out: Path, *more: str, head: str | None = None) -> int:
    pinned = head_of(archive) if head is None else head
    return main(["trustee", "decrypt", str(archive), "--key", str(key), "--out", str(out), "--head", pinned, *more])


@pytest.fixture
def place(tmp_path: Path) -> Town:
    made = town([70, 20])
    (tmp_path / "key").write_text(f'"{made.secrets[1].exponent}"')
    return made


def closed(place: Town, folder: Path, counts: str, voters: list[int]) -> Path:
    poll = Poll.start(place.setup, counts)
    for voter in voters:
        poll.cast(ballot(place, voter))
    poll.close()
    return write(folder, place, poll.board.data)


def ballot(place: Town, voter: int) -> bytes:
    """The very same ballot in every archive."""
    return BALLOTS.setdefault((place.election.hash, voter), place.ballot(voter, YES))


def test_a_key_of_the_tool_decrypts_with_us(tmp_path: Path) -> None:
    out = tmp_path / "share"
    assert decrypt(bel("a_plain3"), the_tool_s_key(tmp_path), out) == 0
    assert read_file(out.read_bytes()).owner == 1


def test_a_trustee_does_not_decrypt_before_the_close_or_a_false_archive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = the_tool_s_key(tmp_path)
    for case, said in (
        ("a_plain3/snap_open", "尚未结束"),
        ("x_attack_hidden_ballots", "不成立"),
        ("b_weighted3", "不属于"),
    ):
        out = tmp_path / "share"
        assert decrypt(bel(case), key, out) == 1
        assert said in capsys.readouterr().err
        assert not out.exists()


def test_a_trustee_decrypts_what_was_posted_and_nothing_else(
    place: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    posted = closed(place, tmp_path / "posted", "area", [0, 1])
    other = closed(place, tmp_path / "other", "area", [0])
    with pytest.raises(SystemExit):
        main(["trustee", "decrypt", str(posted), "--key", str(tmp_path / "key"), "--out", str(tmp_path / "out")])
    assert decrypt(other, tmp_path / "key", tmp_path / "out", head=head_of(posted)) == 1
    assert "与您给的校验码不同" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert not memory.beside(tmp_path / "key").exists()
    assert decrypt(posted, tmp_path / "key", tmp_path / "out", head=head_of(posted).upper()) == 0


def test_a_second_tally_of_one_election_is_refused_unless_it_is_the_other_count_or_insisted_on(
    place: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The two sums would show the one ballot that only the first counts."""
    both, one = (closed(place, tmp_path / str(n), "area", list(range(n))) for n in (2, 1))
    heads, heads_of_one = (closed(place, tmp_path / f"heads{n}", "heads", list(range(n))) for n in (2, 1))
    key = tmp_path / "key"
    assert decrypt(both, key, tmp_path / "first") == 0
    assert memory.beside(key).stat().st_mode & 0o777 == 0o600
    assert str(place.secrets[1].exponent) not in memory.beside(key).read_text()
    for refused in (one, heads_of_one):
        assert decrypt(refused, key, tmp_path / "second") == 1
        assert "--second-tally" in capsys.readouterr().err
        assert not (tmp_path / "second").exists()
    assert decrypt(both, key, tmp_path / "first again") == 0
    assert decrypt(heads, key, tmp_path / "other count") == 0
    assert decrypt(one, key, tmp_path / "second", "--second-tally") == 0
    assert decrypt(one, key, tmp_path / "second again") == 0
    assert decrypt(heads_of_one, key, tmp_path / "third") == 1
    assert len(memory.beside(key).read_text().splitlines()) == 3


def test_a_link_to_the_key_shares_its_memory_and_a_record_that_cannot_be_read_stops(
    place: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both, one = (closed(place, tmp_path / str(n), "area", list(range(n))) for n in (2, 1))
    (tmp_path / "away").mkdir()
    link = tmp_path / "away" / "link"
    link.symlink_to(tmp_path / "key")
    assert decrypt(both, tmp_path / "key", tmp_path / "first") == 0
    assert decrypt(one, link, tmp_path / "second") == 1
    record = memory.beside(link)
    for broken in (record.read_bytes()[:-1], b"\xff\n", b"{}\n", b"[" * 2_000_000):
        record.write_bytes(broken)
        assert decrypt(both, tmp_path / "key", tmp_path / "again") == 1
        assert "读不出来" in capsys.readouterr().err
    record.unlink()
    record.symlink_to(tmp_path / "elsewhere")
    assert decrypt(both, tmp_path / "key", tmp_path / "again") == 2
    assert not (tmp_path / "elsewhere").exists()


def test_what_else_a_key_decrypts_is_another_matter() -> None:
    heads, area = (Decrypted("poll", counts, "ballots", counts) for counts in ("heads", "area"))
    assert harmless([], heads)
    assert harmless([heads, area], heads)
    assert harmless([heads], area)
    assert harmless([Decrypted("other poll", "heads", "other ballots", "other")], heads)
    assert not harmless([heads, area], Decrypted("poll", "area", "ballots", "another list"))
    assert not harmless([heads], Decrypted("poll", "", "ballots", "no name"))
    assert not harmless([heads], Decrypted("poll", "area", "other ballots", "area"))


def test_the_file_is_opened_once_so_that_nobody_exchanges_it_after_the_check(
    place: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = closed(place, tmp_path / "posted", "area", [0, 1])
    head = head_of(archive)
    true = archive.read_bytes()
    secret = closed(place, tmp_path / "single", "area", [0]).read_bytes()
    assert len(true) != len(secret)
    run: Callable[..., Report] = Verification.run

    def exchanged(self: Verification, *arguments: object, **named: object) -> Report:
        with archive.open("r+b") as file:  # in place, as a server that shares the folder could
            file.write(secret)
            file.truncate()
        return run(self, *arguments, **named)

    monkeypatch.setattr(Verification, "run", exchanged)
    assert decrypt(archive, tmp_path / "key", tmp_path / "out", head=head) == 0
    poll = Poll.start(place.setup, "area")
    for voter in (0, 1):
        poll.cast(ballot(place, voter))
    poll.close()
    handed = read_file((tmp_path / "out").read_bytes())
    poll.accept_share(1, handed.share, handed.proof)
    assert poll.publish() == [[90, 0, 0]]
