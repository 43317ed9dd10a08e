"""Addresses in Latin letters: an anchor (a street's word, a room, a box) and what is around it.

From its anchor an address grows over capitalised words, numbers and the small words between them,
to the end of the sentence; on the following lines as well, before it only on its own. A bare name
of a street or a building is not found.
"""

import re
from collections.abc import Iterator

from edgewise.route.recognise.folded import Folded
from edgewise.route.recognise.found import Found, Kind, found

_FREE = r"(?<![0-9A-Za-z.,\-/:$€£#].)"
_CAP = r"[A-ZÀ-ÞĀ-ŽΑ-ΩА-Я][^\W\d_]{0,31}+\.?"
_WORDS = rf"(?:(?:{_CAP}|(?:de|du|da|do|des|della|del|la|le|al|el|z|dos|gate|utca|terrasse)\b|u\.|út|ul\.|rkp\.) ){{1,5}}"  # noqa: E501
_STREET = (
    r"(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Courts?|Ct|Squares?|Sq|Place"
    r"|Pl|Terrace|Ter|Way|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Crescent|Close|Quay|Row|Alley|Trail"
    r"|Grove|Gardens|Mews|Streets|Roads|Strasse|Straße|Str|Weg|Platz|Allee)"
)
_NUMBERED = re.compile(rf"\d{_FREE}\d{{0,4}}[A-Za-z]?,? (?:\d{{1,5}} )?{_WORDS}{_STREET}\b\.?")
_BETWEEN = re.compile(
    rf"\d{_FREE}(?!(?<=1)9\d\d\b|(?<=2)0\d\d\b)\d{{2,4}} (?:\d{{1,4}} )?{_WORDS}\d{{1,5}}[A-Za-z]?\b\.?"  # noqa: E501
)
_COMPOUND = re.compile(
    rf"{_CAP}(?<![^\W_].)(?: {_CAP}){{0,3}} ?(?:(?<=strasse )|(?<=straße )|(?<=gasse )|(?<=gatan )"
    r"|(?<=gata )|(?<=vej )|(?<=gade )|(?<=vegen )|(?<=veien )|(?<=laan )|(?<=straat )|(?<=katu )"
    r"|(?<=utca )|(?<=tér )|(?<=ulice )|(?<=Strasse )|(?<=Street )|(?<= u\. )|(?<= út ))\d{1,5}\b"
)
_FOREIGN = re.compile(
    r"\b(?:Rue|rue|Rúa|Via|Viale|Vicolo|Rua|Calle|Avenida|Avda\.|Avenue|Carrera|Plaza|Piazza|Chemin"
    r"|ul\.|ulica|Corso|Rúa)(?: [^\W_][^\s,?!.]{0,20}){1,6}? \d{1,5}\b|\d{1,5} [Rr]ue (?:[Dd]e )?[^\W\d_]+"  # noqa: E501
)
_ROOM = re.compile(r"\b(?:apt|apartment|suite|ste|unit|flat)\b\.? ?#?[0-9][0-9a-z\-]{0,5}")
_BOX = re.compile(
    r"\bp\.? ?o\.? ?box \d{1,6}|\b(?:psc|unit|cmr) \w{1,8},? ?box \d{1,6}|\bus(?:ns|s|cgc) \w{2,16}\n"  # noqa: E501
    r"|\b[adf]po a[aep] \d{5}"
)
_CORNER = re.compile(
    r"\bthe corner of (?:[^\W_][^\s,?!]{0,20} ){1,8}?and [^\s,?!.]{2,24}(?: [A-Z]\w{1,16})?"
)
_ANNOUNCED = re.compile(
    r"(?:[Aa]ddress(?:es)?|[Oo]ffices?|house|home|flat|restaurant|station)"
    r"(?: of [^\n:]{1,40}?| linked [^\n:]{1,40}?)?"
    r"(?: here they are:| is now| (?:is|are) located at| is at| is on| is|: ?\n?|:| to the same:| to)"  # noqa: E501
    r"[ ]{1,6}(?P<value>\d{1,5}(?= \w)|[A-ZÀ-ÞĀ-ŽΑ-ΩА-Я][^\n?!,]{2,40}? \d{1,5}\b)"
    r"|(?:\b[Ll]ive[sd]?|[Ll]iving|[Rr]eside[sd]?|meet you|meet me|arrived|[Rr]eturn|drops you off|sent"  # noqa: E501
    r"|living|located)(?: it| this)? (?:at|in|to|on) (?P<other>\d{1,5}(?= \w)"
    r"|[A-ZÀ-ÞĀ-ŽΑ-ΩА-Я][^\n?!,]{2,30}? \d{1,5}\b)"
)
_LED = re.compile(
    r"(?:address(?:es)?|lives?|located|\bat|\bin|\bto|\bfrom|offices?|sent|home|of|\bon|\bis|now|user:|and"
    r"|here they are:|same:|following\?|:|\n)[\s>?]{0,6}$"
)
_NEXT = re.compile(r"(?P<gap>[ ,>?\n\-]{1,8})(?P<word>[^\s,>?]{1,32})")
_LAST = re.compile(r"(?P<word>[^\s,>?]{1,24})(?P<gap>,? |, )$")
_MORE_DIGITS = re.compile(r"[ \-]\d")
_SMALL = frozenset(
    "de du da do des della del la le al el avenue van der den von ten u. út ul. rkp. nan and of z v u apt."  # noqa: E501, SIM905
    " apt suite unit box dos dei".split()
)
_OTHERS = frozenset(
    "i it it's we we'll you he she they the our my this is in at on to for please can could who what"  # noqa: E501, SIM905
    " when where if phone mobile fax desk email e-mail name when:".split()
)


