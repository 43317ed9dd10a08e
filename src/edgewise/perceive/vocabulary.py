"""The words that are likely on this device, from what it can do, whom and what it knows. Pure.

Names come first (no recogniser knows them), then what things and choices are called, then whole
sentences that the capabilities give as examples: a prompt takes the first, what corrects words by
their sound takes all.
"""

from collections.abc import Iterable

from edgewise.core.capability import Capability, Example
from edgewise.core.words import Language
from edgewise.perceive.hear import Vocabulary

SHORT = 8
"""Characters of Chinese, or twice as many of English, up to which a word is no sentence."""

LONGEST_WORD = 64
"""Characters; the longest of the catalogue has 66 in English, 24 in Chinese."""
MOST_HAN = 12_288
MOST_CHARACTERS = 65_536
"""Of all words: what is comparing costs each time it changes. The catalogue has 6,900 of Chinese,
23,700 of English; the rest is for names."""


def vocabulary_of(
    capabilities: Iterable[Capability],
    language: Language,
    *,
    contacts: Iterable[str] = (),
    places: Iterable[str] = (),
    names: Iterable[str] = (),
) -> Vocabulary:
    """The vocabulary in one language. `names`: of applications, playlists, devices, rooms."""
    usable = [one for one in capabilities if one.available]
    known = _once([*contacts, *places, *names])
    words = [*known, *_called(usable, language)]
    words += [example.text for one in usable for example in _examples(one, language)]
    return Vocabulary(_once(words), known)


def bounded(vocabulary: Vocabulary) -> Vocabulary:
    """What ears take of a vocabulary, which may be a stranger's: no word that is too long, and
    from the first on as many as have room. What is left out is heard without its help."""
    taken: list[str] = []
    room, han_room = MOST_CHARACTERS, MOST_HAN
    for word in vocabulary.words:
        if len(word) > LONGEST_WORD:
            continue
        room -= len(word)
        han_room -= sum(not character.isascii() for character in word)
        if room < 0 or han_room < 0:
            break
        taken.append(word)
    kept = set(taken)
    names = tuple(name for name in dict.fromkeys(vocabulary.names) if name in kept)
    return Vocabulary(tuple(taken), names)


def prompt_words(vocabulary: Vocabulary, characters: int) -> tuple[str, ...]:
    """As many of the short words, from the first on, as have room."""
    taken: list[str] = []
    for word in vocabulary.words:
        longest = SHORT if not word.isascii() else 2 * SHORT
        if len(word) > longest:
            continue
        characters -= len(word) + 1
        if characters < 0:
            break
        taken.append(word)
    return tuple(taken)


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))


def _called(capabilities: Iterable[Capability], language: Language) -> Iterable[str]:
    """What the choices of arguments are called, round by round: one of each capability first."""
    rounds = [list(_choices(one, language)) for one in capabilities]
    for at in range(max(map(len, rounds), default=0)):
        yield from (words[at] for words in rounds if at < len(words))


def _choices(capability: Capability, language: Language) -> Iterable[str]:
    for argument in capability.arguments:
        for choice in argument.choices:
            said = choice.zh if language is Language.CHINESE else choice.en
            yield from (word for word in (choice.words.said_in(language), *said) if len(word) > 1)


def _examples(capability: Capability, language: Language) -> Iterable[Example]:
    return capability.zh if language is Language.CHINESE else capability.en
