"""Apps of the phone and of the screen: open one; call a function of one (comes with the Android
bridge).

What an app of a kind shows, and so when it may be opened, is known to `act/shown.py`; what opening
one on the screen is, to `act/screen_step.py`.
"""

import msgspec

from edgewise.act.catalogue.rows import impossible, named, plain, rows_in, text_in, unavailable
from edgewise.act.function import Function
from edgewise.act.screen import SCREEN as GUI_SCREEN
from edgewise.act.screen import SCREEN_APPS, seen_of
from edgewise.act.screen_step import Action, Step, place_of
from edgewise.core.call import Call, Effect, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Example, Kind, Risk
from edgewise.core.label import OriginKind
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

APPS = "phone.apps"
SCREEN = "phone.screen"


def open_app(call: Call, snapshot: Snapshot) -> Resolution:
    """Brings an installed app to the phone's screen."""
    words = text_in(call, "name")
    rows = rows_in(snapshot, APPS)
    found = named(rows, words, ("name", "other_names"))
    if len(found) != 1:
        choices = tuple(str(row.get("name", "")) for row in (found or rows)[:6])
        return Missing(
            "name",
            Words(f"Which app is “{words}”?", f"“{words}”是哪个应用？")
            if found
            else Words(
                f"No app called “{words}” is installed. {_WHICH.en}",
                f"没有安装“{words}”，{_WHICH.zh}",
            ),
            choices,
        )
    name = str(found[0]["name"])
    return Resolved(
        (Effect(SCREEN, {"app": name, "kind": str(found[0].get("kind", ""))}),),
        data={"app": words if words in found[0].get("other_names", ()) else name},
    )


def open_anywhere(call: Call, snapshot: Snapshot) -> Resolution:
    """Opens an app of the screen's list by its name, else one of the phone. The screen's own goes
    first: it is what the person sees."""
    chosen = _chosen(call, snapshot)
    if not isinstance(chosen, str):
        return chosen
    seen = seen_of(snapshot.get(GUI_SCREEN))
    if seen is None:
        return impossible(
            "no_screen",
            f"“{chosen}” is on the screen, which I cannot see now; check that its app or phone is"
            " running and connected.",
            f"“{chosen}”在屏幕上，但现在看不到屏幕，请确认对应的应用或手机已启动并连接。",
        )
    step = Step(Action.OPEN, app=chosen)
    step = msgspec.structs.replace(step, seen=place_of(step, seen))
    return Resolved((Effect(GUI_SCREEN, msgspec.to_builtins(step)),), data={"app": chosen})


def _chosen(call: Call, snapshot: Snapshot) -> str | Resolution:
    """The app of the screen's list that is meant, or what the words come to without a screen."""
    words = text_in(call, "name")
    listed = rows_in(snapshot, SCREEN_APPS)
    names = [str(row.get("name", "")) for row in listed]
    bare = _bare(words)
    exact = next((name for name in names if plain(name) in (plain(words), bare)), "")
    if exact:
        return exact
    on_phone = open_app(call, snapshot)
    if not isinstance(on_phone, Missing):
        return on_phone
    found = named(listed, bare, ("name",))
    return str(found[0]["name"]) if len(found) == 1 else _nowhere(words, names, on_phone)


def _looks(call: Call, snapshot: Snapshot) -> tuple[str, ...]:
    """The screen, which takes seconds to look at, for an app of its list alone."""
    return (GUI_SCREEN,) if isinstance(_chosen(call, snapshot), str) else ()


def _bare(words: str) -> str:
    """A name without what is said around it: "the Shop app"."""
    bare = plain(words)
    for before in ("the ", "my "):
        bare = bare.removeprefix(before)
    for after in (" application", " app", "应用", "软件", "app"):
        bare = bare.removesuffix(after)
    return bare.strip()


