"""The audit of captions: what is true passes, and a corpus whose labels lie is found out."""

from pathlib import Path

from typer.testing import CliRunner

from engine.cli.corpus import app
from engine.corpus.store import Corpus
from engine.training.audit import audit


def test_captions_of_a_corpus_are_mostly_true(corpus: Path) -> None:
    found = audit(Corpus.open(corpus), 100)
    assert found["sounds"] == 100
    assert found["note"] == found["seconds"] == 1.0, found["wrong"]
    assert found["pitch"] > 0.7, found["wrong"]
    assert found["family"] > 0.85, found["wrong"]
    assert found["qualities"] > 0.75, found["wrong"]
    assert found["qualities_claims"] > 100


def test_labels_that_lie_are_found_out(corpus: Path) -> None:
    lying = Corpus.open(corpus)
    for row in lying.rows:
        row["qualities"] = {key: -value for key, value in row["qualities"].items()}
        row["note"] = None if row["note"] is None else row["note"] + 1
        row["seconds"] *= 2
    found = audit(lying, 100)
    assert found["qualities"] < 0.4
    assert found["pitch"] < 0.3
    assert found["seconds"] < 0.3
    assert any("said" in line and "measured" in line for line in found["wrong"])


def test_the_command_prints_what_does_not_hold(corpus: Path) -> None:
    result = CliRunner().invoke(app, ["audit", "--data", str(corpus), "--count", "60"])
    assert result.exit_code == 0, result.output
    assert "qualities_claims" in result.output
    assert "measured" in result.output
