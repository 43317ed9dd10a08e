"""Keys by their marks, and what a text calls a password or a code."""

from edgewise.route.recognise.secret import find_secrets, is_random
from tests.each_row import each_row
from tests.route.recognise.reading import read


@each_row(
    "text",
    ["sk-proj-abcdefghijklmnopqrstuv1234", "ghp_" + "a1" * 18, "AKIAIOSFODNN7EXAMPLE",
     "AIza" + "Sy4" * 11 + "xx", "LTAI5tAbcdEfgh1234Ijkl", "xoxb-1234567890-abcdef", "hf_" + "aB3" * 10,  # noqa: E501
     "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
     "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY9"],
)  # fmt: skip
def test_a_key_is_known_by_its_mark_or_its_disorder(text: str):
    assert ("KEY", text) in read(find_secrets, f"用{text} 调用")


def test_a_private_key_is_hidden_whole_even_without_its_end():
    block = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----"
    assert ("KEY", block) in read(find_secrets, f"{block}\nok")
    assert ("KEY", block[:40]) in read(find_secrets, block[:40])


@each_row(
    "before, secret",
    [("密码是", "hunter22"), ("密码：", "Long#Pass1"), ("wifi password: ", "correct-horse"),
     ("my password is ", "swordfish"), ("PIN is ", "4821"), ("密码改成", "abc12345")],
)  # fmt: skip
def test_a_password_that_is_called_one_is_found(before: str, secret: str):
    assert read(find_secrets, f"{before}{secret}") == [("PASSWORD", secret)]


@each_row("text", ["验证码483920", "您的验证码是 483920", "your verification code is 483920",
                   "483920 is your login code", "验证码：483 920"])  # fmt: skip
def test_a_one_time_code_is_found(text: str):
    assert [kind for kind, _ in read(find_secrets, text)] == ["CODE"]


@each_row(
    "text",
    ["I forgot my password", "change the password please", "密码忘了怎么办", "error code 404",
     "zip code 48750", "internationalization_of_everything", "550e8400-e29b-41d4-a716-446655440000",
     "https://example.com/a/long/path/to/some/Page2Of3"],
)  # fmt: skip
def test_what_is_no_secret_is_left(text: str):
    assert read(find_secrets, text) == []


def test_a_hash_alone_is_not_taken_for_a_key():
    assert not is_random("d41d8cd98f00b204e9800998ecf8427e")
    assert is_random("wJalrXUtnFEMIK7MDENGbPxRfiCYz3")
