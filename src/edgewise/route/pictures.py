"""A question about pictures: which purpose it has, and what it needs of who answers. Pure."""

from msgspec.structs import replace

from edgewise.route.question import Question

PURPOSE = "pictures"
PIXELS_A_TOKEN = 750
"""Of clouds' vision models, about; they cut a picture into tiles."""


def about_pictures(question: Question, tokens: int) -> Question:
    """The question as one about pictures, which a cloud must see and the device has read. What is
    known of questions without one says nothing of it, and it is not kept for later, as the pictures
    are not."""
    need = replace(
        question.need,
        input_tokens=question.need.input_tokens + tokens,
        images=True,
        read=True,
    )
    return replace(question, need=need, purpose=PURPOSE, score=None, queueable=False)
