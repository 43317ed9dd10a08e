"""The documents that delegation is measured on are the same each time and hold what is asked."""

from benchmarks.long_documents import made_documents


def test_a_seed_makes_the_same_documents_each_time():
    first, again = list(made_documents(3)), list(made_documents(3))
    assert first == again
    assert first != list(made_documents(4))
    assert len(first) == 18


def test_each_answer_stands_in_the_document_and_one_question_has_none():
    for made in made_documents(5):
        assert made.tokens >= 2_950
        for asked in made.asked:
            assert all(held in made.text for held in asked.held)
        assert [len(asked.held) for asked in made.asked[:3]] == [2, 0, 1]
