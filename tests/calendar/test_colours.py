"""Colours are stable, readable, and told apart by every eye."""

import itertools
import math
import re
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oasys_sched as sched

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SIGHT = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
# OKLab units; about 0.02 is just noticeable.
APART = 0.1


def linear(color: str) -> tuple[float, ...]:
    channels = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)


def contrast(one: str, other: str) -> float:
    light = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other)))
    return (light[1] + 0.05) / (light[0] + 0.05)


def seen(color: str, sight: str) -> tuple[float, float, float]:
    rgb = linear(color)
    r, g, b = (min(1.0, max(0.0, sum(a * x for a, x in zip(row, rgb, strict=True)))) for row in SIGHT[sight])
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    middle = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@pytest.mark.parametrize("color", [*sched.PALETTE, *sched.STATUS_COLORS.values()], ids=lambda c: c.token)
def test_s23_text_is_readable_on_every_colour(color: sched.Color) -> None:
    assert contrast(color.background, color.ink) >= 4.5


@pytest.mark.parametrize("light", ["light", "dark"])
def test_words_beside_the_boxes_are_readable_on_every_ground(light: str) -> None:
    sheet = sched.week_picture(sched.Calendar(zone="UTC").week(date(2026, 6, 17))).partition("<style>")[2]
    first, second, *_ = re.findall(r"((?:--\w+:#[0-9a-f]{6};?)+)", sheet)
    colors = dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", first if light == "light" else second))

    for ground in ("paper", "open", "shut", "free"):
        for ink in ("ink", "soft", "mark"):
            assert contrast(colors[ground], colors[ink]) >= 4.5, (ground, ink)


@pytest.mark.parametrize("sight", SIGHT)
def test_s23_clients_colours_are_told_apart_by_every_eye(sight: str) -> None:
    for one, other in itertools.combinations(sched.PALETTE, 2):
        apart = math.dist(seen(one.background, sight), seen(other.background, sight))
        assert apart >= APART, (one.token, other.token, apart)


@pytest.mark.parametrize("sight", SIGHT)
def test_s26_status_colours_are_told_apart_by_every_eye(sight: str) -> None:
    for one, other in itertools.combinations(sched.STATUS_COLORS.values(), 2):
        apart = math.dist(seen(one.background, sight), seen(other.background, sight))
        assert apart >= APART, (one.token, other.token, apart)


def test_s26_five_statuses_have_five_colours_and_five_signs() -> None:
    assert set(sched.STATUS_COLORS) == set(sched.ShownStatus)
    assert len({color.token for color in sched.STATUS_COLORS.values()}) == 5
    assert len({color.sign for color in sched.STATUS_COLORS.values()}) == 5


def test_s23_a_clients_colour_is_the_same_in_every_process() -> None:
    code = "import oasys_sched as s; print([s.client_color(f'c-{n}') for n in range(40)])"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert runs == {str([sched.client_color(f"c-{n}") for n in range(40)])}


@given(st.text(min_size=1))
def test_s23_every_id_has_a_colour_of_the_palette(client: str) -> None:
    assert sched.client_color(client) in {color.token for color in sched.PALETTE}


def test_s23_the_palette_is_used_evenly() -> None:
    counts = dict.fromkeys((color.token for color in sched.PALETTE), 0)
    for n in range(12_000):
        counts[sched.client_color(f"client-{n}")] += 1

    assert min(counts.values()) > 800
    assert max(counts.values()) < 1200
