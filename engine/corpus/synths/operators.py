"""Four-operator frequency modulation (Chowning 1973): sines whose phases are moved by other sines."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from engine.corpus.synths.base import Patch, Performance, column
from engine.corpus.synths.oscillators import Phase, chunks, control_times_s, spread

PATHS = ("21", "31", "41", "32", "42", "43")  # modulator, carrier: operator 4 at the top, 1 at the bottom
_WIDEST_HZ = 17000.0  # sidebands beyond this are kept out by lowering the indices of high notes

FOUR_OPERATORS: Patch = {
    **{f"ratio{number}": 1.0 for number in range(1, 5)},
    **{f"cents{number}": 0.0 for number in range(1, 5)},
    **{f"out{number}": 1.0 if number == 1 else 0.0 for number in range(1, 5)},  # level heard
    **{f"half_life{number}_s": 0.3 for number in range(1, 5)},
    **{f"floor{number}": 1.0 for number in range(1, 5)},  # level that remains after the decay
    **{f"onset{number}_s": 0.0 for number in range(1, 5)},  # slow entry of an operator
    **{f"index{path}": 0.0 for path in PATHS},  # radians
    "feedback": 0.0,  # of operator 4 on itself, radians
    "index_lfo": 0.0,  # depth 0..1 of a swing of all indices
    "index_lfo_hz": 2.0,
    "index_force": 0.6,  # how much of the indices depends on velocity
}


def operators(patches: Sequence[Patch], performance: Performance, phase: Phase) -> Tensor:
    """The sum of the operators that are heard, (batch, frames), about -1..1."""
    device = performance.device
    p = {key: column(patches, key, device) for key in FOUR_OPERATORS}
    time_s = control_times_s(performance.frames, device)
    force = (performance.velocities.float()[:, None] / 127).clamp(0, 1)
    starts = torch.rand(performance.batch, 5, generator=performance.generator, device=device)
    levels, phases = {}, {}
    for number in range(1, 5):
        floor = p[f"floor{number}"]
        fall = floor + (1 - floor) * torch.exp2(-time_s / p[f"half_life{number}_s"])
        levels[number] = fall * (time_s / p[f"onset{number}_s"].clamp(min=1e-3)).clamp(0, 1)
        ratio = p[f"ratio{number}"] * torch.exp2(p[f"cents{number}"] / 1200)
        phases[number] = phase.scaled(ratio, starts[:, number : number + 1] if number > 1 else 0.0)
    swing = torch.sin(2 * math.pi * (p["index_lfo_hz"] * time_s + starts[:, :1]))
    amount = (1 - p["index_lfo"] * (0.5 + 0.5 * swing)) * (1 - p["index_force"] * (1 - force))
    amount = amount * _room(p, phase.hz.amax(1, keepdim=True))
    indices = {path: p["index" + path] * levels[int(path[0])] * amount for path in PATHS}
    used = {path for path in PATHS if bool((p["index" + path] > 0).any())}
    feedback = p["feedback"] * amount

    out = torch.zeros(performance.batch, performance.frames, device=device)
    for where in chunks(performance.frames):
        sines: dict[int, Tensor] = {}
        for number in (4, 3, 2, 1):
            angle = phases[number].at(where).mul_(2 * math.pi)
            for upper in range(4, number, -1):
                if f"{upper}{number}" in used:
                    angle.addcmul_(sines[upper], spread(indices[f"{upper}{number}"], where))
            if number == 4:
                back = spread(feedback, where)
                angle = angle + back * torch.sin(angle + back * torch.sin(angle))
            sines[number] = angle.sin_()
            heard = p[f"out{number}"]
            if bool((heard > 0).any()):
                out[:, where].addcmul_(sines[number], spread(levels[number] * heard, where))
    return out


def _room(p: dict[str, Tensor], hz: Tensor) -> Tensor:
    """Factor 0..1 on the indices that keeps the widest path (Carson 1922) below `_WIDEST_HZ`, (batch, 1)."""
    top = torch.cat([p[f"ratio{number}"] for number in range(1, 5)], 1).amax(1, keepdim=True)
    wide = p["feedback"] * p["ratio4"]
    for path in PATHS:
        wide = torch.maximum(wide, p["index" + path] * p["ratio" + path[0]])
    return ((_WIDEST_HZ / hz - top) / (1.5 * wide).clamp(min=1e-3)).clamp(0, 1)
