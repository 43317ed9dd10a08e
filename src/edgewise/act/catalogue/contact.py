"""Contacts of the phone: find one, add or change one.

Contacts' names are written by others (shared cards, synchronised accounts): what is read here is
labelled CONTACT and never trusted to propose anything.
"""

import re
from typing import cast

from edgewise.act.catalogue.rows import Row, label_for, named, rows_in, say, text_in
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Example, Kind, Risk
from edgewise.core.label import OriginKind
from edgewise.core.signal import Snapshot
from edgewise.core.words import Language, Words

CONTACTS = "phone.contacts"
NAMES = ("name", "other_names", "relation")


def one_contact(rows: list[Row], words: str, argument: str) -> Row | Missing | None:
    """The one contact that `words` means; Missing with choices when several; None when nobody.

    A choice that was offered as "name (number)" names exactly that contact.
    """
    shown = [row for row in rows if shown_as(row) == words.strip()]
    found = shown or named(rows, words, NAMES) or named(rows, _bare(words), NAMES)
    if len(found) <= 1:
        return found[0] if found else None
    names = [str(row.get("name", "")) for row in found]
    distinct = len(set(names)) == len(names)
    choices = tuple(names if distinct else [shown_as(row) for row in found])
    return Missing(
        argument,
        Words(
            f"I found {len(found)} contacts for “{words}”. Which one?",
            f"“{words}”有{len(found)}位联系人，是哪一位？",
        ),
        choices,
    )


def shown_as(row: Row) -> str:
    """A contact as text that is unlike any other's."""
    return f"{row.get('name', '')} ({row.get('number', '')})"


def spoken_name(row: Row, snapshot: Snapshot) -> str:
    """A contact's name to be said: in an English sentence the Latin name that the store has."""
    name = str(row.get("name", ""))
    if snapshot.get("session.language") == Language.CHINESE or name.isascii():
        return name
    others = row.get("other_names")
    known = (
        [str(other) for other in cast("list[object]", others)] if isinstance(others, list) else []
    )
    return next((other for other in known if other.isascii()), name)


def number_in(text: str) -> str:
    """The telephone number that `text` is, as digits with an optional +; empty if it is none."""
    bare = re.sub(r"[\s\-().（）]", "", text)
    return bare if re.fullmatch(r"\+?\d{2,20}", bare) else ""


def with_number(rows: list[Row], number: str) -> Row | None:
    """The contact that has this number, written in any way."""
    wanted = number_in(number)
    found = (row for row in rows if wanted and number_in(str(row.get("number", ""))) == wanted)
    return next(found, None)


def find(call: Call, snapshot: Snapshot) -> Resolution:
    """Data: `contacts`, `count` and `said`."""
    words = text_in(call, "name")
    rows = rows_in(snapshot, CONTACTS)
    number = number_in(words)
    by_number = with_number(rows, number) if number else None
    found = [by_number] if by_number else named(rows, words, NAMES)
    lines = [
        " ".join(str(row[key]) for key in ("name", "number", "email") if row.get(key))
        for row in found
    ]
    if found:
        said = say(snapshot, "; ".join(lines), "；".join(lines))
    else:
        said = say(snapshot, f"No contact called {words}.", f"通讯录里没有“{words}”。")
    label = label_for(OriginKind.CONTACT, (str(row.get("name", "")) for row in found))
    return Resolved(data={"contacts": found, "count": len(found), "said": said}, label=label)


def upsert(call: Call, snapshot: Snapshot) -> Resolution:
    """Changes the one contact of exactly this name, else adds one."""
    name = text_in(call, "name")
    number = text_in(call, "number")
    if number and not number_in(number):
        question = Words(
            f"“{number}” is not a telephone number. What is the number?",
            f"“{number}”不是电话号码，号码是多少？",
        )
        return Missing("number", question)
    fields = {key: text_in(call, key) for key in ("email", "relation") if text_in(call, key)}
    if number:
        fields["number"] = number_in(number)
    if not fields:
        question = Words(f"What is {name}'s number?", f"{name}的号码是多少？")
        return Missing("number", question)
    same = [row for row in rows_in(snapshot, CONTACTS) if row.get("name") == name]
    if len(same) > 1:
        return Missing(
            "name",
            Words(f"There are {len(same)} contacts called {name}. Which one?",
                  f"有{len(same)}位联系人叫{name}，是哪一位？"),
            tuple(shown_as(row) for row in same),
        )  # fmt: skip
    before = same[0] if same else {"name": name}
    target = f"{CONTACTS}.{same[0]['id'] if same else call.id}"
    return Resolved((Effect(target, {**before, **fields}),))


