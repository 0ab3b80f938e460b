"""How wide a sound is made when nobody says: by its family, as producers place it. Percent, 0 is mono, 100 wide.

What carries the low end stays in the middle; what surrounds is wide. Below 150 Hz all of it is mono anyway.
"""

from __future__ import annotations

from engine.families import FAMILIES

UNNAMED = 40.0  # for words that name no family we know
_GROUPS: dict[str, float] = {
    "bass": 0.0, "lead": 50.0, "keys": 60.0, "pad": 110.0, "pluck": 55.0, "string": 70.0, "wind": 45.0, "voice": 60.0,
    "drum": 30.0, "effect": 110.0,
}  # fmt: skip
_OWN: dict[str, float] = {  # of families that differ from their group
    "reese": 25.0, "supersaw": 100.0, "stab": 80.0, "choir": 110.0, "string_pad": 110.0, "bowed_string": 70.0,
    "kick": 0.0, "kick_808": 0.0, "tom": 20.0, "snare": 20.0, "rim": 10.0, "snap": 30.0, "clap": 60.0,
    "crash": 80.0, "ride": 60.0, "open_hat": 40.0, "cowbell": 15.0, "woodblock": 15.0,
    "zap": 60.0, "laser": 70.0, "sub_drop": 0.0, "impact": 90.0,
}  # fmt: skip


def usual_width(family: str | None) -> float:
    """Of a family by its key, None for none known."""
    if family is None:
        return UNNAMED
    return _OWN.get(family, _GROUPS[FAMILIES[family].group])
