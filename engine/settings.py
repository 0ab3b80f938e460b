"""What the program remembers between two runs, as JSON in the user's config folder."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from engine import paths
from engine.files import make_folder, write_atomically
from engine.params import PARAMS

HISTORY_LIMIT = 200  # prompts remembered for the ↑ key
_FILE = "settings.json"


class PadChoice(msgspec.Struct, frozen=True, kw_only=True):
    """What lies on a drum pad. note: MIDI. one_shot: to its end, however short the pad is touched. choke_group: pads of
    one group silence each other; 0 is none."""

    note: int
    take_id: str
    one_shot: bool = True
    choke_group: int = 0


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings; unknown keys of newer versions are ignored.

    library: folder of the takes, None for the usual place. rate_hz and bits: of files written.
    chunks: whether files carry root note, loop and provenance. compute: where models compute (engine.models.device);
    device, host_api: of the output, None for the system's
    choice. device_rate_hz, block_frames: of the output, 0 for what it likes.
    midi_ports: names to listen to, None for all. midi_channel: 1..16, 0 for all. mpe: each note has its own channel.
    keyboard_layout: QWERTY, QWERTZ or AZERTY; empty for the usual one of the system's language.
    key_octave, key_velocity: of the computer's keys. pads_listen: when MIDI plays the pads: "shown", "always", "never".
    history: prompts, the newest last. geometry: the window's place, opaque to the engine.
    """

    library: str | None = None
    model: str = "latente-1"
    compute: str = "auto"
    rate_hz: int = 44100
    bits: str = "24"
    chunks: bool = True
    steps: int = int(PARAMS["steps"].default)
    guidance: float = PARAMS["guidance"].default
    variations: int = 4
    gain_db: float = PARAMS["gain_db"].default
    device: str | None = None
    host_api: str | None = None
    device_rate_hz: int = 0
    block_frames: int = 0
    midi_ports: tuple[str, ...] | None = None
    midi_channel: int = 0
    mpe: bool = False
    keyboard_layout: str = ""
    key_octave: int = 3
    key_velocity: int = 100
    pads: tuple[PadChoice, ...] = ()
    pads_listen: str = "shown"
    auto_play: bool = True
    history: tuple[str, ...] = ()
    geometry: str = ""

    def library_folder(self) -> Path:
        return Path(self.library).expanduser() if self.library else paths.library_folder()

    def with_prompt(self, prompt: str) -> Settings:
        """The same settings with `prompt` as the newest of the history, once."""
        history = (*(old for old in self.history if old != prompt), prompt)
        return msgspec.structs.replace(self, history=history[-HISTORY_LIMIT:])


def load(folder: Path | None = None) -> Settings:
    """The settings stored in `folder` (default: the user's config folder).

    A damaged file is set aside as `settings.damaged.json` and the defaults are used.
    """
    path = (folder or paths.user_config()) / _FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings)
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        with contextlib.suppress(OSError):
            path.replace(path.with_name("settings.damaged.json"))
        return Settings()


def save(settings: Settings, folder: Path | None = None) -> None:
    """Writes all settings at once. Raises CannotWrite."""
    folder = folder or paths.user_config()
    make_folder(folder)
    write_atomically(folder / _FILE, msgspec.json.format(msgspec.json.encode(settings), indent=2))
