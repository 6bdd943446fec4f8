"""The root of every error, and what is wrong with the installation itself."""


class SluiceError(Exception):
    """Root of all product errors."""

    reason = "internal_error"


class SettingsError(SluiceError):
    """A setting is missing or unusable; the process must not start."""

    reason = "settings_invalid"


class NotConfigured(SluiceError):
    """Something is asked for that needs settings which the operator of this installation has not given."""

    reason = "not_configured"


class DatabaseUnavailable(SluiceError):
    """The job database cannot be used just now (locked, full disk, read-only, newer than this code)."""

    reason = "database_unavailable"
