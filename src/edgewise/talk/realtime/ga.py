"""OpenAI's own words of today (GA): audio settings below `session.audio`, `response.output_*`.

What a session update names is checked; what OpenAI knows and has no effect here is taken when it
asks for nothing (`tracing`, `noise_reduction`, ...), and `session.updated` shows what holds.
Source: openai-openapi f85dbe2, `RealtimeSessionCreateRequestGA`,
`RealtimeTranscriptionSessionCreateRequestGA`, `RealtimeResponseCreateParams`.
"""

import re
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from edgewise.core.words import Language
from edgewise.perceive.hear import Vocabulary
from edgewise.talk.realtime.coding import Coding
from edgewise.talk.realtime.fields import (
    Fields,
    Instructions,
    Tokens,
    ToolChoice,
    ToolFields,
    TurnDetection,
    VoiceId,
    check_speaks,
    choice_of,
    instructed,
    read,
    shown_choice,
    shown_tools,
    tokens_of,
    tools_of,
    turns_of,
    voice_of,
)
from edgewise.talk.realtime.problem import bad_value, not_here
from edgewise.talk.realtime.session import SERVER_VAD, Dialect, Session, Terms
from edgewise.talk.settings import TurnEnd

_BETWEEN = re.compile(r"[,;:\n，、；：。]+")
Modality = Literal["text", "audio"]


class Format(Fields, frozen=True):
    type: Literal["audio/pcm", "audio/pcmu", "audio/pcma"] = "audio/pcm"
    rate: int | None = None


class Transcription(Fields, frozen=True):
    model: str | None = None
    language: str | None = None
    languages: list[str] | None = None
    prompt: Annotated[str, Meta(max_length=4_096)] | None = None
    keywords: Annotated[list[str], Meta(max_length=1_000)] | None = None
    delay: str | None = None


class Input(Fields, frozen=True):
    format: Format | UnsetType | None = UNSET
    transcription: Transcription | UnsetType | None = UNSET
    turn_detection: TurnDetection | UnsetType | None = UNSET
    noise_reduction: Any = None


class Output(Fields, frozen=True):
    format: Format | UnsetType | None = UNSET
    voice: str | VoiceId | UnsetType | None = UNSET
    speed: Annotated[float, Meta(ge=0.25, le=1.5)] | UnsetType | None = UNSET


class Audio(Fields, frozen=True):
    input: Input | None = None
    output: Output | None = None


class SessionFields(Fields, frozen=True):
    """Of `session.update`; the last ones ask for what has no effect here."""

    type: Literal["realtime", "transcription"]
    model: str | None = None
    instructions: Instructions | UnsetType | None = UNSET
    output_modalities: list[Modality] | UnsetType | None = UNSET
    audio: Audio | None = None
    tools: list[ToolFields] | UnsetType | None = UNSET
    tool_choice: str | ToolChoice | UnsetType | None = UNSET
    max_output_tokens: Tokens | UnsetType = UNSET
    prompt: Any = None
    include: Any = None
    parallel_tool_calls: bool | None = None
    reasoning: Any = None
    tracing: Any = None
    truncation: Any = None
    id: Any = None
    object: Any = None
    expires_at: Any = None


class ResponseFields(Fields, frozen=True):
    """Of `response.create`."""

    conversation: str | None = None
    input: Annotated[list[Any], Meta(max_length=400)] | None = None
    instructions: Instructions | None = None
    output_modalities: list[Modality] | None = None
    audio: Audio | None = None
    tools: list[ToolFields] | UnsetType | None = UNSET
    tool_choice: str | ToolChoice | UnsetType | None = UNSET
    max_output_tokens: Tokens | UnsetType = UNSET
    metadata: Annotated[dict[str, str], Meta(max_length=16)] | None = None
    prompt: Any = None
    parallel_tool_calls: bool | None = None
    reasoning: Any = None


