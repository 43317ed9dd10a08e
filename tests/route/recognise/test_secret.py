"""Keys by their marks, and what a text calls a password or a code."""

import time

from edgewise.route.recognise.folded import fold
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


@each_row(
    "text, secret",
    [
        ("为什么我的锁屏密码258036不安全？", "258036"),
        ("为什么密码Lion2020会被猜到", "Lion2020"),
        ("为什么开机密码4821不好", "4821"),
        ("我的支付密码一二三四不安全吗", "一二三四"),
        ("为什么我的密码一二三四五六不安全", "一二三四五六"),
        ("密码是小猫咪2019，为什么容易猜？", "小猫咪2019"),
        ("我的密码是小猫咪，安全吗", "小猫咪"),
        ("为什么我的密码Mondschein不安全", "Mondschein"),
        ("为什么Lion2020这个密码不安全", "Lion2020"),
        ("9034是我家的门锁密码，为什么打不开", "9034"),
        ("pasword for the router is Mondschein42, should i", "Mondschein42"),
        ("my passwort is Hundehuette9", "Hundehuette9"),
        ("my password is Hundehuette9, is that ok", "Hundehuette9"),
        ("wifi pw: Sonnenblume_7", "Sonnenblume_7"),
        ("why is my PW Tiger55! rejected?", "Tiger55!"),
        ("my pass code is Tiger55", "Tiger55"),
        ("the pwd is kumquat", "kumquat"),
        ("why is hunter2fish a weak password for my mail?", "hunter2fish"),
        ("hunter2fish is my old password, why is it weak", "hunter2fish"),
        ("swordfish is my password", "swordfish"),
        ("why does my Netflix login anna/Tiger55! not work?", "Tiger55!"),
        ("account: anna:Tiger55 is locked", "Tiger55"),
        ("why does the garage keypad reject 9034, my code?", "9034"),
        ("my password is purple frog lamp seven", "purple frog lamp seven"),
        ("password: correct horse battery staple, why is it good", "correct horse battery staple"),
        ("my password is swordfish and I forgot my mail", "swordfish"),
    ],
)
def test_a_password_is_found_however_it_is_called(text: str, secret: str):
    assert ("PASSWORD", secret) in read(find_secrets, text)


@each_row(
    "text",
    [
        "why is a password needed", "密码是怎么发明的", "密码是什么时候发明的", "密码8位够吗",
        "密码学是什么", "密码至少要12位吗", "为什么密码是1970年发明的", "我的密码是不是太短", "我的密码是什么",  # noqa: E501
        "为什么密码123个字符更安全", "what is a weak password?", "why is this a bad password?",
        "is a passphrase a better password", "my password is too short", "why is my password weak",
        "In 2024, my code broke", "since 2019 my code works", "how does a login page work",
        "what is the login and/or logout flow", "shopping is fun and spin is fun",
        "why does a pin number have four digits", "passkeys are better", "why was password hashing invented",  # noqa: E501
        "what does pw mean", "the password is stored as a hash", "is this your password", "密码管理器App好用吗",  # noqa: E501
        "why do people use 123 as a suffix", "my account is overdrawn: what now",
        "what is the difference between a password and a passkey", "password policy in 2024",
        "what is an access code for", "我的密码忘了怎么办", "密码是一种什么技术", "密码是必须的吗",
    ],
)  # fmt: skip
def test_ordinary_words_about_passwords_are_left(text: str):
    assert read(find_secrets, text) == []


def test_a_long_text_about_passwords_is_read_in_linear_time():
    for piece in (
        "密码",
        "password ",
        "a a my ",
        "login a/",
        "1234, my ",
        "我的密码是",
        "x is my ",
    ):
        began = time.perf_counter()
        list(find_secrets(fold(piece * 20_000)))
        assert time.perf_counter() - began < 2
