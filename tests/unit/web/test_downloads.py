"""Places for downloads: nobody takes all of them."""

import pytest
from flask import Flask

from app.accounts.caller import Caller, Role
from app.errors import TooBusy
from app.web.downloads import allow_downloads, download_place

ANN, BEN = Caller(1, "ann", Role.USER), Caller(2, "ben", Role.USER)


@pytest.fixture(autouse=True)
def app():
    """An application with four places."""
    app = Flask(__name__)
    allow_downloads(app, 4)
    with app.test_request_context():
        yield


@pytest.mark.parametrize("greedy", [ANN, None], ids=["a user", "strangers"])
def test_one_who_takes_all_he_may_leaves_half_to_others(greedy):
    taken = [download_place(greedy) for _ in range(2)]
    with pytest.raises(TooBusy):
        download_place(greedy)
    download_place(BEN)
    taken[0]()
    download_place(greedy)


def test_when_all_are_taken_nobody_gets_one():
    for caller in (ANN, ANN, BEN, BEN):
        download_place(caller)
    with pytest.raises(TooBusy):
        download_place(None)
