"""Finds personal data in a text, by shapes, checks and names; nothing is learnt, nothing is asked.

One file a family of kinds. Each reads the text in one form (`folded.py`), in time linear in its
length whatever the text holds. What no rule describes is not found: recall by kind is measured in
docs/reference/routing.md, and no recogniser is a reason to send what need not be sent.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from edgewise.core.label import Label, Sensitivity
from edgewise.route.recognise.address import find_addresses
from edgewise.route.recognise.address_chinese import find_chinese_addresses
from edgewise.route.recognise.checksums import find_checked
from edgewise.route.recognise.children import tells_of_child
from edgewise.route.recognise.contact import find_contacts, find_links
from edgewise.route.recognise.dates import find_births
from edgewise.route.recognise.folded import Folded, fold
from edgewise.route.recognise.found import Found, Kind, found, settle
from edgewise.route.recognise.known import Known, Names
from edgewise.route.recognise.matters import tells_of_matter
from edgewise.route.recognise.papers import find_papers
from edgewise.route.recognise.person import find_people
from edgewise.route.recognise.place import find_places
from edgewise.route.recognise.plate import find_plates
from edgewise.route.recognise.secret import find_secrets
from edgewise.route.recognise.tracks import tells_of_track

__all__ = [
    "Found",
    "Kind",
    "Known",
    "Names",
    "label_of_words",
    "recognise",
    "recognise_each",
    "sensitivity_of",
]

_FAMILIES = (
    find_checked,
    find_papers,
    find_secrets,
    find_contacts,
    find_plates,
    find_places,
    find_addresses,
    find_chinese_addresses,
    find_births,
    find_people,
)


def recognise(text: str, known: Known | Names) -> tuple[Found, ...]:
    """What `text` holds of personal data, in order and apart, with offsets in `text` as given.

    `Names` spares the making of an index for each text. A link that holds any of it is found as a
    whole, so that no link is ever put together again from what a cloud wrote.
    """
    return settle(recognise_each(text, known))


def recognise_each(text: str, known: Known | Names) -> tuple[Found, ...]:
    """The same before what overlaps is made one: a password within a link is found by itself, too,
    so that it can be known again without the link."""
    names = known if isinstance(known, Names) else Names(known)
    folded = fold(text)
    findings = [
        *(one for family in _FAMILIES for one in family(folded)),
        *names.find(folded),
    ]
    if findings:
        findings += _holding(folded, settle(findings))
    return tuple(
        Found(one.kind, *folded.original(one.start, one.end), one.sensitivity) for one in findings
    )


def sensitivity_of(text: str, known: Known | Names) -> Sensitivity:
    """SENSITIVE where `text` tells of somebody's sensitive matter, child or daily way, else
    PLAIN."""
    names = known if isinstance(known, Names) else Names(known)
    folded = fold(text)
    people = [one for one in (*find_people(folded), *names.find(folded)) if one.kind is Kind.PERSON]
    told = tells_of_matter(folded, people) or tells_of_child(folded) or tells_of_track(folded)
    return Sensitivity.SENSITIVE if told else Sensitivity.PLAIN


def label_of_words(label: Label, words: Iterable[str], known: Known | Names) -> Label:
    """`label`, as sensitive as the matter of `words` is."""
    told = (sensitivity_of(one, known) for one in words)
    return replace(label, sensitivity=max(label.sensitivity, *told))


def _holding(folded: Folded, findings: tuple[Found, ...]) -> Iterator[Found]:
    """The links that overlap a finding; both are in order, so that each is looked at once."""
    place = 0
    for start, end in find_links(folded):
        while place < len(findings) and findings[place].end <= start:
            place += 1
        if place < len(findings) and findings[place].start < end:
            yield found(Kind.URL, start, end)
