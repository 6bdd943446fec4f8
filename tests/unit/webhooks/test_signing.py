import base64
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from app.webhooks.signing import new_secret, signed_headers


def test_a_signature_is_the_one_that_the_standard_publishes():
    headers = signed_headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.fault(40)
def test_the_library_of_the_standard_verifies_what_we_sign():
    secret, body = new_secret(), '{"name": "b\u00fccher"}'.encode()
    headers = signed_headers(secret, "an-id", int(time.time()), body)

    assert Webhook(secret).verify(body, headers) == {"name": "b\u00fccher"}
    for changed in (body + b" ", b"{}"):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(changed, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers | {"webhook-id": "another"})


def test_secrets_are_as_long_as_the_standard_wants_and_no_two_are_equal():
    made = {new_secret() for _ in range(100)}

    assert len(made) == 100
    assert {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in made} == {32}
