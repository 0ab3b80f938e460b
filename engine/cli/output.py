"""How commands speak: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from engine.params import PARAMS


def print_json(value: Any) -> None:
    """One JSON value on one line of stdout, ASCII to survive any pipe. Numbers that JSON does not know become null."""
    print(json.dumps(_plain(value), allow_nan=False), flush=True)


def complain(message: str) -> None:
    """One line on stderr."""
    print("latente: " + " ".join(message.split()), file=sys.stderr, flush=True)


def print_table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns on stdout, as wide as they need to be."""
    table = [list(heads), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(heads))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def megabytes(count: int) -> str:
    return f"{count / 2**20:.1f} MB"


def param_help(key: str) -> str:
    """Help of an option, from the table of parameters."""
    spec = PARAMS[key]
    unit = f" {spec.unit}" if spec.unit else ""
    return f"{spec.help} {spec.low:g} to {spec.high:g}{unit}."


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, bool | str) or value is None:
        return value
    if hasattr(value, "tolist"):  # numpy numbers and arrays
        return _plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, int) else str(value)
