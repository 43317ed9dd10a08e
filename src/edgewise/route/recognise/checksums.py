"""Numbers that prove themselves: resident IDs, bank cards, companies, cars, accounts.

Sources: GB 11643-1999 (resident ID, ISO 7064 MOD 11-2; the form of 15 digits has no check), ISO/IEC
7812 with the issuers' ranges and Luhn's check, GB 32100-2015 (unified social credit code), GB 16735
and ISO 3779 (VIN; its check digit is a duty in China and North America), ISO 13616 (IBAN). A number
that a typing error broke is found only where the text says what it is (`papers.py`).
"""

import re
from collections.abc import Iterator

from edgewise.route.recognise.folded import Folded
from edgewise.route.recognise.found import Found, Kind, found

_GAP = r"[ .\-]{1,2}"
_ALONE = r"(?<![0-9A-Za-z].)"
_APART = r"(?<![0-9].)"
_END = r"(?![0-9A-Za-z])"
_ID = re.compile(
    rf"[1-9]{_APART}(?=((?:\d{{16}}|\d{{5}}{_GAP}\d{{8}}{_GAP}\d{{3}}"
    rf"|\d{{5}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{3}}"
    rf"|\d\d{_GAP}\d{{3}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{3}}|\d{{5}}{_GAP}\d{{11}}"
    rf"|(?<!\d[ .-].)(?:{_GAP}\d){{16}}|\d{{1,14}}{_GAP}\d{{1,14}})(?:{_GAP})?[\dXx]"
    rf"|\d{{14}}){_END})"
)
_CARD = re.compile(
    rf"[1-69]{_APART}(?=(\d{{11,18}}|\d{{3}}(?:{_GAP}\d{{4}}){{2}}{_GAP}\d{{1,4}}"
    rf"(?:{_GAP}\d{{1,3}})?|\d{{3}}{_GAP}\d{{6}}{_GAP}\d{{4,5}}|\d{{5}}{_GAP}\d{{6,13}}"
    rf"|(?<!\d[ .-].)(?:{_GAP}\d){{11,18}}){_END})"
)
_COMPANY = re.compile(rf"[1-9ANYa-y]{_ALONE}[1-59]\d{{6}}[0-9A-HJ-NPQRTUWXYa-y]{{10}}{_END}")
_CAR = re.compile(rf"[A-HJ-NPR-Za-z0-9]{_ALONE}[A-HJ-NPR-Za-hj-npr-z0-9]{{12}}\d{{4}}{_END}")
_CAR_SPELT = re.compile(
    rf"[A-HJ-NPR-Za-hj-npr-z0-9]{_ALONE}(?=((?:[ \-][A-HJ-NPR-Za-hj-npr-z0-9]){{12}}"
    rf"(?:[ \-]\d){{4}}){_END})"
)
_ACCOUNT = re.compile(rf"[A-Z]{_ALONE}[A-Z]\d\d(?: ?[A-Z0-9]){{11,30}}{_END}")
_CAR_SAID = re.compile(
    r"(?:vin(?: (?:number|no\.?))?(?: (?:is|was))?|车架号|识别代号|识别码|大架号)[^0-9a-z]{0,12}$"
)

_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65"  # noqa: SIM905
    " 71 81 82 83 91".split()
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ISSUERS = (
    (range(4000, 5000), (13, 16, 19)),
    (range(5100, 5600), (16,)),
    (range(2221, 2721), (16,)),
    (range(3400, 3500), (15,)),
    (range(3700, 3800), (15,)),
    (range(3000, 3060), (14, 16)),
    (range(3600, 3700), (14, 16)),
    (range(3800, 4000), (14, 16)),
    (range(3500, 3590), (16, 17, 18, 19)),
    (range(2131, 2132), (15,)),
    (range(1800, 1801), (15,)),
    (range(6200, 6300), (16, 17, 18, 19)),
    (range(6011, 6012), (16, 19)),
    (range(6440, 6600), (16, 19)),
    (range(9558, 9559), (19,)),
    (range(5000, 5100), (12, 13, 16, 19)),
    (range(5600, 6000), (12, 13, 16, 19)),
    (range(6300, 6400), (12, 13, 16, 19)),
    (range(6700, 6800), (12, 13, 16, 19)),
)
"""First four digits and lengths of cards that are issued (ISO/IEC 7812-1; Maestro in the last)."""
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_COMPANY_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CAR_VALUES = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ0123456789",
        (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9, *range(10)),
        strict=True)
)  # fmt: skip
_CAR_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_ACCOUNT_LENGTHS = {
    "AD": 24, "AE": 23, "AT": 20, "AZ": 28, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "CH": 21,
    "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "ES": 24, "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21,
    "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28,
    "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MT": 31,
    "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24,
    "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29,
}  # fmt: skip


