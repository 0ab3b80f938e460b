"""The pulse train: right pitch, flat spectrum, no clicks, silent where there is no pitch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.codecs.source import HOP, RATE_HZ, pulse_train, spectrum, waveform

SECOND = 44100


def points(frames: int) -> int:
    return 1 + frames // HOP


@pytest.mark.parametrize("hz", [41.2, 110.0, 440.0, 1975.5])
def test_every_harmonic_below_20_khz_is_there_and_equally_loud(hz: float) -> None:
    train = pulse_train(torch.full((1, points(SECOND)), hz), SECOND)[0].double().numpy()
    power = np.abs(np.fft.rfft(train * np.blackman(SECOND)))  # 1 Hz per bin
    count = int(20000 // hz)
    levels = [power[round(k * hz) - 2 : round(k * hz) + 3].max() for k in range(1, count + 1)]
    assert max(levels) / min(levels) < 1.3
    between = [power[round((k + 0.5) * hz)] for k in range(1, count)]
    assert max(between) < 0.01 * max(levels)
    assert train.std() == pytest.approx(1.0, rel=0.05)


def test_it_never_leaves_the_range_that_its_harmonics_allow() -> None:
    sweep = torch.linspace(30.0, 4000.0, points(2 * SECOND))[None]
    train = pulse_train(sweep, 2 * SECOND)
    assert torch.isfinite(train).all()
    assert train.abs().max() <= np.sqrt(2 * 20000 / 30.0) + 1e-3


def test_shaped_as_a_saw_it_is_a_saw() -> None:
    """Sine phases: with gains of 1/k the wave is symmetrical and no peakier than a sawtooth."""
    train = pulse_train(torch.full((1, points(SECOND)), 100.0), SECOND)[0].double().numpy()
    spectrum = np.fft.rfft(train)
    spectrum[1:] *= 100.0 / np.arange(1, len(spectrum))
    saw = np.fft.irfft(spectrum)[4410:-4410]
    assert saw.max() == pytest.approx(-saw.min(), rel=0.02)
    assert saw.max() / saw.std() < 2.1  # 1.73 and the Gibbs ears


def test_no_pitch_is_silence_and_a_gap_does_not_chirp() -> None:
    assert pulse_train(torch.zeros(2, points(SECOND)), SECOND).abs().max() == 0
    curve = torch.full((1, points(SECOND)), 220.0)
    curve[:, 40:60] = 0
    train = pulse_train(curve, SECOND)[0]
    assert train[41 * HOP : 59 * HOP].abs().max() == 0
    heard = train[: 40 * HOP].numpy()
    power = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert abs(np.argmax(power[1 : 400 * len(heard) // RATE_HZ]) * RATE_HZ / len(heard) - 220) < 3


def test_the_inverse_transform_gives_the_samples_back() -> None:
    sound = torch.randn(2, 10_000, generator=torch.Generator().manual_seed(0))
    assert torch.allclose(waveform(spectrum(sound), 10_000), sound, atol=1e-4)


def test_the_waveform_is_the_inverse_transform_of_any_spectra() -> None:
    generator = torch.Generator().manual_seed(1)
    parts = torch.randn(2, 1025, 30, 2, generator=generator)
    spectra = torch.view_as_complex(parts)
    spectra[:, [0, -1]] = spectra[:, [0, -1]].real.to(spectra.dtype)
    for frames in (29 * 512, 29 * 512 + 100):
        plain = torch.istft(spectra, 2048, 512, window=torch.hann_window(2048), center=True, length=frames)
        assert torch.allclose(waveform(spectra, frames), plain, atol=1e-5)


def test_the_phase_of_a_moving_pitch_is_the_sum_of_its_steps() -> None:
    """Against the definition, in float64 throughout: the error stays far below what can be heard."""
    generator = torch.Generator().manual_seed(1)
    curve = 100.0 * 2.0 ** torch.rand(1, points(4 * SECOND), generator=generator)
    hz = np.interp(np.arange(4 * SECOND) / 512, np.arange(curve.shape[1]), curve[0].double().numpy())
    cycles = np.cumsum(hz) / 44100
    half = np.pi * (cycles - np.round(cycles))
    count = np.floor(20000 / hz)
    plain = np.sin(count * half) * np.sin((count + 1) * half) / np.sin(half) * np.sqrt(2 / count)
    error = pulse_train(curve, 4 * SECOND)[0].double().numpy() - plain
    assert np.sqrt(np.mean(error**2)) < 1e-3  # of a train of RMS 1; where a harmonic begins or ends, a frame may differ
    assert np.quantile(np.abs(error), 0.999) < 1e-3