def changed(session: Session, given: dict[str, Any]) -> Session:
    """The session with what an update names. Raises Problem; then nothing of it holds."""
    fields = read(given, SessionFields, "session")
    _check_unknown(fields.prompt, fields.model, session)
    settings = session.settings
    if fields.type == "realtime" and session.listens_only:
        raise not_here("session.type", "a transcription session stays one; connect another")
    if fields.type == "transcription":
        turns = replace(settings.turns, replies=False)
        settings = replace(settings, speaks=False, turns=turns)
        session = replace(session, listens_only=True, shows_words=True)
    settings = instructed(settings, fields.instructions, session)
    if isinstance(fields.output_modalities, list):
        speaks = _speaks(fields.output_modalities, session, "session.output_modalities")
        settings = replace(settings, speaks=speaks and not session.listens_only)
    if fields.tools is not UNSET:
        settings = replace(settings, tools=tools_of(fields.tools, session, "session.tools"))
        if not fields.tools:
            settings = replace(settings, tool_choice="auto")
    if fields.tool_choice is not UNSET:
        choice = choice_of(fields.tool_choice, settings.tools, "session.tool_choice")
        settings = replace(settings, tool_choice=choice)
    if fields.max_output_tokens is not UNSET:
        settings = replace(settings, most_tokens=tokens_of(fields.max_output_tokens))
    session = replace(session, settings=settings)
    if fields.audio is not None and fields.audio.input is not None:
        session = _hears(session, fields.audio.input)
    if fields.audio is not None and fields.audio.output is not None:
        session = _says(session, fields.audio.output, "session.audio.output")
    return session


def _check_unknown(prompt: Any, model: str | None, session: Session) -> None:
    if prompt is not None:
        raise not_here("session.prompt", "no prompts are kept here; send their words")
    if model is not None and model != session.offer.model:
        said = f"{model[:80]!r}; the model of a session stays {session.offer.model!r}"
        raise not_here("session.model", f"{said}, connect again for another")


def _speaks(modalities: list[Modality], session: Session, place: str) -> bool:
    if len(modalities) != 1:
        raise bad_value(place, "send ['audio'] (its words come with it) or ['text']")
    if modalities[0] == "audio":
        check_speaks(session, place)
    return modalities[0] == "audio"


def _hears(session: Session, given: Input) -> Session:
    settings = session.settings
    if given.format is not UNSET:
        session = replace(session, hears=_coding(given.format, "session.audio.input.format"))
    if given.turn_detection is not UNSET:
        turns = turns_of(given.turn_detection, "session.audio.input.turn_detection", SERVER_VAD)
        if session.listens_only:
            turns = replace(turns, replies=False)
        eagerness = given.turn_detection.eagerness if given.turn_detection else None
        settings = replace(settings, turns=turns)
        session = replace(session, eagerness=eagerness or "auto")
    if given.transcription is not UNSET:
        wanted = given.transcription or Transcription()
        place = "session.audio.input.transcription"
        languages = wanted.languages or ([wanted.language] if wanted.language else [])
        language = language_of(languages, f"{place}.language")
        keywords = tuple(wanted.keywords or ())
        session = replace(
            session,
            shows_words=given.transcription is not None or session.listens_only,
            hint=wanted.prompt or "",
            keywords=keywords,
        )
        words = (*keywords, *words_in(session.hint), *session.offer.words)
        vocabulary = Vocabulary(words, (*keywords, *session.offer.names))
        settings = replace(settings, language=language, vocabulary=vocabulary)
    return replace(session, settings=settings)


def language_of(given: list[str], place: str) -> Language | None:
    """The one language to listen for; None: it is heard from the sound. Raises Problem."""
    found: set[Language] = set()
    for one in given:
        name = one.lower().partition("-")[0].partition("_")[0]
        if name not in tuple(Language):
            known = ", ".join(Language)
            raise not_here(place, f"{one[:20]!r}; there are: {known}, or none to have it heard")
        found.add(Language(name))
    return found.pop() if len(found) == 1 else None


def words_in(hint: str) -> tuple[str, ...]:
    """The words and phrases of a prompt, which a recogniser takes as likely."""
    return tuple(one.strip() for one in _BETWEEN.split(hint) if one.strip())


def _says(session: Session, given: Output, place: str) -> Session:
    settings = session.settings
    if given.format is not UNSET:
        session = replace(session, says=_coding(given.format, f"{place}.format"))
    if not isinstance(given.voice, UnsetType):
        voice = voice_of(given.voice, session, f"{place}.voice", strict=True)
        settings = replace(settings, voice=voice)
    if not isinstance(given.speed, UnsetType):
        settings = replace(settings, speed=max(0.5, given.speed or 1.0))
    return replace(session, settings=settings)


def _coding(given: Format | UnsetType | None, place: str) -> Coding:
    if not isinstance(given, Format):
        return Coding.PCM
    coding = Coding(given.type)
    if given.rate not in (None, coding.rate_hz):
        raise not_here(f"{place}.rate", f"{given.rate}; {coding} is at {coding.rate_hz} Hz here")
    return coding


