"""Distances whose answers can be worked out by hand."""

import pytest
import torch

from engine.analysis.metrics import mel_distance_db, mel_spectrum, si_sdr_db

RATE_HZ = 44100


def noise(seconds: float = 3.0, seed: int = 0) -> torch.Tensor:
    return torch.randn(1, round(seconds * RATE_HZ), generator=torch.Generator().manual_seed(seed))


def test_a_sound_is_at_no_distance_from_itself() -> None:
    assert mel_distance_db(noise(), noise()).item() == 0
    assert mel_distance_db(noise(), noise(), within=True).item() == 0


@pytest.mark.parametrize("gain_db", [-6.0, 3.0])
def test_a_change_of_level_is_its_own_distance(gain_db: float) -> None:
    louder = noise() * 10 ** (gain_db / 20)
    assert mel_distance_db(louder, noise()).item() == pytest.approx(abs(gain_db), abs=0.01)


def test_silence_in_place_of_half_a_sound_costs_the_half_but_not_more_than_the_floor() -> None:
    half = noise()
    half[:, half.shape[1] // 2 :] = 0
    distance = mel_distance_db(half, noise()).item()
    assert 20 < distance < 30  # noise lies some 50 dB over the floor, for half of the time


def test_what_lies_under_the_floor_is_not_heard() -> None:
    tone = torch.sin(2 * torch.pi * 1000 * torch.arange(3 * RATE_HZ) / RATE_HZ)[None]
    assert mel_distance_db(tone + 1e-6 * noise(), tone).item() < 0.05


def test_silence_flatters_the_first_measure_and_not_the_second() -> None:
    short = noise()
    short[:, RATE_HZ // 2 :] = 0
    softer = short * 0.5
    assert mel_distance_db(softer, short).item() < 2
    assert mel_distance_db(softer, short, within=True).item() == pytest.approx(6.02, abs=0.4)


def test_short_and_silent_sounds_are_compared_too() -> None:
    assert mel_distance_db(noise(0.1), noise(0.1)).item() == 0
    assert mel_distance_db(noise(0.1), torch.zeros(1, 4410)).item() == 0


def test_each_sound_of_a_batch_has_its_own_floor() -> None:
    pair = torch.cat([noise(), 0.001 * noise(seed=1)])
    assert torch.allclose(mel_distance_db(pair * 2, pair), torch.full((2,), 6.02), atol=0.02)


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="differ in shape"):
        mel_distance_db(noise(1.0), noise(2.0))


def test_a_sine_lights_up_the_band_around_it() -> None:
    tone = torch.sin(2 * torch.pi * 1000 * torch.arange(RATE_HZ) / RATE_HZ)[None]
    mel = 2595 * torch.log10(torch.tensor(1 + 1000 / 700))
    low, high = (2595 * torch.log10(torch.tensor(1 + hz / 700)) for hz in (20.0, 20000.0))
    expected = ((mel - low) / (high - low) * 129 - 1).round()
    assert abs(mel_spectrum(tone)[0, :, 40].argmax().item() - expected.item()) <= 1


def test_si_sdr_ignores_scale_and_counts_noise() -> None:
    signal, other = noise(), noise(seed=1)
    assert si_sdr_db(signal * 0.3, signal).item() > 60
    assert si_sdr_db(signal + 0.1 * other, signal).item() == pytest.approx(20, abs=0.5)
