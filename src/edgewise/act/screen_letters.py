"""Letters on a screen made comparable, so that no word hides behind how it is written.

Pure data and three functions; which words matter is in `act/screen_words.py`.
"""

import unicodedata

from edgewise.core.regex import regex

_BLANKS = regex(r"\s+")
_SPREAD = regex(r"(?<![^\W_])[^\W\d_](?:[\W_]{1,3}[^\W\d_](?![^\W_]))+")
"""Letters with something between each of them and the next."""
_BETWEEN = regex(r"[\W_]+")
_LIKENESSES = str.maketrans("аеорсухіѕԁԛԝуԍοαρυνι", "aeopcyxisdqwygoapuvi")
"""Cyrillic and Greek letters that look like Latin ones: "Рay" is not to slip by."""
_SIMPLIFIED = str.maketrans(
    "發傳佈轉復覆評論請刪單預訂約簽註閱報銷舉撥許準開購買賣結賬帳繳費還現紅賞資續員確認繼驗證"
    "執動應實總計額銀儲號餘碼鑰詞協議並進輸擊註載裝錢匯嗎無會產護賬點擇遞繫儘寫錄陸飛機紙圖標鈕頭",
    "发传布转复复评论请删单预订约签注阅报销举拨许准开购买卖结账账缴费还现红赏资续员确认继验证"
    "执动应实总计额银储号余码钥词协议并进输击注载装钱汇吗无会产护账点择递系尽写录陆飞机纸图标钮头",
)
"""Traditional characters of the words that matter, as the lists write them."""


def plain(text: str) -> str:
    """`text` for comparing: no case, full-width letters as plain ones, traditional characters as
    simplified ones, single blanks; nothing invisible, no accents and no letters of other scripts
    that look like Latin ones, behind which a word could hide."""
    unfolded = unicodedata.normalize("NFKD", text)
    shown = (one for one in unfolded if unicodedata.category(one) not in ("Mn", "Me", "Cf"))
    bare = "".join(" " if unicodedata.category(one) == "Cc" else one for one in shown)
    folded = _BLANKS.sub(" ", bare).strip().casefold()
    return folded.translate(_LIKENESSES).translate(_SIMPLIFIED)


def joined(text: str) -> str:
    """`text` where letters that stand alone are put together: "S e n d now" as "Send now"."""
    return _SPREAD.sub(lambda spread: _BETWEEN.sub("", spread[0]), text)


def shortened(text: str, longest: int) -> str:
    """`text` in at most `longest` letters: how it begins and how it ends, where a page's own name
    for a button is followed by what is written on it."""
    end = longest // 3
    return (
        text if len(text) <= longest else f"{text[: longest - end - 1]}…{text[len(text) - end :]}"
    )
