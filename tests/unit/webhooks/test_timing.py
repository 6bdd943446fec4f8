import pytest

from app.webhooks.timing import pause_after, retry_after_of

NOW = 1_700_000_000.0  # Tue, 14 Nov 2023 22:13:20 GMT


@pytest.mark.parametrize(
    ("attempts", "pause"),
    [(1, 5), (2, 30), (3, 120), (4, 600), (5, 3600), (6, 10_800), (7, 43_200), (8, None), (80, None)],
)
def test_pauses_grow_and_then_it_is_given_up(attempts, pause):
    assert pause_after(attempts, None, 0.0) == pause


def test_a_pause_is_up_to_a_fifth_longer():
    assert pause_after(5, None, 1.0) == pytest.approx(4320)


@pytest.mark.parametrize(
    ("asked", "pause"),
    [
        pytest.param(60.0, 60.0, id="longer than ours"),
        pytest.param(1.0, 5.0, id="shorter than ours"),
        pytest.param(1e9, 86_400.0, id="more than a day"),
    ],
)
def test_a_receiver_may_ask_for_a_longer_pause(asked, pause):
    assert pause_after(1, asked, 0.0) == pause


def test_a_receiver_cannot_ask_for_more_attempts():
    assert pause_after(8, 60.0, 0.0) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        pytest.param("120", 120.0, id="seconds"),
        pytest.param(" 0 ", 0.0, id="none at all"),
        pytest.param("9" * 5000, 86_400.0, id="more digits than a number has"),
        pytest.param("Tue, 14 Nov 2023 22:15:20 GMT", 120.0, id="a date"),
        pytest.param("Tue, 14 Nov 2023 22:15:20", 120.0, id="a date without a zone"),
        pytest.param("Tue, 14 Nov 2023 22:00:00 GMT", 0.0, id="a date that has gone by"),
        pytest.param("soon", None, id="a word"),
        pytest.param("-5", None, id="less than nothing"),
        pytest.param("\u0664\u0662", None, id="digits of another script"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="absent"),
    ],
)
def test_what_a_receiver_asks_for_is_read(header, seconds):
    assert retry_after_of(header, NOW) == seconds
