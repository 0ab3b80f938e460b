"""A look at the audio devices from a process of its own, which may take its time and need not disturb what plays."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from engine.audio import device
from engine.audio.launch import private_stdout
from engine.audio.reports import encode


def main() -> NoReturn:
    """Writes one `Devices` line and ends, without the libraries' farewells."""
    with private_stdout() as lines:
        lines.write(encode(device.listed()))
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
