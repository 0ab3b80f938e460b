"""Each effect keeps its definition: cutoff, harmonics and aliases, steps, reverberation time."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.signal import butter, sosfilt

from engine.curves import quality
from engine.dsp.crush import fewer_bits, fewer_samples
from engine.dsp.drive import Kind as DriveKind
from engine.dsp.drive import curve, drive
from engine.dsp.filter import Kind, filtered
from engine.dsp.reverb import response, reverb
from engine.sound import Sound

RATE = 44100
Floats = npt.NDArray[np.float64]


def sine(hz: float, level: float = 0.9, seconds: float = 1.0) -> Sound:
    return Sound((level * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32), RATE)


def decibel(sound: Sound) -> Floats:
    """Spectrum at whole hertz, dB relative to its highest point."""
    spectrum = np.abs(np.fft.rfft(sound.samples[:RATE, 0] * np.blackman(RATE))) + 1e-12
    return np.asarray(20 * np.log10(spectrum / spectrum.max()))


def answer_db(kind: Kind, cutoff_hz: float, resonance: float) -> Floats:
    impulse = np.zeros(RATE, np.float32)
    impulse[0] = 1.0
    return np.asarray(
        20
        * np.log10(
            np.abs(np.fft.rfft(filtered(Sound(impulse, RATE), kind, cutoff_hz, resonance).samples[:, 0])) + 1e-12
        )
    )


@pytest.mark.parametrize("cutoff_hz", [200, 1000, 8000])
def test_low_and_high_pass_lie_3_db_down_at_their_cutoff_and_fall_12_db_an_octave(cutoff_hz: int) -> None:
    low, high = answer_db("low-pass", cutoff_hz, 0), answer_db("high-pass", cutoff_hz, 0)
    assert low[cutoff_hz] == pytest.approx(-3.01, abs=0.05)
    assert high[cutoff_hz] == pytest.approx(-3.01, abs=0.05)
    assert low[cutoff_hz // 10] == pytest.approx(0.0, abs=0.05)
    assert high[cutoff_hz // 4] - high[cutoff_hz // 8] == pytest.approx(12, abs=0.5)
    if cutoff_hz < 8000:  # further up the rate's own end bends it down
        assert low[cutoff_hz * 4] - low[cutoff_hz * 8] == pytest.approx(12, abs=2.5)


@pytest.mark.parametrize("resonance", [0, 50, 100])
def test_resonance_is_q(resonance: float) -> None:
    q = quality(resonance)
    assert answer_db("low-pass", 1000, resonance)[1000] == pytest.approx(20 * np.log10(q), abs=0.05)
    band = answer_db("band-pass", 1000, resonance)
    assert band[1000] == pytest.approx(0.0, abs=0.05)
    passed = np.flatnonzero(band > -3.01)
    assert passed[-1] - passed[0] + 1 == pytest.approx(1000 / q, rel=0.05, abs=2)


def test_a_cutoff_beyond_the_rate_is_brought_within() -> None:
    assert np.isfinite(filtered(Sound(np.ones(100, np.float32), 16000), "low-pass", 20000, 100).samples).all()


@pytest.mark.parametrize("kind", ["soft", "hard", "fold"])
def test_drive_follows_its_curve(kind: DriveKind) -> None:
    gain = 10 ** (6 / 20)
    wanted = curve(gain * sine(1000).samples[:, 0].astype(np.float64), kind) / (
        np.tanh(gain) if kind == "soft" else 1.0
    )
    middle = slice(RATE // 4, RATE // 2)
    assert np.abs(drive(sine(1000), kind, 6).samples[middle, 0] - wanted[middle]).max() < 0.03


@pytest.mark.parametrize(("kind", "highest_db"), [("soft", -90), ("hard", -65), ("fold", -90)])
def test_drive_does_not_alias(kind: DriveKind, highest_db: float) -> None:
    """Every level that is no harmonic of 5 kHz folded down; without more samples it would lie above -25 dB."""

    def between_harmonics(sound: Sound) -> float:
        away = np.ones(RATE // 2 + 1, np.bool_)
        for harmonic in range(5):
            away[max(0, 5003 * harmonic - 20) : 5003 * harmonic + 20] = False
        return float(decibel(sound)[away].max())

    assert between_harmonics(drive(sine(5003), kind, 24)) < highest_db
    plain = curve(10 ** (24 / 20) * sine(5003).samples.astype(np.float64), kind)
    assert between_harmonics(sine(5003).with_samples(plain.astype(np.float32))) > -25


def test_drive_leaves_no_offset() -> None:
    lopsided = sine(100).samples + 0.4 * np.abs(sine(100).samples)
    assert abs(drive(Sound(lopsided, RATE), "hard", 24).samples.mean()) < 5e-3


@pytest.mark.parametrize("bits", [1, 4, 8, 12])
def test_so_many_bits_make_so_much_noise(bits: int) -> None:
    ramp = Sound(np.linspace(-1, 1, 1 << 16, dtype=np.float32), RATE)
    done = fewer_bits(ramp, bits)
    assert len(np.unique(done.samples)) == 2**bits + 1  # with the zero in the middle
    step = 2.0 / 2**bits
    assert np.sqrt(np.mean(np.square(done.samples - ramp.samples))) == pytest.approx(step / np.sqrt(12), rel=0.02)
    assert fewer_bits(Sound(np.zeros(10, np.float32), RATE), bits).peak == 0


def test_fewer_samples_mirror_what_lies_beyond_half_their_rate() -> None:
    done = fewer_samples(sine(1000), 8000)
    spectrum = decibel(done)
    assert spectrum[7000] > -25  # 8000 - 1000, held samples let it through by sinc(7/8) / sinc(1/8): -17 dB
    changes = np.count_nonzero(np.diff(done.samples[:, 0]))
    assert changes == pytest.approx(8000, rel=0.02)


@pytest.mark.parametrize("rt60_s", [0.3, 1.5, 4.0])
@pytest.mark.parametrize("damp", [0, 50, 100])
def test_the_room_falls_by_60_db_in_its_time(rt60_s: float, damp: float) -> None:
    """Schroeder's backward integral, from -5 to -35 dB, below 1 kHz; above 8 kHz as much sooner as it is damped."""
    room = response(RATE, rt60_s, damp)
    assert measured_rt60_s(room[:, 0], 100, 1000) == pytest.approx(rt60_s, rel=0.1)
    high = measured_rt60_s(room[:, 1], 10000, 18000)
    assert high == pytest.approx(rt60_s * (1 - 0.85 * damp / 100), rel=0.15)


