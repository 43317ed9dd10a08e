"""Words on a screen that say what a tap there would set off: a commit, a payment, a mere yes.

Data in English and Chinese, and that of other languages (`act/screen_abroad.py`), and how it is
matched. Words only ever raise the risk: a page can name a button as harmlessly as it likes, so
what has none of these words is not thereby known to be harmless. Latin words are matched whole
("post", not "posture"; "pay5" has one), Chinese ones anywhere. It does not know elements or points
(`act/screen_step.py`). Source: OpenGUI#59 and our own reading of shops, banks, mail and chat.
"""

import re
from collections.abc import Iterable

from edgewise.act.screen_abroad import (
    COMMITS_ABROAD,
    COMMITS_IN_LETTERS,
    PAYS_ABROAD,
    PAYS_IN_LETTERS,
    YES_ABROAD,
    YES_IN_LETTERS,
)
from edgewise.act.screen_letters import joined, plain
from edgewise.core.regex import regex

COMMITS = (
    "send", "resend", "reply", "reply all", "forward", "post", "publish", "share", "tweet",
    "comment", "submit", "apply", "apply now", "delete", "remove", "erase", "wipe", "clear all",
    "empty trash", "discard", "reset", "format", "uninstall", "order", "reorder", "book",
    "reserve", "sign", "e-sign", "agree and continue", "accept and continue", "transfer",
    "enroll", "enrol", "register", "sign up", "subscribe", "unsubscribe", "cancel order",
    "cancel subscription", "cancel booking", "close account", "deactivate", "block", "report",
    "invite", "call", "dial", "authorize", "authorise", "grant", "allow", "approve", "vote",
    "unlock", "install",
)  # fmt: skip
"""Not to be taken back, or done in the person's name."""
COMMITS_ZH = (
    "发送", "发出", "发布", "发表", "发帖", "转发", "回复", "评论", "分享", "提交", "申请",
    "删除", "移除", "清空", "清除", "抹掉", "恢复出厂", "重置", "卸载", "下单", "预订", "预定",
    "预约", "签署", "签名", "签约", "转账", "转出", "注册", "订阅", "退订", "报名", "注销",
    "拉黑", "举报", "邀请", "拨打", "呼叫", "授权", "允许", "批准", "投票", "解锁", "安装",
    "取消订单", "退款", "开通", "同意并继续", "送出", "传送", "订购", "寄出", "寄送", "递交",
    "呈交", "交卷", "投递", "发射", "上传", "发消息", "发短信", "发邮件",
)  # fmt: skip
PAYS = (
    "pay", "repay", "purchase", "buy", "checkout", "place order", "place your order",
    "order and pay", "donate", "leave a tip", "add a tip", "top up", "recharge", "transfer",
    "withdraw", "deposit", "invest", "bet", "bid", "send money", "upgrade to premium",
    "start trial", "start free trial", "renew", "redeem", "slide to pay", "swipe to pay",
    "add funds", "make payment", "make a payment", "submit payment", "send payment", "sell",
    "check out now", "proceed to check out",
)  # fmt: skip
"""Money moves, or the next step towards it."""
PAYS_ZH = (
    "支付", "付款", "付钱", "缴费", "交费", "缴纳", "购买", "立即购", "结算", "结账", "买单",
    "充值", "转账", "转出", "汇款", "打款", "还款", "提现", "红包", "打赏", "捐", "投资", "申购",
    "买入", "卖出", "下注", "续费", "开通会员", "免密", "提交订单", "确认订单", "立即下单",
    "储值", "刷卡",
)  # fmt: skip
NEUTRAL = (
    "ok", "okay", "confirm", "continue", "next", "yes", "go", "done", "proceed", "accept",
    "agree", "i agree", "finish", "finalize", "finalise", "complete", "apply", "submit", "save",
    "got it", "let's go", "start", "start now", "enter", "slide", "swipe", "authorize", "allow",
    "approve", "i confirm", "verify", "always",
)  # fmt: skip
"""A yes to whatever the screen asks."""
NEUTRAL_ZH = (
    "确定", "确认", "继续", "好的", "是的", "下一步", "完成", "同意", "接受", "提交", "保存",
    "知道了", "我知道了", "开始", "立即", "马上", "执行", "滑动", "验证", "授权", "允许",
)  # fmt: skip
NEUTRAL_ALONE = ("好", "是", "行")
"""Neutral only as all that there is: the first two stand in half of all Chinese sentences."""
SIGNS = (
    "arrow", "chevron", "triangle", "circle", "paper", "plane", "paperplane", "airplane", "rocket",
    "icon", "glyph", "image", "svg", "button", "right", "up", "upward", "upwards", "outlined",
    "filled",
)  # fmt: skip
SIGNS_ZH = (
    "纸飞机",
    "飞机",
    "箭头",
    "图标",
    "图片",
    "按钮",
    "向上",
    "向右",
    "朝上",
    "朝右",
    "右",
    "上",
)
"""What a picture on a button is called, longer ones first: how it looks, not what it does."""
SIGNS_IN = ("log in", "login", "log on", "logon", "signin", "sign on")
SIGNS_IN_ZH = ("登录", "登入", "登陆")
"""On a page with a field for a secret these send it."""
HARMLESS = (
    "order history", "purchase history", "payment history", "transfer history", "call history",
    "transaction history", "post office", "address book", "phone book", "支付宝", "购买记录",
    "支付记录", "付款记录", "转账记录", "充值记录", "缴费记录", "交易记录", "提现记录", "红包记录",
)  # fmt: skip
"""Whole texts that are none of these, although they hold a word of them: records and names."""
MONEY_SHOWN = (
    "payment", "payments", "pay", "paying", "pay with", "checkout", "transfer", "transferring",
    "amount due", "total", "order total", "card number", "credit card", "debit card", "cvv",
    "cvc", "iban", "bank account", "payee", "recipient account", "billing", "you will be charged",
    "purchase", "balance after", "wallet", "apple pay", "google pay", "paypal", "alipay",
)  # fmt: skip
"""A screen that shows one of these is about money."""
MONEY_SHOWN_ZH = (
    "支付", "付款", "收银台", "转账", "汇款", "应付", "实付", "合计", "总计", "订单金额",
    "银行卡", "信用卡", "储蓄卡", "卡号", "安全码", "收款", "扣款", "扣费", "账单", "余额",
    "结算", "充值",
)  # fmt: skip
SECRETS = (
    "password", "passwords", "passcode", "pass code", "passphrase", "pin", "pin code", "otp",
    "one-time code", "one time code", "verification code", "security code", "access code",
    "authentication code", "2fa", "cvv", "cvc", "secret", "private key", "recovery phrase",
)  # fmt: skip
"""A field of that name holds what gives power, whether or not the app hides what is typed."""
SECRETS_ZH = ("密码", "口令", "验证码", "校验码", "动态码", "安全码", "私钥", "助记词")
LOOKS_UP = (
    "search", "find", "look up", "filter", "go to", "address bar", "url", "web address", "log in",
    "user name", "username", "email", "e-mail", "email address", "phone number", "mobile number",
)  # fmt: skip
"""A field of that name looks something up or says who one is: enter there sends nothing."""
LOOKS_UP_ZH = (
    "搜", "查找", "查询", "筛选", "网址", "登录", "用户名", "账号", "帐号", "邮箱", "手机号",
)  # fmt: skip
KEY_LENGTH = 2
"""Letters on the keys of a PIN pad or a keyboard: "1", "A", "00"."""

