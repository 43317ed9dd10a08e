"""Addresses in Latin letters, to their last word."""

from edgewise.route.recognise.address import find_addresses
from tests.each_row import each_row
from tests.route.recognise.reading import read


@each_row(
    "before, address, after",
    [
        ("ship it to ", "221 Baker Street", " please"),
        ("I live at ", "14 Crown Street\n Suite 321\n LONDON\n United Kingdom 75419", "? yes"),
        ("send it to ", "P.O. Box 149", " today"),
        ("write to ", "PSC 0413, Box 8144\nAPO AA 42323", "."),
        ("address: ", "Hauptstrasse 12, Berlin", ". It is far"),
        ("in ", "Apt. 864", " now"),
        ("at ", "Rue de Rivoli 45", " today"),
        ("meet at ", "the corner of Pachergasse 64 and Elm Street", "."),
        ("the address is ", "6750 Koskikatu 25 Apt. 864\nArtilleros\n, CO\n Uruguay 64677", ""),
    ],
)
def test_an_address_is_covered_to_its_end(before: str, address: str, after: str):
    text = before + address + after
    found = read(find_addresses, text)
    assert any(address in value for _, value in found), found
    assert not any(after and value.endswith(after) for _, value in found), found


@each_row(
    "text",
    ["set it to 21 degrees", "We sold 500 Street Fighter games", "Chapter 12 of The Way Home",
     "in 2024 World Cup 32 teams play", "a suite of tests", "take exit 12 then go on"],
)  # fmt: skip
def test_a_number_beside_words_is_no_address(text: str):
    assert read(find_addresses, text) == []
