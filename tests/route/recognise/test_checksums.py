"""Numbers that prove themselves are found in every grouping, and not when their check fails."""

from edgewise.route.recognise.checksums import (
    find_checked,
    is_account,
    is_card,
    is_company,
    is_resident,
)
from tests.each_row import each_row
from tests.route.recognise.reading import read


@each_row(
    "text, kind",
    [
        ("11010519491231002X", "RESIDENT_ID"),
        ("11010519491231002x", "RESIDENT_ID"),
        ("110105 19491231 002X", "RESIDENT_ID"),
        ("1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X", "RESIDENT_ID"),
        ("11010519491231 002X", "RESIDENT_ID"),
        ("1101051949 1231002X", "RESIDENT_ID"),
        ("110105-19491231002X", "RESIDENT_ID"),
        ("11010519491231 002 X", "RESIDENT_ID"),
        ("110105491231002", "RESIDENT_ID"),
        ("4111111111111111", "CARD"),
        ("4111 1111 1111 1111", "CARD"),
        ("4111-1111-1111-1111", "CARD"),
        ("3782 822463 10005", "CARD"),
        ("91350100M000100Y43", "COMPANY"),
        ("1HGCM82633A004352", "VIN"),
        ("1 H G C M 8 2 6 3 3 A 0 0 4 3 5 2", "VIN"),
        ("1-h-g-c-m-8-2-6-3-3-a-0-0-4-3-5-2", "VIN"),
        ("GB82WEST12345698765432", "IBAN"),
        ("DE89 3704 0044 0532 0130 00", "IBAN"),
    ],
)
def test_a_number_whose_check_holds_is_found(text: str, kind: str):
    assert (kind, text) in read(find_checked, f"号{text}，")


@each_row(
    "text",
    [
        "110105194912310021",  # check
        "11010519491331003X",  # month
        "09010519491231002X",  # province
        "4111111111111112",  # Luhn
        "7111111111111117",  # issued by nobody
        "41111111111111110000000",  # part of a longer number
        "91350100M000100Y44",
        "1HGCM82633A004353",
        "1 H G C M 8 2 6 3 3 A 0 0 4 3 5 3",
        "11010519491231 0021",
        "110105 491231002",  # has no check, so that only its form speaks for it
        "2024 110105194912310021",
        "GB82WEST12345698765433",
    ],
)
def test_a_number_whose_check_fails_is_none(text: str):
    assert read(find_checked, f"no. {text} is it") == []


def test_a_real_number_after_one_that_fails_is_found():
    assert read(find_checked, "1234 4111 1111 1111 1111") == [("CARD", "4111 1111 1111 1111")]


def test_a_vehicle_that_the_text_names_needs_no_check():
    for said in ("VIN: {}", "my vin is {}", "VIN number {}", "车架号是{}"):
        assert read(find_checked, said.format("WVWZZZ1KZAW000001")) == [
            ("VIN", "WVWZZZ1KZAW000001")
        ]
    assert read(find_checked, "code WVWZZZ1KZAW000001") == []


def test_each_check_refuses_every_changed_digit():
    for holds, number in ((is_resident, "110105194912310038"), (is_card, "4111111111111111")):
        base = number if holds(number) else "11010519491231002X"
        assert holds(base)
        last = base[-2]
        assert not any(
            holds(base[:-2] + other + base[-1]) for other in "0123456789" if other != last
        )
    assert is_company("91350100M000100Y43")
    assert is_account("GB82WEST12345698765432 and") == 22
