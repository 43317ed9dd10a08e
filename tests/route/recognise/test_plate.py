"""Chinese number plates of all families."""

from edgewise.route.recognise.plate import find_plates
from tests.each_row import each_row
from tests.route.recognise.reading import read


@each_row(
    "text",
    ["京A12345", "京A·12345", "沪 A 12345", "粤bd12345", "京AD12345", "京A12345D", "沪C1234学",
     "京A1234警", "粤Z·1234港", "粤Z1234澳", "使014578", "沪A0023领", "WJ京1234X"],
)  # fmt: skip
def test_a_plate_is_found(text: str):
    assert read(find_plates, f"跟着{text}走") == [("PLATE", text)]


@each_row("text", ["京ABCDEF", "苏A大", "浙江12345", "京A1234567890"])
def test_what_is_no_plate_is_left(text: str):
    assert read(find_plates, f"跟着{text}走") == []
