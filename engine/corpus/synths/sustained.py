"""Blown and bowed instruments: harmonics whose brightness follows loudness, formants, breath or bow, players in section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.corpus.synths import articulation as play
from engine.corpus.synths.airnoise import burst, coloured
from engine.corpus.synths.base import Patch, Performance, Rendered, column
from engine.corpus.synths.drawing import around, maybe, numbered, reader, register
from engine.corpus.synths.draws import between, choose, spread
from engine.corpus.synths.partials import along_frames, harmonic_numbers, harmonic_table, read_table
from engine.corpus.synths.resonance import body_gain, draw_body, peak_gain

Range = tuple[float, float]
_FORMANTS = 3
AIR = 0.25  # level of breath, bow and chiff when their parameter is 1, against a tone of 1
_NONE = (1000.0, 1000.0, -90.0)


@dataclass(frozen=True)
class Sustained:
    """One kind of held instrument; ranges are drawn from per patch.

    slope: harmonic k has k ** -slope. bend_hz: above it the spectrum falls by `order`; it opens with loudness.
    even: level of the even harmonics against the odd. formants: (Hz, width in Hz, dB) of up to three resonances.
    breath: level of steady noise around breath_hz; chiff: of the noise that starts the note. accent: overshoot of the attack.
    vibrato, scoop: probabilities; cents: of the vibrato; shake: its share in loudness. growl: probability of a rough voice.
    section: probability of several players; players: how many; spread_cents: how far apart they are.
    short: probability of a short note. tremolo: probability of a bow or tongue tremolo. fall: probability of a pitch fall.
    notes: lowest and highest MIDI note the instrument has.
    """

    words: tuple[str, ...]
    weight: float
    attack_s: Range
    bend_hz: Range
    slope: Range = (0.6, 1.1)
    order: float = 2.0
    even: Range = (0.8, 1.2)
    formants: tuple[tuple[float, float, float], ...] = ()
    low_cut_hz: Range = (40.0, 90.0)
    body_db: float = 2.5
    breath: Range = (0.0, 0.04)
    breath_hz: Range = (1500.0, 5000.0)
    chiff: Range = (0.0, 0.1)
    accent: Range = (0.0, 0.4)
    release_s: Range = (0.04, 0.2)
    vibrato: float = 0.5
    cents: Range = (8.0, 40.0)
    shake: Range = (0.0, 0.3)
    scoop: float = 0.3
    growl: float = 0.0
    section: float = 0.0
    players: Range = (3.0, 5.0)
    spread_cents: Range = (4.0, 16.0)
    short: float = 0.12
    tremolo: float = 0.0
    fall: float = 0.0
    notes: tuple[int, int] = (0, 127)


def draw_sustained(rng: np.random.Generator, kinds: Sequence[Sustained]) -> Patch:
    """A random instrument among `kinds`."""
    kind = choose(rng, [row.weight for row in kinds])
    row = kinds[int(kind)]
    formants = [*row.formants, *[_NONE] * (_FORMANTS - len(row.formants))]
    section = maybe(rng, row.section)
    patch = play.draw_pitch(rng, row.vibrato, row.cents, row.scoop, drift=6.0)
    patch["fall_cents"] = -maybe(rng, row.fall) * spread(rng, 200.0, 1500.0)
    return patch | {
        "kind": kind,
        **register(row.notes),
        "attack_s": spread(rng, *row.attack_s),
        "release_s": spread(rng, *row.release_s),
        "gate_s": maybe(rng, row.short) * spread(rng, 0.12, 0.4),
        "slope": between(rng, *row.slope),
        "order": around(rng, row.order, 0.35),
        "bend_hz": spread(rng, *row.bend_hz),
        "opening": between(rng, 0.3, 1.0),
        "even": between(rng, *row.even),
        "low_cut_hz": spread(rng, *row.low_cut_hz),
        "breath": between(rng, *row.breath),
        "breath_hz": spread(rng, *row.breath_hz),
        "breath_octaves": between(rng, 0.5, 1.3),
        "chiff": between(rng, *row.chiff),
        "chiff_s": spread(rng, 0.03, 0.18),
        "accent": between(rng, *row.accent),
        "swell": between(rng, -0.45, 0.5),
        "shake": between(rng, *row.shake),
        "growl": maybe(rng, row.growl) * between(rng, 0.2, 0.7),
        "growl_hz": spread(rng, 18.0, 38.0),
        "tremolo": maybe(rng, row.tremolo) * between(rng, 0.4, 0.9),
        "tremolo_hz": between(rng, 7.0, 14.0),
        "players": round(between(rng, *row.players)) if section else 1.0,
        "spread_cents": spread(rng, *row.spread_cents),
        **numbered("formant_hz", [around(rng, hz, 0.2) for hz, _, _ in formants]),
        **numbered("formant_width", [around(rng, width, 0.4) for _, width, _ in formants]),
        **numbered("formant_gain", [10.0 ** ((db + rng.normal(0.0, 2.0)) / 20.0) for _, _, db in formants]),
        **draw_body(rng, row.body_db),
    }


def render_sustained(patches: Sequence[Patch], performance: Performance) -> Rendered:
    """Plays patches of `draw_sustained`."""
    device, frames = performance.device, performance.frames
    read = reader(patches, device)
    performance = play.shortened(performance, read("gate_s"))
    f0, force = play.pitch_curve(patches, performance), play.touch(performance)
    hop, time = play.hop_time_s(performance), performance.time_s()
    attack = read("attack_s") * (1.4 - 0.6 * force)
    accent = read("accent") * force

    def level(at: Tensor) -> Tensor:
        swell = 1.0 + read("swell") * (at / performance.seconds[:, None]).clamp(max=1.0)
        return play.held(at, performance, attack, read("release_s")) * (1.0 + accent * torch.exp(-at / 0.07)) * swell

    loud = level(hop) * (0.3 + 0.7 * force)
    moving = 1.0 + read("shake") * _vibrato(f0, performance) + 0.05 * play.wander(performance, 8.0)
    tone = play_section(harmonic_levels(patches, f0, loud, force), patches, performance, f0)
    envelope = level(time) * along_frames(moving, frames)
    for depth, rate in (("growl", "growl_hz"), ("tremolo", "tremolo_hz")):
        if bool((read(depth) > 0).any()):
            envelope = envelope * (1.0 - read(depth) * (0.5 - 0.5 * torch.cos(6.2832 * read(rate) * time)))
    air = coloured(performance, read("breath_hz") * (0.7 + 0.4 * force), read("breath_octaves"), frames)
    air = AIR * air * read("breath") * (0.8 + 0.3 * tone.clamp(-1.0, 1.0))
    chiff = burst(performance, (3.0 * f0[:, :1]).clamp(800.0, 6000.0), torch.full_like(force, 0.9), read("chiff_s"), attack_s=0.004)
    samples = (tone + air) * envelope + AIR * chiff * read("chiff") * (0.3 + 0.7 * force)
    return Rendered(samples * play.loudness(performance), f0)


def harmonic_levels(patches: Sequence[Patch], f0: Tensor, loud: Tensor, force: Tensor) -> Tensor:
    """Level of each harmonic at each hop, (batch, points, harmonics), about unit power; `loud` (batch, points) 0..1."""

    def read(key: str) -> Tensor:
        return column(patches, key, f0.device)[:, :, None]

    number = harmonic_numbers(f0)[None, None]
    hz = f0[:, :, None] * number
    bend = read("bend_hz") * (0.15 + 0.95 * force[:, :, None]) * loud[:, :, None].clamp(0.02, 1.6) ** read("opening") + 0.6 * f0[:, :, None]
    level = number ** -read("slope") / (1.0 + (hz / bend) ** read("order"))
    even = 1.0 - (1.0 - read("even")) * (number % 2 == 0) / (1.0 + (hz / 3500.0).square())  # parity fades towards the top
    level = level * even / (1.0 + (read("low_cut_hz") / hz).square())
    resonance = torch.ones_like(hz)
    for index in range(_FORMANTS):
        centre, width, gain = (read(f"formant_{part}{index}") for part in ("hz", "width", "gain"))
        resonance = resonance + gain * peak_gain(hz, centre, width)
    level = level * resonance * body_gain(patches, hz)
    return level / level.square().sum(dim=2, keepdim=True).sqrt().amax(dim=1, keepdim=True).clamp(min=1e-6)


def play_section(levels: Tensor, patches: Sequence[Patch], performance: Performance, f0: Tensor) -> Tensor:
    """The harmonics played by one or several players, each with a tuning and a drift of their own; (batch, frames)."""
    device, frames = performance.device, performance.frames
    phase = play.uniform(performance, len(patches), levels.shape[2])
    table = harmonic_table(f0, levels, phase)
    players, cents = column(patches, "players", device), column(patches, "spread_cents", device)
    total = read_table(table, f0, frames)
    for player in range(1, int(players.max())):
        rows = torch.nonzero(players[:, 0] > player)[:, 0]
        place = cents * (0.4 + 0.6 * play.uniform(performance, len(patches), 1)) * (1 if player % 2 else -1)
        place = place + 0.35 * cents * play.wander(performance, 5.0)
        own = f0[rows] * torch.exp2(place[rows] / 1200.0)
        start = play.uniform(performance, len(patches), 1)
        gain = torch.where(players[rows] > 2, 0.85, 0.55)  # two equal players would cancel each other as they beat
        total[rows] = total[rows] + gain * read_table(table[rows], own, frames, start[rows])
    return total * torch.rsqrt(players)


def _vibrato(f0: Tensor, performance: Performance) -> Tensor:
    """Movement of the pitch around its mean, about -1..1, (batch, points)."""
    deviation = torch.log2(f0 / play.note_hz(performance)) * 1200.0
    return (deviation / 25.0).clamp(-1.0, 1.0)


def say_sustained(patch: Patch, kinds: Sequence[Sustained]) -> list[str]:
    """Name and character of a patch of `draw_sustained`."""
    words = list(kinds[int(patch["kind"])].words)
    section = patch["players"] > 3
    for said, word in (
        (section and not any("section" in word for word in words), "ensemble"),
        (1 < patch["players"] <= 3, "detuned"),
        (not section and patch["vibrato_cents"] > 12, "vibrato"),
        (patch["breath"] > 0.12, "breathy"),
        (patch["growl"] > 0, "growl"),
        (patch["tremolo"] > 0, "tremolo"),
        (patch["gate_s"] > 0, "staccato"),
        (patch["scoop_cents"] < -80, "scooped"),
        (patch["fall_cents"] < 0, "falling"),
    ):
        if said and word not in words:
            words.append(word)
    return words
