"""An app of the screen's list told to open by its name: "open Shop", 切换到小店.

The owner has named these apps, so a name of the list is that app, whatever else the word may be;
but a thing of the car of that name stays the car's.
"""

from edgewise.core.regex import regex
from edgewise.core.thought import Context
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.join import Part, make_part
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.normalise import ENDS, Normal, normalise
from edgewise.think.understanding.things import find_things

KIND = "screen_app"
"""The kind of these names in a `Context`."""
_OPENS = regex(
    r"(?:open(?: up)?|launch|start(?: up)?|run|bring up|switch to) (?:the |my )?(?P<en>.+?)"
    r"(?: app(?:lication)?)?"
    r"|(?:打开|启动|运行|进入|切换到|切换至|切到|开启)(?P<zh>.+?)(?:应用程序|应用|软件|app)?"
    r"|[把将](?P<ba>.+?)(?:打开|启动)"
)


def opened_app(known: Known, clause: Normal, context: Context) -> Part | None:
    """`app.open` for a clause that opens an app of the screen's list; else None."""
    names = context.names.get(KIND, ())
    if not names or "app.open" not in known.declared:
        return None
    bare = strip_courtesy(clause)
    match = _OPENS.fullmatch(bare.plain.strip(ENDS))
    if match is None:
        return None
    wanted = match["en"] or match["zh"] or match["ba"]
    name = next((name for name in names if normalise(name).plain.strip(ENDS) == wanted), None)
    if name is None or find_things(wanted):
        return None
    return make_part("app.open", {"name": name}, bare, context, 0.95)
