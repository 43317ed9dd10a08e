"""A cloud plans, the device reads: what is asked of the cloud, what is read of its reply, how much
of the documents may leave. Pure (after MinionS, HazyResearch/minions).

A reply is data: the texts of jobs, or the words for the person, each bounded; whatever else stands
in it is not looked at.
"""

import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from edgewise.core.signal import as_list, as_object
from edgewise.core.words import Words
from edgewise.route.question import Question

PURPOSE = "document"
MOST_ROUNDS = 3
MOST_JOBS = 5
MOST_JOB_CHARACTERS = 200
MOST_ANSWER_CHARACTERS = 4_000
MOST_FINDING_CHARACTERS = 300
NOTHING = "-"
INSTRUCTION = Words(
    "A person asks about a document on their device; you can not see it. Reply with JSON alone:"
    ' {"jobs": ["..."]}, up to 5 short questions of one fact each, other wordings after "|", which'
    ' the device looks up by their words ("-": not found); or {"answer": "..."} to the person,'
    " brief, made of what was found alone. Words in capitals between angle brackets stand for"
    " personal data: use them as they are.",
    '用户在询问其设备上的一份文档，你看不到它。只回复 JSON：{"jobs": ["..."]}，最多 5 个'
    "简短问题，每个只问一个事实，可用“|”附上其他说法，由设备按字词查找（“-”表示未找到）；"
    '或 {"answer": "..."}，'
    "简短回答用户，只用查到的内容。尖括号里的大写词代表个人信息，请原样使用。",
)
LAST = Words("Answer now.", "请现在回答。")


class Plan(Struct, frozen=True):
    """What a cloud's reply comes to: jobs for the device, or an answer; or it was no reply."""

    jobs: tuple[str, ...] = ()
    answer: str = ""


class Results(Struct, frozen=True):
    """What the device found, as it leaves, and how many bytes of that are the documents'."""

    text: str
    document_bytes: int


def about_documents(question: Question, document_tokens: int) -> Question:
    """The question as one about documents that stay here. What is known of questions without one
    says nothing of it, and it is not kept for later, as the documents are not."""
    need = replace(
        question.need,
        input_tokens=question.need.input_tokens + document_tokens,
        document_tokens=document_tokens,
        stays=True,
    )
    return replace(question, need=need, purpose=PURPOSE, score=None, queueable=False)


def plan_of(reply: str) -> Plan:
    """What is read of a cloud's reply; words without JSON are an answer."""
    begin, end = reply.find("{"), reply.rfind("}")
    if begin < 0:
        return Plan(answer=_bounded(reply, MOST_ANSWER_CHARACTERS))
    held = _decoded(reply[begin : end + 1])
    answer = held.get("answer")
    if isinstance(answer, str) and answer.strip():
        return Plan(answer=_bounded(answer, MOST_ANSWER_CHARACTERS))
    jobs = [
        " ".join(_bounded(job, MOST_JOB_CHARACTERS).split())
        for job in as_list(held.get("jobs"))
        if isinstance(job, str)
    ]
    return Plan(tuple(dict.fromkeys(job for job in jobs if job))[:MOST_JOBS])


def as_said(jobs: Sequence[str]) -> str:
    """A plan as the cloud said it, without what was not read of it."""
    return json.dumps({"jobs": list(jobs)}, ensure_ascii=False)


def results_of(findings: Sequence[Sequence[str]], most_bytes: int) -> Results:
    """The findings of each job, as one line each, at most `most_bytes` of the documents in all: the
    first of every job before the second of any; what has no room is left out."""
    taken: list[list[str]] = [[] for _ in findings]
    left = most_bytes
    for place in range(max((len(found) for found in findings), default=0)):
        for number, found in enumerate(findings):
            if place < len(found):
                said = " ".join(_bounded(found[place], MOST_FINDING_CHARACTERS).split())
                size = len(said.encode("utf-8", "replace"))
                if said and size <= left:
                    taken[number].append(said)
                    left -= size
    lines = [f"{number}: {' | '.join(said) or NOTHING}" for number, said in enumerate(taken, 1)]
    return Results("\n".join(lines), most_bytes - left)


def _decoded(text: str) -> dict[str, Any]:
    try:
        return as_object(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def _bounded(text: str, most: int) -> str:
    return text.strip()[:most].strip()
