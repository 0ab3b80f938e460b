"""MIDI controllers: which knob of the hardware moves what, learnt by moving it. Pure logic: no Qt, no ports."""

from engine.controllers.binding import CHANNELS, Binding, Bow, Kind, reserved
from engine.controllers.map import ControllerMap, Learnt, Move, Outcome, Place, Refused
from engine.controllers.store import load, save

__all__ = [
    "CHANNELS",
    "Binding",
    "Bow",
    "ControllerMap",
    "Kind",
    "Learnt",
    "Move",
    "Outcome",
    "Place",
    "Refused",
    "load",
    "reserved",
    "save",
]