_SURE = regex(
    r"\b(?:are you sure|permanently|can(?:not|'t| not|t) be (?:undone|recovered|restored))\b"
    r"|确定要|确认要|是否|无法恢复|无法撤|不可恢复|不可撤|不能恢复|不能撤|永久"
)
"""What an app says before something that can not be taken back."""
_MONEY = r"(?:(?:us|hk|nt)?[$€£¥₩₹]|元|块|\b(?:usd|eur|rmb|cny|hkd|twd|yuan|dollars?|euros?)\b)"
_NUMBER = r"\d[\d.,]*"
_AMOUNT = regex(rf"{_MONEY} ?{_NUMBER}|{_NUMBER} ?{_MONEY}|\b\d+[.,]\d\d\b")
_PRICE = regex(rf"(?:from |only )?(?:{_MONEY} ?{_NUMBER}|{_NUMBER} ?{_MONEY})")
_HUMP = regex(r"(?<=[a-z])(?=[A-Z])")
"""Where a word begins in "PayNow"."""
_SIGN_IN = regex(r"\bsign(?:ed)?[ -]?(?:in|on|out)\b")
"""Nothing is signed by it."""
_CHINESE = regex(r"[\u3400-\u9fff]")
_SECRET_NAMES = regex(
    r"(?i)passw|passcode|passphrase|(?<![a-z])(?:pin|otp|cvv2?|cvc2?|2fa|mfa|totp)(?![a-z])"
    r"|one.?time|verif\w*.?code|security.?code|secret|密码|口令|验证码|校验码|动态码|安全码"
)
"""As pages and apps name such fields in their code."""


