"""What log lines look like, and that none of them tells a secret or pretends to be two.

The product logs by the standard library; structlog writes the lines. What is bound goes along with all that is logged
meanwhile.
"""

import logging
import re
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import structlog

from app.monitoring.context import current_context
from app.monitoring.lines import printable
from app.monitoring.redaction import masked
from app.settings import Settings

_Line: TypeAlias = MutableMapping[str, Any]

_JOB = re.compile(r"\bJob ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b")
_SAID = frozenset({"time", "level", "logger", "event", "exception", "method", "path", "status", "bytes", "seconds"})


def set_up_logging(settings: Settings) -> None:
    """Have all that this process logs come to standard error in one form; calling it again changes nothing more."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(settings.log_format))
    root, product = logging.getLogger(), logging.getLogger("app")
    for before in [known for known in root.handlers if isinstance(known.formatter, _Formatter)]:
        root.removeHandler(before)
    root.addHandler(handler)  # also for what libraries warn of
    product.setLevel(settings.log_level.upper())


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Our lines, told from the handlers of others."""


def formatter(form: str) -> logging.Formatter:
    """Return what writes lines: ``text`` for people, ``json`` for programs."""
    return _Formatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            _with_context,
            structlog.stdlib.ExtraAdder(),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _exception,
            _ids,
            _without_secrets,
            _as_json if form == "json" else _as_text,
        ],
    )


def _with_context(_logger: object, _method: str, line: _Line) -> _Line:
    return {**line, **current_context()}


def _exception(_logger: object, _method: str, line: _Line) -> _Line:
    """Write the traceback out; without what its frames held, which may be secrets."""
    found = line.pop("exc_info", None)
    line.pop("stack_info", None)
    if found and found[0] is not None:
        line["exception"] = "".join(traceback.format_exception(*found)).rstrip()
    return line


def _ids(_logger: object, _method: str, line: _Line) -> _Line:
    """Make a field of the job that a sentence names."""
    named = _JOB.search(str(line["event"]))
    if named:
        line.setdefault("job_id", named[1])
    return line


def _without_secrets(_logger: object, _method: str, line: _Line) -> _Line:
    cleaned: dict[str, Any] = masked(line)
    return cleaned


def _as_json(_logger: object, _method: str, line: _Line) -> str:
    """Return one object; whatever JSON cannot say is spelt with escapes, line ends among it."""
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"), **line}
    return str(structlog.processors.JSONRenderer()(None, "", line))


def _as_text(_logger: object, _method: str, line: _Line) -> str:
    """Return ``[time] LEVEL event key=value``; the level from warnings on, and nothing that the event says."""
    event, level = printable(str(line["event"])), str(line["level"])
    parts = [datetime.now().astimezone().strftime("[%d/%b/%Y:%H:%M:%S %z]")]
    parts += [level.upper()] if level not in ("debug", "info") else []
    parts.append(event)
    parts += [f"{name}={_word(value)}" for name, value in line.items() if _is_news(name, value, event)]
    # Each of its lines is indented: none can be taken for a line of the log.
    trace = [f"    {printable(text)}" for text in str(line.get("exception", "")).splitlines()]
    return "\n".join([" ".join(parts), *trace])


def _is_news(name: str, value: object, event: str) -> bool:
    """Return whether a field says what the sentence does not: those of requests and jobs mostly repeat it."""
    return value is not None and name not in _SAID and not (name == "job_id" and str(value) in event)


def _word(value: object) -> str:
    text = printable(str(value))
    return f'"{text}"' if not text or " " in text or "=" in text else text
