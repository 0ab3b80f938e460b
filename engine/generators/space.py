"""The latent space of an installed model: `axes.safetensors` beside its codec, else mean and deviation alone.

The file holds `mean deviation silence level`, `<axis>.up <axis>.down` of the axes that are vectors, and
`rise_up.* rise_down.*` (see `engine/latent/space.py`); its facts name each axis's feature, unit and step. Read without
torch, so that any thread may.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.errors import ModelProblem
from engine.latent.space import Axis, Floats, Onset, Space
from engine.models.arrays import load_arrays

AXES_FILE = "axes.safetensors"
_SHARED = ("mean", "deviation", "silence", "level")
_ONSETS = ("rise_up", "rise_down")


def load_space(folder: Path) -> Space:
    """The space of the model in `folder`; without calibrated axes where it has none. Raises ModelProblem."""
    if not (folder / AXES_FILE).is_file():
        arrays, _ = load_arrays(folder / "flow.safetensors", ("latent.mean", "latent.deviation"))
        if len(arrays) < 2:
            raise ModelProblem("The weights of this model do not fit this version of Latente.")
        return Space(arrays["latent.mean"], arrays["latent.deviation"])
    arrays, facts = load_arrays(folder / AXES_FILE)
    try:
        axes = [
            Axis(row["key"], row["feature"], row["unit"], float(row["step"]),
                 arrays.get(f"{row['key']}.up"), arrays.get(f"{row['key']}.down"))
            for row in facts["axes"]
        ]  # fmt: skip
        mean, deviation, silence, level = (arrays[key] for key in _SHARED)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelProblem(f"{AXES_FILE} does not fit this version of Latente. Install the model again.") from error
    up, down = (_onset(arrays, key) for key in _ONSETS)
    return Space(mean, deviation, silence, level, rise_up=up, rise_down=down, axes={axis.key: axis for axis in axes})


def space_arrays(space: Space) -> tuple[dict[str, Floats], list[dict[str, Any]]]:
    """What `load_space` reads: the arrays by name, and the rows of the fact `axes`."""
    arrays = {key: getattr(space, key) for key in _SHARED}
    rows = []
    for axis in space.axes.values():
        arrays |= {f"{axis.key}.up": axis.up, f"{axis.key}.down": axis.down}
        rows.append({"key": axis.key, "feature": axis.feature, "unit": axis.unit, "step": axis.step})
    for key in _ONSETS:
        onset: Onset | None = getattr(space, key)
        if onset is not None:
            arrays |= {f"{key}.{part}": getattr(onset, part) for part in ("inward", "bias", "outward")}
    return {key: value for key, value in arrays.items() if value is not None}, rows


def _onset(arrays: Mapping[str, Floats], key: str) -> Onset | None:
    if f"{key}.bias" not in arrays:
        return None
    inward, bias, outward = (arrays[f"{key}.{part}"] for part in ("inward", "bias", "outward"))
    return Onset(outward.shape[0] // len(arrays["mean"]), inward, bias, outward)
