"""The procedural synthesisers, by family."""

from __future__ import annotations

import importlib
import pkgutil

from engine.corpus.synths.base import Synth


def _collect() -> dict[str, Synth]:
    """Every module here that exports SYNTHS, in the order of its name, so that plans stay the same."""
    found: dict[str, Synth] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        for synth in getattr(importlib.import_module(f"{__name__}.{module}"), "SYNTHS", ()):
            if synth.family in found:
                raise ValueError(f"two synthesisers for the family {synth.family}")
            found[synth.family] = synth
    return dict(sorted(found.items()))


SYNTHS: dict[str, Synth] = _collect()
