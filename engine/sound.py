"""Sound: samples and their rate, together and read-only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]  # (frames, channels), -1..1


@dataclass(frozen=True, eq=False)
class Sound:
    """Audio in memory.

    samples: float32 (frames, channels), nominally -1..1, made read-only here.
    rate_hz: sampling rate.
    root_note: MIDI note number, fractional where the pitch lies between keys; None for unpitched sounds.
    loop: first and last frame of the sustain loop (last inclusive), or None.
    provenance: short key/value facts that travel with the file (prompt, seed, model, licence).
    """

    samples: Samples
    rate_hz: int
    root_note: float | None = None
    loop: tuple[int, int] | None = None
    provenance: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        samples = np.asarray(self.samples, dtype=np.float32)
        if samples.ndim == 1:
            samples = samples[:, None]
        if samples.ndim != 2 or samples.shape[1] < 1:
            raise ValueError(f"samples must be (frames, channels), not {samples.shape}")
        if self.rate_hz <= 0:
            raise ValueError(f"rate_hz must be positive, not {self.rate_hz}")
        if samples.flags.writeable:
            samples = samples.copy()  # ours alone from here on: nobody can write behind our back
            samples.flags.writeable = False
        object.__setattr__(self, "samples", samples)

    @property
    def frames(self) -> int:
        return int(self.samples.shape[0])

    @property
    def channels(self) -> int:
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        return self.frames / self.rate_hz

    @property
    def peak(self) -> float:
        """Largest absolute sample; 0 for an empty sound."""
        return float(np.abs(self.samples).max()) if self.frames else 0.0

    @property
    def peak_dbfs(self) -> float:
        """Peak in dB relative to full scale; -inf for silence."""
        return float(20 * np.log10(self.peak)) if self.peak > 0 else float("-inf")

    def mono(self) -> npt.NDArray[np.float32]:
        """Mean of the channels, (frames,)."""
        return np.asarray(self.samples.mean(axis=1), dtype=np.float32)

    def with_samples(self, samples: Samples) -> Sound:
        """The same sound (rate, root note, loop, provenance) with other samples."""
        return replace(self, samples=samples)
