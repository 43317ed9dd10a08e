"""Praise, complaint, "that's all": a whole message to which a word back is the answer."""

from edgewise.core.thought import Context
from edgewise.think.understanding.courtesy import strip_courtesy
from edgewise.think.understanding.fill import fill
from edgewise.think.understanding.join import Part, make_part
from edgewise.think.understanding.kind import is_conditional, is_question, is_reported
from edgewise.think.understanding.known import Known
from edgewise.think.understanding.lean import is_bare_change
from edgewise.think.understanding.leaning import leaning_part, names_in
from edgewise.think.understanding.normalise import Normal
from edgewise.think.understanding.polarity import read_polarity
from edgewise.think.understanding.unnamed import Unnamed, is_social, unnamed
from edgewise.think.understanding.verbatim import for_model

DIALOG = "dialog.control"
SURE_TALK, SURE_NOISE = 0.6, 0.9


def back_channel(known: Known, said: Normal, context: Context) -> Part | None:
    """A whole message of praise, complaint, "that's all": a word back is all that it asks for. What
    it would undo or confirm is only done where nothing in it denies or asks. `None` for others."""
    bare = strip_courtesy(said).plain
    if DIALOG not in known.declared or is_social(said.plain) or is_bare_change(bare):
        return None
    best = known.guess(for_model(bare), said.plain)[0]
    if best.name != DIALOG or best.confidence < SURE_TALK:
        return None
    noise = unnamed(bare, known_share=known.known_share(bare)) is Unnamed.NOISE
    if (noise and best.confidence < SURE_NOISE) or leaning_part(known, said, [], context):
        return None
    filled = fill(known.declared[DIALOG], said, names_in(context), context.now, None)
    action = filled.arguments.get("action")
    denied = read_polarity(said.plain).negated or any(
        frames(said.plain) for frames in (is_question, is_reported, is_conditional)
    )
    harmless = action in ("cancel", "repeat")
    arguments = filled.arguments if action and (harmless or not denied) else {}
    return make_part(DIALOG, dict(arguments), said, context, best.confidence)
