"""What a statement was to write is in no error of it: what logs the error cannot know by its looks that it is a secret."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import open_database
from tests.support.jobs import settings_for


@pytest.mark.usefixtures("each_database")
def test_the_error_of_a_statement_does_not_tell_its_parameters(tmp_path):
    database = open_database(settings_for(tmp_path))
    with pytest.raises(DBAPIError) as raised, database.engine.begin() as connection:
        connection.execute(text("INSERT INTO no_such_table (name) VALUES (:name)"), {"name": "hunter2"})
    database.close()

    assert "no_such_table" in str(raised.value)
    assert "hunter2" not in str(raised.value)
