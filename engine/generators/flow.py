"""The default generator: words -> rectified flow over the codec's latent -> sound (Liu, Gong & Liu 2023)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from engine.chords import NOTE, chord_name
from engine.codecs import curve
from engine.codecs.codec import NeuralCodec
from engine.codecs.neural import STRIDE, latent_frames
from engine.codecs.source import RATE_HZ
from engine.errors import Cancelled
from engine.families import INDEX
from engine.generators.dit import ANY_FAMILY, Conditions, Dit, joined, whole
from engine.generators.ending import ended, hushed, later, of_length
from engine.generators.fast import FastDit
from engine.generators.obedience import obeyed
from engine.generators.pace import pace
from engine.generators.sampling import GUIDED, Hold, from_source, guided
from engine.generators.space import load_space
from engine.generators.stored import load_flow
from engine.generators.vibrato import swung
from engine.generators.wanted import LATENT_S, Wanted, together
from engine.latent.space import Space
from engine.models.cores import Cores
from engine.models.device import CPU
from engine.models.packed import pack
from engine.pitch import Pitch
from engine.qualities import KEYS as QUALITY_KEYS
from engine.request import Generated, Latent, Request, Source, unwatched
from engine.sound import Sound
from engine.text.blend import blend
from engine.text.encoder import TextEncoder
from engine.text.reading import read_prompt

DEEP = "organ"  # early guidance chooses what a sound is, and of this pipes an octave lower, loud as the key's own
DEEP_GUIDED = 0.4, 0.6  # so it is guided later than others
TAIL_FRAMES = 1  # latent frames beyond the asked length, in which the sound dies away
CORRECTIONS = 2  # of an end that is heard too soon, a decode each
ONSET_S = 0.02  # the sound may begin so late; what lies before its onset is cut later


def _voiced(start: Tensor) -> Hold:
    """Holds the channel of voicing on its straight way from the noise `start` (B, L, C) to a pitch throughout, so that
    the timbre comes to be that of a sound with a pitch."""

    def hold(x: Tensor, time: float) -> Tensor:
        voicing = (1 - time) * start[..., -1:] + time
        return torch.cat([x[..., :-1], voicing], -1)

    return hold


def _moved(request: Request, frames: int) -> Tensor:
    """(1, frames, 1): how far each latent frame may move away from the source, 0..1, as the request's region says."""
    if request.region is None:
        return torch.ones(1, frames, 1)
    first, last = (second / LATENT_S for second in request.region)
    centre = torch.arange(frames) + 0.5
    return torch.minimum(centre - first + 0.5, last - centre + 0.5).clamp(0, 1)[None, :, None]


