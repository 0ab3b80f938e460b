"""Urgency: a thread of the audio process asks the system to be served before programs that only compute.

The device's callback is served first of all already, by its driver. But it needs Python's interpreter, and so waits for
whichever other thread of its process holds it; when that one is kept from the processor by somebody's computing, the
callback waits for that too (a priority inversion). So those others are raised as well, below every audio thread.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress

_LOWEST_REAL_TIME = 1  # JACK's threads have 10 and more
_NICE = -11  # what desktop sound servers take where real time is not allowed
_WINDOWS_HIGHEST = 2  # THREAD_PRIORITY_HIGHEST
_MACOS_USER_INTERACTIVE = 0x21  # QOS_CLASS_USER_INTERACTIVE


def hurry() -> None:
    """Raise the thread that calls, as far as the system allows; where it allows nothing, nothing changes. Threads and
    processes that this one starts are not raised with it on Linux."""
    with suppress(OSError, AttributeError):
        if sys.platform == "linux":
            _hurry_on_linux()
        elif sys.platform == "win32":
            kernel = ctypes.windll.kernel32
            kernel.SetThreadPriority(kernel.GetCurrentThread(), _WINDOWS_HIGHEST)
        elif sys.platform == "darwin":
            ctypes.CDLL(None).pthread_set_qos_class_self_np(_MACOS_USER_INTERACTIVE, 0)


def _hurry_on_linux() -> None:
    try:
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(_LOWEST_REAL_TIME))
    except PermissionError:
        os.setpriority(os.PRIO_PROCESS, 0, _NICE)  # of this thread alone: on Linux, "process" 0 is the calling thread
