"""The form in which a browser is told: the one place that knows hx-ws (htmx 4) frames."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

# Close codes of our own. hx-ws tries again after 1001, 1006, 1011, 1012 and 1013, and stops for good after these.
SIGNED_OUT = 4401
NOT_YOURS = 4403
TOO_MANY = 4429
# Standard ones.
TOO_LARGE = 1009
RESTART = 1012
TRY_LATER = 1013


@dataclass(frozen=True)
class Frame:
    """What all readers of one topic in one language see: each block as it stands in the page, by element id.

    `mine` changes when each reader's own part of the page may have changed and should be fetched again."""

    seq: int
    blocks: Mapping[str, str]
    mine: str = ""


def message(frame: Frame, before: Frame | None = None) -> str | None:
    """The frame, or only what differs from the one before it; None when nothing does."""
    blocks = [
        f'<hx-partial id="{name}" hx-swap="outerMorph">{html}</hx-partial>'
        for name, html in frame.blocks.items()
        if before is None or before.blocks.get(name) != html
    ]
    if not blocks and before is not None and before.mine == frame.mine:
        return None
    told: dict[str, object] = {"seq": frame.seq, "mine": frame.mine}
    if blocks:
        told["content"] = "".join(blocks)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def own_part_changed(stamp: str) -> str:
    """For one person alone: fetch your own part again."""
    return json.dumps({"own": stamp}, separators=(",", ":"))


PONG = '{"pong":true}'
