"""What the device says when it does not act: unclear, not exposed, too long, contradictory."""

from edgewise.core.words import Words

NO_SEAT_MEMORY = Words(
    "I cannot store or recall seat positions; please say how the seat should move.",
    "我不能保存或调用座椅位置，请直接说座椅怎么调。",
)
NAME_IT = Words("Which thing do you mean? Please name it.", "您指的是哪一样？请说出名称。")
UNCLEAR = Words(
    "I am not sure what you want. Please say it in other words.",
    "我没听明白您想做什么，请换个说法。",
)
EMPTY = Words("I heard nothing. What can I do?", "我没听到内容，您需要什么？")
TOO_LONG = Words(
    "That is too long for a command: {length} characters, at most {limit}. Please say it shorter.",
    "这句话太长了：{length}个字，最多{limit}个，请说短一些。",
)
TOO_MANY = Words(
    "I can take at most {limit} requests at once; I have done none of these. Please split them.",
    "一次最多{limit}个请求，这些都还没有执行，请分开说。",
)
UNEXPOSED = Words(
    "I cannot drive: brakes, engine, gears, steering, horn, cruise control and safety systems"
    " are only worked by hand.",
    "我不能操作驾驶：刹车、启动、换挡、转向、喇叭、巡航和安全系统只能由您手动操作。",
)
CONFLICT = Words(
    "“{clause}” says two opposite things. Which one do you mean?",
    "“{clause}”里的意思相反，您要哪一个？",
)
WHICH_OF_THESE = Words(
    "You offered me a choice, so I did nothing. Which one shall I do?",
    "您说了两种做法，我还没有执行，请问要哪一种？",
)
ABLE = Words(
    "Yes, I can {does}. Say, for example, “{order}”.", "可以，我能{does}，例如说“{order}”。"
)
NEGATED = Words("All right, I leave it as it is.", "好的，我不动它。")
LEFT_OUT = Words(
    "I did not understand {clause}; that part is not done. Please say it in other words.",
    "{clause}这部分我没听明白，没有执行，请换个说法。",
)
STEPS_LEFT = Words(
    "The steps behind it build on it, so I left them: {clause}.",
    "后面的{clause}要在它之后做，所以也没有执行。",
)
CANNOT = Words(
    "I can not do that: nothing on this device does it.",
    "这件事我做不到，这台设备没有这个功能。",
)
CONDITION = Words(
    "I can not wait for something to happen and act then. Say it when the time comes, or have me"
    " remind you.",
    "我不能等某个条件出现再执行。到时候请再说一次，或者让我提醒您。",
)
ABSENT = Words("This device cannot do that: {what}.", "这台设备做不到：{what}。")
WHICH = Words("Do you mean “{first}” or “{second}”?", "您是要“{first}”还是“{second}”？")


def fill_words(words: Words, en: dict[str, object], zh: dict[str, object]) -> Words:
    """A template with its places filled in each language."""
    return Words(words.en.format(**en), words.zh.format(**zh))


NO_SUCH_ROW = Words(
    "This car has no such row, so I did nothing there.", "车上没有这一排座位，我没有执行。"
)
NO_DOORS = Words(
    "The doors of this car are opened and closed by hand; I can lock and unlock them.",
    "这辆车的车门要用手开关，我能做的是上锁和解锁。",
)
NOT_THIS_CAR = Words(
    "That is not a part of this car, so I leave it alone.", "那不是这辆车上的东西，我不动它。"
)
NO_ORDER = Words(
    "I take that as a remark and change nothing; say it as an order if you want it done.",
    "我理解这不是指令，所以没有执行；需要的话请直接吩咐。",
)
NOT_LATER = Words(
    "I can not do that later or at a set time, so I did nothing; I can set a reminder instead.",
    "我不能定时或稍后执行这个操作，所以没有执行；可以为您设一个提醒。",
)
TWO_STATES = Words(
    "You name two things in two states, and I might mix them up, so I did nothing; please say them "
    "one after another.",
    "这句话里有两样东西、两种状态，我怕弄混，没有执行；请一样一样地说。",
)
WHOSE = Words(
    "I do not know where that person sits, so I did nothing; please name the seat: driver, front "
    "passenger, rear left or rear right.",
    "我不知道这位坐在哪里，没有执行；请说位置：主驾、副驾、左后或右后。",
)
MIND_CHANGED = Words(
    "You changed your mind in there, so I sent and set nothing; please say it once more.",
    "您中间改了口，我没有发送也没有设置；请完整地再说一遍。",
)
NO_EXCEPTIONS = Words(
    "I cannot leave that one out, so I did nothing; please name what should change.",
    "我没法单独排除它，所以没有执行；请直接说要操作哪些。",
)
FOREIGN = Words(
    "I understand only Chinese and English, so I did nothing. 我只听得懂中文和英文。",
    "我只听得懂中文和英文，所以没有执行。I understand only Chinese and English.",
)
NO_END = Words(
    "I do not end it by myself after that time.", "到时间我不会自动结束它，需要时请再说一声。"
)
NO_SUCH_ROOM = Words(
    "I know no “{room}” in this home, so I did nothing. Which room do you mean?",
    "这个家里没有“{room}”，我没有执行。您指的是哪个房间？",
)
