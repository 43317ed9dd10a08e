"""What is said of wrong settings names the key and what may stand there."""

import msgspec
import pytest

from edgewise.cloud.config import Config
from edgewise.cloud.settings_faults import told_fault, wrong_address


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[xiaozhi]\nlanguage = "cn"', 'xiaozhi.language is one of "", "en", "zh"'),
        (
            '[[backend]]\nname = "a"\nusage = "x"',
            'backend[0].usage is one of "final", "continuous"',
        ),
        (
            '[[backend]]\nname = "a"\ntool_choice = ["x"]',
            'is one of "auto", "none", "required", "named"',
        ),
        ("host = ", "at the key host"),
        ("host = \n\n# the end\n", "at the key host"),
        ("port = 8475x\ncurrency = 'CNY'", "at the key port"),
        ("[senses]\nmost = 0", "`$.senses.most`"),
    ],
)
def test_a_fault_names_its_key_and_what_is_allowed(text: str, told: str):
    with pytest.raises(msgspec.MsgspecError) as wrong:
        msgspec.toml.decode(text, type=Config)
    assert told in told_fault(wrong.value, text.encode(), Config)


def test_no_value_of_the_file_is_said():
    text = "database = postgresql://user:secret@host/x"
    with pytest.raises(msgspec.MsgspecError) as wrong:
        msgspec.toml.decode(text, type=Config)
    told = told_fault(wrong.value, text.encode(), Config)
    assert "at the key database" in told
    assert "secret" not in told


@pytest.mark.parametrize(
    "url",
    ["http://192.168.1.10:8475", "https://edge.example", "https://edge.example/", "http://[::1]:1"],
)
def test_an_address_is_taken(url: str):
    assert wrong_address(url) == ""


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("192.168.1.10:8475", "write http://192.168.1.10:8475"),
        ("localhost:8475/", "write http://localhost:8475"),
        ("edge.example", "write http://edge.example"),
        ("ws://edge.example", "write an address like"),
        ("http://", "write an address like"),
        ("https://:8475", "write an address like"),
        ("http://edge.example:port", "write an address like"),
        ("http://edge.example:99999", "write an address like"),
        ("http://[::1", "write an address like"),
        ("http://edge. example", "write an address like"),
        (" ", "write an address like"),
        ("https://edge.example/xiaozhi/ota/", "alone: https://edge.example"),
        ("https://edge.example:8443/?a=b", "alone: https://edge.example:8443"),
        ("https://edge.example#x", "alone: https://edge.example"),
        ("https://user:secret@edge.example", "alone: https://edge.example"),
        ("http://[fe80::1]:8475/x", "alone: http://[fe80::1]:8475"),
    ],
)
def test_what_devices_could_not_use_is_refused_with_what_to_write(url: str, told: str):
    assert told in wrong_address(url)
