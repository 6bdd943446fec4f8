"""Asks a database of known vulnerabilities about every pinned package, by pip-audit: ``python -m tests.support.audit``.

It ends with 0 when nothing is known against any package, with 1 when something is, and with 2 when not all could be asked about: a machine
behind a mirror of PyPI may reach the packages and not what is known of them. Arguments are handed to pip-audit, such as ``--vulnerability-service osv``.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[2]

AUDITED = ("requirements.txt", "requirements-tracing.txt", "requirements-dev.txt", "requirements-bench.txt")
"""Not requirements-clients: what vendors' clients need is theirs to choose, runs in tests only, and talks to our own servers there."""

CLEAN, VULNERABLE, UNKNOWN = 0, 1, 2


def audit(files: Sequence[str], options: Sequence[str]) -> int:
    """Print what is known about the packages of some requirements files, and return `CLEAN`, `VULNERABLE` or `UNKNOWN`."""
    reading = [argument for file in files for argument in ("--requirement", str(ROOT / file))]
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        *reading,
        "--require-hashes",
        "--disable-pip",
        "--progress-spinner",
        "off",
    ]
    done = subprocess.run([*command, "--format", "json", *options], stdout=subprocess.PIPE, text=True, check=False)
    if not done.stdout.strip():
        click.echo("NOT AUDITED: pip-audit could not ask; what it said stands above.")
        return UNKNOWN
    return _told(json.loads(done.stdout)["dependencies"])


def _told(packages: Sequence[dict[str, Any]]) -> int:
    vulnerable = [package for package in packages if package.get("vulns")]
    for package in vulnerable:
        for known in package["vulns"]:
            click.echo(
                f"{package['name']} {package['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'no release'}"
            )
    unknown = sum("skip_reason" in package for package in packages)
    click.echo(
        f"{len(packages)} packages: {len(vulnerable)} with known vulnerabilities, {unknown} that the database could not be asked about."
    )
    if vulnerable:
        return VULNERABLE
    if unknown:
        click.echo(f"NOT AUDITED: {unknown} of {len(packages)} packages.")
    return UNKNOWN if unknown else CLEAN


if __name__ == "__main__":
    sys.exit(audit(AUDITED, sys.argv[1:]))
