"""Preset <-> TOML. What is read may come from anybody: size, depth, types and ranges are checked before it is used."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from engine.errors import BadRequest
from engine.patch import Patch
from engine.presets.preset import FORMAT, Preset
from engine.shape import Shape

MOST_BYTES = 256 * 1024
_MANY_DOTS = re.compile(r"(?:[^\s.]{1,64}[ \t]*\.[ \t]*){32}")  # a key of thousands of parts takes minutes to read
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WORD = re.compile(r"`(.+?)`")


def read_preset(data: bytes) -> Preset:
    """Raises BadRequest with one line that says what is wrong."""
    if len(data) > MOST_BYTES:
        raise BadRequest(f"it is larger than {MOST_BYTES // 1024} kB, as no preset is")
    try:
        text = data.decode("utf-8")
        if _MANY_DOTS.search(text):
            raise BadRequest("it is nested deeper than presets are")
        plain = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise BadRequest("it is no text") from error
    except RecursionError as error:
        raise BadRequest("it is nested deeper than presets are") from error
    except ValueError as error:
        raise BadRequest(f"it is no TOML ({_line(error)})") from error
    version = plain.pop("format", None)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BadRequest("it names no format of a preset of Latente")
    if version > FORMAT:
        raise BadRequest("it was made by a newer Latente; update the program to use it")
    try:
        return msgspec.convert(plain, Preset)
    except RecursionError as error:
        raise BadRequest("it is nested deeper than presets are") from error
    except ValueError as error:
        raise BadRequest(_line(error)) from error


def preset_text(preset: Preset) -> str:
    """The preset as a TOML file; what has its default is left out."""
    plain: dict[str, Any] = {"format": FORMAT, **msgspec.to_builtins(preset)}
    for part, default in (("shape", Shape()), ("patch", Patch())):
        kept = msgspec.to_builtins(getattr(preset, part))
        usual = msgspec.to_builtins(default)
        plain[part] = {key: value for key, value in kept.items() if value != usual[key]}
    scalars = {key: value for key, value in plain.items() if not isinstance(value, dict | list | tuple)}
    lines = [f"{key} = {_value(value)}" for key, value in scalars.items()]
    for key in ("request", "edits", "shape", "patch"):
        for table in plain.get(key, []) if key == "edits" else [plain[key]]:
            if table:
                lines += ["", f"[[{key}]]" if key == "edits" else f"[{key}]"]
                lines += [f"{_key(name)} = {_value(value)}" for name, value in table.items() if value is not None]
    return "\n".join(lines) + "\n"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is no number for a preset")
        return repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(key))} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    raise TypeError(f"a {type(value).__name__} does not belong into a preset")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _value(key)


def _line(error: Exception) -> str:
    """One line without a full stop; names as users read them."""
    return _WORD.sub(r"“\1”", " ".join(str(error).split()))[:200].rstrip(".")
