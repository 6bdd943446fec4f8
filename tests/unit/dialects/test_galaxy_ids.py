"""Ids of the Galaxy dialect: the vectors of Galaxy's own documentation, and what is no id."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialects.galaxy.ids import Ids, MalformedId, ids_of
from app.settings import Settings

IDS = ids_of(Settings.load({}).galaxy_id_secret)

VECTORS = {
    1: "f2db41e1fa331b3e", 2: "f597429621d6eb2b", 3: "1cd8e2f6b131e891", 4: "ebfb8f50c6abde6d", 5: "33b43b4e7093c91f",
    7: "5969b1f7201f12ae", 8: "df7a1f0c02a5b08e", 10: "03501d7626bd192f", 11: "3f5830403180d620", 12: "e85a3be143d5905b",
    100: "84ffe6fca6c4fbda", 1234567: "61b95be668296305", 12345678: "c6ca0ddb55be603a76ca7b1c3af82659",
}  # fmt: skip


@pytest.mark.parametrize(("number", "text"), VECTORS.items(), ids=str)
def test_the_default_secret_gives_the_ids_of_galaxys_documentation(number, text):
    assert IDS.encode(number) == text
    assert IDS.decode(text) == number
    assert IDS.decode(text.upper()) == number


@given(st.integers(min_value=0, max_value=2**63))
def test_an_id_leads_back_to_its_number(number):
    assert Ids("another secret").decode(Ids("another secret").encode(number)) == number


def test_another_secret_gives_other_ids():
    assert Ids("another secret").encode(1) != IDS.encode(1)
    with pytest.raises(MalformedId):
        Ids("another secret").decode(IDS.encode(1))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("f2db41e1fa331b3", id="15 characters"),
        pytest.param("zzzzzzzzzzzzzzzz", id="no hexadecimal digits"),
        pytest.param("0123456789abcdef", id="deciphers to rubbish"),
        pytest.param("f2db41e1fa331b3e" * 2, id="two ids"),
        pytest.param("f2db41e1fa331b3e" * 1000, id="longer than any"),
        pytest.param("f2db41e1fa331b3e\n", id="a line break behind it"),
        pytest.param("１" * 16, id="digits of another script"),
        pytest.param("nonexistent_id", id="a word"),
    ],
)
def test_what_is_no_id_is_refused(text):
    with pytest.raises(MalformedId):
        IDS.decode(text)


def test_padding_alone_and_numbers_with_zeros_in_front_are_no_ids():
    cipher = IDS._cipher
    for block in (b"!!!!!!!!", b"!!!!!!01", b"12345678", b"!!!!1!!1", b"!!!!\xd9\xa1!!"):
        encryptor = cipher.encryptor()
        with pytest.raises(MalformedId):
            IDS.decode((encryptor.update(block) + encryptor.finalize()).hex())
