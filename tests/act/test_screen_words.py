"""Words on a screen: what a tap on them would set off, also where they hide."""

from hypothesis import given
from hypothesis import strategies as st

from edgewise.act.screen_letters import plain
from edgewise.act.screen_words import (
    COMMITS,
    COMMITS_ZH,
    LOOKS_UP,
    LOOKS_UP_ZH,
    MONEY_SHOWN,
    MONEY_SHOWN_ZH,
    NEUTRAL,
    NEUTRAL_ZH,
    PAYS,
    PAYS_ZH,
    SECRETS,
    SECRETS_ZH,
    SIGNS_IN,
    SIGNS_IN_ZH,
    amounts,
    asks_to_commit,
    commits,
    is_key,
    is_neutral,
    is_price,
    is_secret,
    is_sign,
    looks_up,
    names_a_secret,
    pays,
    shows_money,
    signs_in,
)
from tests.each_row import each_row


@each_row(
    "text",
    [
        "Send",
        "SUBMIT ORDER",
        "Post",
        "delete 3 photos",
        "发送",
        "确认删除",
        "发 送",
        "Sign",
        "Sign in and send",
    ],
)
def test_words_that_cannot_be_taken_back_are_known(text: str):
    assert commits(text)


@each_row(
    "text", ["Pay now", "Buy", "Pay$5", "pay12.00", "立即支付", "去结算", "确认转账", "¥30 付款"]
)
def test_words_that_move_money_are_known(text: str):
    assert pays(text)


@each_row(
    "text",
    [
        "Settings",
        "Search",
        "Posture",
        "Sender",
        "Repayable",
        "Payload",
        "搜索",
        "设置",
        "",
        "Sign in",
        "Sign-in with a code",
        "Purchase history",
        "支付宝",
        "转账记录",
        "Check out the news",
    ],
)
def test_other_words_are_not_taken_for_them(text: str):
    assert not commits(text)
    assert not pays(text)


@each_row(
    "text",
    ["P\u200bay now", "ＰＡＹ", "Pа\u0443", "Ρay", "Pa\u0301y", "pay\u00ad now", "支\u200b付"],
)
def test_a_word_does_not_hide_behind_invisible_wide_or_foreign_letters(text: str):
    assert pays(text)


@each_row("text", ["OK", "Yes, continue", "确定", "下一步", "", "→", "🙂", "好"])
def test_assent_is_neutral_and_so_is_what_has_no_words(text: str):
    assert is_neutral(text)


@each_row("text", ["Cancel", "你好", "Help", "取消", "联系客服"])
def test_what_says_something_else_is_not_neutral(text: str):
    assert not is_neutral(text)


@each_row("text", ["Password", "Enter your PIN", "请输入验证码", "6-digit verification code"])
def test_what_asks_for_a_secret_is_known_by_its_words(text: str):
    assert is_secret(text)
    assert not is_secret("Pinned notes, passwordless, 名称")


def test_a_screen_is_about_money_if_one_of_its_texts_is():
    assert shows_money(["Cart", "Order total: 12"])
    assert shows_money(["合计 ¥12"])
    assert not shows_money(["Inbox", "Settings", "天气"])


@each_row(
    ("text", "key"),
    [("1", True), ("a", True), ("00", True), ("OK?", False), ("", False), ("好", False)],
)
def test_keys_of_a_pad_are_one_or_two_letters(text: str, key: bool):
    assert is_key(text) is key


@given(st.sampled_from(COMMITS + COMMITS_ZH), st.text(max_size=20), st.text(max_size=20))
def test_a_commit_word_is_found_between_any_others(word: str, before: str, after: str):
    assert commits(f"{before} {word.upper()} {after}")


@given(st.sampled_from(PAYS + PAYS_ZH), st.text(max_size=20), st.text(max_size=20))
def test_a_word_that_pays_is_found_between_any_others(word: str, before: str, after: str):
    assert pays(f"{before}\n{word} {after}")


