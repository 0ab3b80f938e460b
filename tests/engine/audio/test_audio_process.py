"""The audio process dies, hangs, loses its device: the program goes on. When it ends it leaves nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from engine.audio import line, memory
from engine.audio.commands import DeviceChoice
from engine.audio.launch import FLAG, launch
from engine.audio.player import Player
from engine.sound import Sound
from tests.engine.audio.conftest import sine
from tests.jack import JackServer, require_jack, wait_until

SHARED = Path("/dev/shm")
ROOT = Path(__file__).parents[3]


def segments(pid: int) -> list[str]:
    """Shared memory that a program made and that is still there."""
    return [path.name for path in SHARED.glob(f"{memory.PREFIX}{pid}_*")]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def process_of(player: Player) -> int:
    pid = player.process_id()
    assert pid is not None
    return pid


def test_the_audio_process_imports_neither_torch_nor_qt() -> None:
    code = (
        "import sys, engine.audio.playerd; from engine.audio import device; device.portaudio();"
        "print(*{m.split('.')[0] for m in sys.modules} & {'torch', 'librosa', 'transformers', 'PySide6', 'scipy'})"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.split() == []


def test_a_killed_process_comes_back_with_its_sounds(jack_server: JackServer, player: Player) -> None:
    player.load("tone", sine(300, 0.3, 48_000, peak=0.5))
    player.play("tone")
    wait_until(lambda: player.voices() > 0, 2, "it plays")
    first = process_of(player)
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: player.status().state == "lost", 1, "the loss is told")
    assert player.status().message
    wait_until(lambda: player.status().state == "running", 3, "the process is back")
    assert process_of(player) != first
    with jack_server.recording() as recording:
        player.play("tone")
        wait_until(lambda: player.voices() > 0, 2, "it plays again")
        wait_until(lambda: player.voices() == 0, 2, "it ends")
    assert abs(np.abs(recording.samples).max() - 0.5) < 0.01


def test_the_volume_survives_a_restart(jack_server: JackServer, player: Player) -> None:
    player.load("tone", sine(300, 0.3, 48_000, peak=0.5))
    player.set_gain_db(-20)
    os.kill(process_of(player), signal.SIGKILL)
    wait_until(lambda: player.status().state == "lost", 1, "the loss is told")
    wait_until(lambda: player.status().state == "running", 3, "the process is back")
    player.play("tone")
    wait_until(lambda: player.voices() > 0, 2, "it plays again")
    wait_until(lambda: player.voices() == 0, 2, "it ends")
    assert 0.02 < player.levels()[0] < 0.055


def test_a_process_that_hangs_is_replaced_and_nobody_waits_for_it(
    silent_player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "_HUNG_S", 1.0)
    player = silent_player
    player.load("tone", sine(300, 0.3, 48_000))
    hung = process_of(player)
    os.kill(hung, signal.SIGSTOP)
    begun = time.monotonic()
    for _ in range(2_000):
        player.play("tone")
        player.status()
        player.levels()
        player.position_s()
    assert time.monotonic() - begun < 0.5
    wait_until(lambda: player.process_id() not in (None, hung), 5, "another process runs")
    wait_until(lambda: player.status().state == "null", 5, "it plays")
    assert not alive(hung)


def test_closing_does_not_wait_for_a_process_that_hangs() -> None:
    player = Player(device="null")
    player.start()
    player.load("tone", sine(300, 0.5, 48_000))
    wait_until(lambda: player.status().state == "null", 10, "it runs")
    hung = process_of(player)
    os.kill(hung, signal.SIGSTOP)
    for _ in range(2_000):
        player.play("tone")
    begun = time.monotonic()
    player.close()
    assert time.monotonic() - begun < 3
    assert not alive(hung)
    assert segments(os.getpid()) == []


def test_closing_leaves_no_process_and_no_shared_memory() -> None:
    player = Player(device="null")
    player.start()
    wait_until(lambda: player.status().state == "null", 10, "it runs")
    for key in "abc":
        player.load(key, sine(300, 1.0, 44_100))
    player.play("a")
    wait_until(lambda: player.voices() > 0, 3, "it plays")
    pid = process_of(player)
    assert len(segments(os.getpid())) == 4
    begun = time.monotonic()
    player.close()
    assert time.monotonic() - begun < 1
    assert not alive(pid)
    assert segments(os.getpid()) == []
    assert player.position_s() is None
    assert player.status().message == "Audio is closed."
    player.play("a")  # a late click on a button: no error, no sound
    player.close()


def test_closing_a_killed_or_starting_player_leaves_nothing_either() -> None:
    for kill in (True, False):
        player = Player(device="null")
        player.start()
        player.load("tone", sine(300, 0.5, 48_000))
        if kill:
            wait_until(lambda player=player: player.status().state == "null", 10, "it runs")  # type: ignore[misc]
            os.kill(process_of(player), signal.SIGKILL)
        player.close()
        assert segments(os.getpid()) == []


def test_unloading_frees_the_memory_while_the_program_goes_on(silent_player: Player) -> None:
    silent_player.load("tone", sine(300, 1.0, 48_000))
    wait_until(lambda: len(segments(os.getpid())) == 2, 3, "the sound is in shared memory")
    silent_player.play("tone")
    silent_player.unload("tone")
    wait_until(lambda: len(segments(os.getpid())) == 1, 3, "it is gone")
    wait_until(lambda: silent_player.voices() == 0, 1, "its voice has faded out")
    for _ in range(50):
        silent_player.load("tone", sine(300, 0.1, 48_000))
    wait_until(lambda: len(segments(os.getpid())) == 2, 3, "only the last remains")


def test_a_killed_program_leaves_no_process_and_no_shared_memory() -> None:
    code = (
        "import time, numpy as np; from engine.audio.player import Player; from engine.sound import Sound\n"
        "p = Player(device='null'); p.start(); p.load('a', Sound(np.zeros(4800, np.float32), 48000)); p.play('a')\n"
        "while not p.voices(): time.sleep(0.01)\n"
        "print(p.process_id(), flush=True); time.sleep(60)"
    )
    program = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    audio = int(program.stdout.readline())
    assert len(segments(program.pid)) == 2
    program.kill()
    program.wait()
    program.stdout.close()
    wait_until(lambda: not alive(audio), 3, "the audio process has ended")
    assert segments(program.pid) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="only Linux lists shared memory")
def test_what_a_crash_of_everything_left_is_swept_at_the_next_start() -> None:
    code = "import os; from engine.audio import memory; memory.create(4096); os._exit(1)"
    crashed = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    crashed.wait()
    mine = memory.create(64)
    assert len(segments(crashed.pid)) == 1
    memory.sweep()
    assert segments(crashed.pid) == []
    assert segments(os.getpid()) == [mine.name]
    memory.discard(mine)


def test_a_lost_device_is_told_and_found_again_at_whatever_rate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_jack()
    server = JackServer(tmp_path)
    monkeypatch.setenv("JACK_DEFAULT_SERVER", server.name)
    server.start()
    player = Player()
    player.start()
    try:
        wait_until(lambda: player.status().state == "running", 10, "it runs")
        assert player.status().rate_hz == 48_000
        assert player.status().latency_s > 0
        player.load("tone", sine(300, 0.5, 48_000, peak=0.5))
        server.stop()
        wait_until(lambda: player.status().state == "lost", 5, "the loss is told")
        assert "gone" in player.status().message
        server.rate_hz = 44_100
        server.start()
        wait_until(lambda: player.status().state == "running", 12, "the device is found again")
        assert player.status().rate_hz == 44_100
        with server.recording() as recording:
            player.play("tone")
            wait_until(lambda: player.voices() > 0, 2, "it plays")
            wait_until(lambda: player.voices() == 0, 2, "it ends")
        sounding = np.flatnonzero(np.abs(recording.samples[:, 0]) > 1e-4)
        assert abs((sounding[-1] - sounding[0]) / 44_100 - 0.5) < 0.01
        assert abs(np.abs(recording.samples).max() - 0.5) < 0.01
    finally:
        player.close()
        server.stop()


def test_a_sound_with_broken_samples_harms_nobody(jack_server: JackServer, player: Player) -> None:
    samples = np.full(4_800, np.nan, np.float32)
    samples[2_000:2_100] = np.inf
    player.load("broken", Sound(samples, 48_000))
    with jack_server.recording() as recording:
        player.play("broken")
        time.sleep(0.2)
    assert np.isfinite(recording.samples).all()
    assert player.status().state == "running"


def test_a_frozen_program_starts_itself_as_its_audio_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "latente"  # what a frozen program is: one executable whose entry point asks first
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from engine.audio.launch import run_if_asked\nrun_if_asked(sys.argv[1:])\nsys.exit('the window would open')\n"
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    player = Player(device="null")
    player.start()
    wait_until(lambda: player.status().state == "null", 10, "it runs")
    command = Path(f"/proc/{process_of(player)}/cmdline").read_text().split("\0")
    player.close()
    assert str(program) in command
    assert FLAG in command


def test_an_audio_process_that_never_starts_is_told_and_not_tried_in_a_rush(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    starts: list[float] = []

    def counted(state_segment: str, device: DeviceChoice) -> subprocess.Popen[bytes]:
        starts.append(time.monotonic())
        return launch(state_segment, device)

    monkeypatch.setattr(line, "launch", counted)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    player = Player()
    player.start()
    wait_until(lambda: player.status().state == "lost", 3, "the trouble is told")
    assert "audio process" in player.status().message
    time.sleep(2)
    player.close()
    assert 2 <= len(starts) <= 5
    assert segments(os.getpid()) == []
