"""Numbers of bytes as commands take and print them."""

import click

from app.accounts.records import NO_QUOTA
from app.settings import byte_count

_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


class QuotaType(click.ParamType[int | None]):
    """A parameter such as ``100G``, ``none`` (no limit) or ``default`` (as LIBRARY_QUOTA says, which is None)."""

    name = "quota"

    def convert(self, value: str | int | None, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        """Return the quota as it is kept."""
        words: dict[str | int | None, int | None] = {"none": NO_QUOTA, "default": None}
        if value in words:
            return words[value]
        try:
            return byte_count(str(value))
        except ValueError as error:
            self.fail(f"{error}, none or default", param, ctx)


def byte_text(number: int) -> str:
    """Return a number of bytes for people: ``0 bytes``, ``1.5 GiB``."""
    power = min(max(number.bit_length() - 1, 0) // 10, len(_UNITS) - 1)
    return f"{number / 1024**power:.1f}".removesuffix(".0") + f" {_UNITS[power]}"


def quota_text(quota: int | None) -> str:
    """Return what a user's own quota says, for people."""
    if quota is None:
        return "the quota of the installation"
    return "no quota" if quota == NO_QUOTA else f"a quota of {byte_text(quota)}"
