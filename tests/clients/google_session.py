"""What a program that uses Google's own clients does, told by a test: runs in the clients' own virtual environment.

On its input comes a JSON object: where Google is, whose OAuth client it is, the lines to run and the values that they
name. It prints what the lines hand to ``show``, as one line of JSON.
"""

import json
import os
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import google_auth_httplib2  # type: ignore[import-not-found]  # none of these is in our environment
from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import Flow  # type: ignore[import-not-found]
from googleapiclient import discovery, http  # type: ignore[import-not-found]
from googleapiclient.errors import HttpError  # type: ignore[import-not-found]

PACKAGED = Path(discovery.__file__).parent / "discovery_cache" / "documents" / "drive.v3.json"


class Google:
    """Where Google is, and an OAuth client there."""

    def __init__(self, told: dict[str, str]) -> None:
        self._told = told

    def credentials(self, access_token: str, refresh_token: str | None = None) -> Any:
        """Return credentials that are renewed there."""
        return Credentials(
            access_token,
            refresh_token=refresh_token,
            token_uri=self._told["GOOGLE_TOKEN_URL"],
            client_id=self._told["GOOGLE_CLIENT_ID"],
            client_secret=self._told["GOOGLE_CLIENT_SECRET"],
        )

    def drive(self, credentials: Any) -> Any:
        """Return the client of Drive, made from the packaged document with no more than its addresses changed."""
        root = self._told["GOOGLE_DRIVE_URL"].removesuffix("drive/v3")
        document = json.loads(PACKAGED.read_text()) | {"rootUrl": root, "baseUrl": f"{root}drive/v3/"}
        document.pop("mtlsRootUrl", None)
        connections = http.set_user_agent(http.build_http(), "google-session")
        return discovery.build_from_document(
            document, http=google_auth_httplib2.AuthorizedHttp(credentials, http=connections)
        )

    def flow(self, redirect_uri: str, scopes: list[str], code_verifier: str | None = None) -> Any:
        """Return what authorizes, with PKCE; a second one takes the verifier of the first."""
        client = {
            "client_id": self._told["GOOGLE_CLIENT_ID"],
            "client_secret": self._told["GOOGLE_CLIENT_SECRET"],
            "auth_uri": self._told["GOOGLE_AUTHORIZE_URL"],
            "token_uri": self._told["GOOGLE_TOKEN_URL"],
        }
        verifier = {"code_verifier": code_verifier} if code_verifier else {}
        return Flow.from_client_config({"web": client}, scopes, redirect_uri=redirect_uri, **verifier)


def upload(data: bytes, mime_type: str = "application/octet-stream", chunk: int | None = None) -> Any:
    """Return bytes to be uploaded: in one request, or in pieces of ``chunk`` bytes."""
    pieces = {"chunksize": chunk, "resumable": True} if chunk else {}
    return http.MediaIoBaseUpload(BytesIO(data), mimetype=mime_type, **pieces)


def downloaded(request: Any, chunk: int) -> tuple[bytes, int]:
    """Return what a request brings in pieces of ``chunk`` bytes, and how many there were."""
    taken = BytesIO()
    download, count, is_done = http.MediaIoBaseDownload(taken, request, chunksize=chunk), 0, False
    while not is_done:
        _, is_done = download.next_chunk()
        count += 1
    return taken.getvalue(), count


def outcome(call: Callable[[], Any]) -> dict[str, Any]:
    """Return what a call answers, or with what it is refused."""
    try:
        return {"answer": call()}
    except HttpError as error:
        return {"status": error.resp.status, "reason": error.reason, "details": error.error_details}


def show(found: Any) -> None:
    """Print the one line that the test reads; bytes are spelt in hexadecimal."""
    sys.stdout.write(json.dumps(found, default=bytes.hex) + "\n")


def main() -> None:
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # this client's own switch for addresses without TLS
    told = json.load(sys.stdin)
    google = Google(told["settings"])
    known = {
        "google": google,
        "drive": google.drive(google.credentials(**told["tokens"])) if told["tokens"] else None,
        "PACKAGED": PACKAGED,
        **{called.__name__: called for called in (json, upload, downloaded, outcome, show)},
    }
    exec(told["lines"], known | told["values"])


if __name__ == "__main__":
    main()
