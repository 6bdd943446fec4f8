"""A bucket in this process that only answers listings, over HTTP: as S3 does, or short of some of what S3 knows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlsplit
from xml.sax.saxutils import escape


@dataclass
class BucketModel:
    """What `scripted` of tests/support/servers.py needs to answer as a bucket.

    Attributes:
        keys: what it holds.
        page: how many keys and folders it names in an answer.
        knows_start: whether it begins where `start-after` says, or at the first key.
        knows_delimiter: whether it tells folders, or lists what is in them.
        encodes: whether it encodes keys when it is asked to.
        asked: the query of each request so far.
        refused: prefixes for which it answers that access is denied.
    """

    keys: Sequence[str] = ()
    page: int = 3
    knows_start: bool = True
    knows_delimiter: bool = True
    encodes: bool = True
    asked: list[dict[str, str]] = field(default_factory=list)
    refused: tuple[str, ...] = ()

    def __call__(self, _method: str, path: str) -> tuple[int, str]:
        query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        self.asked.append(query)
        if self.refused and query.get("prefix", "").startswith(self.refused):
            return 403, "<Error><Code>AccessDenied</Code></Error>"
        return 200, self._answer(query)

    def _answer(self, query: dict[str, str]) -> str:
        after = query.get("start-after", "") if self.knows_start else ""
        names = list(self._names(query, query.get("continuation-token", after)))
        rest = names[self.page :]
        last = names[: self.page][-1][0] if names else ""
        told = "".join(self._element(name, is_folder) for name, is_folder in names[: self.page])
        token = f"<NextContinuationToken>{escape(last)}</NextContinuationToken>" if rest else ""
        encoding = "<EncodingType>url</EncodingType>" if self.encodes else ""
        truncated = str(bool(rest)).lower()
        return f"<ListBucketResult>{encoding}<IsTruncated>{truncated}</IsTruncated>{told}{token}</ListBucketResult>"

    def _names(self, query: dict[str, str], after: str) -> Iterator[tuple[str, bool]]:
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        folder = ""
        for key in sorted(self.keys):
            if not key.startswith(prefix) or key <= after or (folder and key.startswith(folder)):
                continue
            end = key.find(delimiter, len(prefix)) if delimiter and self.knows_delimiter else -1
            if end < 0:
                yield key, False
                continue
            folder = key[: end + 1]
            yield folder, True

    def _element(self, name: str, is_folder: bool) -> str:
        spelt = quote(name, safe="/") if self.encodes else escape(name)
        if is_folder:
            return f"<CommonPrefixes><Prefix>{spelt}</Prefix></CommonPrefixes>"
        return f"<Contents><Key>{spelt}</Key><Size>1</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>"
