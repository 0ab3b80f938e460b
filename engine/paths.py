"""Where things lie: data that comes with the program, and the user's own folders. Nothing is created here.

The data folders are found in a source checkout, in an installed wheel (`engine/_data`) and in a frozen program.
The environment variable LATENTE_HOME moves all user folders below one place.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_APP = "Latente"


def resources() -> Path:
    """Icons, fonts, stylesheet, model weights: read-only."""
    return _data() / "resources"


def presets() -> Path:
    """Factory presets: read-only."""
    return _data() / "presets"


def user_data() -> Path:
    """What the user made and would miss: library, models."""
    home = _home()
    if home is not None:
        return home / "data"
    import platformdirs

    return platformdirs.user_data_path(_APP, appauthor=False)


def user_config() -> Path:
    """Settings and the user's presets."""
    home = _home()
    if home is not None:
        return home / "config"
    import platformdirs

    return platformdirs.user_config_path(_APP, appauthor=False)


def user_presets() -> Path:
    """Presets of the user's own."""
    return user_config() / "presets"


def user_cache() -> Path:
    """What can be thrown away at any time."""
    home = _home()
    if home is not None:
        return home / "cache"
    import platformdirs

    return platformdirs.user_cache_path(_APP, appauthor=False)


def library_folder() -> Path:
    """The library of takes, unless the settings name another folder."""
    return user_data() / "library"


def user_models() -> Path:
    """Models the user installed, beside those that come with the program."""
    return user_data() / "models"


def _home() -> Path | None:
    """The folder LATENTE_HOME names, absolute, or None when it is unset or empty."""
    home = os.environ.get("LATENTE_HOME", "")
    return Path(home).expanduser().absolute() if home else None


def _data() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)  # set by PyInstaller
    if frozen is not None:
        return Path(frozen)
    package = Path(__file__).resolve().parent
    packed = package / "_data"  # an installed wheel carries its data inside the package
    return packed if packed.is_dir() else package.parent
