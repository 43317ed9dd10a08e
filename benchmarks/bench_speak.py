"""How fast the device speaks, and what that takes: real process, real model, nothing kept.

Per kind of text, median of five: the time until its first clause is there; the real-time factor
(time to make / length of the sound; below 1 the voice keeps ahead of who listens); the processor's
time a second of sound, which other work on the machine changes less. Then an answer that was made
before; how soon an interrupted clause lets the next one in; the process's memory after loading and
at its peak. One thread of the model. The words are made longer by a number each round, so that no
clause comes again.
"""

import asyncio
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from edgewise.answer.voice import LocalVoice, VoiceSettings
from edgewise.core.words import Language
from edgewise.learn.report import Result, measure, report

ROUNDS = 5
LIMIT_S = 300.0
EN, ZH = Language.ENGLISH, Language.CHINESE
KINDS: tuple[tuple[str, Language, str], ...] = (
    ("acknowledgement, en", EN, "OK {n}."),
    ("clause, en", EN, "Window {n} is open."),
    ("sentence, en", EN, "Temperature {n} degrees and the fan is at level three."),
    ("acknowledgement, zh", ZH, "好的{n}。"),
    ("clause, zh", ZH, "{n}号车窗已打开。"),
    ("sentence, zh", ZH, "主驾温度已调到{n}度，副驾风量三挡。"),
)
LONG = "This sentence goes on and on, and nobody wants to hear it to the end, for it is too long. "


@dataclass(frozen=True, slots=True)
class Timing:
    """One text: when its first clause was there, when all, the processor's time of the voice's
    process, and how long the sound is."""

    first_s: float
    whole_s: float
    processor_s: float
    sound_s: float

    @property
    def real_time_factor(self) -> float:
        return self.whole_s / self.sound_s

    @property
    def processor_factor(self) -> float:
        return self.processor_s / self.sound_s


async def time_text(voice: LocalVoice, text: str, language: Language) -> Timing:
    """Speak a text to nobody, and time it."""
    before_s = processor_s(voice)
    began = time.perf_counter()
    first_s, sound_s = 0.0, 0.0
    async for spoken in voice.speak(text, language, deadline_s=LIMIT_S):
        first_s = first_s or time.perf_counter() - began
        sound_s += spoken.sound.length_s
    whole_s = time.perf_counter() - began
    return Timing(first_s, whole_s, processor_s(voice) - before_s, sound_s)


async def measure_voice(voice: LocalVoice, rounds: int = ROUNDS) -> list[Result]:
    """All figures of a voice; it is loaded by this, and left open."""
    began = time.perf_counter()
    await time_text(voice, "Hello.", EN)
    results = [measure("load, and one word", time.perf_counter() - began, "s")]
    await time_text(voice, "你好。", ZH)
    results.append(measure("memory after a word in each language", memory_mb(voice), "MB"))
    for kind, language, text in KINDS:
        timings = [
            await time_text(voice, text.format(n=n), language) for n in range(11, 11 + rounds)
        ]
        first = statistics.median(each.first_s for each in timings)
        factor = statistics.median(each.real_time_factor for each in timings)
        processor = statistics.median(each.processor_factor for each in timings)
        results += [
            measure(f"{kind}: first clause", first * 1000, "ms"),
            measure(f"{kind}: real-time factor", factor, "", at_most=1.0),
            measure(f"{kind}: processor time a second of sound", processor, "s"),
        ]
    again = [await time_text(voice, KINDS[1][2].format(n=11), EN) for _ in range(rounds)]
    kept_ms = statistics.median(each.first_s for each in again) * 1000
    results.append(measure("a clause made before", kept_ms, "ms", at_most=5))
    await voice.warm(EN)
    results.append(await measure_interruption(voice, rounds))
    results.append(measure("peak memory of the process", memory_mb(voice, peak=True), "MB"))
    return results


async def measure_interruption(voice: LocalVoice, rounds: int = ROUNDS) -> Result:
    """From giving up a long clause to the voice being free for another one, which is kept, so that
    nothing but the wait is timed."""
    waits: list[float] = []
    for number in range(rounds):
        stream = voice.speak(f"{number} {LONG * 4}", EN, deadline_s=LIMIT_S)
        task = asyncio.ensure_future(anext(stream))
        await asyncio.wait([task], timeout=0.5)
        began = time.perf_counter()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await stream.aclose()
        await voice.warm(EN)
        waits.append(time.perf_counter() - began)
    return measure("interrupted, free again", statistics.median(waits) * 1000, "ms", at_most=150)


def memory_mb(voice: LocalVoice, *, peak: bool = False) -> float:
    """The voice's process, resident, as Linux tells it."""
    status = Path(f"/proc/{voice.process_id}/status").read_text("ascii")
    name = "VmHWM:" if peak else "VmRSS:"
    return int(status.split(name)[1].split()[0]) / 1024


def processor_s(voice: LocalVoice) -> float:
    """What the voice's process has used so far, as Linux tells it; 0 while there is none."""
    if voice.process_id is None:
        return 0.0
    stat = Path(f"/proc/{voice.process_id}/stat").read_text("ascii")
    user, system = stat.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure, and report."""

    async def run() -> list[Result]:
        with tempfile.TemporaryDirectory() as folder:
            voice = LocalVoice(VoiceSettings(cache_folder=Path(folder)))
            try:
                return await measure_voice(voice)
            finally:
                await voice.close()

    results = asyncio.run(run())
    for row in results:
        print(f"{row.metric:56} {row.value:8.3g} {row.unit}")
    report("speak", results)


if __name__ == "__main__":
    main()
