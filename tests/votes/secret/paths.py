"""Where the known answers lie, and what they are (made with belenios-tool 2.0; the keys among them are throw-away)."""

from pathlib import Path

VECTORS = Path(__file__).parent / "vectors"
RESULTS = {
    "a_plain3": [[2, 1, 0], [1, 1, 2, 0]],
    "b_weighted3": [[15577, 12034, 0], [12034, 8957, 15577, 0]],
    "c_threshold2of3": [[2, 1, 0], [1, 1, 2, 0]],
    "d_dual/ones": [[2, 1, 0], [1, 1, 2, 0]],
    "d_dual/area": [[15577, 12034, 0], [12034, 8957, 15577, 0]],
}
OPEN = ("a_plain3/snap_open", "b_weighted3/snap_open", "c_threshold2of3/snap_open", "d_dual/setup")
REFUSED = {
    "x_attack_hidden_ballots": "chain.order",
    "x_attack_missing_blank_proof": "ballot.keys",
    "x_loose_answer_json": "ballot.keys",
    "f_nh_mj": "election.group",
}


def bel(case: str) -> Path:
    """The one archive in a case's folder."""
    (found,) = (VECTORS / case).glob("*.bel")
    return found


def text(case: str, name: str) -> bytes:
    """A file as the archive holds it: without the final newline."""
    return (VECTORS / case / name).read_bytes().removesuffix(b"\n")