def measured_rt60_s(answer: Floats, low_hz: float, high_hz: float) -> float:
    section = butter(4, (low_hz, high_hz), "bandpass", fs=RATE, output="sos")
    left = np.cumsum(np.square(sosfilt(section, answer))[::-1])[::-1]
    level = 10 * np.log10(left / left[0] + 1e-12)
    return float(2 * (np.argmax(level < -35) - np.argmax(level < -5)) / RATE)


def test_the_room_is_wide_safe_in_mono_and_the_same_each_time() -> None:
    hit = Sound(np.exp(-np.arange(RATE) / 500).astype(np.float32) * sine(300, 0.5).samples[:, 0], RATE)
    done = reverb(hit, 100, 1.0, 50)
    assert done.channels == 2
    left, right = done.samples.T.astype(np.float64)
    assert abs(np.dot(left, right)) < 0.3 * np.dot(left, left)  # two rooms' worth of difference
    assert np.sum(np.square(done.mono())) > 0.3 * np.sum(np.square(left))  # and nothing cancels
    assert np.array_equal(done.samples, reverb(hit, 100, 1.0, 50).samples)


def test_the_tail_is_kept_and_ends_in_silence() -> None:
    done = reverb(sine(400, seconds=0.3), 30, 1.0, 0)
    assert 0.9 < done.seconds < 1.6
    assert np.abs(done.samples[-1]).max() < 1e-4
    dry = reverb(sine(400, seconds=0.3), 0.0, 1.0, 0)
    assert np.array_equal(dry.samples, sine(400, seconds=0.3).samples)
