"""What commands print of what others have said."""

import json

import pytest

from app.cli.telling import tell, tell_json

OBEYED = "\x1b]0;owned\x07 \x9b31m \r\n \u202e \x7f é \U000e0041 \udcff"


@pytest.mark.fault(36)
def test_no_terminal_obeys_what_a_storage_says(capsys):
    tell(f"failed: {OBEYED}")
    said = capsys.readouterr().out

    assert said.endswith("\n")
    assert said[:-1].isprintable()
    assert "é" in said


def test_json_stays_what_it_is_and_is_printable(capsys):
    tell_json({"message": OBEYED, "name": "é"})
    said = capsys.readouterr().out

    assert json.loads(said) == {"message": OBEYED, "name": "é"}
    assert said.replace("\n", "").isprintable()
    assert '"name": "é"' in said
