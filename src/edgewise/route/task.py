"""A question about a task: what answers it must be able to propose calls.

Its purpose is its own, since letting a cloud's agent propose what the device does is another matter
than asking it for words: who agreed to the one has not agreed to the other. Nothing of it is kept
for later: an order that lay waiting must not act. Pure.
"""

from msgspec.structs import replace

from edgewise.route.question import Question

PURPOSE = "tools"


def as_task(question: Question, manifest_tokens: int) -> Question:
    """`question` about a task; `manifest_tokens` is about what the device's abilities take, which
    leave with it."""
    need = question.need
    return replace(
        question,
        purpose=PURPOSE,
        need=replace(need, tools=True, input_tokens=need.input_tokens + manifest_tokens),
        score=None,
        chance=1.0,
        queueable=False,
    )
