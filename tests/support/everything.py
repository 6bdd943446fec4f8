"""One person of a running service who has something of all that there is, and how the documents name it."""

from typing import Any

from tests.support.aion import Aion
from tests.support.buckets import Bucket
from tests.support.fuzzing import Known
from tests.support.galaxy import Galaxy
from tests.support.servers import ACCESS_KEY

IMAGE = "photo1.jpg"


class Everything:
    """What the person of the Aionvision dialect has in all dialects; of most things two, one of which may be deleted.

    Args:
        bucket: has objects.
        mirrored: another one, which a mirror may empty and drop.
    """

    def __init__(self, aion: Aion, bucket: Bucket, mirrored: Bucket) -> None:
        self._aion, self._bucket, self._mirrored = aion, bucket, mirrored
        self._galaxy = Galaxy(aion.service, aion.person)

    def known(self) -> dict[str, Known]:
        """Make all of it; return what each document calls it."""
        return {
            "sync": self._of_sync(self._storage(self._mirrored)),
            "account": Known(self._login()),
            "webhooks": self._of_webhooks(),
            "cval": self._of_cval([self._storage(self._bucket), self._storage(self._bucket)]),
            "cvat": self._of_cvat(),
            "galaxy": self._of_galaxy(),
            "aion": self._of_aion(),
        }

    def _made(self, path: str, body: Any, status: int = 200) -> Any:
        answer = self._galaxy.call("POST", path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def _login(self) -> dict[str, str]:
        person = self._aion.person
        return {"body.username": person.name, "body.password": person.password or ""}

    def _keys(self) -> dict[str, str]:
        return {"access_key": ACCESS_KEY, "secret_key": self._bucket.server.secret_key}

    def _storage(self, bucket: Bucket) -> str:
        place = {"endpoint": bucket.server.endpoint, "bucket": bucket.name}
        return str(self._made("/api/cloud", {**self._keys(), **place, "synchronize": True})["id"])

    def _of_sync(self, storage_id: str) -> Known:
        job_id = self._made("/sync", {"connection": storage_id, "dry_run": "1"}, 202)["id"]
        self._aion.service.finished(job_id)
        both = {"body.source": storage_id, "body.target": storage_id}
        return Known(
            {"query.id": job_id, "body.id": job_id, "query.connection": storage_id, "body.connection": storage_id},
            of={"/copy": both},
            left_out=["/events"],  # its answers last as long as jobs do; the tester reads them to their ends
        )

    def _of_webhooks(self) -> Known:
        first, second = (self._made("/webhooks", {"url": "http://127.0.0.1:9/"}, 201)["id"] for _ in range(2))
        delivery_id = self._made(f"/webhooks/{first}/test", {}, 202)["id"]
        main = {"path.webhook_id": first, "path.delivery_id": delivery_id, "query.before": delivery_id}
        main["body.url"] = "http://127.0.0.1:9/"
        return Known(main, {"path.webhook_id": second})

    def _of_cval(self, storages: list[str]) -> Known:
        datasets = [
            self._made("/dataset", {"dataset_name": "d", "storage_config": {"cloud_storage_id": storages[0]}})[
                "dataset_id"
            ]
            for _ in range(2)
        ]
        main, spare = ({"path.dataset_id": d, "path.storage_id": s} for d, s in zip(datasets, storages, strict=True))
        words = {"path.part": "training", "path.form": "detection", "body.storage_config.cloud_storage_id": storages[0]}
        place = {"endpoint": self._bucket.server.endpoint, "bucket": self._bucket.name, **self._keys()}
        return Known({**main, **words}, spare, {"/api/cloud": {f"body.{name}": value for name, value in place.items()}})

    def _of_cvat(self) -> Known:
        body = {
            "provider_type": "AWS_S3_BUCKET",
            "resource": self._bucket.name,
            "display_name": "Photos",
            "credentials_type": "KEY_SECRET_KEY_PAIR",
            "key": ACCESS_KEY,
            "secret_key": self._bucket.server.secret_key,
            "specific_attributes": f"endpoint_url={self._bucket.server.endpoint}",
        }
        first, second = (str(self._made("/api/cloudstorages", body, 201)["id"]) for _ in range(2))
        self_id = str(self._galaxy.told("GET", "/api/users/self")["id"])
        return Known(
            {"path.number": first, "path.user_id": self_id, **self._login()},
            {"path.number": second, "path.user_id": "1000", "body.resource": self._bucket.name},
            {"/api/cloudstorages": {f"body.{name}": value for name, value in body.items()}},
        )

    def _of_galaxy(self) -> Known:
        authz = [self._galaxy.authorization(self._bucket.server) for _ in range(2)]
        main, spare = self._with_dataset(), self._with_dataset()
        history_id, dataset_id = main["path.history_id"], main["path.dataset_id"]
        places = {"history_id": history_id, "bucket": self._bucket.name, "authz_id": authz[0]}
        bodies = {f"body.{name}": value for name, value in places.items()} | {"body.content": dataset_id}
        return Known(
            {**main, **bodies, **{f"query.{name}": value for name, value in places.items()}, "path.authz_id": authz[0]},
            {**spare, "path.authz_id": authz[1]},
            {
                "/api/cloud/storage/get": {"body.objects[*]": "a.txt"},
                "/api/cloud/storage/send": {"body.dataset_ids[*]": dataset_id},
            },
        )

    def _with_dataset(self) -> dict[str, str]:
        history_id = self._galaxy.history()
        inputs = {"files_0|url_paste": "a text"}
        made = self._made("/api/tools", {"history_id": history_id, "tool_id": "upload1", "inputs": inputs})
        tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "5"}
        upload = self._galaxy.call("POST", "/api/upload/resumable_upload", headers=tus)
        return {
            "path.history_id": history_id,
            "path.dataset_id": made["outputs"][0]["id"],
            "path.job_id": made["jobs"][0]["id"],
            "path.upload_id": upload.headers["Location"].rpartition("/")[2],
        }

    def _of_aion(self) -> Known:
        connections = [self._aion.connected(), self._aion.connected()]
        file_id = self._aion.add(IMAGE)
        image_id = self._aion.imported(connections[0], {file_id: IMAGE})["image_ids"][0]
        body = {"connection_id": connections[0], "image_ids": [image_id]}
        job_id = self._aion.told("POST", "/cloud-storage/export", json=body)["job_id"]
        session = self._aion.told("GET", f"/cloud-storage/connections/{connections[0]}/picker-token")["session"]
        words = {"path.provider": "google_drive", "path.file_id": image_id, "path.job_id": job_id}
        bodies = {"body.session_id": session["session_id"], "body.endpoint": "about", "body.image_ids[*]": image_id}
        main = {**words, **bodies, "path.connection_id": connections[0], "body.connection_id": connections[0]}
        return Known(
            {**main, "body.files[*].id": file_id, "body.files[*].name": IMAGE}, {"path.connection_id": connections[1]}
        )
