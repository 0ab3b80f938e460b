"""Hearing sounds: `player` is what the program uses, `playerd` the process that owns the device."""
