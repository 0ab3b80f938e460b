"""The families of sounds: one row each. Captions, prompt reading, corpus, analysis and the window read this table.

Adding a family is adding a row (and a synthesiser in `engine/corpus/synths/`, or a soundfont program).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    """One family of sounds.

    key: the name used in manifests and code.
    group: bass, lead, keys, pad, pluck, string, wind, voice, drum, effect.
    names: English names, the usual one first; spanish: Spanish names, the usual one first.
    nsynth: the NSynth family (Engel et al. 2017) that comes nearest.
    notes: lowest and highest MIDI note that make sense, or None for sounds without pitch.
    default_note: the note a prompt without one gets (None: no pitch).
    default_seconds: the length a prompt without one gets.
    """

    key: str
    group: str
    names: tuple[str, ...]
    spanish: tuple[str, ...]
    nsynth: str
    notes: tuple[int, int] | None
    default_note: int | None
    default_seconds: float


def _row(
    key: str, group: str, names: str, spanish: str, nsynth: str, notes: tuple[int, int] | None, default: int | None, seconds: float
) -> Family:
    english, spanish_names = (tuple(word.strip() for word in text.split(",")) for text in (names, spanish))
    return Family(key, group, english, spanish_names, nsynth, notes, default, seconds)


_ROWS = (
    # bass
    _row("sub_bass", "bass", "sub bass, sub, sine bass", "subgrave, bajo sub", "bass", (24, 48), 33, 1.8),
    _row("synth_bass", "bass", "synth bass, bass, analog bass, bassline", "bajo sintetizado, bajo", "bass", (24, 55), 36, 1.5),
    _row("reese", "bass", "reese, reese bass, detuned bass", "bajo reese, reese", "bass", (24, 50), 33, 2.2),
    _row("fm_bass", "bass", "fm bass, growl bass, wobble bass, dubstep bass", "bajo fm, bajo gruñido", "bass", (24, 50), 33, 1.6),
    _row("acid_bass", "bass", "acid bass, 303, acid line, acid", "bajo ácido, ácido", "bass", (28, 60), 40, 0.9),
    _row("bass_808", "bass", "808, 808 bass, trap bass, 808 sub", "808, bajo 808", "bass", (24, 48), 31, 2.4),
    _row("bass_guitar", "bass", "bass guitar, electric bass, finger bass, slap bass, upright bass", "bajo eléctrico, contrabajo pizzicato", "bass", (28, 55), 36, 2.0),
    # lead
    _row("saw_lead", "lead", "saw lead, synth lead, lead, sawtooth lead", "lead de sierra, solista", "synth_lead", (48, 88), 64, 1.6),
    _row("square_lead", "lead", "square lead, chiptune lead, pulse lead, 8-bit lead", "lead cuadrado, chiptune", "synth_lead", (48, 88), 67, 1.4),
    _row("supersaw", "lead", "supersaw, trance lead, hypersaw, unison saw", "supersaw, supersierra", "synth_lead", (43, 84), 60, 2.2),
    _row("fm_lead", "lead", "fm lead, digital lead, metallic lead", "lead fm, lead digital", "synth_lead", (48, 88), 64, 1.5),
    # keys
    _row("piano", "keys", "piano, grand piano, acoustic piano, upright piano", "piano, piano de cola", "keyboard", (28, 100), 60, 2.8),
    _row("electric_piano", "keys", "electric piano, rhodes, e-piano, wurlitzer, ep", "piano eléctrico, rhodes", "keyboard", (36, 92), 60, 2.4),
    _row("harpsichord", "keys", "harpsichord, clavinet, clav, cembalo", "clavecín, clavinet", "keyboard", (36, 88), 60, 1.8),
    _row("organ", "keys", "organ, hammond, drawbar organ, church organ", "órgano, hammond", "organ", (36, 96), 60, 2.0),
    _row("accordion", "keys", "accordion, harmonica, reed organ, concertina", "acordeón, armónica", "reed", (48, 88), 64, 2.0),
    # pads
    _row("warm_pad", "pad", "warm pad, pad, analog pad, soft pad, synth pad", "pad cálido, colchón, pad", "synth_lead", (36, 84), 57, 4.0),
    _row("string_pad", "pad", "string pad, synth strings, string machine, strings", "cuerdas sintéticas, cuerdas", "string", (36, 88), 60, 3.5),
    _row("glass_pad", "pad", "glass pad, air pad, shimmer pad, bell pad, crystal pad", "pad de cristal, pad aéreo", "synth_lead", (48, 88), 64, 4.0),
    _row("choir", "voice", "choir, vocal pad, choir aahs, vox pad", "coro, voces", "vocal", (43, 84), 60, 3.5),
    _row("voice", "voice", "voice, vocal, vox, ahh, ooh, formant voice", "voz, vocal", "vocal", (43, 81), 60, 1.8),
    # plucked, struck
    _row("pluck", "pluck", "pluck, synth pluck, plucked synth", "pluck, pulsado", "synth_lead", (43, 91), 64, 1.2),
    _row("stab", "pluck", "stab, synth stab, house stab, rave stab", "stab, golpe de sintetizador", "synth_lead", (43, 84), 60, 0.9),
    _row("guitar", "string", "guitar, acoustic guitar, nylon guitar, steel guitar, electric guitar, clean guitar", "guitarra, guitarra acústica, guitarra eléctrica", "guitar", (40, 84), 57, 2.4),
    _row("distorted_guitar", "string", "distorted guitar, overdriven guitar, rock guitar, metal guitar", "guitarra distorsionada", "guitar", (40, 80), 52, 2.2),
    _row("plucked_string", "string", "plucked string, harp, koto, banjo, sitar, lute", "cuerda pulsada, arpa, cuerda punteada", "string", (40, 91), 62, 2.0),
    _row("bowed_string", "string", "bowed string, violin, cello, viola, fiddle, string section", "violín, violonchelo, cuerda frotada", "string", (36, 96), 62, 2.4),
    _row("marimba", "pluck", "marimba, xylophone, wooden mallet, balafon", "marimba, xilófono", "mallet", (45, 96), 65, 1.2),
    _row("vibraphone", "pluck", "vibraphone, vibes, metallophone, celesta", "vibráfono, celesta", "mallet", (53, 96), 65, 2.4),
    _row("kalimba", "pluck", "kalimba, thumb piano, mbira, music box", "kalimba, caja de música", "mallet", (53, 96), 69, 1.6),
    _row("bell", "pluck", "bell, tubular bell, church bell, glockenspiel, chime", "campana, campanas, glockenspiel", "mallet", (48, 100), 72, 2.8),
    _row("gong", "pluck", "gong, metal plate, bowl, singing bowl", "gong, plato metálico, cuenco", "mallet", (28, 72), 45, 4.0),
    _row("steel_drum", "pluck", "steel drum, steelpan, hang drum", "tambor metálico, steelpan", "mallet", (50, 88), 67, 1.6),
    # wind
    _row("flute", "wind", "flute, recorder, pan flute, whistle, piccolo", "flauta, silbato", "flute", (55, 98), 72, 1.8),
    _row("reed", "wind", "reed, clarinet, oboe, saxophone, sax, bassoon", "clarinete, saxofón, oboe", "reed", (40, 88), 62, 1.8),
    _row("brass", "wind", "brass, trumpet, trombone, horn, brass section, synth brass", "metales, trompeta, trombón", "brass", (36, 84), 60, 1.6),
    # drums
    _row("kick", "drum", "kick, kick drum, bass drum, bd", "bombo", "bass", (24, 48), 31, 0.6),
    _row("kick_808", "drum", "808 kick, long kick, boomy kick", "bombo 808", "bass", (24, 45), 31, 1.2),
    _row("snare", "drum", "snare, snare drum, sd", "caja, redoblante", "mallet", None, None, 0.5),
    _row("clap", "drum", "clap, hand clap, claps", "palmada, clap", "mallet", None, None, 0.5),
    _row("rim", "drum", "rim, rimshot, side stick, cross stick", "aro, rimshot", "mallet", None, None, 0.25),
    _row("snap", "drum", "snap, finger snap, click", "chasquido, clic", "mallet", None, None, 0.3),
    _row("closed_hat", "drum", "closed hat, hi-hat, hat, hihat, closed hi-hat", "charles cerrado, charles, hi-hat", "mallet", None, None, 0.2),
    _row("open_hat", "drum", "open hat, open hi-hat, open hihat", "charles abierto", "mallet", None, None, 0.8),
    _row("crash", "drum", "crash, crash cymbal, cymbal, splash", "platillo, crash", "mallet", None, None, 2.5),
    _row("ride", "drum", "ride, ride cymbal, ride bell, china", "ride, plato ride", "mallet", None, None, 2.0),
    _row("tom", "drum", "tom, floor tom, tom-tom, synth tom, timpani", "tom, timbal", "mallet", (33, 64), 45, 0.8),
    _row("conga", "drum", "conga, bongo, hand drum, djembe, tabla", "conga, bongó", "mallet", (45, 76), 57, 0.6),
    _row("cowbell", "drum", "cowbell, agogo, cencerro bell", "cencerro", "mallet", (60, 88), 73, 0.5),
    _row("shaker", "drum", "shaker, maracas, cabasa, tambourine", "maracas, pandereta, shaker", "mallet", None, None, 0.35),
    _row("woodblock", "drum", "woodblock, claves, wood hit, wooden percussion", "claves, caja china, bloque de madera", "mallet", (60, 96), 79, 0.3),
    # effects
    _row("riser", "effect", "riser, build-up, uplifter, sweep up", "subida, riser", "synth_lead", None, None, 4.0),
    _row("downer", "effect", "downer, downlifter, sweep down, fall", "bajada, caída", "synth_lead", None, None, 3.0),
    _row("impact", "effect", "impact, hit, cinematic hit, boom, braam", "impacto, golpe cinemático", "mallet", None, None, 3.0),
    _row("zap", "effect", "zap, blip, synth zap, disc shot", "zap, blip", "synth_lead", None, None, 0.4),
    _row("laser", "effect", "laser, laser gun, pew, sci-fi shot", "láser, disparo láser", "synth_lead", None, None, 0.7),
    _row("whoosh", "effect", "whoosh, swoosh, pass-by, air sweep", "ráfaga, barrido", "synth_lead", None, None, 1.5),
    _row("sub_drop", "effect", "sub drop, bass drop, sub fall", "caída de subgrave, sub drop", "bass", (20, 40), 28, 2.5),
    _row("glitch", "effect", "glitch, stutter, digital noise, data burst", "glitch, ruido digital", "synth_lead", None, None, 0.8),
    _row("noise", "effect", "noise, white noise, noise texture, wind, rain, vinyl", "ruido, ruido blanco, viento", "synth_lead", None, None, 2.0),
    _row("drone", "effect", "drone, atmosphere, dark ambience, soundscape, texture", "dron, atmósfera, textura", "synth_lead", (24, 60), 36, 5.0),
)

FAMILIES: dict[str, Family] = {row.key: row for row in _ROWS}
KEYS: tuple[str, ...] = tuple(FAMILIES)
INDEX: dict[str, int] = {key: index for index, key in enumerate(KEYS)}
