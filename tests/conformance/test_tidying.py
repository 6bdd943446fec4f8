"""What every storage promises of tidying: no object is touched, and nothing is raised, whatever state the storage is in."""

from tests.conformance.contents import content


def test_tidying_keeps_every_object(storage):
    for key in ("a", "b/c", "b/d"):
        storage.write(key, content(key.encode()))
    storage.tidy()

    assert [listed.key for listed in storage.list()] == ["a", "b/c", "b/d"]


def test_tidying_an_empty_or_absent_storage_is_harmless(storage, absent):
    storage.tidy()
    absent.tidy()
