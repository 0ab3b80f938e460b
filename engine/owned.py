"""The user's own axes: along what the sounds of a library differ most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.errors import BadRequest
from engine.latent.edit import OWN, Points
from engine.latent.principal import principal_axes
from engine.latent.space import Space
from engine.library import Library

FEWEST = 8  # sounds of which axes can be told
LATEST = 1000  # sounds at most that are looked at


@dataclass(frozen=True)
class OwnAxis:
    """points: the direction, as an edit of the kind `key` holds it; a unit of it is the sounds' spread along it.
    share: of all that they differ in, 0..1. low, high: what the sounds at its ends are called."""

    key: str
    points: Points
    share: float
    low: str
    high: str


def own_axes(library: Library, model: str, space: Space) -> list[OwnAxis]:
    """Of the latest takes that `model` made, the strongest first: at most as many as there are kinds of edits for.

    Raises BadRequest when there are fewer than FEWEST, or none differs from the others."""
    found = [
        (prompt, latent)
        for prompt, latent in library.latents(model, LATEST)
        if latent.shape[1:] == space.mean.shape and len(latent)
    ]
    if len(found) < FEWEST:
        raise BadRequest(f"Your own axes need at least {FEWEST} takes in the library; there are {len(found)}.")
    latents = [latent for _, latent in found]
    principal = principal_axes(latents, space, len(OWN))
    if not len(principal.directions):
        raise BadRequest("The takes in the library are all alike: there is nothing in which they differ.")
    places = np.stack([principal.place(latent, space) for latent in latents])
    return [
        OwnAxis(
            key,
            tuple((float(channel), round(float(weight), 5)) for channel, weight in enumerate(direction) if weight),
            float(share),
            found[int(place.argmin())][0],
            found[int(place.argmax())][0],
        )
        for key, direction, share, place in zip(OWN, principal.directions, principal.shares, places.T, strict=False)
    ]
