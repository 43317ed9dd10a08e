"""The device reads a document by itself: what stands there, quoted; what does not, said so."""

from edgewise.agent.reader import Reader, asks_a_document
from edgewise.core.label import Label
from edgewise.core.message import Message, Speaker
from edgewise.core.part import DocumentPart
from edgewise.core.thought import MessageKind
from edgewise.core.words import Language
from edgewise.perceive.document import document_of
from tests.agent.conftest import House, ScriptedMind

LEASE = "4. House\nThe caretaker is Tobias Lindner, extension 417. Bicycles go to the cellar.\n"


def about(text: str, *documents: DocumentPart) -> Message:
    parts = documents or (document_of("lease.txt", LEASE),)
    return Message(text, Language.ENGLISH, Label(), Speaker(), parts)


def reader(text: str, mind: ScriptedMind | None = None) -> Reader:
    return Reader(about(text), mind or ScriptedMind({}))


async def test_the_answer_is_a_quote_and_its_score_the_share_it_covers():
    asked = reader("who is the caretaker")
    said = await asked.answer(deadline_s=5.0)
    assert said.text == "In lease.txt: “The caretaker is Tobias Lindner, extension 417.”"
    assert (said.declined, asked.score(said).wrong) == (False, 0.0)


async def test_what_is_not_there_is_declined_in_words():
    asked = reader("what is the wifi password")
    said = await asked.answer(deadline_s=5.0)
    assert said.text == "I found nothing about that in lease.txt."
    assert (said.declined, asked.score(said).wrong) == (True, 1.0)


async def test_what_a_model_reads_counts_only_as_far_as_it_stands_there():
    job = "who is the caretaker"
    true = ScriptedMind({}, reads={job: "Tobias Lindner is the caretaker."})
    made_up = ScriptedMind({}, reads={job: "Tobias Lindner, a landlord for 20 years."})
    assert (await reader(job, true).do(job, deadline_s=5.0)).said == (true.reads[job],)
    assert (await reader(job, made_up).do(job, deadline_s=5.0)).said == ()
    assert (await reader(job, made_up).do(job, deadline_s=5.0)).quotes


async def test_of_a_job_in_several_wordings_the_one_that_is_written_counts():
    asked = reader("who looks after the house")
    assert not (await asked.do("who looks after the building", deadline_s=5.0)).quotes
    found = await asked.do("janitor | building manager | caretaker", deadline_s=5.0)
    assert found.quotes == ("The caretaker is Tobias Lindner, extension 417.",)
    assert (await asked.do("||", deadline_s=5.0)).quotes == ()


async def test_several_documents_are_read_as_one():
    other = document_of("book.md", "# Crew\nThe captain is Lee Ash.\n")
    asked = Reader(
        about("who is the captain", document_of("a.txt", LEASE), other), ScriptedMind({})
    )
    assert "Lee Ash" in (await asked.answer(deadline_s=5.0)).text
    assert asked.size_bytes == sum(one.size_bytes for one in asked.documents)


def test_words_that_come_with_a_document_ask_and_a_stop_still_stops():
    mind = ScriptedMind({"window half": [("window.set", {"percent": 50})]})
    thought = asks_a_document(about("window half"), mind)
    assert thought is not None
    assert (thought.kind, thought.calls) == (MessageKind.QUESTION, ())
    assert asks_a_document(about("stop"), mind) is None
    bare = Message("window half", Language.ENGLISH, Label(), Speaker())
    assert asks_a_document(bare, mind) is None


async def test_without_any_cloud_a_turn_is_answered_from_the_document(house: House):
    from tests.agent.test_by_delegate import asked, end_of

    events = await house.run(asked("who is the caretaker", LEASE))
    assert end_of(events).text.startswith("In lease.txt: “The caretaker is Tobias Lindner")
