"""Files: search them; delete, rename, move or copy.

They are rows of `phone.files` (path, name, kind, size). File names can come from anywhere
(downloads), so what a search returns is labelled APP.
"""

from edgewise.act.catalogue.rows import Row, impossible, label_for, named, rows_in, say, text_in
from edgewise.act.function import Function
from edgewise.core.call import Call, Effect, Missing, Resolution, Resolved
from edgewise.core.capability import Argument, Capability, Choice, Example, Kind, Risk
from edgewise.core.label import OriginKind
from edgewise.core.signal import Snapshot
from edgewise.core.words import Words

FILES = "phone.files"


def search(call: Call, snapshot: Snapshot) -> Resolution:
    """Data: `files` newest first, `count` and `said` (their paths)."""
    rows = rows_in(snapshot, FILES)
    if query := text_in(call, "query"):
        rows = named(rows, query, ("name", "path", "text"))
    if kind := text_in(call, "kind"):
        rows = [row for row in rows if row.get("kind") == kind]
    rows = sorted(rows, key=lambda row: str(row.get("modified", "")), reverse=True)
    paths = [str(row.get("path", "")) for row in rows]
    said = "\n".join(paths[:10]) or say(snapshot, "No such file.", "没有找到文件。")
    data = {"files": rows[:10], "count": len(rows), "said": said}
    return Resolved(data=data, label=label_for(OriginKind.APP, ("files",)))


def change(call: Call, snapshot: Snapshot) -> Resolution:
    """Deletes, renames, moves or copies one file; refuses a path that is taken."""
    rows = rows_in(snapshot, FILES)
    words = text_in(call, "path")
    op = text_in(call, "op")
    exact = [row for row in rows if row.get("path") == words]
    found = exact or named(rows, words, ("name", "path"))
    if len(found) != 1:
        return Missing(
            "path",
            Words(f"Which file is “{words}”?", f"“{words}”是哪个文件？")
            if found
            else Words(f"There is no file “{words}”. Which file?",
                       f"没有文件“{words}”，是哪个文件？"),
            tuple(str(row.get("path", "")) for row in found[:6]),
        )  # fmt: skip
    row = found[0]
    target = f"{FILES}.{row['id']}"
    if op == "delete":
        return Resolved((Effect(target, None),), data=_told(row, op, "", snapshot), atomic=True)
    to = text_in(call, "to")
    if not to or ".." in to.split("/"):
        return Missing("to", Words("To what name or folder?", "改成什么名字或放到哪个文件夹？"))
    path = _new_path(row, op, to)
    if any(other.get("path") == path for other in rows):
        return impossible("file_exists", f"There is a file {path} already.", f"{path}已经存在。")
    new = {**row, "path": path, "name": path.rpartition("/")[2]}
    if op == "copy":
        new.pop("id", None)
        target = f"{FILES}.{call.id}"
    return Resolved((Effect(target, new),), data=_told(row, op, path, snapshot), atomic=True)


def _new_path(row: Row, op: str, to: str) -> str:
    folder, _, name = str(row.get("path", "")).rpartition("/")
    if op == "rename":
        suffix = "." + name.rpartition(".")[2] if "." in name and "." not in to else ""
        return f"{folder}/{to}{suffix}"
    place = to if to.startswith("/") else f"/{to}"
    return f"{place.rstrip('/')}/{name}"


def _told(row: Row, op: str, path: str, snapshot: Snapshot) -> dict[str, str]:
    name = str(row.get("name", ""))
    words = {
        "delete": Words(f"Deleted {name}.", f"已删除{name}。"),
        "rename": Words(f"{name} is now {path}.", f"{name}已改名为{path}。"),
        "move": Words(f"Moved {name} to {path}.", f"已把{name}移到{path}。"),
        "copy": Words(f"Copied {name} to {path}.", f"已把{name}复制到{path}。"),
    }[op]
    return {"said": say(snapshot, words.en, words.zh)}


