"""Latent edits: pure functions latent -> latent and pitch curve -> pitch curve, on every codec. numpy only.

A latent is float32 (frames, channels); places within it are counted in frames, 0 … frames, frame n lying around
n + 0.5. What does nothing returns the very array that it was given.
"""
