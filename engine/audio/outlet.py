"""Outlet: which device plays, and what happens when it goes or comes back. Main thread of the audio process."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

import msgspec

from engine.audio import device, reports
from engine.audio.commands import DeviceChoice
from engine.audio.launch import launch_scan
from engine.audio.outputs import NewRender, NullOutput, Output, PortAudioOutput
from engine.audio.reports import DeviceLost, Devices, Report
from engine.audio.state import StateBlock
from engine.audio.status import AudioStatus, State
from engine.errors import AudioProblem

NULL_DEVICE = "null"  # asked for by name: play to nobody
_LOOK_AGAIN_S: dict[State, float] = {"lost": 1.0, "null": 5.0, "running": 3.0}
_SCAN_S = 20.0  # a look at the devices that takes longer hangs in a driver


class Outlet:
    """new_render: makes what is played, for a rate; called before each opening, when nothing plays. opening: told at
    the same moment whether JACK is about to be used. lost: told that a device, perhaps with its server, has gone.
    say: takes reports."""

    def __init__(
        self,
        block: StateBlock,
        choice: DeviceChoice,
        new_render: NewRender,
        opening: Callable[[bool], None],
        say: Callable[[Report], None],
        lost: Callable[[], None],
    ) -> None:
        self._block = block
        self._choice = choice
        self._new_render = new_render
        self._opening = opening
        self._say = say
        self._lost = lost
        self._status = AudioStatus("starting")
        self._output: Output | None = None
        self._scan: subprocess.Popen[bytes] | None = None
        self._asked = False  # whether somebody waits for the scan's list
        self._looked_s = 0.0
        self._connect(rescan=False)

    def choose(self, choice: DeviceChoice) -> None:
        """Play there from now on."""
        if choice == self._choice:
            return
        self._choice = choice
        self.close()
        self._publish(AudioStatus("starting"))
        self._connect(rescan=True)

    def look(self) -> None:
        """Look for devices anew, without disturbing what plays; `Devices` is reported."""
        self._asked = True
        self._start_scan()

    def tend(self, silent: bool) -> None:
        """See whether the device lives, and whether a better one has come. silent: no voice sounds. Call often."""
        now = time.monotonic()
        self._read_scan(silent)
        status = self._status
        if status.state == "running" and self._output is not None and not self._output.alive():
            self._say(DeviceLost(status.device))
            self._publish(
                AudioStatus("lost", message=f"The audio device “{status.device}” is gone. Looking for another.")
            )
            self.close()
            self._lost()
            self._connect(rescan=True)
        elif now - self._looked_s > _LOOK_AGAIN_S.get(status.state, 1.0) and self._wants_another():
            if status.state == "running":
                self._start_scan()  # a rescan in here would end what plays
            elif silent:  # a changed device ends what sounds
                self._connect(rescan=True)

    def close(self) -> None:
        if self._output is not None:
            self._output.close()
            self._output = None

    def _wants_another(self) -> bool:
        status, choice = self._status, self._choice
        if choice.name == NULL_DEVICE:
            return False
        return status.state != "running" or not (
            choice.name is None or device.matches(choice, status.device, status.host_api)
        )

    def _connect(self, rescan: bool) -> None:
        """Play on the best device there is; where there is none, to nobody."""
        self._looked_s = time.monotonic()
        problem = ""
        if self._choice.name == NULL_DEVICE:
            problem = "The null device is chosen: nothing is heard."
        else:
            try:
                found = device.find(self._choice, rescan)
            except AudioProblem as missing:
                found, problem = [], str(missing)
            for candidate in found:
                try:
                    self._play_on(candidate, problem)
                    break
                except AudioProblem as refused:
                    problem = problem or str(refused)
        if self._output is None:
            self._play_to_nobody(problem)
        if self._status.state == "running" or not rescan:
            self._say(device.listed())

    def _play_on(self, found: device.Device, problem: str) -> None:
        self.close()
        self._opening(found.host_api == device.JACK)
        output = PortAudioOutput(found, self._new_render, self._block.words)
        self._output = output
        choice = self._choice
        if choice.name is not None and not device.matches(choice, found.name, found.host_api):
            problem = problem or f"“{choice.name}” is not there, so “{found.name}” plays until it is."
        self._publish(
            AudioStatus(
                "running",
                found.name,
                found.host_api,
                output.rate_hz,
                output.block_frames,
                output.latency_s,
                problem or output.problem,
            )
        )

    def _play_to_nobody(self, message: str) -> None:
        self._opening(False)
        output = self._output = NullOutput(self._new_render)
        lost = self._status.state == "lost"
        self._publish(
            AudioStatus(
                "lost" if lost else "null",
                rate_hz=output.rate_hz,
                block_frames=output.block_frames,
                latency_s=output.latency_s,
                message=self._status.message if lost else message,
            )
        )

    def _start_scan(self) -> None:
        self._looked_s = time.monotonic()
        if self._scan is None:
            try:
                self._scan = launch_scan()
            except OSError:
                self._answer(device.listed())

    def _read_scan(self, silent: bool) -> None:
        """Take what the scan found, once it has ended: its list is short enough to wait in the pipe."""
        scan = self._scan
        if scan is None:
            return
        if scan.poll() is None:
            if time.monotonic() - self._looked_s < _SCAN_S:
                return
            scan.kill()
        output, _ = scan.communicate()
        self._scan = None
        try:
            found = reports.decode(output)
        except msgspec.DecodeError:  # it crashed in a driver, or was killed
            found = device.listed()
        if isinstance(found, Devices):
            self._answer(found)
            if silent and self._status.state == "running" and self._wants_another():
                if any(device.matches(self._choice, one.name, one.host_api) for one in found.outputs):
                    self.close()
                    self._connect(rescan=True)

    def _answer(self, found: Devices) -> None:
        if self._asked:
            self._asked = False
            self._say(found)

    def _publish(self, status: AudioStatus) -> None:
        self._status = status
        self._block.write(status)
