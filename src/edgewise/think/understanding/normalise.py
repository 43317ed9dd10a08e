"""Text as it was said -> text that rules can read: one form for every way of writing a character.

Full-width letters and marks become ASCII, frequent traditional characters simplified ones, capitals
small, control characters and pictures spaces. `plain` and `text` have the same length, so a span
found in `plain` can be cut out of `text` as it was written, with its own marks (names, message
bodies). The table of traditional
characters holds those that occur in commands, not the whole script.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from edgewise.core.regex import regex

_TRADITIONAL = (
    "開關燈車門窗鎖閉啟動調溫熱風觸導發給電話號碼單雙聽說讀寫請麼為這個們來時間點鐘鬧"
    "後備箱廂駕駛員適側邊裡裏內頂顏藍綠紅黃亮螢幕擋霧氣氛圍記憶座椅壓檢測續資訊簡"
    "機場飯館餐廳飛體樂歌專輯電視頻變換較響聲靜減增強弱嗎無線藍網絡連線設備圖標籤"
    "買賣價錢銀務業會議議約課師醫學術報價計劃項題問週歲樣畫處盡從條帶將對應該當實"
    "業區縣國際鐵轉遠離過還進運達遲邊鄰閱覽陽陰雲電預顯額風飲馬駐驗鬆鮮"
    "幫媽爸爺奶親愛兒孫學習曉陳張劉楊趙吳鄭許羅韓馮葉蘇盧蔣譚鄒陸龍萬錢湯尋"
    "傳訊簡復覆雜誌確認錄選擇刪除創建編輯類別級數據庫儲倉輸種質量"
    "華東灣臺灣廣場園橋樓層號室廁漿輪胎檔擴貓鳥麵麥餅園"
    "剛纔現夠雖總結束斷續買歡嘗試誰哪兩幾億佔滿溼濕潤幹淨凈"
    "嗨囉蓋喚醒繼續暫沒講覺見"
)
_SIMPLIFIED = (
    "开关灯车门窗锁闭启动调温热风触导发给电话号码单双听说读写请么为这个们来时间点钟闹"
    "后备箱厢驾驶员适侧边里里内顶颜蓝绿红黄亮萤幕挡雾气氛围记忆座椅压检测续资讯简"
    "机场饭馆餐厅飞体乐歌专辑电视频变换较响声静减增强弱吗无线蓝网络连线设备图标签"
    "买卖价钱银务业会议议约课师医学术报价计划项题问周岁样画处尽从条带将对应该当实"
    "业区县国际铁转远离过还进运达迟边邻阅览阳阴云电预显额风饮马驻验松鲜"
    "帮妈爸爷奶亲爱儿孙学习晓陈张刘杨赵吴郑许罗韩冯叶苏卢蒋谭邹陆龙万钱汤寻"
    "传讯简复复杂志确认录选择删除创建编辑类别级数据库储仓输种质量"
    "华东湾台湾广场园桥楼层号室厕浆轮胎档扩猫鸟面麦饼园"
    "刚才现够虽总结束断续买欢尝试谁哪两几亿占满湿湿润干净净"
    "嗨啰盖唤醒继续暂没讲觉见"
)
_PUNCTUATION = {"，": ",", "。": ".", "；": ";", "：": ":", "！": "!", "？": "?", "～": "~"}
_QUOTES = {"“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"', "’": "'", "‘": "'"}
_DASHES = {"–": "-", "—": "-", "－": "-", "℃": "度", "％": "%"}
_MARKS = _PUNCTUATION | _QUOTES | _DASHES

QUOTES = '"' + "".join(written for written, read in _QUOTES.items() if read == '"')
EDGES = " .,;:'" + "，。；：’‘" + QUOTES
"""Marks and spaces that stand around a name, as written or as read."""
ENDS = EDGES + "!?！？"
"""Those that stand around an answer."""
MAX_CHARACTERS = 4000
"""Longer text is not read at all; faces refuse it earlier."""


@dataclass(frozen=True, slots=True)
class Normal:
    """A text as it was written (`text`) and as rules read it (`plain`), of the same length."""

    text: str
    plain: str

    def cut(self, start: int, end: int) -> "Normal":
        """The part from `start` to `end`, without outer spaces."""
        while start < end and self.plain[start] == " ":
            start += 1
        while end > start and self.plain[end - 1] == " ":
            end -= 1
        return Normal(self.text[start:end], self.plain[start:end])


@lru_cache(maxsize=256)
def normalise(text: str) -> Normal:
    """The two forms of `text`; never raises. Text beyond `MAX_CHARACTERS` is cut off."""
    shown = text[:MAX_CHARACTERS].translate(_SHOWN)
    shown = re.sub(r"\s+", " ", shown).strip()
    lowered = shown.lower()
    if len(lowered) != len(shown):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in shown)
    return Normal(shown, lowered.translate(_PLAIN))


def is_chinese(text: str) -> bool:
    """Whether the text holds a Han character."""
    return _HAN.search(text) is not None


_HAN = regex(r"[\u3400-\u9fff]")


class _Shown(dict[int, str]):
    """Character by character: what is shown of it. Filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _MARKS:
            shown = char
        elif 0xFF01 <= code <= 0xFF5E:
            shown = chr(code - 0xFEE0)
        elif unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn", "So", "Zs", "Zl", "Zp", "Sk"):
            shown = char if char in "°㎡" else " "
        elif unicodedata.category(char) in ("Cf", "Mn", "Me"):
            shown = ""
        else:
            shown = char
        if len(self) < 20_000:
            self[code] = shown
        return shown


_SHOWN = _Shown()
_PLAIN = {
    **{ord(a): b for a, b in zip(_TRADITIONAL, _SIMPLIFIED, strict=True) if a != b},
    **{ord(mark): ascii for mark, ascii in _MARKS.items()},
}
