import pytest
from sqlalchemy import literal, select

from app.jobs.wording import contains, spellings


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        pytest.param("Photos/2026", "photos", True, id="another case"),
        pytest.param("photos/2026", "OS/2", True, id="a part"),
        pytest.param("photos", "photos/", False, id="more than there is"),
        pytest.param("100 files", "100%", False, id="a percent sign is one"),
        pytest.param("100% sure", "100% S", True, id="and is found"),
        pytest.param("a-b", "a_b", False, id="an underscore is one"),
        pytest.param("A_B", "a_b", True, id="and is found too"),
        pytest.param("a/b", "/", True, id="what escapes the others"),
        pytest.param("a\\b", "\\B", True, id="a backslash"),
        pytest.param("ÄPFEL", "äpfel", True, id="all capital"),
        pytest.param("äpfel", "ÄPFEL", True, id="all small"),
        pytest.param("Äpfel", "äpfel", True, id="the first letter"),
        pytest.param("Наши Фото", "наши фото", True, id="the first of each word"),
        pytest.param("Наши фото", "НАШИ ФОТО", True, id="the first of the whole"),
        pytest.param("фОТо", "фОТо", True, id="as typed"),
        pytest.param("фОТо", "фото", False, id="the documented limit: any other mixture"),
        pytest.param("a?", "A\udcff", True, id="a lone surrogate is stored as a question mark"),
    ],
)
def test_words_contain_a_text_in_any_case(registry, words, text, expected):
    with registry.database.reading() as session:
        assert bool(session.scalar(select(contains(literal(words), text)))) is expected


def test_a_text_of_ascii_letters_is_looked_for_once():
    assert spellings("Photo 1") == {"Photo 1"}
    assert spellings("über") == {"über", "ÜBER", "Über"}