def find_addresses(folded: Folded) -> Iterator[Found]:
    """Addresses with a number in them."""
    text = folded.text
    for shape in (_NUMBERED, _COMPOUND, _FOREIGN, _CORNER, _ROOM, _BOX):
        last = 0
        for one in shape.finditer(folded.lower if shape in (_ROOM, _BOX) else text):
            if one.start() >= last:
                start, last = _grown(text, *one.span())
                yield found(Kind.ADDRESS, start, last)
    for one in _ANNOUNCED.finditer(text):
        group = "value" if one["value"] else "other"
        start, end = _grown(text, *one.span(group), before=False)
        if end - start > 6:
            yield found(Kind.ADDRESS, start, end)
    for one in _BETWEEN.finditer(text):
        start, end = _grown(text, *one.span())
        grown = "\n" in text[start:end] or "," in text[start:end] or end - one.end() > 5
        if grown or _LED.search(folded.lower, max(0, start - 24), start):
            yield found(Kind.ADDRESS, start, end)


def _grown(text: str, start: int, end: int, *, before: bool = True) -> tuple[int, int]:
    """The stretch with what belongs to it on both sides; at most eight words before, 16 after."""
    for _ in range(8 if before else 0):
        one = _LAST.search(text, max(0, start - 28), start)
        if (
            one is None
            or not _belongs(one["word"])
            or (one["word"][-1] in ".:;!" and (one["word"].lower() not in _SMALL))
        ):
            break
        start = one.start()
    for _ in range(16):
        one = _NEXT.match(text, end)
        if one is None or not _goes_on(text, end, one):
            break
        end = one.end()
    bare = text[start:end].rstrip(" ,.:;?!\n")
    return start, start + len(bare)


def _goes_on(text: str, end: int, one: re.Match[str]) -> bool:
    word, gap = one["word"], one["gap"]
    lines = gap.count("\n")
    if not _belongs(word) or word[-1] in ":@" or ("?" in gap and not lines):
        return False
    if lines > 1 and not gap.endswith(" "):
        return False
    if word[0].isdigit() and lines and _MORE_DIGITS.match(text, one.end()):
        return False
    if text[end - 1] == "." and not lines:
        last = text[max(0, end - 6) : end].split()[-1]  # noqa: PLC0207
        return (last[:-1].isalpha() and len(last) <= 5) or word.lower().startswith(("apt", "suite"))
    return True


def _belongs(word: str) -> bool:
    bare = word.rstrip(".,;:?!)'\"").lstrip("(")
    if not bare or bare.lower() in _OTHERS:
        return False
    if bare[0].isdigit():
        return len(bare) <= 6 or (bare.replace("-", "").isdigit() and len(bare) <= 10)
    return bare[0].isupper() or word.lower() in _SMALL