def find_checked(folded: Folded) -> Iterator[Found]:
    """Everything whose own check holds."""
    yield from _numbers(folded, _ID, Kind.RESIDENT_ID)
    yield from _numbers(folded, _CARD, Kind.CARD)
    for one in _COMPANY.finditer(folded.text):
        if is_company(one[0].upper()):
            yield found(Kind.COMPANY, *one.span())
    for one in _CAR.finditer(folded.text):
        said = _CAR_SAID.search(folded.lower, max(0, one.start() - 32), one.start())
        if is_car(one[0].upper()) or (said and not one[0].isdigit()):
            yield found(Kind.VIN, *one.span())
    for one in _CAR_SPELT.finditer(folded.text):
        if is_car(_bare(one[0] + one[1])):
            yield found(Kind.VIN, one.start(), one.end(1))
    for one in _ACCOUNT.finditer(folded.text):
        if length := is_account(one[0]):
            yield found(Kind.IBAN, one.start(), one.start() + length)


def _numbers(folded: Folded, shape: re.Pattern[str], kind: Kind) -> Iterator[Found]:
    holds = is_resident if kind is Kind.RESIDENT_ID else is_card
    for one in shape.finditer(folded.text):
        written = one[0] + one[1]
        unchecked = kind is Kind.RESIDENT_ID and len(_bare(written)) < 18
        if holds(_bare(written)) and not (unchecked and not written.isdigit()):
            yield found(kind, one.start(), one.end(1))


def _bare(number: str) -> str:
    return number.replace(" ", "").replace("-", "").replace(".", "").upper()


def is_resident(number: str) -> bool:
    """Whether `number` is a resident ID: province, date of birth and, if it has one, the check."""
    if number[:2] not in _PROVINCES:
        return False
    if len(number) == 15:
        return _is_date(number[6:12])
    if len(number) != 18 or number[6:8] not in ("19", "20") or not _is_date(number[8:14]):
        return False
    return number[17] == resident_check(number[:17])


def resident_check(number: str) -> str:
    """The last character of a resident ID (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11]


def _is_date(number: str) -> bool:
    month, day = int(number[2:4]), int(number[4:6])
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def is_card(number: str) -> bool:
    """Whether `number` is a bank card's: an issuer's range and length, and Luhn's check."""
    head = int(number[:4])
    known = any(head in heads and len(number) in lengths for heads, lengths in _ISSUERS)
    return known and luhn(number) == 0


def luhn(number: str) -> int:
    """Luhn's sum of decimal digits modulo ten; 0 where the check holds."""
    digits = list(map(int, reversed(number)))
    return (sum(digits[::2]) + sum(_DOUBLED[digit] for digit in digits[1::2])) % 10


def is_company(code: str) -> bool:
    """Whether `code` is a unified social credit code."""
    return set(code) <= set(_COMPANY_LETTERS) and code[17] == company_check(code)


def company_check(code: str) -> str:
    """The last character of a unified social credit code (GB 32100)."""
    total = sum(
        _COMPANY_LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(code[:17])
    )
    return _COMPANY_LETTERS[-total % 31]


def is_car(vin: str) -> bool:
    """Whether `vin` is a vehicle's number with a right check digit; all digits are none's."""
    return not vin.isdigit() and len(set(vin)) > 3 and vin[8] == car_check(vin)


def car_check(vin: str) -> str:
    """The ninth character of a vehicle's number (GB 16735)."""
    total = sum(
        _CAR_VALUES[letter] * weight for letter, weight in zip(vin, _CAR_WEIGHTS, strict=True)
    )
    return "0123456789X"[total % 11]


def is_account(text: str) -> int:
    """The length, as written, of the IBAN that `text` begins with; 0 without one."""
    length = _ACCOUNT_LENGTHS.get(text[:2], 0)
    places = [place for place, letter in enumerate(text) if letter != " "]
    if not length or len(places) < length:
        return 0
    end = places[length - 1] + 1
    code = text[:end].replace(" ", "")
    spelt = "".join(str(int(letter, 36)) for letter in code[4:] + code[:4])
    rest = text[end:]
    return end if int(spelt) % 97 == 1 and (not rest or rest[0] == " ") else 0
