"""The counters and histograms themselves, made when this is imported: not before `counting.share_counters` was called.

Labels are words of ours, and of storages their hosts; never a key, an id, or what a user typed.
"""

from prometheus_client import Counter, Histogram

_WAITS = (0.1, 0.5, 1, 2, 5, 15, 60, 300, 900, 3600, 14_400)
_ANSWERS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)

started = Counter("sluice_jobs_started", "Jobs that a runner has started for the first time.", ["kind"])
waited = Histogram("sluice_job_wait_seconds", "From a job's making to its first start.", ["kind"], buckets=_WAITS)
ended = Counter("sluice_jobs_ended", "Jobs that have ended.", ["kind", "state", "reason"])
rescued = Counter("sluice_jobs_rescued", "Jobs taken back from runners that died.")
files = Counter("sluice_files", "File operations that have ended.", ["kind", "action", "status"])
moved = Counter("sluice_bytes", "Bytes of file operations that were done.", ["kind", "action"])
failures = Counter("sluice_failures", "File operations that have failed.", ["kind", "action", "reason"])
operations = Histogram(
    "sluice_storage_operation_seconds",
    "How long a storage took: until the bytes were stored (write), came (read), or the first entry was there (list).",
    ["storage", "host", "operation", "outcome"],
    buckets=_ANSWERS,
)
storage_errors = Counter(
    "sluice_storage_errors", "Operations that a storage did not do.", ["storage", "host", "operation", "reason"]
)
requests = Counter("sluice_http_requests", "Requests answered.", ["dialect", "route", "method", "status"])
answers = Histogram(
    "sluice_http_request_seconds",
    "From a request to the beginning of its answer.",
    ["dialect", "route", "method"],
    buckets=_ANSWERS,
)
deliveries = Counter("sluice_webhook_deliveries", "Attempts to deliver a webhook.", ["outcome"])

for _outcome in ("delivered", "failed"):
    deliveries.labels(_outcome)  # so that it is there, and 0, before the first one
