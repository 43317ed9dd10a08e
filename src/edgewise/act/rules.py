"""The table of the 44 rules: condition, decision, source, and where in the code each one lives.

A rule that Cedar decides takes its decision and source from the annotations of its policies, so
nothing is told twice; the words here name the condition only. The other rules live in code and
give their decision here. Sources and reasons are in each entry; docs/reference/rules.md is made
from this table (`scripts/docs_rules.py`).
"""

from dataclasses import dataclass
from enum import StrEnum

from edgewise.act.cedar import CedarRule, Policy
from edgewise.core.words import Words


class Where(StrEnum):
    """The part that holds a rule."""

    POLICY = "policy"
    FACTS = "facts"
    RESOLVE = "resolve"
    PERFORM = "perform"
    SESSION = "session"
    ANSWER = "answer"
    PROCESS = "process"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table; `decision` and `source` tell what its policies do not."""

    number: int
    condition: Words
    enforced_in: tuple[Where, ...]
    decision: Words | None = None
    source: str = ""
    policies: tuple[CedarRule, ...] = ()

    @property
    def sources(self) -> str:
        """All sources, each once."""
        given = [self.source, *(policy.source for policy in self.policies)]
        parts = (part for source in given for part in source.split("; ") if part)
        return "; ".join(dict.fromkeys(parts))


def rules_of(policy: Policy) -> tuple[Rule, ...]:
    """All rules by number, each with the policies of `policy` that bear its number."""
    return tuple(
        Rule(
            rule.number,
            rule.condition,
            rule.enforced_in,
            rule.decision,
            rule.source,
            tuple(cedar for cedar in policy.rules if cedar.number == rule.number),
        )
        for rule in _TABLE
    )


_P, _F, _R, _X = Where.POLICY, Where.FACTS, Where.RESOLVE, Where.PERFORM
_S, _A, _Z = Where.SESSION, Where.ANSWER, Where.PROCESS

_TABLE = (
    Rule(1, Words("speed or gear missing, or older than 1 s", "车速或挡位缺失，或超过 1 秒未更新"),
         (_F,), Words("counts as moving", "视为行驶中"), "fail closed; AAOS"),
    Rule(2, Words("low beam, position, tail or all outside lights off, by any wording or path; a"
                  " lit low beam left to automatic lights unless it is bright and dry",
                  "关闭近光灯、示廓灯、尾灯或全部车外灯，不论说法和途径；"
                  "除非天亮无雨，把亮着的近光灯交给自动大灯"), (_P, _F)),
    Rule(3, Words("“all lights” without naming outside ones", "说“所有灯”而没有点名车外灯"),
         (_R,), Words("means inside lights only", "只指车内灯"), "Zeekr 007 bypass"),
    Rule(4, Words("the safe direction: lights, hazard, defrost, wipers on; lock; stop",
                  "安全方向：开灯、双闪、除雾、雨刮、上锁、停止"), (_P, _Z)),
    Rule(5, Words("fog lights on", "开雾灯"), (_P, _R)),
    Rule(6, Words("high beam on while the fog lights are on", "雾灯开着时开远光灯"), (_P,)),
    Rule(7, Words("sunroof open with the shade behind it", "天窗开度大于遮阳帘"), (_P, _R)),
    Rule(8, Words("sunroof or fog lights in bad or unknown weather",
                  "天气不好或未知时开天窗或雾灯"), (_P,)),
    Rule(9, Words("front defrost on; its air taken away unless parked",
                  "开前挡风除雾；未驻车时减弱除雾所需的风"), (_P, _R),
         Words("fan at 2 or more, air to the windshield and air conditioning on are added",
               "自动加上风量至少 2 挡、吹风挡和空调开启"), "CAR-bench 010"),
    Rule(10, Words("air conditioning on with a window open more than 20 %, or unknown",
                   "车窗开度超过 20% 或未知时开空调"), (_P, _R),
         Words("no window moves unless it is named; a fan at 0 goes to 1",
               "不点名就不动车窗；风量为 0 时开到 1 挡")),
    Rule(11, Words("window above 25 % while the air conditioning is on",
                   "空调开着时车窗开到 25% 以上"), (_P,)),
    Rule(12, Words("one zone ends more than 3 K from another", "一个温区与另一个相差超过 3 度"),
         (_R,), Words("is done, and told", "照做并告知"), "CAR-bench 012"),
    Rule(13, Words("edits of the route", "修改路线"), (_P, _R)),
    Rule(14, Words("video or a game on a screen the driver can see, unless parked",
                   "未驻车时在驾驶员可见的屏幕上放视频或游戏"), (_P,)),
    Rule(15, Words("keyboard, dial pad or set-up screen while moving",
                   "行驶中显示键盘、拨号盘或设置界面"), (_P,)),
    Rule(16, Words("message body, long or scrolling text on a screen while moving",
                   "行驶中在屏幕上显示消息正文、长文或滚动文字"), (_P, _A)),
    Rule(17, Words("list or depth over the platform's cap while moving",
                   "行驶中列表或层级超过平台上限"), (_A,),
         Words("is cut short, and “next” is offered", "截短并提示“下一页”"), "AAOS LIMIT_CONTENT"),
    Rule(18, Words("driver task of more than 6 looks at the screen while moving",
                   "行驶中驾驶员操作需要看屏幕超过 6 次"), (_P,)),
    Rule(19, Words("an app operated on a screen the driver can see while moving",
                   "行驶中在驾驶员可见的屏幕上操作应用"), (_P,)),
    Rule(20, Words("reverse gear", "倒挡"), (_P, _A),
         Words("speech waits", "播报推迟")),
    Rule(21, Words("window or roof closing without ignition, or from afar",
                   "未通电或远程关闭车窗、天窗"), (_P,)),
    Rule(22, Words("rear window closing beside a child or an unknown occupant; any window opening"
                   " beside one while moving, in bad weather or with the child lock on",
                   "后排有儿童或未知乘员时关后窗；行驶中、天气不好或儿童锁打开时，"
                   "打开儿童或未知乘员旁的车窗"), (_P, _S)),
    Rule(23, Words("child lock off, door, lid or flap open, unlock, unless parked",
                   "未驻车时解除儿童锁、开门、开盖或解锁"), (_P,)),
    Rule(24, Words("steering, gear, brake, parking brake, ESC, ABS, AEB, airbag, horn, cut-off",
                   "转向、挡位、刹车、驻车制动、车身稳定、防抱死、自动紧急制动、气囊、喇叭、断电"),
         (_P, _F)),
    Rule(25, Words("driver monitoring or attention warning off", "关闭驾驶员监测或注意力预警"),
         (_P,)),
    Rule(26, Words("assisted driving activated by the assistant", "由助手开启辅助驾驶"), (_P,)),
    Rule(27, Words("cluster or head-up display off; driver's seat, mirror or wheel moved",
                   "关闭仪表或抬头显示；移动驾驶座、后视镜或方向盘"), (_P,)),
    Rule(28, Words("somebody else asks for the driver's place, for what matters to safety, or for a"
                   " rear window under the child lock",
                   "他人要求改动驾驶员位置、涉及安全的功能，或儿童锁打开时的后排车窗"), (_P,)),
    Rule(29, Words("passengers speak to each other", "乘客之间的谈话"), (_S,),
         Words("is ignored; at most a suggestion", "不理会，最多给出建议"),
         "Xpeng press; home-assistant/core#126392"),
    Rule(30, Words("a need guessed from the words (“I'm cold”)", "从话里推测的需要（“我冷”）"),
         (_P,)),
    Rule(31, Words("message, e-mail, post, order, payment", "消息、邮件、发帖、下单、付款"),
         (_P, _S)),
    Rule(32, Words("answer to a confirmation", "对确认的回答"), (_S,),
         Words("one pending item, at most 15 s, same zone; no voids it; content never confirms",
               "只有一项待确认，最多 15 秒，同一音区；否定即作废；内容不能代为确认"),
         "CAR-bench 004; UN R155"),
    Rule(33, Words("an argument that comes from untrusted content", "参数来自不可信内容"), (_P,)),
    Rule(34, Words("untrusted content proposes a call", "不可信内容提出操作"), (_P,)),
    Rule(35, Words("private data to somebody the person did not choose",
                   "私人数据流向未经本人指定的对象"), (_P,)),
    Rule(36, Words("command older than its time to live, or no provider",
                   "指令过期，或没有可用设备"), (_X,),
         Words("is dropped and said so, never queued", "丢弃并告知，不排队"),
         "eclipse-kuksa/kuksa.val#560"),
    Rule(37, Words("target not read back before the deadline", "期限内读不回目标值"), (_X,),
         Words("is reported as a failure", "报告失败"),
         "home-assistant/core#177965, #177156"),
    Rule(38, Words("one step of several fails", "多步请求中一步失败"), (_X, _S),
         Words("the independent steps are finished and reported; atomic groups roll back",
               "完成其余独立步骤并逐一报告；整组操作回退"), "kuksa.val.v2 BatchActuate"),
    Rule(39, Words("update of a model, skill or policy", "更新模型、技能或规则"), (_P,)),
    Rule(40, Words("each release", "每个版本"), (_S,),
         Words("hash of policy and catalogue readable in the car and logged per turn",
               "车内可读取规则和目录的哈希，每轮对话都记录"), "UN R156 RXSWIN idea"),
    Rule(41, Words("take-over request, emergency braking, a tired driver",
                   "接管请求、紧急制动、驾驶员疲劳"), (_P, _A),
         Words("speech that is not urgent waits", "不紧急的播报推迟")),
    Rule(42, Words("emergency call; one that a program wants is asked about",
                   "紧急呼叫；由程序发起的先询问"), (_P, _F)),
    Rule(43, Words("personal content aloud with others in the car", "车内有他人时朗读私人内容"),
         (_A,), Words("is asked about first, or shown quietly", "先询问，或不出声显示"), "design"),
    Rule(44, Words("assistant crashed, model absent, network lost", "助手崩溃、没有模型、断网"),
         (_Z,), Words("rules 4 and 42 still work; physical controls are untouched",
                      "规则 4 和 42 依然有效；实体控制不受影响"), "GB 4094 revision draft; Z20"),
)  # fmt: skip
