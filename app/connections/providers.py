"""Names of storage providers that lead to the provider and nowhere else, since no customer can move them."""

import re

_REGION = r"[a-z]{2,3}(?:-[a-z]+)+-[0-9]+"

_NAMES = re.compile(
    "|".join(
        (
            # Not any name of Amazon's: customers' load balancers and machines have names there, with private addresses.
            rf"s3(?:\.(?:dualstack\.)?{_REGION})?\.amazonaws\.com",
            rf"s3\.(?:dualstack\.)?{_REGION}\.amazonaws\.com\.cn",
            r"storage\.googleapis\.com",
            # Microsoft alone answers for these names. An account can have private addresses besides, and only the
            # resolver of the network where they are, which is the operator's own, tells those.
            r"[a-z0-9]{3,24}\.blob\.core\.(?:windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)",
            r"[0-9a-f]{32}\.(?:eu\.|fedramp\.)?r2\.cloudflarestorage\.com",
            rf"s3\.{_REGION}\.backblazeb2\.com",
            rf"s3(?:\.{_REGION})?\.wasabisys\.com",
            r"[a-z]{3}[0-9]\.digitaloceanspaces\.com",
        )
    ),
    re.ASCII,
)


def is_of_provider(host: str) -> bool:
    """Return whether a normal host is an endpoint of a provider of this table."""
    return _NAMES.fullmatch(host) is not None