SEARCH = Capability(
    "file.search",
    Words("search files", "查找文件"),
    Risk.READ,
    (
        Argument("query", Kind.TEXT, Words("words in it", "关键词"), private=True),
        Argument(
            "kind",
            Kind.CHOICE,
            Words("kind", "类型"),
            choices=(
                Choice("document", Words("document", "文档"), ("document",), ("文档",)),
                Choice("photo", Words("photo", "照片"), ("photo", "picture"), ("照片", "图片")),
                Choice("video", Words("video", "视频"), ("video",), ("视频",)),
                Choice("download", Words("download", "下载"), ("download",), ("下载",)),
            ),
        ),
    ),
    rules=(16, 17, 34),
    private=True,
    content=OriginKind.APP,
    tells=Words("{said}", "{said}"),
    en=(
        Example("find the file insurance", {"query": "insurance"}),
        Example("search my files for budget", {"query": "budget"}),
        Example("where is the document called travel plan",
                {"query": "travel plan", "kind": "document"}),
        Example("show my downloads", {"kind": "download"}),
        Example("find photos of the beach", {"query": "beach", "kind": "photo"}),
        Example("look for the file report.pdf", {"query": "report.pdf"}),
    ),
    zh=(
        Example("找一下保险单这个文件", {"query": "保险单"}),
        Example("在文件里搜索预算", {"query": "预算"}),
        Example("旅行计划文档在哪里", {"query": "旅行计划", "kind": "document"}),
        Example("看看下载的文件", {"kind": "download"}),
        Example("找一下海边的照片", {"query": "海边", "kind": "photo"}),
        Example("查找文件report.pdf", {"query": "report.pdf"}),
    ),
)  # fmt: skip

CHANGE = Capability(
    "file.change",
    Words("delete, rename, move or copy a file", "删除、重命名、移动或复制文件"),
    Risk.IRREVERSIBLE,
    (
        Argument(
            "op",
            Kind.CHOICE,
            Words("what to do", "操作"),
            True,
            (
                Choice("delete", Words("delete", "删除"), ("delete", "remove"), ("删",)),
                Choice("rename", Words("rename", "重命名"), ("rename",), ("改名", "重命名")),
                Choice("move", Words("move", "移动"), ("move",), ("移动", "移到")),
                Choice("copy", Words("copy", "复制"), ("copy",), ("复制", "拷贝")),
            ),
        ),
        Argument("path", Kind.TEXT, Words("file", "文件"), True, private=True),
        Argument("to", Kind.TEXT, Words("new name or folder", "新名字或文件夹"), private=True),
    ),
    actuators=(f"{FILES}.*",),
    rules=(33,),
    private=True,
    done=Words("{said}", "{said}"),
    en=(
        Example("delete the file report.pdf", {"op": "delete", "path": "report.pdf"}),
        Example("rename budget.xlsx to budget 2027",
                {"op": "rename", "path": "budget.xlsx", "to": "budget 2027"}),
        Example("move travel plan.docx to Archive",
                {"op": "move", "path": "travel plan.docx", "to": "Archive"}),
        Example("copy insurance.pdf to Documents",
                {"op": "copy", "path": "insurance.pdf", "to": "Documents"}),
        Example("remove the file beach.jpg", {"op": "delete", "path": "beach.jpg"}),
        Example("move report.pdf to Documents",
                {"op": "move", "path": "report.pdf", "to": "Documents"}),
    ),
    zh=(
        Example("删除文件report.pdf", {"op": "delete", "path": "report.pdf"}),
        Example("把预算.xlsx改名为2027预算",
                {"op": "rename", "path": "预算.xlsx", "to": "2027预算"}),
        Example("把旅行计划.docx移到归档",
                {"op": "move", "path": "旅行计划.docx", "to": "归档"}),
        Example("复制保险单.pdf到文档", {"op": "copy", "path": "保险单.pdf", "to": "文档"}),
        Example("删掉海边.jpg这个文件", {"op": "delete", "path": "海边.jpg"}),
        Example("把report.pdf移到归档", {"op": "move", "path": "report.pdf", "to": "归档"}),
    ),
)  # fmt: skip

FUNCTIONS = (Function(SEARCH, search, (FILES,)), Function(CHANGE, change, (FILES,)))
