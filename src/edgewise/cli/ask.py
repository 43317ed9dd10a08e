"""`edgewise ask "TEXT"`: one request, its answer, and what changed.

Without `--state` it asks the device that `edgewise run` started, if there is one; else, and always
with `--state`, it makes a device of its own for this one question, with a simulated car that is
parked. With `--session` the conversation and that car are kept for the next question.
"""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec.structs import replace

from edgewise.cli.done import Check, exit_code
from edgewise.cli.language import spoken
from edgewise.cli.see import read_picture
from edgewise.core.event import End, Event, NeedsApproval, to_json
from edgewise.core.message import Channel, Request, Speaker
from edgewise.core.part import DocumentPart, TextPart
from edgewise.core.signal import as_object
from edgewise.core.words import Language, Words
from edgewise.core.zone import Zone
from edgewise.errors import LinkError, UserError

Text = Annotated[str, typer.Argument(help="What to ask; - reads it from standard input.")]
State = Annotated[
    Path | None, typer.Option(help="JSON object: VSS path -> value, for the simulated car.")
]
SessionName = Annotated[
    str, typer.Option("--session", "-s", help="Name of the conversation to go on with.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One event a line, as JSON.")]
ZoneOption = Annotated[Zone, typer.Option(help="Where the person who asks sits.")]
LanguageOption = Annotated[Language | None, typer.Option(help="Language of the request.")]
Alone = Annotated[bool, typer.Option("--alone", help="Do not use a running device.")]
Within = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        max=600.0,
        metavar="SECONDS",
        help="How long the answer may take; the device answers itself when a cloud is too slow. A"
        " movement that has begun is waited for.",
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show every step.")]
Documents = Annotated[
    list[Path] | None,
    typer.Option("--document", "-d", help="A file the question is about; may be repeated."),
]
Pictures = Annotated[
    list[Path] | None,
    typer.Option("--picture", "-p", help="A picture the question is about; may be repeated."),
]
Private = Annotated[
    bool,
    typer.Option("--private", help="Nothing made of the documents or pictures leaves the device."),
]
PictureFile = tuple[str, bytes, bool]
"""A picture's name, its bytes, and whether nothing made of it may leave."""

ALONE_PACE = 20.0
"""Motors of a car that lives for one question run this much faster."""


def ask(
    text: Text,
    state: State = None,
    session: SessionName = "",
    as_json: AsJson = False,
    zone: ZoneOption = Zone.DRIVER,
    language: LanguageOption = None,
    alone: Alone = False,
    within: Within = None,
    verbose: Verbose = False,
    document: Documents = None,
    private: Private = False,
    picture: Pictures = None,
    check: Check = False,
) -> None:
    """Ask the device something and show the answer.

    A document stays on the device: a cloud may plan what is looked up in it and gets short answers,
    if you agreed (`edgewise consent grant CLOUD --purpose document`).

    Of a picture the device reads the text; a cloud that sees pictures may get it with faces, number
    plates and personal text hidden, if you agreed (`--purpose pictures`).

    Ends with 0 when answered, 3 when it needs your yes (say it with the same --session), 1 when the
    turn was stopped. With --check it ends with 4 where it was refused, failed, not understood or
    asked back; without, the answer tells that. Whether something may leave for a cloud is asked at
    the terminal.
    """
    if private and not (document or picture):
        raise UserError(
            "--private is about what is shown: name it with --document or --picture, or leave it"
            " out; nothing was asked, and `edgewise mode device_only` keeps every question here"
        )
    words = text_of(sys.stdin.buffer.read()) if text == "-" else text
    request = replace(request_of(words, session or "cli", zone, language), deadline_s=within)
    if document:
        request = with_documents(request, document, private=private)
    given = read_state(state) if state is not None else None
    alone = alone or given is not None
    pictures = [(one.name, read_picture(one), private) for one in picture or ()]
    if document and pictures:
        raise UserError("ask about documents and about pictures, one after the other")
    events = asyncio.run(_ask(request, given, bool(session), alone, as_json, verbose, pictures))
    raise typer.Exit(exit_code(events, check=check))


def request_of(text: str, session: str, zone: Zone, language: Language | None) -> Request:
    """A typed request of the person in `zone`. Raises typer.BadParameter where an argument held
    bytes that are no text (Python hands them on as lone surrogates)."""
    for given in (text, session):
        try:
            given.encode()
        except UnicodeEncodeError as error:
            raise _no_text(error.start) from error
    return Request((TextPart(text),), session, Speaker(zone, Channel.TYPED), language)


