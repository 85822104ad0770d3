"""Plain drawn pictures where people would send photos: a ground floor with pillars, a stair with lamps, a gate."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from deliberation.web.photos import Picture, reencode

INK, PAPER, LINE, WARM = "#1d2528", "#fbfaf6", "#b9b3a3", "#b3381f"


def drawing(subject: str) -> Picture:
    """`subject`: wires, piles, lamps or gate."""
    image = Image.new("RGB", (1200, 800), PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 60, 1140, 740), outline=INK, width=6)
    {"wires": _wires, "piles": _piles, "lamps": _lamps, "gate": _gate}[subject](pen)
    out = io.BytesIO()
    image.save(out, "PNG")
    return reencode(out.getvalue())


def _wires(pen: ImageDraw.ImageDraw) -> None:
    for floor in range(5):
        y = 120 + 120 * floor
        pen.line((120, y, 1080, y), fill=LINE, width=4)
        for window in range(6):
            pen.rectangle((160 + 150 * window, y + 20, 240 + 150 * window, y + 90), outline=INK, width=3)
    for x in (230, 530, 830):
        pen.line((x, 160, x + 40, 400, x - 10, 700), fill=WARM, width=7)
        pen.rectangle((x - 40, 690, x + 40, 720), fill=WARM)


def _piles(pen: ImageDraw.ImageDraw) -> None:
    for column in range(6):
        for row in range(3):
            x, y = 160 + 180 * column, 140 + 240 * row
            pen.rectangle((x, y, x + 36, y + 36), fill=INK)
    for bay in range(8):
        x = 220 + 100 * bay
        pen.rectangle((x, 260, x + 70, 350), outline=LINE, width=4)
        pen.rectangle((x + 25, 236, x + 45, 260), fill=WARM)
    pen.line((90, 520, 1110, 520), fill=LINE, width=30)


def _lamps(pen: ImageDraw.ImageDraw) -> None:
    for step in range(9):
        x, y = 140 + 100 * step, 680 - 60 * step
        pen.line((x, y, x + 100, y), fill=INK, width=6)
        pen.line((x + 100, y, x + 100, y - 60), fill=INK, width=6)
    for lamp in range(4):
        x, y = 200 + 240 * lamp, 480 - 110 * lamp
        pen.ellipse((x, y, x + 60, y + 60), outline=WARM if lamp % 2 else LINE, width=6)


def _gate(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((300, 160, 560, 740), outline=INK, width=8)
    pen.rectangle((640, 160, 900, 740), outline=INK, width=8)
    pen.ellipse((530, 440, 556, 466), fill=WARM)
    pen.rectangle((940, 360, 1010, 480), outline=WARM, width=6)