def terms(session: Session, given: dict[str, Any]) -> Terms:
    """What `response.create` asks. Its `input` is the connection's to read. Raises Problem."""
    fields = read(given, ResponseFields, "response")
    if fields.prompt is not None:
        raise not_here("response.prompt", "no prompts are kept here; send their words")
    if fields.conversation not in (None, "auto", "none"):
        said = f"{fields.conversation[:40]!r}; send auto or none"
        raise bad_value("response.conversation", said)
    settings = session.settings
    if fields.instructions is not None:
        settings = instructed(settings, fields.instructions, session)
    if fields.output_modalities is not None:
        speaks = _speaks(fields.output_modalities, session, "response.output_modalities")
        settings = replace(settings, speaks=speaks)
    if fields.tools is not UNSET:
        settings = replace(settings, tools=tools_of(fields.tools, session, "response.tools"))
        if settings.tool_choice not in ("auto", "none"):
            settings = replace(settings, tool_choice="auto")
    if fields.tool_choice is not UNSET:
        choice = choice_of(fields.tool_choice, settings.tools, "response.tool_choice")
        settings = replace(settings, tool_choice=choice)
    if fields.max_output_tokens is not UNSET:
        settings = replace(settings, most_tokens=tokens_of(fields.max_output_tokens))
    says = session.says
    if fields.audio is not None and fields.audio.output is not None:
        now = replace(session, settings=settings)
        now = _says(now, fields.audio.output, "response.audio.output")
        settings, says = now.settings, now.says
    return Terms(settings, says, fields.conversation == "none", metadata=fields.metadata)


def shown(session: Session) -> dict[str, Any]:
    """The `session` of session.created and session.updated."""
    heard: dict[str, Any] = {
        "format": _shown_format(session.hears),
        "transcription": _shown_transcription(session),
        "noise_reduction": None,
        "turn_detection": _shown_turns(session),
    }
    if session.listens_only:
        return {
            "type": "transcription",
            "id": session.id,
            "object": "realtime.transcription_session",
            "audio": {"input": heard},
            "include": None,
            "expires_at": session.expires_at,
        }
    settings = session.settings
    said = {
        "format": _shown_format(session.says),
        "voice": settings.voice or "default",
        "speed": settings.speed,
    }
    return {
        "type": "realtime",
        "id": session.id,
        "object": "realtime.session",
        "model": session.offer.model,
        "output_modalities": ["audio" if settings.speaks else "text"],
        "instructions": settings.instructions,
        "tools": shown_tools(settings),
        "tool_choice": shown_choice(settings),
        "max_output_tokens": settings.most_tokens or "inf",
        "audio": {"input": heard, "output": said},
        "include": None,
        "prompt": None,
        "tracing": None,
        "truncation": "auto",
        "expires_at": session.expires_at,
    }


def _shown_format(coding: Coding) -> dict[str, Any]:
    return {"type": coding.value, **({"rate": coding.rate_hz} if coding is Coding.PCM else {})}


def _shown_transcription(session: Session) -> dict[str, Any] | None:
    if not session.shows_words:
        return None
    settings = session.settings
    shown: dict[str, Any] = {"model": session.offer.ears}
    if settings.language is not None:
        shown["language"] = settings.language.value
    if session.keywords:
        shown["keywords"] = list(session.keywords)
    return {**shown, **({"prompt": session.hint} if session.hint else {})}


def _shown_turns(session: Session) -> dict[str, Any] | None:
    turns = session.settings.turns
    answers = {"create_response": turns.replies, "interrupt_response": turns.interrupts}
    match turns.end:
        case TurnEnd.CLIENT:
            return None
        case TurnEnd.SENSE:
            return {"type": "semantic_vad", "eagerness": session.eagerness, **answers}
        case TurnEnd.SILENCE:
            return {
                "type": "server_vad",
                "threshold": turns.threshold,
                "prefix_padding_ms": turns.padding_ms,
                "silence_duration_ms": turns.silence_ms,
                "idle_timeout_ms": None,
                **answers,
            }


GA = Dialect(
    name="ga",
    text="response.output_text",
    sound="response.output_audio",
    words="response.output_audio_transcript",
    text_part="output_text",
    sound_part="output_audio",
    added=("conversation.item.added", "conversation.item.done"),
    begins=SERVER_VAD,
    tells_acts=True,
    changed=changed,
    shown=shown,
    terms=terms,
)
