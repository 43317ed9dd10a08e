"""`edgewise eval wake`: how well wake words are heard, and how often by mistake.

`measure_wake` reads a folder: `said/NAME/` holds recordings in each of which the wake word NAME is
said once, `other/` (any folders below) speech and music in which it is not. Each recording of
`said` is heard alone, behind a second of faint noise, and once more with noise at NOISE_DB below
it; those of `other` one behind the other, as a device would that stands in the room. The last line
of the command's output is a report (`learn/report.py`).
"""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from edgewise.cli.eval_route import progress, show
from edgewise.cli.write import write_file
from edgewise.errors import UserError
from edgewise.learn.report import Result, measure
from edgewise.perceive.wake import WAKE_WORDS, WakeWord
from edgewise.sound.level import level_dbfs
from edgewise.sound.pcm import LISTENING_HZ, Pcm, silence
from edgewise.sound.read import read_sound

NOISE_DB = 10.0
HITS_GOAL, FALSE_GOAL = 95, 1
_FAINT_DBFS = -65.0
_SOUND_FILES = {".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3"}
_LONGEST_S, _MOST_BYTES = 3 * 3_600, 1 << 30
"""The files are the measurer's own, music among them."""

Data = Annotated[Path, typer.Option("--data", help="Folder of recordings: said/NAME, other.")]
Words = Annotated[str, typer.Option("--words", help="Names of wake words, separated by commas.")]
Save = Annotated[Path | None, typer.Option("--save", help="File for the figures, JSON.")]


def wake(data: Data, words: Words = "", save: Save = None) -> None:
    """Measure wake words: how often they are heard, and by mistake.

    Recordings of said/NAME hold the word once each; other/ holds speech and music without it.
    """
    from edgewise.learn.report import format_report

    names = [name.strip() for name in words.split(",") if name.strip()]
    results = wake_results(measure_wake(data, names, tell=progress()))
    for result in results:
        show(result)
    line = format_report("eval_wake", results)
    if save is not None:
        write_file(save, json.dumps(json.loads(line), ensure_ascii=False, indent=2) + "\n")
    sys.stdout.write(line + "\n")


class WakeFigures(Struct, frozen=True):
    """Of one wake word: of `said` recordings `heard` (and `heard_in_noise`) woke; in `other_s`
    seconds of other sound it woke `false` times, in `false_in` by the folders of `other`."""

    name: str
    said: int
    heard: int
    heard_in_noise: int
    other_s: float
    false: int
    false_in: dict[str, int]


def measure_wake(
    folder: Path,
    names: Sequence[str] = (),
    *,
    cutoffs: dict[str, float] | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> list[WakeFigures]:
    """The figures of each wake word that `folder` has recordings of, or of those named.

    Raises UserError where it has none, or nothing that must not wake.
    """
    names = names or [name for name in WAKE_WORDS if (folder / "said" / name).is_dir()]
    others = list(_sounds(folder / "other"))
    if not names or not others:
        raise UserError(
            f"{folder} holds no wake words: put recordings in said/NAME/ (NAME one of "
            f"{', '.join(WAKE_WORDS)}) and other speech and music in other/"
        )
    return [_measure_word(folder, name, others, cutoffs or {}, tell) for name in names]


def wake_results(figures: Sequence[WakeFigures]) -> list[Result]:
    """As a report shows them, beside their goals."""
    made: list[Result] = []
    for one in figures:
        said, hours = max(1, one.said), max(one.other_s, 1) / 3_600
        noisy = f"{one.name}: heard of {one.said}, noise {NOISE_DB:g} dB below"
        made += [
            measure(f"{one.name}: heard of {one.said} times said", 100 * one.heard / said, "%",
                    at_least=HITS_GOAL),
            measure(noisy, 100 * one.heard_in_noise / said, "%"),
            measure(f"{one.name}: heard by mistake in {hours:.2f} h", one.false / hours, "1/h",
                    at_most=FALSE_GOAL),
        ]  # fmt: skip
    return made


def _measure_word(
    folder: Path,
    name: str,
    others: list[Path],
    cutoffs: dict[str, float],
    tell: Callable[[str], None],
) -> WakeFigures:
    wake = WakeWord([name], cutoffs=cutoffs)
    said = [_read(path) for path in _sounds(folder / "said" / name)]
    heard = sum(_wakes(wake, sound, _FAINT_DBFS) for sound in said)
    tell(f"{name}: {heard} of {len(said)} heard")
    in_noise = sum(_wakes(wake, sound, level_dbfs(sound.data) - NOISE_DB) for sound in said)
    wake.reset()
    other_s, false_in = 0.0, dict[str, int]()
    for path in others:
        sound = _read(path)
        other_s += sound.length_s
        group = path.relative_to(folder / "other").parts[0]
        woken = sum(wake.feed(piece) is not None for piece in _pieces(sound))
        false_in[group] = false_in.get(group, 0) + woken
        if woken:
            tell(f"{name}: {woken} by mistake in {path.name}")
    return WakeFigures(name, len(said), heard, in_noise, other_s, sum(false_in.values()), false_in)


def _wakes(wake: WakeWord, sound: Pcm, noise_dbfs: float) -> bool:
    """Whether the word is heard in a recording, with silence around it and noise over it all."""
    import numpy as np

    wake.reset()
    data = silence(1).data + sound.data + silence(0.5).data
    samples = np.frombuffer(data, "<i2").astype("float32")
    noise = np.random.default_rng(samples.size).standard_normal(samples.size)
    samples += noise.astype("float32") * 32_768 * 10 ** (noise_dbfs / 20)
    noisy = Pcm(np.clip(np.rint(samples), -32_768, 32_767).astype("<i2").tobytes())
    return any([wake.feed(piece) is not None for piece in _pieces(noisy)])


def _pieces(sound: Pcm) -> Iterator[bytes]:
    """Half seconds: less than a wake word may be heard again in."""
    size = LISTENING_HZ
    return (sound.data[place : place + size] for place in range(0, len(sound.data), size))


def _sounds(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in _SOUND_FILES)


def _read(path: Path) -> Pcm:
    """Raises UserError that names the file."""
    try:
        return read_sound(path.read_bytes(), longest_s=_LONGEST_S, most_bytes=_MOST_BYTES)
    except UserError as error:
        raise UserError(f"{path}: {error}", code=error.code) from error
