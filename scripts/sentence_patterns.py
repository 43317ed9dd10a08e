"""Reads the sentence patterns of scripts/grammar and expands them, with the spans they hold.

    # climate.set_fan             opens the patterns of a function
    [set|put] the fan to {level}  a pattern: [a|b|] a choice, {name} a word of that list
    ~ it is too windy in here     said as it is: nothing an order takes is put around it
    = city : city | Rome | Oslo   a list; what stands after the colon is the type of its span
    = city | Paris                more words of the list
    <zone left|right> seat        a choice that is itself a span

Choices, lists and spans may be nested; of two spans the outer one counts. A line that begins with
`|` goes on with the list above it; one that begins with `//` is a remark.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).with_name("grammar")
SPAN_TYPES = frozenset((
    "person", "relation", "place_name", "city", "business_name", "business_type", "food_type",
    "song_name", "artist_name", "album", "playlist_name", "music_genre", "radio_name",
    "podcast_name", "audiobook_name", "movie_name", "app_name", "list_name", "item", "event_name",
    "date", "time", "timeofday", "duration", "device_type", "house_place", "color_type",
    "message_body", "email_address", "phone_number", "number_value", "zone", "setting_name",
    "mode_name", "definition_word", "query", "currency_name", "weather_descriptor",
    "general_frequency", "language_name", "file_name",
))  # fmt: skip


@dataclass(eq=False, slots=True)
class Span:
    """One place of a sentence that bears a type; two spans of one type stay two."""

    type: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that one word or choice of the grammar gave."""

    text: str
    span: Span | None


@dataclass(eq=False, slots=True)
class Literal:
    text: str


@dataclass(eq=False, slots=True)
class Reference:
    name: str


@dataclass(eq=False, slots=True)
class Chain:
    parts: list["Node"]


@dataclass(eq=False, slots=True)
class Choice:
    options: list["Node"]
    type: str = ""


Node = Literal | Reference | Chain | Choice


@dataclass(eq=False, slots=True)
class Pattern:
    """One line of a grammar file; `order` is false where nothing is to be put around it."""

    source: str
    node: Node
    order: bool


@dataclass(slots=True)
class Grammar:
    patterns: dict[str, list[Pattern]] = field(default_factory=dict[str, list[Pattern]])
    lists: dict[str, Choice] = field(default_factory=dict[str, Choice])

    def size(self, node: Node) -> int:
        """The number of expansions, doubles counted."""
        match node:
            case Literal():
                return 1
            case Reference(name):
                return self.size(self.lists[name])
            case Chain(parts):
                product = 1
                for part in parts:
                    product *= self.size(part)
                return product
            case Choice(options):
                return sum(self.size(option) for option in options)

    def regex(self, node: Node) -> str:
        """A regular expression of every expansion; tests hold spans against it."""
        match node:
            case Literal(text):
                return re.escape(text).replace("\\ ", " *")
            case Reference(name):
                return self.regex(self.lists[name])
            case Chain(parts):
                return "".join(self.regex(part) for part in parts)
            case Choice(options):
                return f"(?:{'|'.join(self.regex(option) for option in options)})"

    def choices(self) -> Iterator[Choice]:
        """Every choice that is a span, in lists and in patterns."""
        nodes: list[Node] = [*self.lists.values()]
        nodes += [pattern.node for own in self.patterns.values() for pattern in own]
        while nodes:
            node = nodes.pop()
            if isinstance(node, Chain):
                nodes += node.parts
            elif isinstance(node, Choice):
                nodes += node.options
                if node.type:
                    yield node


class Expander:
    """Draws expansions. Each choice deals its options like a shuffled deck: none is left out."""

    def __init__(self, grammar: Grammar, rng: random.Random) -> None:
        self._lists = grammar.lists
        self._rng = rng
        self._decks: dict[Choice, list[Node]] = {}

    def expand(self, node: Node, span: Span | None = None) -> Iterator[Piece]:
        match node:
            case Literal(text):
                if text:
                    yield Piece(text, span)
            case Reference(name):
                yield from self.expand(self._lists[name], span)
            case Chain(parts):
                for part in parts:
                    yield from self.expand(part, span)
            case Choice(_, type):
                inner = span or (Span(type) if type else None)
                yield from self.expand(self._deal(node), inner)

    def _deal(self, choice: Choice) -> Node:
        deck = self._decks.setdefault(choice, [])
        if not deck:
            deck += choice.options
            self._rng.shuffle(deck)
        return deck.pop()


