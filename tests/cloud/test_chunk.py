from edgewise.cloud.chunk import ChunkReader, chunk_of
from tests.cloud.fake_completer import call, chunk, completion, last_chunk, piece


def numbers(*pieces: dict[str, object]) -> list[int]:
    reader = ChunkReader()
    return [reader.read(chunk(tool_calls=[one])).calls[0].call for one in pieces]


def test_a_chunk_without_choices_adds_only_its_counts():
    added = ChunkReader().read(last_chunk())
    assert added.usage is not None
    assert (added.text, added.calls, added.finish) == ("", (), "")


def test_fragments_belong_to_the_call_of_their_index():
    assert numbers(piece(3, "a", "f"), piece(5, "b", "g"), piece(3), piece(5)) == [0, 1, 0, 1]


def test_calls_that_all_have_index_0_are_told_apart_by_id_and_name():
    assert numbers(piece(0, "a", "f"), piece(0), piece(0, "b", "f"), piece(0)) == [0, 0, 1, 1]


def test_a_new_id_without_a_name_is_the_same_call():
    assert numbers(piece(0, "a", "f"), piece(0, "b")) == [0, 0]


def test_fragments_without_an_index_follow_their_id_or_the_newest_call():
    pieces = [piece(0, "a", "f"), piece(0), piece(0, "b", "g"), piece(0), piece(0, "a")]
    assert numbers(*({**one, "index": None} for one in pieces)) == [0, 0, 1, 1, 0]


def test_a_stop_word_of_vllm_or_sglang_is_told():
    for name in ("stop_reason", "matched_stop"):
        one = chunk("stop")
        one["choices"][0][name] = "END"
        assert ChunkReader().read(one).stop == "END"
        one["choices"][0][name] = 151645  # a token's number
        assert ChunkReader().read(one).stop == ""


def test_a_whole_completion_is_one_chunk():
    whole = completion(content="hi", tool_calls=[call("a", "f", "{}"), call("b", "g", "{}")])
    added = ChunkReader().read(chunk_of(whole))
    assert added.text == "hi"
    assert [(made.call, made.id, made.name) for made in added.calls] == [
        (0, "a", "f"),
        (1, "b", "g"),
    ]
    assert added.finish == "tool_calls"
    assert added.usage == whole["usage"]
    assert ChunkReader().read(chunk_of({})).text == ""