def _nowhere(words: str, names: list[str], on_phone: Missing) -> Missing:
    """Which app, with what the screen knows and how to say it; it ends with the question, behind
    which the choices are named."""
    if not names:
        return on_phone
    en = f"The screen knows {', '.join(names)}: say “open {names[0]}”."
    zh = f"屏幕上可以打开：{'、'.join(names)}，请说“打开{names[0]}”。"
    asked = on_phone.question
    if asked.en.endswith(_WHICH.en):
        before = Words(asked.en.removesuffix(_WHICH.en), asked.zh.removesuffix(f"，{_WHICH.zh}"))
        question = Words(f"{before.en}{en} {_WHICH.en}", f"{before.zh}。{zh}{_WHICH.zh}")
    else:
        question = Words(f"{en} {asked.en}", f"{zh}{asked.zh}")
    return msgspec.structs.replace(
        on_phone, question=question, choices=tuple(dict.fromkeys((*names, *on_phone.choices)))[:6]
    )


_WHICH = Words("Which app?", "要打开哪个应用？")

OPEN = Capability(
    "app.open",
    Words("open an app", "打开应用"),
    Risk.REVERSIBLE,
    (Argument("name", Kind.TEXT, Words("app", "应用"), True),),
    actuators=(SCREEN,),
    undoable=True,
    rules=(14, 15, 16, 20),
    done=Words("{app} is open.", "已打开{app}。"),
    en=(
        Example("open the camera app", {"name": "camera"}),
        Example("launch WeChat", {"name": "WeChat"}),
        Example("start the calculator app", {"name": "calculator"}),
        Example("open Notes", {"name": "Notes"}),
        Example("open the podcast app", {"name": "podcast"}),
        Example("launch the browser", {"name": "browser"}),
    ),
    zh=(
        Example("打开微信", {"name": "微信"}),
        Example("启动计算器", {"name": "计算器"}),
        Example("打开备忘录", {"name": "备忘录"}),
        Example("打开浏览器应用", {"name": "浏览器"}),
        Example("帮我打开相机", {"name": "相机"}),
        Example("打开视频应用", {"name": "视频"}),
    ),
)

INVOKE = Capability(
    "app.invoke",
    Words("use a function of an app", "调用应用功能"),
    Risk.IRREVERSIBLE,
    (
        Argument("function_id", Kind.TEXT, Words("function", "功能"), True),
        Argument("args", Kind.OBJECT, Words("arguments", "参数"), private=True),
    ),
    rules=(31, 33, 34),
    content=OriginKind.APP,
    available=False,
    unavailable=Words(
        "No app on this device offers functions to me yet; I can open the app.",
        "这台设备上的应用还没有向我开放功能，我可以打开应用。",
    ),
    done=Words("Done: {function_id}.", "已完成：{function_id}。"),
    en=(
        Example("use the app function notes.create", {"function_id": "notes.create"}),
        Example("run the app action camera.scan", {"function_id": "camera.scan"}),
        Example("call the function taxi.estimate of the app", {"function_id": "taxi.estimate"}),
        Example("invoke app function bank.balance", {"function_id": "bank.balance"}),
        Example("trigger the app shortcut gym.checkin", {"function_id": "gym.checkin"}),
        Example("run app function wallet.show_card", {"function_id": "wallet.show_card"}),
    ),
    zh=(
        Example("调用应用功能notes.create", {"function_id": "notes.create"}),
        Example("执行应用动作camera.scan", {"function_id": "camera.scan"}),
        Example("运行应用功能taxi.estimate", {"function_id": "taxi.estimate"}),
        Example("调用应用的bank.balance功能", {"function_id": "bank.balance"}),
        Example("触发应用快捷指令gym.checkin", {"function_id": "gym.checkin"}),
        Example("执行应用功能wallet.show_card", {"function_id": "wallet.show_card"}),
    ),
)

FUNCTIONS = (Function(OPEN, open_app, (APPS,)), unavailable(INVOKE))
OPEN_ANYWHERE = msgspec.structs.replace(
    OPEN, actuators=(SCREEN, GUI_SCREEN), rules=(14, 15, 16, 19, 20, 33)
)
ON_SCREEN = (Function(OPEN_ANYWHERE, open_anywhere, (APPS, SCREEN_APPS), _looks), FUNCTIONS[1])
"""Of a device with a screen that it may touch."""
