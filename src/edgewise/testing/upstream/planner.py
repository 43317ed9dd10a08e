"""A planner that is no model: it asks a device about a document that lies there, and joins.

It speaks the device's own protocol (`route.delegation`) and knows no document: asked anew, it
splits the person's question where it joins two (", and", "，", "；") and gives each part as a job;
given results, it answers with the first finding of each job, asks once more for the whole question
where a job found nothing, and says so in the end. What it is good for: that jobs, results and bytes
are real. What it can not show: how well a language model plans.
"""

import json
import re
from typing import Any

from edgewise.testing.upstream.ask import text_of

MODEL = "planner"
"""Requests for a model of this name are answered by the planner."""
_PARTS = re.compile(
    r"[,;]?\s+and\s+(?=wh|how|at|on|in|by)|[；;?？]|，(?:另外|还有|以及|并且)?|以及"
)
_LINE = re.compile(r"(\d+): (.+)")
_LAST = ("Answer now.", "请现在回答。")
_NOTHING = {"en": "The document does not say.", "zh": "文档中没有写明。"}


def planned(messages: list[dict[str, Any]]) -> str:
    """The reply, as JSON."""
    said = [text_of(one.get("content")) for one in messages if one["role"] == "user"]
    question = said[0] if said else ""
    findings = _findings(said[1:])
    if findings is None:
        parts = [part.strip() for part in _PARTS.split(question) if part.strip()]
        return json.dumps({"jobs": parts or [question]}, ensure_ascii=False)
    told = [finding.split(" | ")[0] for finding in findings if finding != "-"]
    is_last = said[-1] in _LAST
    if "-" in findings and not is_last and _jobs(messages) != [question]:
        return json.dumps({"jobs": [question]}, ensure_ascii=False)
    language = "zh" if re.search("[\u4e00-\u9fff]", question) else "en"
    answer = " ".join(dict.fromkeys(told)) or _NOTHING[language]
    return json.dumps({"answer": answer}, ensure_ascii=False)


def _findings(said: list[str]) -> list[str] | None:
    """What each job found, from the device's last results; None before there were any."""
    for text in reversed(said):
        lines = [_LINE.fullmatch(line) for line in text.splitlines()]
        if lines and all(lines):
            return [line[2] for line in lines if line is not None]
    return None


def _jobs(messages: list[dict[str, Any]]) -> list[str]:
    """The jobs given so far, as the device repeats them."""
    told = [text_of(one.get("content")) for one in messages if one["role"] == "assistant"]
    try:
        return list(json.loads(told[-1])["jobs"]) if told else []
    except (ValueError, KeyError, TypeError):
        return []
