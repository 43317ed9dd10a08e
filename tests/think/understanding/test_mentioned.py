"""Names that no template expects fill text arguments; what stands in a name orders nothing."""

from edgewise.act.catalogue import builtin_catalogue
from edgewise.core.signal import JsonValue
from edgewise.think.understanding.declared import declare
from edgewise.think.understanding.mentioned import KINDS, names_of, with_mentions, without_names
from edgewise.think.understanding.normalise import normalise
from edgewise.think.understanding.tagging import Span

DECLARED = {c.name: declare(c) for c in builtin_catalogue().capabilities}


def marked(text: str, **words: str) -> list[Span]:
    """Spans of the words, by kind, in the order of the text."""
    found = [Span(kind, text.index(w), text.index(w) + len(w)) for kind, w in words.items()]
    return sorted(found, key=lambda mention: mention.start)


def filled(name: str, text: str, given: dict[str, JsonValue] | None = None, **words: str):
    said = normalise(text)
    return with_mentions(DECLARED[name], given or {}, said, marked(said.plain, **words))


def test_a_name_fills_the_argument_that_its_kind_fits():
    assert filled("contact.find", "Who is Zyx Quorn", person="zyx quorn") == {"name": "Zyx Quorn"}


def test_what_a_template_found_stays():
    given: dict[str, JsonValue] = {"name": "Bo"}
    assert filled("contact.find", "who is Bo Li", given, person="bo li") == given


def test_several_words_of_fitting_kinds_are_taken_from_the_first_to_the_last():
    got = filled("media.play", "play Blue Sun by Ora", song_name="blue sun", artist_name="ora")
    assert got == {"query": "Blue Sun by Ora"}


def test_a_mention_of_another_kind_fills_nothing():
    assert filled("contact.find", "who is it on monday", date="monday") == {}


def test_a_search_is_given_the_whole_clause():
    assert filled("info.search", "Tallest tower?") == {"query": "Tallest tower"}


def test_every_argument_that_a_mention_may_fill_is_declared():
    for name, argument in KINDS:
        assert DECLARED[name].capability.argument(argument) is not None, (name, argument)


def test_names_are_blanked_and_other_mentions_stay():
    text = "play windows on friday"
    mentions = marked(text, song_name="windows", date="friday")
    assert names_of(mentions) == [(5, 12)]
    assert without_names(text, mentions) == "play         on friday"