def _bare(words: str) -> str:
    """`words` without whose relation it is: "my wife" is the wife."""
    return re.sub(r"^(my |our |我的|我)", "", words.strip(), flags=re.IGNORECASE)


FIND = Capability(
    "contact.find",
    Words("find a contact", "查找联系人"),
    Risk.READ,
    (Argument("name", Kind.TEXT, Words("name or number", "姓名或号码"), True, private=True),),
    private=True,
    content=OriginKind.CONTACT,
    tells=Words("{said}", "{said}"),
    en=(
        Example("what is Alice's phone number", {"name": "Alice"}),
        Example("find Mom in my contacts", {"name": "Mom"}),
        Example("show me the contact for John Smith", {"name": "John Smith"}),
        Example("what's Alice Chen's email address", {"name": "Alice Chen"}),
        Example("look up David in my address book", {"name": "David"}),
        Example("do I have a number for Emma", {"name": "Emma"}),
    ),
    zh=(
        Example("张伟的电话号码是多少", {"name": "张伟"}),
        Example("查一下李娜的号码", {"name": "李娜"}),
        Example("通讯录里有没有王芳", {"name": "王芳"}),
        Example("帮我找一下刘洋的联系方式", {"name": "刘洋"}),
        Example("妈妈的手机号是什么", {"name": "妈妈"}),
        Example("查找联系人陈静", {"name": "陈静"}),
    ),
)

UPSERT = Capability(
    "contact.upsert",
    Words("add or change a contact", "新建或修改联系人"),
    Risk.REVERSIBLE,
    (
        Argument("name", Kind.TEXT, Words("name", "姓名"), True, private=True),
        Argument("number", Kind.TEXT, Words("telephone number", "电话号码"), private=True),
        Argument("email", Kind.TEXT, Words("e-mail address", "邮箱"), private=True),
        Argument("relation", Kind.TEXT, Words("relation", "关系"), private=True),
    ),
    actuators=(f"{CONTACTS}.*",),
    undoable=True,
    private=True,
    done=Words("Saved {name} to your contacts.", "已把{name}存到通讯录。"),
    en=(
        Example("add a contact Bob with number 555 0147", {"name": "Bob", "number": "5550147"}),
        Example("save 13800001234 as Kevin", {"name": "Kevin", "number": "13800001234"}),
        Example("new contact Laura 4155550123", {"name": "Laura", "number": "4155550123"}),
        Example("change Alice Chen's email to alice@example.com",
                {"name": "Alice Chen", "email": "alice@example.com"}),
        Example("set Emma's number to 5550188", {"name": "Emma", "number": "5550188"}),
        Example("add bob@example.com to my contacts as Bob",
                {"name": "Bob", "email": "bob@example.com"}),
    ),
    zh=(
        Example("新建联系人赵强电话13800005678", {"name": "赵强", "number": "13800005678"}),
        Example("把13912345678存为孙丽", {"name": "孙丽", "number": "13912345678"}),
        Example("添加联系人周杰号码是13700001111", {"name": "周杰", "number": "13700001111"}),
        Example("把李娜的邮箱改成lina@example.com", {"name": "李娜", "email": "lina@example.com"}),
        Example("修改张伟的号码为13600002222", {"name": "张伟", "number": "13600002222"}),
        Example("通讯录加一个吴刚号码是02155550100", {"name": "吴刚", "number": "02155550100"}),
    ),
)  # fmt: skip

FUNCTIONS = (
    Function(FIND, find, (CONTACTS,)),
    Function(UPSERT, upsert, (CONTACTS,)),
)