def test_every_word_of_the_lists_is_found_by_itself_and_once():
    for found, lists in (
        (commits, (COMMITS, COMMITS_ZH)),
        (pays, (PAYS, PAYS_ZH)),
        (is_neutral, (NEUTRAL, NEUTRAL_ZH)),
        (is_secret, (SECRETS, SECRETS_ZH)),
        (looks_up, (LOOKS_UP, LOOKS_UP_ZH)),
        (signs_in, (SIGNS_IN, SIGNS_IN_ZH)),
        (lambda text: shows_money([text]), (MONEY_SHOWN, MONEY_SHOWN_ZH)),
    ):
        for words in lists:
            assert all(found(word) for word in words)
            assert len(set(words)) == len(words)
            assert all(plain(word) == word for word in words)


@given(st.text())
def test_any_text_can_be_looked_at(text: str):
    assert commits(text) in (True, False)
    assert is_neutral(text) in (True, False)


@each_row("text", ["發送", "刪除", "確認刪除", "送出", "訂購", "S end", "SendNow", "轉發"])
def test_a_commit_in_traditional_characters_in_humps_or_spread_is_one(text: str):
    assert commits(text)


@each_row("text", ["購買", "結帳", "轉帳", "確認付款", "P ay", "PayNow", "Make payment", "儲值"])
def test_a_payment_in_traditional_characters_in_humps_or_spread_is_one(text: str):
    assert pays(text)


@each_row("text", ["¥6", "$4.99", "￥ 128.00", "6 元", "HK$30", "from €3"])
def test_a_price_alone_is_a_price(text: str):
    assert is_price(text)
    assert not is_price(f"Red shoes {text}")
    assert amounts(f"a {text} b") != []


def test_clocks_and_counters_are_no_amounts():
    assert amounts("12:01, 14:59 left, 3 new, 2026-11-30") == []
    assert amounts("Total ¥1,288.00 or 12.50") == ["¥1,288.00", "12.50"]


@each_row(
    "text",
    ["Delete all?", "要删除这条消息吗", "Are you sure?", "This can't be undone", "確定要嗎"],
)
def test_a_question_about_what_can_not_be_taken_back_is_known(text: str):
    assert asks_to_commit(text)
    assert not asks_to_commit("Leave this page?")
    assert not asks_to_commit("Your order was sent")


@each_row("text", ["Search", "搜索框: 你好", "User name", "Filter by"])
def test_a_field_that_looks_something_up_is_known(text: str):
    assert looks_up(text)
    assert not looks_up("Message")


@each_row(
    "text",
    ["S e n d", "S e n d now", "S-e-n-d", "发 送", "发·送 吧", "D\u200b e l e t e it", "寄出"],
)
def test_a_commit_in_letters_that_stand_apart_is_one(text: str):
    assert commits(text)


@each_row("text", ["", "➤", "➜", "▶", "✈", "↑", "🙂", "箭头", "Arrow right", "paper-plane icon",
                   "箭头 (➤)", "向上箭头", "送箭頭"[1:], "Image button"])  # fmt: skip
def test_a_glyph_and_the_name_of_one_say_nothing_of_what_they_do(text: str):
    assert is_sign(text)
    assert is_neutral(text)


@each_row("text", ["Back arrow", "Help", "返回箭头", "Airplanes", "Menu icon"])
def test_a_picture_whose_name_says_what_it_does_is_no_mere_sign(text: str):
    assert not is_sign(text)


@each_row("text", ["Log in", "Sign in with a code", "登录", "登 入", "登錄", "LogIn", "Sign On"])
def test_what_signs_in_is_known(text: str):
    assert signs_in(text)
    assert not signs_in("Log out")
    assert not commits(text)


@each_row("name", ["user_pin", "otp2", "passwd", "login-2fa", "oneTimeCode", "Password", "密码框"])
def test_a_field_is_secret_by_what_a_programmer_calls_it(name: str):
    assert names_a_secret(name)
    assert not names_a_secret("shipping")
