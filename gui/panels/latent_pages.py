"""What stands on the pages of the latent strip: which sliders, in which groups, called what."""

from __future__ import annotations

from dataclasses import dataclass

Sliders = tuple[tuple[str, str], ...]  # key of a row of engine/params.py, caption


@dataclass(frozen=True)
class Page:
    """word: its name in the rail. groups: title and sliders, from left to right. pitch: what stands on it bends the
    pitch curve."""

    word: str
    help: str
    groups: tuple[tuple[str, Sliders], ...]
    pitch: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(key for _, sliders in self.groups for key, _ in sliders)


PAGES = (
    Page(
        "Timbre",
        "The latent itself, and directions in it that were measured",
        (
            ("latent", (("amplify", "amplify"), ("noise", "noise"), ("smooth", "smooth"))),
            (
                "axes",
                (
                    ("brightness", "bright"),
                    ("attack", "attack"),
                    ("decay", "decay"),
                    ("body", "body"),
                    ("noisiness", "grit"),
                    ("warmth", "warmth"),
                    ("movement", "motion"),
                ),
            ),
        ),
    ),
    Page(
        "Pitch",
        "The pitch curve, apart from the timbre",
        (
            ("note", (("pitch_st", "transpose"), ("pitch_movement", "curve"))),
            ("glide", (("glide_from_st", "from"), ("glide_time_s", "time"))),
            ("drop", (("drop_st", "from"), ("drop_s", "time"), ("drop_bend", "bend"))),
        ),
        pitch=True,
    ),
    Page(
        "Vibrato",
        "How the pitch swings, and how large the body is that sings",
        (
            ("vibrato", (("vibrato_cents", "depth"), ("vibrato_rate_hz", "rate"), ("vibrato_delay_s", "delay"))),
            ("body", (("formant_st", "formants"),)),
        ),
        pitch=True,
    ),
    Page(
        "Time",
        "Longer, later, standing still; coarser",
        (
            ("time", (("stretch", "stretch"), ("shift_s", "shift"), ("freeze_s", "freeze"))),
            ("latent", (("quantise", "quantise"),)),
        ),
    ),
)