def grammar_files() -> list[Path]:
    return sorted(FOLDER.glob("*.txt"))


def read_grammar() -> Grammar:
    """All files of the folder as one grammar; raises ValueError that names a wrong line."""
    grammar = Grammar()
    for path in grammar_files():
        function, last = "", ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                if line.startswith("# "):
                    function = line[2:].strip()
                    grammar.patterns.setdefault(function, [])
                elif line.startswith("= "):
                    last = _add_to_list(grammar, line[2:])
                elif line.startswith("|"):
                    grammar.lists[last].options += _options(line[1:])
                elif line.strip() and not line.startswith("//"):
                    grammar.patterns[function].append(_pattern(line))
            except (ValueError, KeyError) as error:
                raise ValueError(f"{path.name}:{number}: {error}: {line}") from error
    _check_references(grammar)
    return grammar


def _add_to_list(grammar: Grammar, line: str) -> str:
    head, _, words = line.partition("|")
    name, _, type = (part.strip() for part in head.partition(":"))
    if type and type not in SPAN_TYPES:
        raise ValueError(f"no span type {type}")
    known = grammar.lists.setdefault(name, Choice([], type))
    if type and type != known.type:
        raise ValueError(f"list {name} has another type")
    known.options += _options(words)
    return name


def _options(words: str) -> list[Node]:
    """Words between bars at the top level; outer spaces are not theirs."""
    options, rest = _read_options(words, 0, "")
    if rest != len(words):
        raise ValueError("a bracket too many")
    return [option for option in map(_trim, options) if not _is_empty(option)]


def _pattern(line: str) -> Pattern:
    order = not line.startswith("~")
    text = line.lstrip("~ ").rstrip()
    options, rest = _read_options(text, 0, "")
    if rest != len(text) or len(options) != 1:
        raise ValueError("a bracket or a bar too many")
    return Pattern(text, options[0], order)


def _read_options(text: str, at: int, end: str) -> tuple[list[Node], int]:
    """Options up to the bracket `end` ("" for the end of the line) and the place behind it."""
    options: list[Node] = []
    parts: list[Node] = []
    word = ""

    def close() -> None:
        nonlocal word
        if word or not parts:
            parts.append(Literal(word))
        word = ""

    while at < len(text) and text[at] != end:
        char = text[at]
        at += 1
        if char == "|":
            close()
            options.append(Chain([*parts]) if len(parts) > 1 else parts[0])
            parts.clear()
        elif char in "[<{":
            if word:
                close()
            node, at = _read_bracket(text, at, char)
            parts.append(node)
        elif char in "]>}":
            raise ValueError(f"a {char} that nothing opens")
        else:
            word += char
    if end and at >= len(text):
        raise ValueError(f"no {end}")
    close()
    options.append(Chain([*parts]) if len(parts) > 1 else parts[0])
    return options, at + 1 if end else at


def _read_bracket(text: str, at: int, bracket: str) -> tuple[Node, int]:
    if bracket == "{":
        end = text.index("}", at)
        return Reference(text[at:end]), end + 1
    if bracket == "[":
        options, at = _read_options(text, at, "]")
        return Choice(options), at
    type, _, _ = text[at:].partition(" ")
    if type not in SPAN_TYPES:
        raise ValueError(f"no span type {type}")
    options, at = _read_options(text, at + len(type) + 1, ">")
    return Choice(options, type), at


def _trim(node: Node) -> Node:
    parts = node.parts if isinstance(node, Chain) else [node]
    if isinstance(parts[0], Literal):
        parts[0].text = parts[0].text.lstrip()
    if isinstance(parts[-1], Literal):
        parts[-1].text = parts[-1].text.rstrip()
    return node


def _is_empty(node: Node) -> bool:
    return isinstance(node, Literal) and not node.text


def _check_references(grammar: Grammar) -> None:
    for name, own in grammar.patterns.items():
        for pattern in own:
            for wanted in re.findall(r"\{(\w+)\}", pattern.source):
                if wanted not in grammar.lists:
                    raise ValueError(f"{name}: no list {wanted}: {pattern.source}")
    for name, words in grammar.lists.items():
        nodes: list[Node] = [words]
        while nodes:
            node = nodes.pop()
            if isinstance(node, Reference) and node.name not in grammar.lists:
                raise ValueError(f"list {name}: no list {node.name}")
            nodes += getattr(node, "parts", getattr(node, "options", []))
