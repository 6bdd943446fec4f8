"""What the tester of OpenAPI documents is taught: a media type that it does not know."""

import schemathesis

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