def with_documents(request: Request, paths: list[Path], *, private: bool) -> Request:
    """The request with the files that it asks about. Raises UserError for one that is not read."""
    from edgewise.perceive.document import MOST_BYTES, check_documents, document_from

    documents: list[DocumentPart] = []
    for path in paths:
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise UserError(
                f"--document {path}: {error.strerror}; name a file that can be read",
                code="bad_document",
            ) from error
        documents.append(document_from(path.name, data, private=private))
    check_documents(documents)
    return replace(request, parts=(*request.parts, *documents))


def text_of(data: bytes) -> str:
    """`data` as text. Raises typer.BadParameter (exit code 2) unless it is UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _no_text(len(data[: error.start].decode("utf-8"))) from error


def _no_text(at: int) -> typer.BadParameter:
    """What is left without such bytes is not what was said, so it is not guessed."""
    return typer.BadParameter(
        f"what follows character {at} is not UTF-8 text; nothing was done, send it as UTF-8"
    )


def read_state(path: Path) -> dict[str, Any]:
    """The JSON object in `path`. Raises UserError for anything else."""
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(
            f"--state {path}: {error}; give a JSON object of VSS path -> value"
        ) from error
    if not isinstance(value, dict):
        raise UserError(f"--state {path}: give a JSON object of VSS path -> value")
    return as_object(value)


async def _ask(
    request: Request,
    state: dict[str, Any] | None,
    keep: bool,
    alone: bool,
    as_json: bool,
    verbose: bool,
    pictures: Sequence[PictureFile] = (),
) -> list[Event]:
    from edgewise.cli.remote import running_device

    remote = None if alone else running_device()
    if remote is not None:
        run = partial(remote.run, pictures=pictures) if pictures else remote.run
        return await _answered(run, request, as_json, verbose)
    from edgewise.device.alone import device_alone
    from edgewise.device.config import data_folder
    from edgewise.device.presence import left_behind

    if not alone and (gone := left_behind(data_folder())) is not None:
        sys.stderr.write(_GONE.said_in(spoken()).format(process=gone.process))
    async with device_alone(state, request.session if keep else "", pace=ALONE_PACE) as device:
        for notice in device.notices:
            sys.stderr.write(f"edgewise: {notice}\n")
        if pictures:
            shown = await device.sight.take_all(pictures)
            request = replace(request, parts=(*request.parts, *shown))
        return await _answered(device.agent.run, request, as_json, verbose)


_GONE = Words(
    "edgewise: the device that ran from here (process {process}) ended without closing; this is"
    " the answer of a car of its own. `edgewise run` starts the device again.\n",
    "edgewise: 此前运行的设备（进程 {process}）意外退出；以下由单独的模拟车辆回答。"
    "edgewise run 可重新启动设备。\n",
)


async def _answered(
    run: Callable[[Request], AsyncGenerator[Event, None]],
    request: Request,
    as_json: bool,
    verbose: bool,
) -> list[Event]:
    """All that happened, after the person at the terminal was asked about what would leave."""
    events = await print_events(run(request), as_json, verbose)
    while _asks_to_leave(events[-1]) and _can_ask(as_json):
        said = await asyncio.to_thread(_read_answer)
        speaker = request.speaker
        if not said or speaker.zone is None:
            break
        answer = request_of(said, request.session, speaker.zone, request.language)
        events += await print_events(run(answer), as_json, verbose)
    return events


def _asks_to_leave(end: Event) -> bool:
    return isinstance(end, NeedsApproval) and end.leaving is not None


def _can_ask(as_json: bool) -> bool:
    return not as_json and sys.stdin.isatty() and sys.stdout.isatty()


def _read_answer() -> str:
    try:
        return input("> ").strip()
    except (EOFError, UnicodeDecodeError):
        return ""


async def print_events(
    events: AsyncGenerator[Event, None], as_json: bool, verbose: bool
) -> list[Event]:
    """Print the events of a turn as they come; all of them. Raises LinkError where they have no
    end."""
    show = _write_json if as_json else _on_screen(verbose)
    shown: list[Event] = []
    async with aclosing(events) as stream:
        async for event in stream:
            shown.append(event)
            show(event)
    if not shown or not isinstance(shown[-1], End):
        raise LinkError("the turn broke off before its end; see `edgewise explain last`")
    return shown


def _write_json(event: Event) -> None:
    sys.stdout.buffer.write(to_json(event) + b"\n")
    sys.stdout.flush()


def _on_screen(verbose: bool) -> Callable[[Event], None]:
    from edgewise.cli.show import Screen

    return Screen(verbose=verbose, language=spoken()).show
