"""StepFun's words, which are OpenAI's before GA: settings side by side, `response.audio.*`.

A client speaks it by the header `OpenAI-Beta: realtime=v1`, or by a first session update without
`session.type`. Turns are the client's own until it asks for `server_vad`; any voice's name is
taken, since clones have names too, and answered in the service's own where it is not known here.
`response.cancel` ends in `response.done` with the status cancelled; `response.cancelled`, which the
text of StepFun's page promises, is in none of its lists. Nothing thinks aloud here, so no
`response.thinking.*` is sent. Source: StepFun's page of the realtime API of June 2026; OpenAI's of
the beta for fields that both have.
"""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from edgewise.talk.realtime.coding import Coding
from edgewise.talk.realtime.fields import (
    Fields,
    Instructions,
    Tokens,
    ToolChoice,
    ToolFields,
    TurnDetection,
    VoiceId,
    choice_of,
    energy_of,
    instructed,
    read,
    shown_choice,
    shown_tools,
    tokens_of,
    tools_of,
    turns_of,
    voice_of,
)
from edgewise.talk.realtime.ga import language_of
from edgewise.talk.realtime.problem import bad_value, not_here
from edgewise.talk.realtime.session import BY_HAND, Dialect, Session, Terms
from edgewise.talk.settings import Settings, TurnEnd, Turns

Modality = Literal["text", "audio"]
FormatName = Literal["pcm16", "g711_ulaw", "g711_alaw"]
VAD = Turns(TurnEnd.SILENCE, padding_ms=500, silence_ms=100)
"""StepFun's defaults."""
_CODINGS = {"pcm16": Coding.PCM, "g711_ulaw": Coding.MU, "g711_alaw": Coding.A}
_FORMATS = {coding: name for name, coding in _CODINGS.items()}


class Transcription(Fields, frozen=True):
    model: str | None = None
    language: str | None = None
    prompt: str | None = None


class SessionFields(Fields, frozen=True):
    """Of `session.update`; the last ones have no effect here."""

    modalities: list[Modality] | UnsetType | None = UNSET
    instructions: Instructions | UnsetType | None = UNSET
    voice: str | VoiceId | UnsetType | None = UNSET
    input_audio_format: FormatName | UnsetType | None = UNSET
    output_audio_format: FormatName | UnsetType | None = UNSET
    input_audio_transcription: Transcription | UnsetType | None = UNSET
    turn_detection: TurnDetection | UnsetType | None = UNSET
    tools: list[ToolFields] | UnsetType | None = UNSET
    tool_choice: str | ToolChoice | UnsetType | None = UNSET
    temperature: Annotated[float, Meta(ge=0, le=2)] | UnsetType | None = UNSET
    max_response_output_tokens: Tokens | UnsetType = UNSET
    speed: Annotated[float, Meta(ge=0.25, le=2)] | UnsetType | None = UNSET
    model: str | None = None
    input_audio_noise_reduction: Any = None
    tracing: Any = None
    id: Any = None
    object: Any = None
    expires_at: Any = None
    client_secret: Any = None


class ResponseFields(Fields, frozen=True):
    """Of `response.create`."""

    conversation: str | None = None
    input: Annotated[list[Any], Meta(max_length=400)] | None = None
    modalities: list[Modality] | None = None
    instructions: Instructions | None = None
    voice: str | VoiceId | None = None
    output_audio_format: FormatName | None = None
    tools: list[ToolFields] | UnsetType | None = UNSET
    tool_choice: str | ToolChoice | UnsetType | None = UNSET
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    max_response_output_tokens: Tokens | UnsetType = UNSET
    max_output_tokens: Tokens | UnsetType = UNSET
    metadata: Annotated[dict[str, str], Meta(max_length=16)] | None = None


