"""What a service that lends keys answers, as Amazon's STS does: for what moto never says."""

NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
EXPIRES = "2030-01-02T03:04:05Z"
EXPIRES_AT = 1893553445.0


def lent(access_key: str = "ASIAEXAMPLE", expires: str = EXPIRES) -> str:
    """Return the answer that lends keys."""
    return (
        f'<AssumeRoleWithWebIdentityResponse xmlns="{NAMESPACE}"><AssumeRoleWithWebIdentityResult><Credentials>'
        f"<AccessKeyId>{access_key}</AccessKeyId><SecretAccessKey>lent-secret</SecretAccessKey>"
        f"<SessionToken>lent-token</SessionToken><Expiration>{expires}</Expiration></Credentials>"
        "</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
    )


def refused(code: str, message: str) -> str:
    """Return the answer that refuses."""
    return (
        f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>Sender</Type><Code>{code}</Code>'
        f"<Message>{message}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
    )