class FlowGenerator:
    """Implements request.Generator. Not thread-safe: the engine thread owns it.

    Computes in float32: for one sound at a time that is faster than bfloat16 even where the processor has it. On a
    device only the networks compute; words, noise and pitch curves are the CPU's, so that a seed means the same sound.
    """

    def __init__(
        self, name: str, codec: NeuralCodec, net: Dit, mean: Tensor, deviation: Tensor, text: TextEncoder, space: Space,
        student: FastDit | None = None,
    ) -> None:  # fmt: skip
        self.name, self.codec, self.net, self.text, self.space = name, codec, net.eval(), text, space
        self.mean, self.deviation = mean, deviation  # (Z,) of the codec's latent over the corpus
        self.student = student
        self._cores = Cores()

    @staticmethod
    def load(name: str, folder: Path, device: str = "cpu") -> FlowGenerator:
        """From `codec.safetensors`, `flow.safetensors` and what else there is in `folder`. Raises ModelProblem."""
        net, mean, deviation = load_flow(folder)
        net = net.to(device)
        codec = NeuralCodec.load(folder / "codec.safetensors", device)
        space, student = load_space(folder), FastDit.load(folder, net)  # the student takes its weights from the flow
        if device == CPU:  # here and not where they are loaded: who goes on training wants them as they are saved
            for part in (net, codec.net, *([student.net] if student else [])):
                pack(part)
        return FlowGenerator(name, codec, net, mean, deviation, TextEncoder(), space, student)

    def generate(
        self,
        request: Request,
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> Generated:
        """See request.Generator."""
        return self.generate_many([request], on_step, cancelled, source)[0]

    def generate_many(
        self,
        requests: Sequence[Request],
        on_step: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        source: Source | None = None,
    ) -> list[Generated]:
        """See request.Generator."""

        def stop() -> None:
            if cancelled():
                raise Cancelled("Stopped.")

        told = 0, 1

        def step(done: int, steps: int) -> None:
            nonlocal told
            told = done, steps
            on_step(done, steps)
            stop()
            self._cores.share()

        stop()
        self._cores.share()
        request = requests[0]
        parts = blend(request.prompt)
        wishes = [Wanted.of(request, text, source) for _, text in parts]
        wanted = together(wishes, [share for share, _ in parts])
        with torch.inference_mode():
            every = self._sampled(requests, wanted, parts, wishes, source, step).cpu()
        made: list[Generated] = []
        for one, latent in zip(requests, every, strict=True):
            if made:
                step(*told)  # a live decode comes in between here too, and need not wait for all of them
            made.append(self._heard(one, wanted, latent, source is not None))
        stop()
        return made

    def _sampled(
        self,
        requests: Sequence[Request],
        wanted: Wanted,
        parts: Sequence[tuple[float, str]],
        wishes: Sequence[Wanted],
        source: Source | None,
        step: Callable[[int, int], None],
    ) -> Tensor:
        """From the noise of each request's seed to its latent and pitch channels, (B, L, C)."""
        request, device, count = requests[0], self.codec.device, len(requests)
        frames = whole(latent_frames(int(wanted.seconds * RATE_HZ)) + TAIL_FRAMES)
        shape = 1, frames, self.net.config.channels
        noise = [torch.randn(shape, generator=torch.Generator().manual_seed(one.seed)) for one in requests]
        start = torch.cat(noise).to(device)
        each = [replace(wanted, reading=wish.reading) for wish in wishes]
        with self._cores.few_rows():
            asked = [self.conditions(request, one, text).on(device) for one, (_, text) in zip(each, parts, strict=True)]
        taught = None if self.student is None else self.student.config
        going = pace(request, taught, plain=source is None and len(parts) == 1)
        if self.student is not None and going.student:
            follow = self.student.velocity(asked[0], count)
        else:
            with self._cores.few_rows():
                avoided = self.conditions(request, wanted, request.negative).on(device) if request.negative else None
                heard = self.net.heard(joined(*asked, avoided or asked[0].freed())).times(count)
            wished = heard.first(len(asked) * count)
            follow = guided(
                lambda x, time: self.net(x, time, heard),
                lambda x, time: self.net(x, time, wished),
                request.guidance,
                [part[0] for part in parts],
                DEEP_GUIDED if any(one.reading.family == DEEP for one in each) else GUIDED,
            )
        if source is None:
            voiced = all(one.pitched for one in each)
            return going.sampler(follow, start, going.steps, step, hold=_voiced(start) if voiced else None)
        known, moved = self._normalised(source, frames).to(device), _moved(request, frames).to(device)
        known = known.expand(count, -1, -1)
        return from_source(follow, start, known, moved, request.strength, going.steps, step, going.sampler)

    def _heard(self, request: Request, wanted: Wanted, made: Tensor, sourced: bool) -> Generated:
        """One sound of its latent and pitch channels (L, C). What comes from a source ends as that does."""
        timbre = made[:, : len(self.mean)] * self.deviation + self.mean
        channels = made[:, len(self.mean) :].numpy()
        pitch = replace(curve.unpack(channels, wanted.note, wanted.settles and not sourced), chord=wanted.chord)
        latent = np.asarray(timbre.numpy(), np.float32)
        latent, pitch = obeyed(wanted.reading.qualities, latent, pitch, self.space, request.region)
        named = wanted.reading.seconds is not None and not sourced
        if sourced:
            latent, pitch = of_length(latent, pitch, self.space, len(made))
        else:
            latent, pitch = ended(latent, pitch, self.space, len(made), wanted.seconds, named)
            latent = hushed(latent, self.space)
        moving, sound = self._sung(request, wanted, latent, pitch)
        for _ in range(CORRECTIONS if named else 0):
            lasting = later(latent, pitch, self.space, sound, wanted.seconds)
            if lasting is None:
                break
            latent, pitch = lasting
            moving, sound = self._sung(request, wanted, latent, pitch)
        sound = sound.with_samples(sound.samples[: round((wanted.seconds + ONSET_S) * RATE_HZ)])
        return Generated(sound, latent, moving, self._understood(wanted, pitch.root_note), width=wanted.width)

    def _sung(self, request: Request, wanted: Wanted, latent: Latent, pitch: Pitch) -> tuple[Pitch, Sound]:
        """The pitch with the vibrato that is wanted, and the sound of it."""
        moving = swung(pitch, wanted.vibrato, wanted.seconds, request.seed, request.region)
        return moving, self.codec.decode(latent, moving, request.seed, wanted.width)

    def decode(
        self,
        latent: Latent,
        pitches: Sequence[Pitch],
        seed: int,
        seconds: float | None = None,
        width: float = 0.0,
        between: Callable[[], None] = unwatched,
    ) -> list[Sound]:
        """See request.Generator."""
        self._cores.share()
        return self.codec.decode_many(latent, pitches, seed, seconds, width, between=between)

    def decode_part(
        self, latent: Latent, pitch: Pitch, seed: int, first_s: float, last_s: float, width: float = 0.0
    ) -> Sound:
        """See request.Generator."""
        self._cores.share()
        return self.codec.decode_many(latent, [pitch], seed, last_s, width, first_s)[0]

    def encode(self, sound: Sound, pitch: Pitch) -> Latent:
        """See request.Generator."""
        self._cores.share()
        return self.codec.encode(sound, pitch)

    def conditions(self, request: Request, wanted: Wanted, words: str) -> Conditions:
        """The request as the network takes it, a batch of one. words: the prompt, a part of it, or the negative one."""
        reading = read_prompt(words)
        states, mask = self.text.encode([words])
        known = [key in reading.qualities for key in QUALITY_KEYS]
        return Conditions(
            text=torch.as_tensor(states),
            mask=torch.as_tensor(mask),
            note=torch.tensor([float(wanted.known_note)]),
            velocity=torch.tensor([float(request.velocity)]),
            seconds=torch.tensor([wanted.seconds]),
            family=torch.tensor([INDEX[reading.family] if reading.family else ANY_FAMILY]),
            qualities=torch.tensor([[reading.qualities.get(key, 0.0) for key in QUALITY_KEYS]]),
            known=torch.tensor([known]),
            free=torch.tensor([False]),
        )

    def _normalised(self, source: Source, frames: int) -> Tensor:
        """A source as the network knows sounds: (1, frames, C), its last frame repeated where it is shorter."""
        count = len(source.latent)
        hz = source.pitch.hz(count * STRIDE)
        channels = torch.from_numpy(curve.pack(hz, source.pitch.root_note, count))
        timbre = (torch.from_numpy(np.array(source.latent)) - self.mean) / self.deviation
        known = torch.cat([timbre, channels], 1)[:frames]
        return torch.cat([known, known[-1:].expand(frames - len(known), -1)])[None]

    def _understood(self, wanted: Wanted, root_note: float | None) -> dict[str, Any]:
        reading = wanted.reading
        return {
            "family": reading.family,
            "note": root_note,
            **({"chord": chord_name(wanted.chord)} if wanted.chord != NOTE else {}),
            "seconds": round(wanted.seconds, 3),
            "width": round(wanted.width, 1),
            **({} if wanted.vibrato is None else {"vibrato_cents": wanted.vibrato.cents}),
            "qualities": {key: round(value, 3) for key, value in reading.qualities.items()},
        }