def commits(text: str) -> bool:
    """Whether these words set off what can not be taken back."""
    return _has(text, _COMMITS, _COMMITS_IN)


def pays(text: str) -> bool:
    """Whether these words move money."""
    return plain(text) == "check out" or _has(text, _PAYS, _PAYS_IN)


def is_price(text: str) -> bool:
    """Whether these words are a price and nothing else: the button that shops of apps buy with."""
    return _PRICE.fullmatch(plain(text)) is not None


def amounts(text: str) -> list[str]:
    """The amounts of money in a text, as it writes them."""
    return _AMOUNT.findall(plain(text))


def asks_to_commit(text: str) -> bool:
    """Whether these words ask about what can not be taken back: a yes to them does it."""
    bare = plain(text)
    asks = "?" in bare or "吗" in bare
    return _SURE.search(bare) is not None or (asks and (commits(text) or pays(text)))


def looks_up(text: str) -> bool:
    """Whether a field of that name looks something up, or says who signs in."""
    return _has(text, _LOOKS_UP, LOOKS_UP_ZH)


def is_neutral(text: str) -> bool:
    """Whether these words are a yes to whatever the screen asks; no words at all are one too."""
    return is_sign(text) or plain(text) in NEUTRAL_ALONE or _has(text, _NEUTRAL, _NEUTRAL_IN)


def is_sign(text: str) -> bool:
    """Whether it says nothing of what it does: no words, a glyph ("➤"), the name of one."""
    bare = _SIGNS.sub("", plain(text))
    for word in SIGNS_ZH:
        bare = bare.replace(word, "")
    return not any(letter.isalnum() for letter in bare)


def signs_in(text: str) -> bool:
    """Whether these words send who one is, and the secret that proves it."""
    return _has(text, _SIGNS_IN, SIGNS_IN_ZH)


def shows_money(texts: Iterable[str]) -> bool:
    """Whether a screen with these texts is about paying or transferring."""
    return any(_has(text, _MONEY_SHOWN, MONEY_SHOWN_ZH) for text in texts)


def is_secret(text: str) -> bool:
    """Whether these words ask for a password or a code."""
    return _has(text, _SECRETS, SECRETS_ZH)


def names_a_secret(name: str) -> bool:
    """Whether a field of that name is for a password, a PIN or a code: a person's words for it, or
    a programmer's ("user_pin")."""
    return _SECRET_NAMES.search(name) is not None or is_secret(name)


def is_key(text: str) -> bool:
    """Whether it is a key to type with: one letter or digit, or two."""
    bare = plain(text)
    return 0 < len(bare) <= KEY_LENGTH and bare.isalnum() and not _CHINESE.search(bare)


def _has(text: str, latin: re.Pattern[str], chinese: Iterable[str]) -> bool:
    """Whether one of the words stands in `text`, also where it is written in humps ("PayNow") or
    is all of the text but spread over it ("P ay", "S e n d now")."""
    for one in dict.fromkeys((text, _HUMP.sub(" ", text), joined(text))):
        bare = _SIGN_IN.sub("log in", plain(one))
        tight = bare.replace(" ", "")
        if bare in HARMLESS:
            return False
        if latin.search(bare) is not None or latin.fullmatch(tight) is not None:
            return True
        if any(word in tight for word in chinese):
            return True
    return False


def _compiled(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted((re.escape(word) for word in words), key=len, reverse=True)
    return regex(rf"(?<![a-z])(?:{'|'.join(longest_first)})(?![a-z])")


def _tight(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(plain(word).replace(" ", "") for word in words)


_COMMITS = _compiled((*COMMITS, *map(plain, COMMITS_ABROAD)))
_PAYS = _compiled((*PAYS, *map(plain, PAYS_ABROAD)))
_COMMITS_IN = (*COMMITS_ZH, *_tight(COMMITS_IN_LETTERS))
_PAYS_IN = (*PAYS_ZH, *_tight(PAYS_IN_LETTERS))
_NEUTRAL = _compiled((*NEUTRAL, *map(plain, YES_ABROAD)))
_NEUTRAL_IN = (*NEUTRAL_ZH, *_tight(YES_IN_LETTERS))
_MONEY_SHOWN = _compiled(MONEY_SHOWN)
_SECRETS = _compiled(SECRETS)
_LOOKS_UP = _compiled(LOOKS_UP)
_SIGNS, _SIGNS_IN = _compiled(SIGNS), _compiled(SIGNS_IN)
