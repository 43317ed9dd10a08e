"""`edgewise eval hear`: what is heard of recorded and of made speech, and what comes of it.

DIR holds recordings with their texts (`learn/spoken_sets.py` says how). `--make` has the device's
own voice say sentences into DIR first. The last line of its output is a report (`learn/report.py`).
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from edgewise.cli.eval_route import progress, show
from edgewise.cli.write import write_file
from edgewise.core.words import Language

Data = Annotated[Path, typer.Option("--data", help="Folder of recordings: NAME/en, NAME/zh.")]
Make = Annotated[int, typer.Option("--make", help="Sentences a set to be said into it first.")]
Sentences = Annotated[
    Path | None, typer.Option("--sentences", help="Folder of public sets, for --make.")
]
Page = Annotated[Path | None, typer.Option("--page", help="File for a page with the table.")]
Save = Annotated[Path | None, typer.Option("--save", help="File for the figures, JSON.")]
Errors = Annotated[Path | None, typer.Option("--errors", help="File for what was misheard.")]
CONTACTS = {
    Language.ENGLISH: ("Alice Chen", "Bob", "Emma", "mom", "Dad"),
    Language.CHINESE: ("张伟", "李娜", "王芳", "妈妈", "爸爸"),
}
PLACES = {
    Language.ENGLISH: ("home", "work", "the airport", "Central Park"),
    Language.CHINESE: ("家", "公司", "外滩", "机场", "火车站"),
}
NOW = "2026-11-23T09:00"


def hear(
    data: Data, make: Make = 0, sentences: Sentences = None, page: Page = None, save: Save = None,
    errors: Errors = None,
) -> None:  # fmt: skip
    """Measure hearing: error rates, also in noise, invented words, commands obeyed.

    Recorded speech and speech made by a voice are told apart in every figure.
    """
    from edgewise.learn.hear_page import hear_page
    from edgewise.learn.report import format_report

    measured = asyncio.run(_measure(data, make, sentences))
    for result in measured.results:
        show(result)
    line = format_report("eval_hear", measured.results)
    if errors is not None:
        rows = (json.dumps(msgspec.to_builtins(one), ensure_ascii=False) for one in measured.misses)
        write_file(errors, "".join(row + "\n" for row in rows))
    if page is not None:
        write_file(page, hear_page(json.loads(line)))
    if save is not None:
        write_file(save, json.dumps(json.loads(line), ensure_ascii=False, indent=2) + "\n")
    sys.stdout.write(line + "\n")


async def _measure(data: Path, make: int, sentences: Path | None) -> Any:
    from edgewise.act.catalogue import builtin_catalogue
    from edgewise.learn.footprint import process_mb
    from edgewise.learn.hear_eval import evaluate_hearing
    from edgewise.learn.report import measure
    from edgewise.learn.spoken_sets import load_spoken_sets
    from edgewise.perceive.ears import LocalEars

    declared = builtin_catalogue().capabilities
    capabilities = [msgspec.structs.replace(one, available=True) for one in declared]
    tell = progress()
    if make:
        await _make(data, make, sentences, capabilities, tell)
    utterances = load_spoken_sets(data)
    ears = LocalEars()
    try:
        measured = await evaluate_hearing(
            utterances, ears, _vocabularies(capabilities), _understanding(capabilities), tell
        )
        memory = process_mb(ears.process_id)
        measured.results.append(measure("all | both | memory of the process", memory, "MB"))
        return measured
    finally:
        await ears.close()


async def _make(
    data: Path, count: int, sentences: Path | None, capabilities: Sequence[Any], tell: Any
) -> None:
    from edgewise.answer.voice import LocalVoice
    from edgewise.learn.made_speech import (
        CATALOGUE,
        catalogue_sentences,
        make_speech,
        public_sentences,
    )

    voice = LocalVoice()
    try:
        for language in Language:
            sets = {CATALOGUE: catalogue_sentences(capabilities, language, count)}
            if sentences is not None:
                sets |= public_sentences(sentences, language, count)
            for name, wanted in sets.items():
                tell(f"saying {name} {language}")
                await make_speech(wanted, voice, data / name)
    finally:
        await voice.close()


def _vocabularies(capabilities: Sequence[Any]) -> Any:
    from edgewise.perceive.vocabulary import vocabulary_of

    return {
        language: vocabulary_of(
            capabilities, language, contacts=CONTACTS[language], places=PLACES[language]
        )
        for language in Language
    }


def _understanding(capabilities: Sequence[Any]) -> Any:
    """What a device that can do all that is declared makes of a sentence: its calls."""
    from edgewise.core.label import OriginKind, label_of
    from edgewise.core.thought import Context
    from edgewise.hosting.mind import load_thinking

    thinking = load_thinking(list(capabilities))
    thinking.prepare()

    def understand(text: str, language: Language) -> Any:
        names = {"contact": CONTACTS[language], "place": PLACES[language]}
        context = Context(
            language, label=label_of(OriginKind.TYPED), turn="eval", now=NOW, names=names
        )
        return thinking.understand(text, context).calls

    return understand
