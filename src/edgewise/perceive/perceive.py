"""A request as a message: clean text, its language, the label of who said it.

It knows nothing of what the words mean. Hearing and seeing come in front of it later; today text
parts are what it perceives.
"""

import re
import unicodedata

from edgewise.core.label import Label, OriginKind, join, label_of
from edgewise.core.message import Channel, Message, Request, Speaker
from edgewise.core.words import Language
from edgewise.errors import UserError

MAX_CHARACTERS = 2000
"""Longest text of one request; a spoken minute is about 300 characters of Chinese."""

_ORIGIN_OF_CHANNEL = {
    Channel.VOICE: OriginKind.VOICE,
    Channel.TOUCH: OriginKind.TOUCH,
    Channel.TYPED: OriginKind.TYPED,
}


def perceive(request: Request, unclear: Language = Language.ENGLISH) -> Message:
    """The message in `request`. Raises UserError for text that is too long.

    `unclear` is the language of words that tell none.

    Its label is that of who speaks, joined with those of its parts: what a part may not be used
    for, the message may not. Control characters become spaces and lone surrogates are dropped; the
    rest of the text is kept verbatim, because a dictated message must be sent as it was said.
    """
    raw = request.text
    if len(raw) > MAX_CHARACTERS:
        raise UserError(
            f"the text has {len(raw):,} characters, the limit is {MAX_CHARACTERS:,}; send it in"
            " shorter parts",
            code="text_too_long",
        )
    text = clean(raw)
    return Message(
        text=text,
        language=request.language or language_of(text, unclear),
        label=join([label_of_speaker(request.speaker), *(part.label for part in request.parts)]),
        speaker=request.speaker,
        parts=request.parts,
    )


def label_of_speaker(speaker: Speaker) -> Label:
    """The label of words that `speaker` said: the door they came through, and the zone."""
    if speaker.channel in (Channel.API, Channel.MCP, Channel.CLOUD):
        return label_of(OriginKind.CLIENT, speaker.channel)
    return label_of(_ORIGIN_OF_CHANNEL[speaker.channel], speaker.zone or "unknown")


def clean(text: str) -> str:
    """`text` in Unicode NFC without control characters, terminal sequences and surrogates, white
    space collapsed; a new line begins a new sentence."""
    text = _LINES.sub(_between_lines, _TERMINAL.sub(" ", text).strip())
    kept = (" " if unicodedata.category(c) in _SPACE else c for c in text if not _is_dropped(c))
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def language_of(text: str, unclear: Language = Language.ENGLISH) -> Language:
    """Chinese if the text has a Han character, English if it has other words; `unclear` if it has
    none, or only such as both say ("22", "ok")."""
    if any("\u3400" <= c <= "\u9fff" for c in text):
        return Language.CHINESE
    words = "".join(c if c.isalpha() else " " for c in unicodedata.normalize("NFKC", text)).split()
    return unclear if all(word.casefold() in _SAID_IN_BOTH for word in words) else Language.ENGLISH


def _between_lines(lines: re.Match[str]) -> str:
    before = lines.string[: lines.start()].rstrip()[-1:]
    if not before or unicodedata.category(before).startswith("P"):
        return " "
    return "，" if "\u3400" <= before <= "\u9fff" else ", "


_TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]")
"""Control sequences of terminals (ECMA-48 5.4): their numbers and letters are nobody's words."""
_LINES = re.compile(r"\s*[\r\n]+\s*")
_SAID_IN_BOTH = {"ok", "okay"}
_SPACE = {"Cc", "Zl", "Zp", "Zs"}


def _is_dropped(character: str) -> bool:
    return unicodedata.category(character) in ("Cs", "Cf", "Co")
