"""The prompt suite on generators whose answers are known, and the page written from its results."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.analysis.defects import defects
from engine.analysis.features import FIELDS
from engine.analysis.prompts import (
    CLEARLY_PITCHED,
    FULL_PAIRS,
    FULL_PITCHED,
    FULL_SIZED,
    QUICK_PAIRS,
    QUICK_PITCHED,
    QUICK_SIZED,
)
from engine.analysis.results import write_results
from engine.analysis.suites import run_suite
from engine.errors import BadRequest, CannotWrite
from engine.pitch import Pitch, note_hz
from engine.request import Generated, Request, Source
from engine.sound import Sound
from engine.text.reading import read_prompt

RATE_HZ = 22050


class Obedient:
    """Additive tones that do what the reading says: brightness, attack, decay, noise, lows, tremolo, and the note."""

    name = "obedient"

    def __init__(self, sign: float = 1.0, cents: float = 0.0) -> None:
        self.sign, self.cents = sign, cents

    def generate(
        self,
        request: Request,
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> Generated:
        reading = read_prompt(request.prompt)
        wish = {key: self.sign * value for key, value in reading.qualities.items()}
        note = request.note or reading.note or 60
        hz = note_hz(note + self.cents / 100)
        time_s = np.arange(int((reading.seconds or 1.2) * RATE_HZ)) / RATE_HZ
        rng = np.random.default_rng(request.seed)
        tilt = 1.5 - wish.get("brightness", 0.0)
        tone = sum(np.sin(2 * np.pi * hz * k * time_s) / k**tilt for k in range(1, 12) if hz * k < RATE_HZ / 2)
        tone = tone + 3 * 10 ** wish.get("body", 0.0) * np.sin(2 * np.pi * hz * time_s) * ("body" in wish)
        tone *= np.minimum(time_s / (0.02 * 8 ** wish.get("attack", 0.0)), 1)
        tone *= np.exp(-3 * 4 ** -wish.get("decay", 0.0) * time_s)
        tone *= 1 + 0.3 * (1 + wish.get("movement", 0.0)) * np.sin(2 * np.pi * 5 * time_s) * ("movement" in wish)
        hiss = 0.01 * 10 ** wish.get("noisiness", 0.0) * rng.standard_normal(len(time_s))
        sound = 0.5 / np.abs(tone).max() * (tone + hiss) * np.minimum((time_s[-1] - time_s) / 0.02, 1)
        sound[0] = 0
        understood = {"family": reading.family, "note": note}
        latent = np.zeros((1, 1), np.float32)
        return Generated(Sound((sound - sound.mean()).astype(np.float32), RATE_HZ), latent, Pitch(note), understood)


@pytest.fixture(scope="module")
def obeyed() -> dict[str, object]:
    return run_suite("prompts", Obedient(cents=4.0))


def test_sixty_five_prompts_by_two_seeds_and_more_than_three_hundred_in_full() -> None:
    assert 2 * len(QUICK_PAIRS) + len(QUICK_PITCHED) + len(QUICK_SIZED) == 65
    assert 2 * len(FULL_PAIRS) + len(FULL_PITCHED) >= 300


def test_the_lists_ask_for_what_they_say() -> None:
    for pair in QUICK_PAIRS + FULL_PAIRS:
        low, high = read_prompt(pair.low), read_prompt(pair.high)
        assert low.qualities[pair.quality] < 0 < high.qualities[pair.quality], pair
        assert pair.feature in FIELDS
    for pair in QUICK_PAIRS:
        assert read_prompt(pair.low).family == read_prompt(pair.high).family == pair.family
    for row in QUICK_PITCHED + FULL_PITCHED:
        assert read_prompt(row.prompt).note == row.note, row
    for sized in QUICK_SIZED + FULL_SIZED:
        reading = read_prompt(sized.prompt)
        assert (reading.family, reading.seconds) == (sized.family, sized.seconds), sized
    for row in QUICK_PITCHED:
        assert row.family in CLEARLY_PITCHED
        assert read_prompt(row.prompt).family == row.family, row


def test_an_obedient_generator_gets_full_marks(obeyed: dict[str, object]) -> None:
    assert obeyed["sounds"] == 130
    assert obeyed["pairs_ordered"] == 1.0, obeyed["failures"]
    assert obeyed["pitch_within_10_cents"] == 1.0, obeyed["failures"]
    assert obeyed["pitch_median_cents"] == pytest.approx(4, abs=1)
    assert obeyed["length_within_10_percent"] == 1.0, obeyed["failures"]
    assert obeyed["family_read"] == 1.0
    assert obeyed["variety_db"] > 0.1
    assert [obeyed[name] for name in ("broken", "silent", "clipped", "offset", "click")] == [0.0] * 5, obeyed["defects"]


def test_a_generator_that_does_the_opposite_an_octave_up_gets_none() -> None:
    result = run_suite("prompts", Obedient(sign=-1.0, cents=1200.0))
    assert result["pairs_ordered"] == 0.0
    assert result["pitch_within_50_cents"] == 0.0
    assert result["pitch_octave_off"] == 1.0
    assert any("dark saw lead / bright saw lead" in line for line in result["failures"])


def test_silence_is_counted_written_and_put_on_the_page(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    silence = lambda sound: sound.with_samples(sound.samples * 0)  # noqa: E731
    run_suite("prompts", Obedient(), True, tmp_path / "results", silence, lambda *call: calls.append(call))
    assert calls[-1] == (130, 130)
    result = json.loads((tmp_path / "results" / "prompts-quick.json").read_text(encoding="utf-8"))
    assert result["silent"] == 1.0
    assert result["pairs_ordered"] == 0.0
    assert result["pitch_none"] == 1.0
    (tmp_path / "results" / "broken.json").write_text("{", encoding="utf-8")
    page = write_results(tmp_path).read_text(encoding="utf-8")
    assert "## prompts-quick" in page
    assert "| silent | 1 |" in page
    assert "pairs_by_quality" in page
    assert "broken.json" not in page


def test_an_unknown_suite_or_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no suite"):
        run_suite("taste", Obedient())
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite):
        run_suite("prompts", Obedient(), out=tmp_path / "file")


def tone() -> np.ndarray:
    time_s = np.arange(RATE_HZ) / RATE_HZ
    return 0.5 * np.sin(2 * np.pi * 220 * time_s) * np.sin(np.pi * time_s)


def test_each_defect_is_found_and_a_clean_sound_has_none() -> None:
    def found(samples: np.ndarray) -> set[str]:
        return set(defects(Sound(samples.astype(np.float32), RATE_HZ)))

    clicked, broken = tone(), tone()
    clicked[12000] += 0.4
    broken[5] = np.nan
    edge = tone()
    edge[-1] = 0.3
    time_s = np.arange(RATE_HZ) / RATE_HZ
    saw = (time_s * 55 % 1.0 - 0.5) * np.sin(np.pi * time_s)
    assert found(tone()) == set()
    assert found(saw) == set()
    assert found(np.clip(3 * tone(), -0.7, 0.7)) == {"clipped"}
    assert found(3 * tone()) == {"clipped"}
    assert found(tone() + 0.05 * np.sin(np.pi * time_s)) == {"offset"}
    assert found(clicked) == {"click"}
    assert found(edge) == {"click"}
    assert found(tone() * 1e-4) == {"silent"}
    assert found(broken) == {"broken"}
