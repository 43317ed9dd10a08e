"""Text as it was said -> text that rules can read: one form for every way of writing a character.

Full-width letters and marks become ASCII, frequent traditional characters simplified ones, capitals
small, control characters and pictures spaces. `plain` and `text` have the same length, so a span
found in `plain` can be cut out of `text` as it was written, with its own marks (names, message
bodies). The table of traditional
characters holds those that occur in commands, not the whole script.
"""

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
    "廚臥檯燒爐衛貴乾淺濃謝錯閃閘閒隨險難順頭顧饋騎驅鹽麗齊滅滾溝準災煙煩獨環瑪產療盤眾礙禮積"
    "穩競筆節範糧紙純紹終組統維綫緊緩縮聯聰職腦腳臉膠興舉舊莊藥藝蘭蟲衝裝製規觀訂討訓託詞詢詩"
    "詳誤語誠論諾護讓豐負財責貨費貼賀賽贊趕跡蹤躍軌軟載輔輕輛轎辦農遊郵鄉醬釋針鈴銅鋼錶鍵鏡鑰"
    "長陣階隊隱雞靈頁須頓願颱飄飽騰驚魚鳴鴨鹹齡齒搖擺摺撥損戰戲態慣憑懷慮擊擔舖島峽幣彎彈徑徹"
    "恆惡悶慶憂採揀揮攝攔擁擠昇晝暈曬書柵桿棄極榮構樁樹歐歷歸殘毀決況淚滲漲漸潔澤濟灑爭牆狀猶"
    "獎獲嚴壞壯夢嬰寧寶屬帳廢廟勞勝勻卻厭參吋喪噴嚇團圓執堅墊塊塵傷傾僅優偉債兇冊凍劇劍匯協叢"
    "啓啞喫嘆嚐噸墜奪奮妝娛尷屆崗嶺幟廠弔徵戀掃掛揚搶摟撐擬攜敗敵斬楓槳橫櫃櫻欄權氫滬漢爛牽獅"
    "瓊甦畢異疊癢盜監瞭磚禍稅穀竅竄籃籠紀紛細綁繞繪繫罰羣聖聞膽臨艙艦蕭薩蘋虛蝦衆補褲訪評診詐"
    "誇諒謹譜譯讚豬貝貧販貪貿賓賞賴購贈趨踐軍軸輝轟辭遙遺邁鄧醜釣鈔鉤銷鋪鋁錦鎮鏈鑽閩闊闆闖陝"
    "韋頒頌頑頗領頸顆顛餓餘饒駁駱驕驢鬱鮑鯨鴻鵝鷹黨鼕龐龜"
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
    "厨卧台烧炉卫贵干浅浓谢错闪闸闲随险难顺头顾馈骑驱盐丽齐灭滚沟准灾烟烦独环玛产疗盘众碍礼积"
    "稳竞笔节范粮纸纯绍终组统维线紧缓缩联聪职脑脚脸胶兴举旧庄药艺兰虫冲装制规观订讨训托词询诗"
    "详误语诚论诺护让丰负财责货费贴贺赛赞赶迹踪跃轨软载辅轻辆轿办农游邮乡酱释针铃铜钢表键镜钥"
    "长阵阶队隐鸡灵页须顿愿台飘饱腾惊鱼鸣鸭咸龄齿摇摆折拨损战戏态惯凭怀虑击担铺岛峡币弯弹径彻"
    "恒恶闷庆忧采拣挥摄拦拥挤升昼晕晒书栅杆弃极荣构桩树欧历归残毁决况泪渗涨渐洁泽济洒争墙状犹"
    "奖获严坏壮梦婴宁宝属帐废庙劳胜匀却厌参寸丧喷吓团圆执坚垫块尘伤倾仅优伟债凶册冻剧剑汇协丛"
    "启哑吃叹尝吨坠夺奋妆娱尴届岗岭帜厂吊征恋扫挂扬抢搂撑拟携败敌斩枫桨横柜樱栏权氢沪汉烂牵狮"
    "琼苏毕异叠痒盗监了砖祸税谷窍窜篮笼纪纷细绑绕绘系罚群圣闻胆临舱舰萧萨苹虚虾众补裤访评诊诈"
    "夸谅谨谱译赞猪贝贫贩贪贸宾赏赖购赠趋践军轴辉轰辞遥遗迈邓丑钓钞钩销铺铝锦镇链钻闽阔板闯陕"
    "韦颁颂顽颇领颈颗颠饿余饶驳骆骄驴郁鲍鲸鸿鹅鹰党冬庞龟"
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
    shown = " ".join(shown.split())
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
