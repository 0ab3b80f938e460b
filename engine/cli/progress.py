"""A progress bar on stderr when that is a terminal, else nothing."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

Advance = Callable[[str, float, float], None]  # what is done, how much of it, of how much


@contextlib.contextmanager
def progress_bar(what: str) -> Iterator[Advance]:
    """Gives a function to call as work goes on; the bar is gone when the block ends."""
    if not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)
