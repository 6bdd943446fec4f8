"""Somebody else's tester of OpenAPI documents, and what it is told so that not all that it asks for is missing."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.clients import ENVIRONMENTS, KEPT, SESSIONS
from tests.support.servers import missing

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
CHANGING = ["PUT", "PATCH", "DELETE"]


@dataclass(frozen=True)
class Known:
    """What exists, for one document; names are those of parameters with their place: ``path.id``, ``body.source``.

    Attributes:
        main: what is asked for.
        spare: what is changed and deleted in its place.
        of: by path: what is asked for there.
        left_out: paths that are not tested.
    """

    main: Mapping[str, str] = field(default_factory=dict)
    spare: Mapping[str, str] = field(default_factory=dict)
    of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    left_out: Sequence[str] = ()

    def settings(self, *, always: bool) -> str:
        """Return this as the tester reads it: each value is taken ``always``, or nine times of ten.

        What is in a body is never taken always: the tester takes other bodies than those that it makes up for none.
        """
        tables = [("[parameters]", "", self.main)]
        if self.spare:
            tables.append((_operations("include-method", CHANGING), "spare-", self.spare))
        for number, (path, values) in enumerate(self.of.items()):
            tables.append((_operations("include-path", path), f"{number}-", values))
        return "\n".join(_plain(*table) if always else _likely(*table) for table in tables)


@dataclass(frozen=True)
class Fuzzed:
    """How the tester ended.

    Attributes:
        code: of its exit; 0: all that was answered is as the document says.
        text: what it said.
    """

    code: int
    text: str


def fuzzed(
    url: str, document: str, key: str, known: Known, folder: Path, *options: str, seconds: float = 560
) -> Fuzzed:
    """Test a document of a service; ``options`` are the tester's own.

    Args:
        url: where the service is.
        document: its name.
        key: whose requests they are.
        folder: the tester's own.
    """
    program = ENVIRONMENTS / "aion" / "bin" / "schemathesis"
    if not program.exists():
        missing("The tester of OpenAPI documents is not installed; `make test` does that.")
    (folder / "schemathesis.toml").write_text(known.settings(always="coverage" in options))
    environ = {name: value for name, value in os.environ.items() if name in KEPT} | {"NO_PROXY": "127.0.0.1"}
    environ |= {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(SESSIONS)}
    left_out = [word for path in known.left_out for word in ("--exclude-path", path)]
    arguments = [
        "run", f"{url}/openapi/{document}.json", "--url", url, "--header", f"Authorization: Bearer {key}",
        "--checks", CHECKS, "--seed", "1", "--continue-on-failure", "--no-color", "--warnings", "off",
        "--suppress-health-check", "all", "--request-timeout", "180", *left_out, *options,
    ]  # fmt: skip
    done = subprocess.run(
        [str(program), *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    return Fuzzed(done.returncode, done.stdout + done.stderr)


def _operations(word: str, which: str | Sequence[str]) -> str:
    return f"[[operations]]\n{word} = {json.dumps(which)}\n[operations.parameters]"


def _plain(head: str, _start: str, values: Mapping[str, str]) -> str:
    told = {name: value for name, value in values.items() if not name.startswith("body.")}
    return "\n".join([head, *(f"{json.dumps(name)} = {json.dumps(value)}" for name, value in told.items())])


def _likely(head: str, start: str, values: Mapping[str, str]) -> str:
    """Return values as dictionaries, and a table that names them."""
    lists = [
        f"[dictionaries.{json.dumps(start + name)}]\nvalues = [{json.dumps(value)}]" for name, value in values.items()
    ]
    uses = [f"{json.dumps(name)} = {{ dictionary = {json.dumps(start + name)}, probability = 0.9 }}" for name in values]
    return "\n".join([*lists, head, *uses])