def changed(session: Session, given: dict[str, Any]) -> Session:
    """The session with what an update names. Raises Problem; then nothing of it holds."""
    fields = read(given, SessionFields, "session")
    if fields.model is not None and fields.model != session.offer.model:
        raise not_here("session.model", f"the model stays {session.offer.model!r}; connect again")
    settings = session.settings
    if isinstance(fields.modalities, list):
        settings = replace(
            settings, speaks=_speaks(fields.modalities, session, "session.modalities")
        )
    settings = instructed(settings, fields.instructions, session)
    if not isinstance(fields.voice, UnsetType):
        voice = voice_of(fields.voice, session, "session.voice", strict=False)
        settings = replace(settings, voice=voice)
    if fields.turn_detection is not UNSET:
        turns = turns_of(fields.turn_detection, "session.turn_detection", VAD)
        settings = replace(settings, turns=turns)
    settings = _with_tools(settings, fields, session, "session")
    if not isinstance(fields.temperature, UnsetType):
        settings = replace(settings, temperature=fields.temperature)
    if fields.max_response_output_tokens is not UNSET:
        settings = replace(settings, most_tokens=tokens_of(fields.max_response_output_tokens))
    if not isinstance(fields.speed, UnsetType):
        settings = replace(settings, speed=max(0.5, fields.speed or 1.0))
    if isinstance(fields.input_audio_transcription, Transcription):
        given_language = fields.input_audio_transcription.language
        place = "session.input_audio_transcription.language"
        language = language_of([given_language] if given_language else [], place)
        settings = replace(settings, language=language)
    session = replace(session, settings=settings)
    if isinstance(fields.input_audio_format, str):
        session = replace(session, hears=_CODINGS[fields.input_audio_format])
    if isinstance(fields.output_audio_format, str):
        session = replace(session, says=_CODINGS[fields.output_audio_format])
    return session


def _speaks(modalities: list[Modality], session: Session, place: str) -> bool:
    if not modalities:
        raise bad_value(place, "it is empty; send ['text', 'audio'] or ['text']")
    return "audio" in modalities and not session.offer.no_voice  # which always names both


def _with_tools(
    settings: Settings, fields: SessionFields | ResponseFields, session: Session, place: str
) -> Settings:
    if fields.tools is not UNSET:
        tools = tools_of(fields.tools, session, f"{place}.tools")
        settings = replace(settings, tools=tools)
        if settings.tool_choice not in ("auto", "none"):
            settings = replace(settings, tool_choice="auto")
    if fields.tool_choice is not UNSET:
        choice = choice_of(fields.tool_choice, settings.tools, f"{place}.tool_choice")
        settings = replace(settings, tool_choice=choice)
    return settings


def terms(session: Session, given: dict[str, Any]) -> Terms:
    """What `response.create` asks. Its `input` is the connection's to read. Raises Problem."""
    fields = read(given, ResponseFields, "response")
    if fields.conversation not in (None, "auto", "none"):
        said = f"{fields.conversation[:40]!r}; send auto or none"
        raise bad_value("response.conversation", said)
    settings = _with_tools(session.settings, fields, session, "response")
    if fields.modalities is not None:
        speaks = _speaks(fields.modalities, session, "response.modalities")
        settings = replace(settings, speaks=speaks)
    if fields.instructions is not None:
        settings = instructed(settings, fields.instructions, session)
    if fields.voice is not None:
        voice = voice_of(fields.voice, session, "response.voice", strict=False)
        settings = replace(settings, voice=voice)
    if fields.temperature is not None:
        settings = replace(settings, temperature=fields.temperature)
    for most in (fields.max_output_tokens, fields.max_response_output_tokens):
        if most is not UNSET:
            settings = replace(settings, most_tokens=tokens_of(most))
    says = session.says
    if fields.output_audio_format is not None:
        says = _CODINGS[fields.output_audio_format]
    return Terms(settings, says, fields.conversation == "none", metadata=fields.metadata)


def shown(session: Session) -> dict[str, Any]:
    """The `session` of session.created and session.updated."""
    settings = session.settings
    return {
        "id": session.id,
        "object": "realtime.session",
        "model": session.offer.model,
        "modalities": ["text", "audio"] if settings.speaks else ["text"],
        "instructions": settings.instructions,
        "voice": settings.voice or "default",
        "input_audio_format": _FORMATS[session.hears],
        "output_audio_format": _FORMATS[session.says],
        "input_audio_transcription": {"model": session.offer.ears},
        "turn_detection": _shown_turns(settings.turns),
        "tools": shown_tools(settings),
        "tool_choice": shown_choice(settings),
        "temperature": settings.temperature,
        "max_response_output_tokens": settings.most_tokens or "inf",
    }


def _shown_turns(turns: Turns) -> dict[str, Any] | None:
    if turns.end is TurnEnd.CLIENT:
        return None
    return {
        "type": "server_vad",
        "prefix_padding_ms": turns.padding_ms,
        "silence_duration_ms": turns.silence_ms,
        "energy_awakeness_threshold": energy_of(turns.threshold),
    }


STEPFUN = Dialect(
    name="stepfun",
    text="response.text",
    sound="response.audio",
    words="response.audio_transcript",
    text_part="text",
    sound_part="audio",
    added=("conversation.item.created",),
    begins=BY_HAND,
    tells_acts=False,
    changed=changed,
    shown=shown,
    terms=terms,
)
