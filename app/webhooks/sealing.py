"""The secret of a webhook, as it is kept: sealed for the id of its row."""

from app.connections.secrets import SecretBox

_NAME = "secret"


def sealed(box: SecretBox, secret: str, webhook_id: str) -> str:
    """Return a secret sealed; call it inside the transaction that keeps it, see `Reseal`."""
    return box.seal({_NAME: secret}, webhook_id)


def opened(box: SecretBox, value: str, webhook_id: str) -> str:
    """Return the secret.

    Raises:
        SettingsError: its key is missing, or it is damaged.
    """
    return box.open(value, webhook_id)[_NAME]
