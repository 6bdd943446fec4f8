BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0007');
CREATE TABLE api_keys (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	user_id INTEGER NOT NULL, 
	label VARCHAR(64) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	hint VARCHAR(8) NOT NULL, 
	read_only BOOLEAN NOT NULL, 
	created_at DOUBLE NOT NULL, 
	expires_at DOUBLE, 
	revoked_at DOUBLE, 
	last_used_at DOUBLE, scopes JSON, 
	CONSTRAINT fk_api_keys_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_api_keys_digest UNIQUE (digest)
);
INSERT INTO "api_keys" VALUES(1,2,'lost','fcabb1b6cff7ccd597931ddc605c06accbfb73c88e6d06892e1baf7652958a58','930a',0,1.79532834696669435503e+09,NULL,1.79532834697280836103e+09,NULL,NULL);
INSERT INTO "api_keys" VALUES(2,2,'laptop','c696344c11cd29e8f6ddd3e2a0c99323498674f104f55ce3670d3730a41412d5','c234',0,1.79532834697689032549e+09,NULL,NULL,1.79532834768799757956e+09,NULL);
INSERT INTO "api_keys" VALUES(3,2,'of a page','c96d47110097db37a512c4cc9b040579a792d6c38715d90213d60c2a4815e7fc','0ee3',0,1.79532834968397355087e+09,NULL,NULL,NULL,'["cloud_storage:read"]');
INSERT INTO "api_keys" VALUES(4,2,'of a session','2295b556820a14d2dd133355e775e0ff5d53a50e3626569eaed17bbced52d127','ee0f',1,1.79532834969064640992e+09,NULL,NULL,1.79532834969709849358e+09,NULL);
CREATE TABLE authorizations (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR(36) NOT NULL, 
	owner_id INTEGER NOT NULL, 
	provider VARCHAR(64) NOT NULL, 
	config JSON NOT NULL, 
	sealed TEXT, 
	authn_id INTEGER, 
	description TEXT, 
	created_at DOUBLE NOT NULL, 
	updated_at DOUBLE NOT NULL, 
	used_at DOUBLE NOT NULL, 
	CONSTRAINT fk_authorizations_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_authorizations_id UNIQUE (id)
);
INSERT INTO "authorizations" VALUES(1,'42bf3d08-53b5-4f8c-a663-357da8e67e35',2,'aws','{"access_key": "sluicetests", "secret_key": "********", "endpoint": "http://127.0.0.1:37629"}','gAAAAABrAolb4fF27yYzKLO4sbK0BkyY3JRN5AH2KdWn-1XOLPjB-UpFg7kEroWe9MPkdb9CLiyt2Mzc4fJhxmyrTMBpsZj6d1-WFUGniaua7uCsdf8lq2ZDn63tDpjUD22gdc74Hwd4zqeCW4yU3T7LxWQg0CF-2Dyss1ZLuVoF0M58EXxXA8yQHy8_sEdbLuiH3Yj12xs52M7UkH2pl62j5rikXuD5GjRSMm8pMWnGZy7WnBAqtds=',NULL,'of a test',1.79532834791854333878e+09,1.79532834791854333878e+09,1.79532834791854333878e+09);
INSERT INTO "authorizations" VALUES(2,'d17873b9-2998-4412-8353-823cb32346e2',2,'gcp','{"private_key": "********"}','gAAAAABrAolcoYM3nQ4ljDqac_vWVgQ_HPhP4OUlJkOipvbEfF6Ytzsw4zssosXLgE3vrOLpILbWltO_REU45ShMEiAaQXsM-0HmN8_zDLpSxWjnXtiSw4V_gdhXb4WFhwkHuaxbveFE0F6pGoQr3cEvCVQdZd4Ygoww1TScGsYpFq0FwndeOwiwKuCHaR2VeQnjpqBz9fDfhk-SQEOp4nKp_HDidA8slw==',NULL,'',1.79532834878272747991e+09,1.79532834878272747991e+09,1.79532834878272747991e+09);
CREATE TABLE batches (
	job_number INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	steps JSON NOT NULL, 
	threads INTEGER, 
	holder VARCHAR(64), 
	leased_until DOUBLE, 
	deliveries INTEGER NOT NULL, 
	sent_at DOUBLE, 
	moving INTEGER NOT NULL, 
	result JSON, 
	CONSTRAINT pk_batches PRIMARY KEY (job_number, number), 
	CONSTRAINT fk_batches_job_number_jobs FOREIGN KEY(job_number) REFERENCES jobs (number) ON DELETE CASCADE
);
CREATE TABLE collections (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR(36) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	owner_id INTEGER NOT NULL, 
	name VARCHAR(255), 
	description TEXT, 
	tags JSON NOT NULL, 
	published BOOLEAN NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	purged BOOLEAN NOT NULL, 
	last_position INTEGER NOT NULL, 
	created_at DOUBLE NOT NULL, 
	updated_at DOUBLE NOT NULL, 
	CONSTRAINT fk_collections_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_collections_id UNIQUE (id)
);
INSERT INTO "collections" VALUES(1,'749cce1f-c34a-41bb-bdb0-2b7a127def54','dataset',2,'flowers',NULL,'[]',0,0,0,0,1795328347.7521,1795328347.7521);
INSERT INTO "collections" VALUES(2,'74a60a68-2da9-4ac4-b1c9-8f6df4bae4dd','history',2,'Of a bucket',NULL,'[]',0,0,0,3,1.7953283478852357864e+09,1795328348.74686);
INSERT INTO "collections" VALUES(3,'adf2410a-00be-4129-a1b6-8ce569cd8278','history',2,'Published','seen','["red"]',1,0,0,1,1.79532834789794015881e+09,1.79532834871495318405e+09);
INSERT INTO "collections" VALUES(4,'f3ec11c4-1294-4cd3-af79-54a703e8783b','history',2,'Deleted',NULL,'[]',0,1,0,1,1.7953283479078946113e+09,1795328348.77038);
INSERT INTO "collections" VALUES(5,'01b4fa39-8735-41f4-8c61-eb03b6727e6c','images',2,'col_1',NULL,'[]',0,0,0,2,1.79532834914701437947e+09,1.79532834943999147414e+09);
CREATE TABLE connections (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR(36) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	name VARCHAR(63) NOT NULL, 
	address JSON NOT NULL, 
	sealed TEXT, 
	owner_id INTEGER, 
	organisation_id INTEGER, 
	created_at DOUBLE NOT NULL, 
	updated_at DOUBLE NOT NULL, form VARCHAR(24) DEFAULT 'keys' NOT NULL, description TEXT DEFAULT '' NOT NULL, attributes TEXT, manifests JSON DEFAULT '[]' NOT NULL, 
	CONSTRAINT fk_connections_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE SET NULL, 
	CONSTRAINT fk_connections_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE SET NULL, 
	CONSTRAINT uq_connections_id UNIQUE (id)
);
INSERT INTO "connections" VALUES(1,'af32fbd3-5013-4ec7-b303-f6be103205f3','s3','pictures','{"endpoint": "http://127.0.0.1:37629", "bucket": "pictures", "region": "us-east-1"}','gAAAAABrAolbXVOF-XJWLqczHPylv8DU9PDdi9ujAZkwq2mOzXtp5SqgPuDsTwUvABNAdHLzaDYdQ5KPkm6P3bXEHnWa6MX4wLlW9zCMnePJ1djnedLLIuK3YHQ1f-fCQxeQo0aHp_iA0Nc8PqF6KZca1bz5p0ueg9M6TSD-o8ptp2RuPatAb6Ix6MMLT1jELdmYmrsn1kYV_-gQl8dBcuWoRHtYL55nW6lwL4LBP4BMQKouOOURDUxfhKN-wf8BrkDQEeNpryBKBlTWb5aBWeaLXX_E_mIOMw==',2,NULL,1.79532834769742488862e+09,1.79532834769742488862e+09,'keys','',NULL,'[]');
INSERT INTO "connections" VALUES(2,'a36931f6-0b34-4f1b-8fd4-b6882d868e01','gdrive','user0@gmail.com','{"endpoint": "http://127.0.0.1:38339/drive/v3", "path": "/100000000000000000002", "bucket": "Sluice", "account": "100000000000000000002"}',NULL,2,NULL,1.79532834891578054426e+09,1.79532834891578054426e+09,'oauth','',NULL,'[]');
INSERT INTO "connections" VALUES(3,'36a1212a-4113-4855-9198-feffd3fa7506','gdrive','user1@gmail.com','{"endpoint": "http://127.0.0.1:38339/drive/v3", "path": "/100000000000000000003", "bucket": "Sluice", "account": "100000000000000000003"}',NULL,2,NULL,1.79532834909682583813e+09,1.79532834909682583813e+09,'oauth','',NULL,'[]');
CREATE TABLE consents (
	digest VARCHAR(64) NOT NULL, 
	user_id INTEGER NOT NULL, 
	provider VARCHAR(32) NOT NULL, 
	redirect_uri TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	scopes JSON NOT NULL, 
	sealed TEXT NOT NULL, 
	expires_at DOUBLE NOT NULL, 
	CONSTRAINT pk_consents PRIMARY KEY (digest), 
	CONSTRAINT fk_consents_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "consents" VALUES('cc9c9e7f1cfd679a93d7efa4e984a2327974e84f5530803151191c91b4ae5aad',2,'google_drive','http://localhost:42283/api/v2/cloud-storage/auth/google_drive/callback','http://localhost:42283','["openid", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile", "https://www.googleapis.com/auth/drive.file"]','gAAAAABrAoldaPqD2j0PVHyjFpxhMgbEikZo_ZznD1TRp3ccAlpqLtR4KP8rikD3Tsq5_4CPm3ASX5hBDHZBIdeFMqCBYmoRaVSlLcr_Au3PzC_T6Ekw_4wJyhQKqWoVLAup6I2J_nEXAqgdnaMQRn-0bRPOxHk2ccmVHk517CGxtIzWJmC8ZNe8qkc0ZVEuXVcNQ6oLY1WBZXixnrUEWTnsO0VjCj-f_MsdkIS5pY3sdSBYf-1Nu0_VRd-brdW2_qqisGwjNCKJ1zV0hBxRUoLxmXKD_BnItWbOFH7UEYlgmP182WkX6ClSAA5ML6NePBvO_E1_or6c9HmUu8m2yMv4xFQYsDBmjg==',1.7953289496792197228e+09);
CREATE TABLE copies (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	job_id VARCHAR(36) NOT NULL, 
	owner_id INTEGER, 
	kind VARCHAR(16) NOT NULL, 
	source TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	stored_key TEXT, 
	item_number INTEGER, 
	collection_number INTEGER, 
	options JSON NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	cancelling BOOLEAN NOT NULL, 
	reason VARCHAR(64), 
	message TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	sha256 VARCHAR(64), 
	created_at DOUBLE NOT NULL, 
	updated_at DOUBLE NOT NULL, 
	finished_at DOUBLE, 
	CONSTRAINT fk_copies_item_number_items FOREIGN KEY(item_number) REFERENCES items (number) ON DELETE SET NULL, 
	CONSTRAINT fk_copies_collection_number_collections FOREIGN KEY(collection_number) REFERENCES collections (number) ON DELETE SET NULL
);
INSERT INTO "copies" VALUES(1,'01a201e8-8f4e-7d9a-9219-827d90222af1',2,'get','cval/images/train/1.jpg','1',NULL,1,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4',1.79532834798114371297e+09,1.79532834813461160657e+09,1.79532834813461160657e+09);
INSERT INTO "copies" VALUES(2,'01a201e8-8f4e-7d9a-9219-827d90222af1',2,'get','cval/images/train/2.jpg','2',NULL,2,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f',1.79532834798114371297e+09,1.79532834813345623017e+09,1.79532834813345623017e+09);
INSERT INTO "copies" VALUES(3,'01a201e8-8f4e-7d9a-9219-827d90222af1',2,'get','cval/images/train/no image.txt','3',NULL,3,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d',1.79532834798114371297e+09,1.7953283481323370934e+09,1.7953283481323370934e+09);
INSERT INTO "copies" VALUES(4,'01a201e8-8fb5-766a-a685-4d666fdf75bb',2,'import','2b256ded-0812-457a-968b-faf59adedcfa','4',NULL,4,3,'{"conversion": {"file_type": "auto", "posix_lines": true, "tabs": false, "decompress": false}, "name": "Pasted Entry", "upload": "2b256ded-0812-457a-968b-faf59adedcfa", "size": 6}','done',0,NULL,'',6,'a19e5ae584bdab4b2c57351357a8b54f9ba5208e0d35c5ca312884f578e800f8',1.79532834804734253882e+09,1795328348.1388,1795328348.1388);
INSERT INTO "copies" VALUES(5,'01a201e8-906f-72ad-aefb-c8504e69dd34',2,'send','1','cval/images/train/1.jpg','cval/images/train/1.jpg_261122_061908',1,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4',1.79532834827034258845e+09,1.79532834843073582651e+09,1.79532834843073582651e+09);
INSERT INTO "copies" VALUES(6,'01a201e8-906f-72ad-aefb-c8504e69dd34',2,'send','2','cval/images/train/2.jpg','cval/images/train/2.jpg_261122_061908',2,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f',1.79532834827034258845e+09,1.79532834843180561065e+09,1.79532834843180561065e+09);
INSERT INTO "copies" VALUES(7,'01a201e8-906f-72ad-aefb-c8504e69dd34',2,'send','3','cval/images/train/no_image.txt','cval/images/train/no_image.txt',3,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d',1.79532834827034258845e+09,1.79532834843246889115e+09,1.79532834843246889115e+09);
INSERT INTO "copies" VALUES(8,'01a201e8-9166-7efd-8acc-ab0f74d9d9df',2,'send','1','cval/images/train/1.jpg',NULL,1,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:37629.',0,NULL,1.79532834851777076722e+09,1.79532834862943673132e+09,1.79532834862943673132e+09);
INSERT INTO "copies" VALUES(9,'01a201e8-9166-7efd-8acc-ab0f74d9d9df',2,'send','2','cval/images/train/2.jpg',NULL,2,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:37629.',0,NULL,1.79532834851777076722e+09,1.79532834863205885888e+09,1.79532834863205885888e+09);
INSERT INTO "copies" VALUES(10,'01a201e8-9166-7efd-8acc-ab0f74d9d9df',2,'send','3','cval/images/train/no_image.txt',NULL,3,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:37629.',0,NULL,1.79532834851777076722e+09,1.79532834863379573819e+09,1.79532834863379573819e+09);
INSERT INTO "copies" VALUES(11,'01a201e8-93d9-7a25-8f5d-edf002b9e09b',2,'drive-import','1E6WJY8Z4XvJQ2EtjimWlUEycpPnQKWLg','6',NULL,6,5,'{"name": "flower.jpg", "describe": true, "image_id": "30ac2dd7-90bc-4a63-8759-d6bcb274c3ca"}','done',0,NULL,'',74,'e49bf838e00846fa4fc4bb8c0fde1077ef8a88fc1178c414c40e9378ffd17c1b',1.79532834914350676539e+09,1.79532834944214272497e+09,1.79532834944214272497e+09);
INSERT INTO "copies" VALUES(12,'01a201e8-93d9-7a25-8f5d-edf002b9e09b',2,'drive-import','gone','7',NULL,7,5,'{"name": "gone.jpg", "describe": true, "image_id": "0481733d-2127-4304-8307-3b78ded21a74"}','failed',0,'object_missing','There is no ''gone'' that this account could see.',0,NULL,1.79532834914350676539e+09,1.79532834924915146832e+09,1.79532834924915146832e+09);
INSERT INTO "copies" VALUES(13,'01a201e8-9539-7abc-bbe8-56c6319c2d0f',2,'drive-export','6','flower.jpg','12-2j1yLcVV6rDZKDjrsd-epqD7ABGjGI',6,5,'{"folder_id": null, "folder_name": "From here", "image_id": "30ac2dd7-90bc-4a63-8759-d6bcb274c3ca", "mime_type": "image/png", "size": 74, "folder": "1RtAmBrwTPRZMxp2wK6AAJsuCe7SnTThK"}','done',0,NULL,'',74,'e49bf838e00846fa4fc4bb8c0fde1077ef8a88fc1178c414c40e9378ffd17c1b',1.79532834949453592304e+09,1.79532834959483599663e+09,1.79532834959483599663e+09);
CREATE TABLE dataset_bindings (
	collection_number INTEGER NOT NULL, 
	connection_number INTEGER, 
	name_in_storage VARCHAR(255), 
	CONSTRAINT pk_dataset_bindings PRIMARY KEY (collection_number), 
	CONSTRAINT fk_dataset_bindings_collection_number_collections FOREIGN KEY(collection_number) REFERENCES collections (number) ON DELETE CASCADE, 
	CONSTRAINT fk_dataset_bindings_connection_number_connections FOREIGN KEY(connection_number) REFERENCES connections (number) ON DELETE SET NULL
);
INSERT INTO "dataset_bindings" VALUES(1,1,NULL);
CREATE TABLE deliveries (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR(36) NOT NULL, 
	webhook_number INTEGER NOT NULL, 
	job_id VARCHAR(36), 
	event VARCHAR(32) NOT NULL, 
	body TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_at DOUBLE NOT NULL, 
	leased_until DOUBLE, 
	status INTEGER, 
	message TEXT NOT NULL, 
	seconds DOUBLE, 
	created_at DOUBLE NOT NULL, 
	finished_at DOUBLE, 
	CONSTRAINT fk_deliveries_webhook_number_webhooks FOREIGN KEY(webhook_number) REFERENCES webhooks (number) ON DELETE CASCADE, 
	CONSTRAINT uq_deliveries_id UNIQUE (id)
);
INSERT INTO "deliveries" VALUES(1,'01a201e8-937b-7cbf-9570-547a909500f6',1,'01a201e8-8f4e-7d9a-9219-827d90222af1','job.succeeded','{"type": "job.succeeded", "timestamp": "2026-11-22T06:19:09.049155Z", "data": {"job": {"id": "01a201e8-8f4e-7d9a-9219-827d90222af1", "kind": "copy", "state": "succeeded", "reason": null, "message": "3 copied.", "owner": "anna", "target": null, "prefix": "", "counters": {"planned": {"uploads": 3, "deletes": 0, "bytes": 27}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "skipped": 0, "failed": 0}, "created_at": "2026-11-22T06:19:07.982686Z", "started_at": "2026-11-22T06:19:07.997977Z", "finished_at": "2026-11-22T06:19:08.141670Z"}}}','waiting',1,1.79532835445536947255e+09,NULL,NULL,'No answer: the name of its host is unknown.',1.29946460001519881188e-02,1.79532834904915452006e+09,NULL);
INSERT INTO "deliveries" VALUES(2,'01a201e8-937c-7549-87f1-1aedeaf69449',1,'01a201e8-8fb5-766a-a685-4d666fdf75bb','job.succeeded','{"type": "job.succeeded", "timestamp": "2026-11-22T06:19:09.049155Z", "data": {"job": {"id": "01a201e8-8fb5-766a-a685-4d666fdf75bb", "kind": "copy", "state": "succeeded", "reason": null, "message": "1 copied.", "owner": "anna", "target": null, "prefix": "", "counters": {"planned": {"uploads": 1, "deletes": 0, "bytes": 6}, "done": {"uploads": 1, "deletes": 0, "bytes": 6}, "unchanged": 0, "skipped": 0, "failed": 0}, "created_at": "2026-11-22T06:19:08.085374Z", "started_at": "2026-11-22T06:19:08.113927Z", "finished_at": "2026-11-22T06:19:08.149459Z"}}}','waiting',1,1.79532835438047933583e+09,NULL,NULL,'No answer: the name of its host is unknown.',5.54475599983561551198e-03,1.79532834904915452006e+09,NULL);
INSERT INTO "deliveries" VALUES(3,'01a201e8-937d-7ac4-964f-e41ba2fead8d',1,'01a201e8-906f-72ad-aefb-c8504e69dd34','job.succeeded','{"type": "job.succeeded", "timestamp": "2026-11-22T06:19:09.049155Z", "data": {"job": {"id": "01a201e8-906f-72ad-aefb-c8504e69dd34", "kind": "copy", "state": "succeeded", "reason": null, "message": "3 copied.", "owner": "anna", "target": "s3://127.0.0.1:37629/pictures", "prefix": "cval/images/train/", "counters": {"planned": {"uploads": 3, "deletes": 0, "bytes": 27}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "skipped": 0, "failed": 0}, "created_at": "2026-11-22T06:19:08.271458Z", "started_at": "2026-11-22T06:19:08.284541Z", "finished_at": "2026-11-22T06:19:08.435746Z"}}}','waiting',1,1.79532835467118215559e+09,NULL,NULL,'No answer: the name of its host is unknown.',3.61649099977512378245e-03,1.79532834904915452006e+09,NULL);
INSERT INTO "deliveries" VALUES(4,'01a201e8-937e-7f73-9773-8eaba7d2b219',1,'01a201e8-9166-7efd-8acc-ab0f74d9d9df','job.failed','{"type": "job.failed", "timestamp": "2026-11-22T06:19:09.049155Z", "data": {"job": {"id": "01a201e8-9166-7efd-8acc-ab0f74d9d9df", "kind": "copy", "state": "failed", "reason": "storage_missing", "message": "There is no bucket ''gone'' at http://127.0.0.1:37629.", "owner": "anna", "target": "s3://127.0.0.1:37629/gone", "prefix": "cval/images/train/", "counters": {"planned": {"uploads": 3, "deletes": 0, "bytes": 27}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "skipped": 0, "failed": 3}, "created_at": "2026-11-22T06:19:08.518871Z", "started_at": "2026-11-22T06:19:08.525222Z", "finished_at": "2026-11-22T06:19:08.636383Z"}}}','waiting',1,1.7953283544492020607e+09,NULL,NULL,'No answer: the name of its host is unknown.',7.47336000040377257391e-03,1.79532834904915452006e+09,NULL);
INSERT INTO "deliveries" VALUES(5,'01a201e8-9841-7bde-9bc1-36edc58b9956',1,'01a201e8-9539-7abc-bbe8-56c6319c2d0f','job.succeeded','{"type": "job.succeeded", "timestamp": "2026-11-22T06:19:10.272709Z", "data": {"job": {"id": "01a201e8-9539-7abc-bbe8-56c6319c2d0f", "kind": "copy", "state": "succeeded", "reason": null, "message": "1 copied.", "owner": "anna", "target": null, "prefix": "", "counters": {"planned": {"uploads": 1, "deletes": 0, "bytes": 74}, "done": {"uploads": 1, "deletes": 0, "bytes": 74}, "unchanged": 0, "skipped": 0, "failed": 0}, "created_at": "2026-11-22T06:19:09.497331Z", "started_at": "2026-11-22T06:19:09.528778Z", "finished_at": "2026-11-22T06:19:09.602163Z"}}}','waiting',1,1.7953283554653685093e+09,NULL,NULL,'No answer: the name of its host is unknown.',2.3653730004298267886e-03,1.79532835027270889277e+09,NULL);
CREATE TABLE failed_logins (
	subject VARCHAR(64) NOT NULL, 
	failures INTEGER NOT NULL, 
	first_at DOUBLE NOT NULL, 
	blocked_until DOUBLE, 
	CONSTRAINT pk_failed_logins PRIMARY KEY (subject)
);
INSERT INTO "failed_logins" VALUES('0f3369d26055452b30b884c1a2f1b33c8e5fbf1064a98d7d4712f7d14db8350a',1,1.79532834729997396467e+09,NULL);
INSERT INTO "failed_logins" VALUES('4a01ed75f3ef387302303555a822dae108e80b7824465eba79b1c5849393d1ea',1,1.79532834729997396467e+09,NULL);
INSERT INTO "failed_logins" VALUES('910f04d64304c2cede2823589494d6fdb77007609ec3494920c23a3889856ea3',0,1.79532834754536890983e+09,NULL);
CREATE TABLE grants (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	connection_id VARCHAR(36) NOT NULL, 
	owner_id INTEGER, 
	provider VARCHAR(32) NOT NULL, 
	account VARCHAR(255) NOT NULL, 
	email VARCHAR(320), 
	display_name VARCHAR(255), 
	scopes JSON NOT NULL, 
	is_active BOOLEAN NOT NULL, 
	sealed TEXT NOT NULL, 
	expires_at DOUBLE NOT NULL, 
	renewing_until DOUBLE NOT NULL, 
	created_at DOUBLE NOT NULL, 
	last_used_at DOUBLE, 
	CONSTRAINT fk_grants_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE SET NULL, 
	CONSTRAINT uq_grants_connection_id UNIQUE (connection_id), 
	CONSTRAINT uq_grants_owner_id UNIQUE (owner_id, provider, account)
);
INSERT INTO "grants" VALUES(1,'a36931f6-0b34-4f1b-8fd4-b6882d868e01',2,'google_drive','100000000000000000002','user0@gmail.com','John Doe','["https://www.googleapis.com/auth/drive.file", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile", "openid"]',0,'gAAAAABrAolcjslqRi-fU9HJC22DQitk0w6Rd3St2MfKf8jkijblb4bvj-kM0Ss8TBRbaMxrQrBi5ugMX8fMXPyrdBNX1GCLja_h5L5xdG17-eTeOJHGIplI9ccI9XqElqnYVsgDrGr636EXOL0rzATsqNBCdyrADjSqmE565CPi0WT1hMtUZ_WMPaItj_wl18GldkXMOt-_p0i7lChze7NCnMRNUDuuQglzInrzpCxhKXh9GpI_NdNGkpLVuoBKyhFAVdzM1KDwClgYfJZIsceeS9n6mqAO1q6uzLHOJ-npEReo7D7clBoOrcLIwuTJN5-bVYiWY6aIBUCtKauepS7meQh8_6xAM4Um8taLRdnMq6_6R83n2SKaWrlleQhBFlBkgGWsa1KDtSlrsNoKuD7OIWJPYywOWt2Qiqjo_dc5-CHB05GmLPJUBw2NAdUlJK71vHdJQhC0',1.79533194791859865195e+09,0.0,1.79532834891856169705e+09,1.79532834893361377716e+09);
INSERT INTO "grants" VALUES(2,'36a1212a-4113-4855-9198-feffd3fa7506',2,'google_drive','100000000000000000003','user1@gmail.com','John Doe','["https://www.googleapis.com/auth/drive.file", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile", "openid"]',1,'gAAAAABrAoldhHwZQzya0CskY0FRN1Ll_3g6ZPa61ubklmhgJzcN9hnzFbRIQjFMzk6PBkYhtv_kg3QJLK1akT6PJje5JRun_FY5nzOoonJEcEoxrjUn3YNecwehPO26xcvmNT2xjiT5z6Yoog3dUE1TEr1oiKAGQTZ_rp9iciEnDHROtziXVi9dH_fzdyOj_lyqG2KhfTvOVQlspbPmHtaueI4vMbhY7edy4m4_fbgSmv63BjuhWKKMabrf64UUTHbDI5IH0gfccva5Bd5oC8Ac_hIGb_0xpIMm0HOD6b6IPcEks20RceZT8W7w-iOpqJlGTtqjBVDyPBQIc0As5yihG1oIwSrXGB0PWpKDv8-q8tCx-1ws4bxg6-WzGfWwBYWyNqODYbEetRvrLw8rDXHbKalUzYHyYHPuB4x9J8v7PtAfKBeVUNXlQh_xSs4hsWh2X_nWn7QS',1.79533194809819364543e+09,0.0,1.7953283490981750488e+09,1.79532834922128582003e+09);
CREATE TABLE indexes (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(64) NOT NULL, 
	opened_at DOUBLE NOT NULL, 
	CONSTRAINT uq_indexes_name UNIQUE (name)
);
CREATE TABLE installation (
	id INTEGER NOT NULL, 
	mark VARCHAR(36) NOT NULL, 
	CONSTRAINT pk_installation PRIMARY KEY (id)
);
CREATE TABLE items (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR(36) NOT NULL, 
	collection_number INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	file VARCHAR(36), 
	size BIGINT NOT NULL, 
	md5 VARCHAR(32), 
	sha256 VARCHAR(64), 
	file_type VARCHAR(64) NOT NULL, 
	attributes JSON NOT NULL, 
	tags JSON NOT NULL, 
	description TEXT, 
	message TEXT NOT NULL, 
	visible BOOLEAN NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	purged BOOLEAN NOT NULL, 
	created_at DOUBLE NOT NULL, 
	updated_at DOUBLE NOT NULL, 
	CONSTRAINT fk_items_collection_number_collections FOREIGN KEY(collection_number) REFERENCES collections (number) ON DELETE CASCADE, 
	CONSTRAINT uq_items_id UNIQUE (id), 
	CONSTRAINT uq_items_collection_number UNIQUE (collection_number, position)
);
INSERT INTO "items" VALUES(1,'06ac951b-4f90-44b4-9f5e-007333851aaf',2,1,'cval/images/train/1.jpg','ready','92eb082d-f04c-49d8-86fa-9d329f0f57d3',9,'239b55f9df0621a32a599ecd6e9c06fd','75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79532834798413944241e+09,1.79532834812509775159e+09);
INSERT INTO "items" VALUES(2,'9b8fd1a3-6e88-47c1-902d-a737df853fbc',2,2,'cval/images/train/2.jpg','ready',NULL,9,'9297ab3fbd56b42f6566284119238125','d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f','txt','{"dbkey": "hg38"}','[]',NULL,'',1,1,1,1.79532834798413944241e+09,1795328348.74686);
INSERT INTO "items" VALUES(3,'8895ebe5-ac7a-40ce-8c6d-17b103d56756',2,3,'cval/images/train/no image.txt','ready','9e570438-cffb-4546-a840-32542cc658fa',9,'6685cd62b95f2c58818cb20e7292168b','9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79532834798413944241e+09,1.79532834812669897083e+09);
INSERT INTO "items" VALUES(4,'12d71c93-e830-4f4c-86a8-d2b50fba34f7',3,1,'Pasted Entry','ready','abf73fe0-2ee3-49f5-a98e-73ea6028f772',6,'fc4d17f28dbf5021a06f68eef35968d4','a19e5ae584bdab4b2c57351357a8b54f9ba5208e0d35c5ca312884f578e800f8','bed','{}','[]',NULL,'',1,0,0,1.79532834808723807339e+09,1.79532834813815903658e+09);
INSERT INTO "items" VALUES(5,'7006d8d6-10f7-4e4e-8a0f-d3ab2abfd840',4,1,'cval/images/train/1.jpg','ready','92eb082d-f04c-49d8-86fa-9d329f0f57d3',9,'239b55f9df0621a32a599ecd6e9c06fd','75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79532834873008131978e+09,1.79532834873008131978e+09);
INSERT INTO "items" VALUES(6,'30ac2dd7-90bc-4a63-8759-d6bcb274c3ca',5,1,'flower.jpg','ready','17034235-8661-4fa4-b9a9-b81bbeaf6750',74,'ab528da0cb937366b59094524fbe279b','e49bf838e00846fa4fc4bb8c0fde1077ef8a88fc1178c414c40e9378ffd17c1b','png','{"drive_file_id": "1E6WJY8Z4XvJQ2EtjimWlUEycpPnQKWLg", "connection_id": "36a1212a-4113-4855-9198-feffd3fa7506", "collection_id": "col_1", "mime_type": "image/png", "format": "PNG", "width": 8, "height": 8}','["red"]','PNG image, 8 x 8 pixels, 74 bytes','',1,0,0,1.79532834915211820603e+09,1.79532834943999147414e+09);
INSERT INTO "items" VALUES(7,'0481733d-2127-4304-8307-3b78ded21a74',5,2,'gone.jpg','failed',NULL,0,NULL,NULL,'data','{"drive_file_id": "gone", "connection_id": "36a1212a-4113-4855-9198-feffd3fa7506", "collection_id": "col_1"}','["red"]',NULL,'There is no ''gone'' that this account could see.',1,0,0,1.79532834915211820603e+09,1.79532834924729871751e+09);
CREATE TABLE jobs (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR(36) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	reason VARCHAR(64), 
	message TEXT NOT NULL, 
	arguments JSON NOT NULL, 
	progress JSON NOT NULL, 
	secrets TEXT, 
	target TEXT NOT NULL, 
	target_prefix TEXT NOT NULL, 
	cancel_requested BOOLEAN NOT NULL, 
	attempt INTEGER NOT NULL, 
	crashes INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	runner_id VARCHAR(64), 
	reserved_for VARCHAR(64), 
	heartbeat_at DOUBLE, 
	created_at DOUBLE NOT NULL, 
	started_at DOUBLE, 
	finished_at DOUBLE, owner_id INTEGER, throughput JSON, threads INTEGER, sent_at DOUBLE, announced BOOLEAN DEFAULT 1 NOT NULL, 
	CONSTRAINT ck_jobs_finished_is_final CHECK ((finished_at IS NULL) = (state IN ('queued', 'running'))), 
	CONSTRAINT uq_jobs_id UNIQUE (id)
);
INSERT INTO "jobs" VALUES(1,'01a201e8-7f40-7058-afe7-20be580f7384','mirror','succeeded',NULL,'64 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "odd-names", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 64, "deletes": 0, "bytes": 630}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328343.8928094, "ended_at": 1795328344.2598794}, {"name": "uploading", "started_at": 1795328344.1120846, "ended_at": 1795328344.2597702}], "bytes_per_second": 1678, "eta_seconds": 0}',NULL,'s3://127.0.0.1:37629/odd-names','',0,1,0,3,NULL,NULL,NULL,1.795328343872929573e+09,1.79532834388289237021e+09,1.79532834426942539216e+09,NULL,'{"seconds": 1, "intervals": [[630, 64]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(2,'01a201e8-8116-7afd-8915-39245125e6f3','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328344.389091, "ended_at": 1795328344.5689964}, {"name": "uploading", "started_at": 1795328344.5585825, "ended_at": 1795328344.5688703}], "bytes_per_second": 146, "eta_seconds": 0}',NULL,'s3://127.0.0.1:37629/plain','',0,1,0,3,NULL,NULL,NULL,1.79532834434290766711e+09,1.79532834437066340449e+09,1.79532834457427406312e+09,NULL,'{"seconds": 1, "intervals": [[27, 3]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(3,'01a201e8-821a-782f-9c88-46a5019298b8','mirror','succeeded',NULL,'A dry run: nothing was changed.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": true, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 1, "deletes": 1, "bytes": 19, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328344.6161606, "ended_at": 1795328344.6579876}], "bytes_per_second": 0, "eta_seconds": null}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79532834460263586041e+09,1.79532834460896825786e+09,1.79532834465976858136e+09,NULL,'{"seconds": 1, "intervals": [[0, 0]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(4,'01a201e8-826b-76c7-a3dc-c0270c3aaf0c','mirror','succeeded',NULL,'2 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "sub/folder/", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["include", "*.txt"]], "max_delete": "50%", "check": "exact", "own_keys": false}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328344.7024424, "ended_at": 1795328344.7604406}, {"name": "uploading", "started_at": 1795328344.7599378, "ended_at": 1795328344.7603633}], "bytes_per_second": 458, "eta_seconds": 0}',NULL,'s3://127.0.0.1:37629/plain','sub/folder/',0,1,0,3,NULL,NULL,NULL,1.79532834468335199358e+09,1.79532834468975543975e+09,1.79532834476407480235e+09,NULL,'{"seconds": 1, "intervals": [[28, 2]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(5,'01a201e8-82d9-76e8-81c7-b9e8836c6af2','mirror','succeeded',NULL,'1 uploaded, 3 deleted, 1 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 1, "deletes": 3, "bytes": 19, "complete": true}, "done": {"uploads": 1, "deletes": 3, "bytes": 19}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328344.8151562, "ended_at": 1795328344.8975823}, {"name": "uploading", "started_at": 1795328344.8974535, "ended_at": 1795328344.8974535}, {"name": "deleting", "started_at": 1795328344.9225824, "ended_at": 1795328344.9226675}], "bytes_per_second": 170, "eta_seconds": 0}',NULL,'s3://127.0.0.1:37629/plain','',0,1,0,3,NULL,NULL,NULL,1.79532834479321646691e+09,1.79532834481194162367e+09,1.79532834492782163615e+09,NULL,'{"seconds": 1, "intervals": [[19, 4]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(6,'01a201e8-8374-75b0-ad40-8dcc7767c9ac','mirror','succeeded',NULL,'0 uploaded, 2 deleted, 0 unchanged. The source does not exist, so the bucket was deleted.','{"direction": "upload", "source": "missing", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 0, "deletes": 2, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 2, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328344.9792416, "ended_at": 1795328345.0471044}, {"name": "deleting", "started_at": 1795328345.0669208, "ended_at": 1795328345.0828862}], "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:37629/plain','',0,1,0,3,NULL,NULL,NULL,1.79532834494823741915e+09,1.79532834496174168587e+09,1.7953283450875351429e+09,NULL,'{"seconds": 1, "intervals": [[0, 2]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(7,'01a201e8-8419-7393-8000-5ee2addf5619','mirror','failed','storage_unreachable','http://127.0.0.1:9 cannot be reached. Check the address, and whether it is running.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:9", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": true}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328345.1329362, "ended_at": null}], "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:9/plain','',0,1,0,3,NULL,NULL,NULL,1.79532834511433768268e+09,1.79532834512883377074e+09,1.79532834521389532086e+09,NULL,'{"seconds": 1, "intervals": [[0, 0]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(8,'01a201e8-8498-7a6a-8466-8b3badc5bda0','mirror','partial','files_skipped','2 uploaded, 0 deleted, 0 unchanged, 1 skipped. What was skipped is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328345.2474751, "ended_at": 1795328345.316037}, {"name": "uploading", "started_at": 1795328345.314398, "ended_at": 1795328345.3159468}], "bytes_per_second": 392, "eta_seconds": 0}',NULL,'s3://127.0.0.1:37629/plain','',0,1,0,3,NULL,NULL,NULL,1.7953283452407987117e+09,1795328345.24486,1.79532834531939077373e+09,NULL,'{"seconds": 1, "intervals": [[28, 2]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(9,'01a201e8-84fe-75f3-a277-6962f99d58a2','mirror','partial','upload_failed','0 uploaded, 0 deleted, 2 unchanged, 1 skipped, 1 failed. What failed is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 9, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 2, "unchanged_by": {"index": 2, "size": 0, "content": 0}, "skipped": 1, "failed": 1, "phases": [{"name": "listing", "started_at": 1795328345.3563356, "ended_at": 1795328345.3846312}, {"name": "uploading", "started_at": 1795328345.3862102, "ended_at": null}], "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:37629/plain','',0,1,0,3,NULL,NULL,NULL,1.79532834534211564064e+09,1.7953283453468427658e+09,1.79532834538686609268e+09,NULL,'{"seconds": 1, "intervals": [[0, 0]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(10,'01a201e8-8548-71b2-8f7c-31c313376b64','mirror','failed','too_many_deletions','The plan deletes 1 of 2 objects and max_delete allows 0. Nothing was deleted. Look at a dry run, then raise max_delete if that is what you want.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["exclude", "folder*"], ["exclude", "link"]], "max_delete": "0", "check": "exact", "own_keys": false}','{"planned": {"uploads": 0, "deletes": 1, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328345.4232166, "ended_at": 1795328345.5425024}], "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:37629/plain','',0,1,0,3,NULL,NULL,NULL,1.79532834541633701331e+09,1.79532834542026472094e+09,1.79532834555178642268e+09,NULL,'{"seconds": 1, "intervals": [[0, 0]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(11,'01a201e8-85e2-7028-8021-dc7fb0833611','mirror','cancelled','cancelled_by_user','Stopped after 1 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "cancelled", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328345.5948195, "ended_at": 1795328345.6770792}, {"name": "uploading", "started_at": 1795328345.6769292, "ended_at": null}], "bytes_per_second": 9, "eta_seconds": 67}',NULL,'s3://127.0.0.1:37629/cancelled','',1,1,0,5,NULL,NULL,NULL,1.79532834557063055045e+09,1.79532834558978128427e+09,1.7953283466502282619e+09,NULL,'{"seconds": 1, "intervals": [[8, 0], [1, 1]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(12,'01a201e8-8db5-7210-8541-b00f2e8295f5','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "cval", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328347.5972545, "ended_at": 1795328347.6577134}, {"name": "uploading", "started_at": 1795328347.6561127, "ended_at": 1795328347.657633}], "bytes_per_second": 403, "eta_seconds": 0}',NULL,'s3://127.0.0.1:37629/pictures','cval/',0,1,0,3,NULL,NULL,NULL,1.79532834757384109495e+09,1.79532834758911228178e+09,1.79532834766467690474e+09,NULL,'{"seconds": 1, "intervals": [[27, 3]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(13,'01a201e8-8e43-7300-8a38-5313a6c08ff0','synchronisation','partial','layout_invalid','3 downloaded, 0 deleted, 0 unchanged. 1 files or folders do not fit the layout of datasets, see /steps.','{"direction": "download", "source": "", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:37629", "connection": "af32fbd3-5013-4ec7-b303-f6be103205f3", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328347.735519, "ended_at": 1795328347.8378534}, {"name": "uploading", "started_at": 1795328347.831836, "ended_at": 1795328347.835171}], "bytes_per_second": 248, "eta_seconds": 0}',NULL,'mirror:af32fbd3-5013-4ec7-b303-f6be103205f3','',0,1,0,4,NULL,NULL,NULL,1.79532834771565389633e+09,1.79532834773240494727e+09,1.79532834784469580652e+09,2,'{"seconds": 1, "intervals": [[27, 3]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(14,'01a201e8-8f4e-7d9a-9219-827d90222af1','copy','succeeded',NULL,'3 copied.','{"direction": "get", "source": "pictures", "dest": "library", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": {"place": {"bucket": "pictures", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:37629/pictures", "url": ""}, "to": null}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328348.005572, "ended_at": 1795328348.0460541}, {"name": "uploading", "started_at": 1795328348.0972779, "ended_at": 1795328348.1351485}], "bytes_per_second": 199, "eta_seconds": 0}',NULL,'','',0,1,0,4,NULL,NULL,NULL,1.79532834798268580434e+09,1.79532834799797725677e+09,1795328348.14167,2,'{"seconds": 1, "intervals": [[27, 3]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(15,'01a201e8-8fb5-766a-a685-4d666fdf75bb','copy','succeeded',NULL,'1 copied.','{"direction": "import", "source": "", "dest": "library", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": null}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 6, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 6}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328348.1179466, "ended_at": 1795328348.123185}, {"name": "uploading", "started_at": 1795328348.1442938, "ended_at": 1795328348.1442938}], "bytes_per_second": 192, "eta_seconds": 0}',NULL,'','',0,1,0,4,NULL,NULL,NULL,1.79532834808537411692e+09,1.79532834811392664909e+09,1.79532834814945864683e+09,2,'{"seconds": 1, "intervals": [[6, 1]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(16,'01a201e8-906f-72ad-aefb-c8504e69dd34','copy','succeeded',NULL,'3 copied.','{"direction": "send", "source": "library", "dest": "pictures", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "pictures", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:37629/pictures", "url": ""}}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328348.2871654, "ended_at": 1795328348.3263352}, {"name": "uploading", "started_at": 1795328348.4315157, "ended_at": 1795328348.4327672}], "bytes_per_second": 182, "eta_seconds": 0}',NULL,'s3://127.0.0.1:37629/pictures','cval/images/train/',0,1,0,3,NULL,NULL,NULL,1.79532834827145791056e+09,1.79532834828454065326e+09,1.7953283484357459545e+09,2,'{"seconds": 1, "intervals": [[27, 3]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(17,'01a201e8-9166-7efd-8acc-ab0f74d9d9df','copy','failed','storage_missing','There is no bucket ''gone'' at http://127.0.0.1:37629.','{"direction": "send", "source": "library", "dest": "gone", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "gone", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:37629/gone", "url": ""}}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 3, "phases": [{"name": "listing", "started_at": 1795328348.5333207, "ended_at": 1795328348.559902}, {"name": "uploading", "started_at": 1795328348.6359432, "ended_at": null}], "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:37629/gone','cval/images/train/',0,1,0,3,NULL,NULL,NULL,1.79532834851887083049e+09,1.79532834852522182465e+09,1.79532834863638281826e+09,2,'{"seconds": 1, "intervals": [[0, 0]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(18,'01a201e8-93d9-7a25-8f5d-edf002b9e09b','copy','partial','object_missing','1 copied, 1 failed. What failed is listed by /steps.','{"direction": "drive-import", "source": "Google Drive", "dest": "library", "prefix": "", "storage_url": "http://127.0.0.1:38339/drive/v3/100000000000000000003", "connection": "36a1212a-4113-4855-9198-feffd3fa7506", "connections": ["36a1212a-4113-4855-9198-feffd3fa7506"], "wait": 0, "dry_run": false, "from": {"place": {"bucket": "Google Drive", "authorization": null, "connection": "36a1212a-4113-4855-9198-feffd3fa7506"}, "target": "http://127.0.0.1:38339/drive/v3/100000000000000000003", "url": "http://127.0.0.1:38339/drive/v3/100000000000000000003"}, "to": null}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 0, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 74}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 1, "phases": [{"name": "listing", "started_at": 1795328349.1808808, "ended_at": 1795328349.200881}, {"name": "uploading", "started_at": 1795328349.4426315, "ended_at": 1795328349.4426315}], "bytes_per_second": 279, "eta_seconds": 0}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79532834914580273627e+09,1.79532834917660689359e+09,1.79532834944710469244e+09,2,'{"seconds": 1, "intervals": [[74, 1]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(19,'01a201e8-9539-7abc-bbe8-56c6319c2d0f','copy','succeeded',NULL,'1 copied.','{"direction": "drive-export", "source": "library", "dest": "Google Drive", "prefix": "", "storage_url": "http://127.0.0.1:38339/drive/v3/100000000000000000003", "connection": "36a1212a-4113-4855-9198-feffd3fa7506", "connections": ["36a1212a-4113-4855-9198-feffd3fa7506"], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "Google Drive", "authorization": null, "connection": "36a1212a-4113-4855-9198-feffd3fa7506"}, "target": "http://127.0.0.1:38339/drive/v3/100000000000000000003", "url": "http://127.0.0.1:38339/drive/v3/100000000000000000003"}}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 74, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 74}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328349.533402, "ended_at": 1795328349.5726626}, {"name": "uploading", "started_at": 1795328349.5971391, "ended_at": 1795328349.5971391}], "bytes_per_second": 1083, "eta_seconds": 0}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79532834949733090396e+09,1.79532834952877807621e+09,1.79532834960216283802e+09,2,'{"seconds": 1, "intervals": [[74, 1]]}',16,NULL,1);
INSERT INTO "jobs" VALUES(20,'01a201e8-9672-7339-b116-931d3d1352a0','mirror','running',NULL,'listing','{"direction": "upload", "source": "plain", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:38853", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": true}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328349.8229563, "ended_at": null}], "bytes_per_second": 0, "eta_seconds": null}','gAAAAABrAold-_6h1r7gfBZ_9UKM978ElnlmO9en3jVXFD-ibx8qEp1qfkn5s3AUmu0lIKZSq5smRrbxJba3EbvfjIWUVdwgcWXBUrJndLwSTOwlDYaZ1k5NT0n6h7CYjyyeLWk_rUoTWWjSMeuyHsCSjSqsCAjsiyF7KqxLep6FiNubQJmujws3N4py39aGOQCDeyowIrshByye-C54rzSTmQqb0GlRso1jRL6JMXtwDNip6C6gC4L3SJJbKIWvU68fmhVuGYzycA4EHBrMNF_rOOqHJ3wbMw==','s3://127.0.0.1:38853/held','',0,1,0,3,'3193-66f868384a3645e2a55c86248ffcf2b2',NULL,1.79532835194154310231e+09,1.79532834981039905548e+09,1.79532834982040858263e+09,NULL,NULL,'{"seconds": 1, "intervals": [[0, 0]]}',16,NULL,0);
INSERT INTO "jobs" VALUES(21,'01a201e8-9688-7ca0-aad5-78c38e7f49ee','mirror','queued',NULL,'waiting for another job that uses held','{"direction": "upload", "source": "odd", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:38853", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": true}','{}','gAAAAABrAoldMuzagma7MzMZTdo5h48YcyeqFy8JF13qsXp5bV_AdgK1nDeSqFqjjavq8SnyaAccepinlljxkzMiarKREV7tKnNbCMJ65zD_czcbJ2zZHo3xFU2fUwKgsaaUmCMU9EtTEO_zpLke3vTsQVcduaGx0ZqN2_QaihYxVZlIXfE1nMIAmio6lAJLkDVF_SEzrLKYXxyLlTCSJPK-pMnlt_-k-eILDSklsFWrLq8z8yBdnCJYwOfm3wia1xPYMLWkI3t3eBmCEy7iruEFPar1YoPKRA==','s3://127.0.0.1:38853/held','',0,0,0,2,NULL,NULL,NULL,1.79532834983283710482e+09,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "jobs" VALUES(22,'01a201e8-9694-7ec4-810c-3a749ca61d64','mirror','running',NULL,'uploading  lead','{"direction": "upload", "source": "odd", "dest": "slow", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795328349.8649015, "ended_at": 1795328349.935747}, {"name": "uploading", "started_at": 1795328349.9356186, "ended_at": null}], "bytes_per_second": 3, "eta_seconds": 196}',NULL,'s3://127.0.0.1:37629/slow','',0,1,0,5,'3193-66f868384a3645e2a55c86248ffcf2b2',NULL,1.79532835194154310231e+09,1.7953283498447930813e+09,1.79532834986301088331e+09,NULL,NULL,'{"seconds": 1, "intervals": [[8, 0], [1, 1], [0, 0], [0, 0]]}',16,NULL,0);
INSERT INTO "jobs" VALUES(23,'01a201e8-9ab3-7de0-be4c-b699d355e3f6','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "later", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{}',NULL,'s3://127.0.0.1:37629/later','',0,0,0,2,NULL,NULL,NULL,1.79532835089950728417e+09,NULL,NULL,NULL,NULL,NULL,NULL,0);
INSERT INTO "jobs" VALUES(24,'01a201e8-9abd-73fd-a521-36c912fe805e','mirror','cancelled','cancelled_by_user','cancelled before it started','{"direction": "upload", "source": "plain", "dest": "never", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{}',NULL,'s3://127.0.0.1:37629/never','',1,0,0,4,NULL,NULL,NULL,1.7953283509096934795e+09,NULL,1.79532835091896677019e+09,NULL,NULL,NULL,NULL,1);
INSERT INTO "jobs" VALUES(25,'01a201e8-a3a3-778b-ba67-4cac6932d2f3','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "reserved", "prefix": "", "storage_url": "http://127.0.0.1:37629", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{}',NULL,'s3://127.0.0.1:37629/reserved','',0,0,0,2,NULL,'3821-a6e3e59b2c244e989678cd11c4823e65',NULL,1.79532835318756437302e+09,NULL,NULL,NULL,NULL,NULL,NULL,0);
CREATE TABLE ledgers (
	job_number INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	next_batch INTEGER NOT NULL, 
	kept JSON NOT NULL, 
	CONSTRAINT pk_ledgers PRIMARY KEY (job_number), 
	CONSTRAINT fk_ledgers_job_number_jobs FOREIGN KEY(job_number) REFERENCES jobs (number) ON DELETE CASCADE
);
CREATE TABLE memberships (
	organisation_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (organisation_id, user_id), 
	CONSTRAINT fk_memberships_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "memberships" VALUES(1,2,'owner',1.795328346949890852e+09);
INSERT INTO "memberships" VALUES(1,1,'supervisor',1.79532834696090960509e+09);
CREATE TABLE organisations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	slug VARCHAR(16) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT uq_organisations_slug UNIQUE (slug)
);
INSERT INTO "organisations" VALUES(1,'team','The team',1.795328346949890852e+09);
CREATE TABLE picker_sessions (
	digest VARCHAR(64) NOT NULL, 
	user_id INTEGER NOT NULL, 
	connection_id VARCHAR(36) NOT NULL, 
	expires_at DOUBLE NOT NULL, 
	counted_from DOUBLE NOT NULL, 
	calls INTEGER NOT NULL, 
	CONSTRAINT pk_picker_sessions PRIMARY KEY (digest), 
	CONSTRAINT fk_picker_sessions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "picker_sessions" VALUES('cebfccbc320e30919bd850e561de06a65e69c3eef2ce36b4a4d0fb5d709f43fc',2,'a36931f6-0b34-4f1b-8fd4-b6882d868e01',1.79533194791859865195e+09,1.79532834893648505212e+09,1);
INSERT INTO "picker_sessions" VALUES('4941b9a180da543a10413922cd54d8d8ee97b112571926dd07e3138c1e3a55b5',2,'36a1212a-4113-4855-9198-feffd3fa7506',1.79533194809819364543e+09,1.79532834966352105145e+09,0);
CREATE TABLE schedules (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	subject VARCHAR(128) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	arguments JSON NOT NULL, 
	interval INTEGER NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	due_at DOUBLE NOT NULL, 
	job_id VARCHAR(36), 
	message TEXT NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT uq_schedules_subject UNIQUE (subject)
);
INSERT INTO "schedules" VALUES(1,'connection:af32fbd3-5013-4ec7-b303-f6be103205f3','synchronisation','{"connection": "af32fbd3-5013-4ec7-b303-f6be103205f3"}',300,1,1.79532863385915446288e+09,'01a201e8-8e43-7300-8a38-5313a6c08ff0','',1.79532834770452260969e+09);
CREATE TABLE sealing (
	id INTEGER NOT NULL, 
	sealed TEXT NOT NULL, 
	CONSTRAINT pk_sealing PRIMARY KEY (id)
);
INSERT INTO "sealing" VALUES(1,'gAAAAABrAolX1VRVV5UhZnOneExKB-SxvpUATEMMFMtK8JxxMM42RKw6zyc2-6TqPyykgwDQzolmOqM2hhwoo4qE7-E1l7gU58-7fCoUxw169gpzPEb9HOs1-KP5fdxi7dba2BvoY98l');
CREATE TABLE seen (
	index_number INTEGER NOT NULL, 
	"key" BLOB NOT NULL, 
	size INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	target TEXT NOT NULL, 
	CONSTRAINT pk_seen PRIMARY KEY (index_number, "key"), 
	CONSTRAINT fk_seen_index_number_indexes FOREIGN KEY(index_number) REFERENCES indexes (number) ON DELETE CASCADE
)
 WITHOUT ROWID

;
CREATE TABLE "sessions" (
	digest VARCHAR(64) NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DOUBLE NOT NULL, 
	expires_at DOUBLE NOT NULL, 
	key_digest VARCHAR(64), 
	api_key_id INTEGER, 
	CONSTRAINT pk_sessions PRIMARY KEY (digest), 
	CONSTRAINT fk_sessions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT fk_sessions_api_key_id_api_keys FOREIGN KEY(api_key_id) REFERENCES api_keys (id) ON DELETE CASCADE
);
INSERT INTO "sessions" VALUES('1f116610a0fef73eff4cc4a1613e1924fc0181a733176dccee23e03b47644cdc',1,1.79532834755581474301e+09,1.79653794755581474305e+09,'8a1de1066e30334f9481c17c6d7bcf1dfdaa7f461e84678fa44ea569c1369389',NULL);
INSERT INTO "sessions" VALUES('526046f92807ae9235e3130ff7f24498eda3e89c6b11938625bd2f08bc19f27c',2,1.79532834970117330551e+09,1.79653794970117330551e+09,'dce6e022b48a18389215587b97bf1ffde05b658f27532645a07850742c471d58',4);
CREATE TABLE steps (
	job_number INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	action VARCHAR(16) NOT NULL, 
	"key" TEXT NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	size INTEGER NOT NULL, 
	reason VARCHAR(64) NOT NULL, 
	message TEXT NOT NULL, 
	finished_at DOUBLE NOT NULL, 
	CONSTRAINT pk_steps PRIMARY KEY (job_number, number), 
	CONSTRAINT fk_steps_job_number_jobs FOREIGN KEY(job_number) REFERENCES jobs (number) ON DELETE CASCADE
)
 WITHOUT ROWID

;
INSERT INTO "steps" VALUES(1,1,'create','odd-names','done',0,'missing','',1.79532834408412170406e+09);
INSERT INTO "steps" VALUES(1,2,'upload','''"','done',10,'new','',1.79532834411208462718e+09);
INSERT INTO "steps" VALUES(1,3,'upload','-dash','done',10,'new','',1.79532834411698508265e+09);
INSERT INTO "steps" VALUES(1,4,'upload','[brack]','done',10,'new','',1.79532834412071299551e+09);
INSERT INTO "steps" VALUES(1,5,'upload','..twice','done',9,'new','',1.79532834412163305281e+09);
INSERT INTO "steps" VALUES(1,6,'upload','<xml>','done',10,'new','',1.79532834413205909726e+09);
INSERT INTO "steps" VALUES(1,7,'upload','--help','done',10,'new','',1.79532834413227081302e+09);
INSERT INTO "steps" VALUES(1,8,'upload','$dollar','done',10,'new','',1.79532834413235068316e+09);
INSERT INTO "steps" VALUES(1,9,'upload','`tick`','done',10,'new','',1.7953283441324350834e+09);
INSERT INTO "steps" VALUES(1,10,'upload','a!b','done',9,'new','',1.79532834413247895238e+09);
INSERT INTO "steps" VALUES(1,11,'upload',' lead','done',9,'new','',1.79532834413252019882e+09);
INSERT INTO "steps" VALUES(1,12,'upload','.hidden','done',9,'new','',1.79532834413255810738e+09);
INSERT INTO "steps" VALUES(1,13,'upload','Case','done',10,'new','',1.79532834413591623305e+09);
INSERT INTO "steps" VALUES(1,14,'upload','amp&lt;','done',10,'new','',1.7953283441389284134e+09);
INSERT INTO "steps" VALUES(1,15,'upload','at@','done',10,'new','',1.79532834413919663426e+09);
INSERT INTO "steps" VALUES(1,16,'upload','a.txt','done',9,'new','',1.79532834414070153238e+09);
INSERT INTO "steps" VALUES(1,17,'upload','comma,','done',10,'new','',1.79532834415061545371e+09);
INSERT INTO "steps" VALUES(1,18,'upload','case','done',10,'new','',1.79532834415079426762e+09);
INSERT INTO "steps" VALUES(1,19,'upload','c:olon','done',10,'new','',1.79532834415226292615e+09);
INSERT INTO "steps" VALUES(1,20,'upload','bell⧵07','done',10,'new','',1.79532834415642356877e+09);
INSERT INTO "steps" VALUES(1,21,'upload','a0','done',9,'new','',1.79532834415755128865e+09);
INSERT INTO "steps" VALUES(1,22,'upload','bad-⧵FF⧵FE','done',10,'new','',1.79532834415764355664e+09);
INSERT INTO "steps" VALUES(1,23,'upload','cr⧵0Dx','done',10,'new','',1.79532834415773987768e+09);
INSERT INTO "steps" VALUES(1,24,'upload','con','done',10,'new','',1.79532834416633939747e+09);
INSERT INTO "steps" VALUES(1,25,'upload','ctl⧵01x','done',10,'new','',1.7953283441665804386e+09);
INSERT INTO "steps" VALUES(1,26,'upload','del⧵7Fx','done',10,'new','',1.7953283441734278202e+09);
INSERT INTO "steps" VALUES(1,27,'upload','eq=ual','done',10,'new','',1.79532834417357540137e+09);
INSERT INTO "steps" VALUES(1,28,'upload','b\s','done',10,'new','',1.79532834418263268468e+09);
INSERT INTO "steps" VALUES(1,29,'upload','dot.','done',9,'new','',1.79532834418350386619e+09);
INSERT INTO "steps" VALUES(1,30,'upload','esc⧵1B[0m','done',10,'new','',1.79532834418409276006e+09);
INSERT INTO "steps" VALUES(1,31,'upload','h#sh','done',10,'new','',1.79532834419238257407e+09);
INSERT INTO "steps" VALUES(1,32,'upload','latin-⧵E9','done',10,'new','',1.79532834419810724251e+09);
INSERT INTO "steps" VALUES(1,33,'upload','é-nfd','done',10,'new','',1.79532834419860744474e+09);
INSERT INTO "steps" VALUES(1,34,'upload','nul.txt','done',10,'new','',1.7953283441993341446e+09);
INSERT INTO "steps" VALUES(1,35,'upload','nl⧵0Ax','done',10,'new','',1.79532834419999766349e+09);
INSERT INTO "steps" VALUES(1,36,'upload','pct%2F','done',10,'new','',1.79532834420300817486e+09);
INSERT INTO "steps" VALUES(1,37,'upload','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','done',10,'new','',1.79532834422474026677e+09);
INSERT INTO "steps" VALUES(1,38,'upload','plus+plus','done',10,'new','',1.79532834422618770594e+09);
INSERT INTO "steps" VALUES(1,39,'upload','st*r','done',10,'new','',1.79532834422732782368e+09);
INSERT INTO "steps" VALUES(1,40,'upload','semi;colon','done',10,'new','',1.79532834422853469847e+09);
INSERT INTO "steps" VALUES(1,41,'upload','|pipe','done',10,'new','',1.79532834423535442355e+09);
INSERT INTO "steps" VALUES(1,42,'upload','trail ','done',9,'new','',1.79532834423596191408e+09);
INSERT INTO "steps" VALUES(1,43,'upload','ti~de','done',10,'new','',1.7953283442363421917e+09);
INSERT INTO "steps" VALUES(1,44,'upload','pct%41','done',10,'new','',1.79532834423668146133e+09);
INSERT INTO "steps" VALUES(1,45,'upload','{brace}','done',10,'new','',1.7953283442370781899e+09);
INSERT INTO "steps" VALUES(1,46,'upload','plain.txt','done',9,'new','',1.79532834423739457137e+09);
INSERT INTO "steps" VALUES(1,47,'upload','tab⧵09here','done',10,'new','',1.79532834423761463163e+09);
INSERT INTO "steps" VALUES(1,48,'upload','é-nfc','done',10,'new','',1.79532834424165177347e+09);
INSERT INTO "steps" VALUES(1,49,'upload',' nnbsp','done',10,'new','',1.79532834424237394332e+09);
INSERT INTO "steps" VALUES(1,50,'upload',' sep','done',10,'new','',1.79532834424271225924e+09);
INSERT INTO "steps" VALUES(1,51,'upload',' nbsp','done',10,'new','',1.79532834424278736119e+09);
INSERT INTO "steps" VALUES(1,52,'upload','⧵E2⧵80⧵9B41','done',10,'new','',1.79532834424285173417e+09);
INSERT INTO "steps" VALUES(1,53,'upload','‎ltr','done',10,'new','',1.79532834424312448496e+09);
INSERT INTO "steps" VALUES(1,54,'upload','⧵C3','done',10,'new','',1.79532834424320769314e+09);
INSERT INTO "steps" VALUES(1,55,'upload','⧵E2⧵A7⧵B541','done',10,'new','',1.79532834424326038363e+09);
INSERT INTO "steps" VALUES(1,56,'upload','⧵EF⧵BF⧵BF','done',10,'new','',1.7953283442433111668e+09);
INSERT INTO "steps" VALUES(1,57,'upload','⧵E2⧵80⧵9Bquote','done',10,'new','',1.79532834424336075777e+09);
INSERT INTO "steps" VALUES(1,58,'upload','　wide','done',10,'new','',1.79532834425123262404e+09);
INSERT INTO "steps" VALUES(1,59,'upload','␀␊␡','done',10,'new','',1.79532834425208544723e+09);
INSERT INTO "steps" VALUES(1,60,'upload','q?m','done',10,'new','',1.79532834425432181362e+09);
INSERT INTO "steps" VALUES(1,61,'upload','／．＼：','done',10,'new','',1.79532834425488471989e+09);
INSERT INTO "steps" VALUES(1,62,'upload','😀','done',10,'new','',1.79532834425693392749e+09);
INSERT INTO "steps" VALUES(1,63,'upload','﻿bom','done',10,'new','',1.79532834425773692131e+09);
INSERT INTO "steps" VALUES(1,64,'upload','日本語','done',10,'new','',1.79532834425916290287e+09);
INSERT INTO "steps" VALUES(1,65,'upload','with space','done',9,'new','',1.79532834425977015496e+09);
INSERT INTO "steps" VALUES(2,1,'create','plain','done',0,'missing','',1.79532834454004812246e+09);
INSERT INTO "steps" VALUES(2,2,'upload','b.txt','done',9,'new','',1.79532834455858254429e+09);
INSERT INTO "steps" VALUES(2,3,'upload','a.txt','done',9,'new','',1.79532834455972647664e+09);
INSERT INTO "steps" VALUES(2,4,'upload','c.txt','done',9,'new','',1.79532834456887030599e+09);
INSERT INTO "steps" VALUES(3,1,'upload','b.txt','planned',19,'size','',1795328344.65763);
INSERT INTO "steps" VALUES(3,2,'delete','a.txt','planned',0,'extra','',1.79532834465812039369e+09);
INSERT INTO "steps" VALUES(4,1,'upload','sub/folder/b.txt','done',19,'new','',1.79532834475993776325e+09);
INSERT INTO "steps" VALUES(4,2,'upload','sub/folder/c.txt','done',9,'new','',1.79532834476036334036e+09);
INSERT INTO "steps" VALUES(5,1,'upload','b.txt','done',19,'size','',1.79532834489745354647e+09);
INSERT INTO "steps" VALUES(5,2,'delete','a.txt','done',0,'extra','',1.79532834492258238788e+09);
INSERT INTO "steps" VALUES(5,3,'delete','sub/folder/b.txt','done',0,'extra','',1.79532834492265653617e+09);
INSERT INTO "steps" VALUES(5,4,'delete','sub/folder/c.txt','done',0,'extra','',1.79532834492266750339e+09);
INSERT INTO "steps" VALUES(6,1,'delete','b.txt','done',0,'extra','',1.79532834506692075726e+09);
INSERT INTO "steps" VALUES(6,2,'delete','c.txt','done',0,'extra','',1.79532834506700444219e+09);
INSERT INTO "steps" VALUES(6,3,'drop','plain','done',0,'source_empty','',1.79532834508288621907e+09);
INSERT INTO "steps" VALUES(8,1,'create','plain','done',0,'missing','',1.79532834528791093828e+09);
INSERT INTO "steps" VALUES(8,2,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79532834531253504758e+09);
INSERT INTO "steps" VALUES(8,3,'upload','b.txt','done',19,'new','',1.79532834531439805026e+09);
INSERT INTO "steps" VALUES(8,4,'upload','c.txt','done',9,'new','',1.79532834531594681732e+09);
INSERT INTO "steps" VALUES(9,1,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79532834538184237482e+09);
INSERT INTO "steps" VALUES(9,2,'upload','folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key','failed',0,'key_refused','A key must be text of 1 to 1024 bytes in UTF-8, and ''folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key'' is not.',1.79532834538235139851e+09);
INSERT INTO "steps" VALUES(11,1,'create','cancelled','done',0,'missing','',1.79532834566029071807e+09);
INSERT INTO "steps" VALUES(11,2,'upload',' lead','done',9,'new','',1.79532834567692923546e+09);
INSERT INTO "steps" VALUES(12,1,'create','pictures','done',0,'missing','',1.79532834763935422901e+09);
INSERT INTO "steps" VALUES(12,2,'upload','cval/images/train/1.jpg','done',9,'new','',1.79532834765611267087e+09);
INSERT INTO "steps" VALUES(12,3,'upload','cval/images/train/2.jpg','done',9,'new','',1795328347.65729);
INSERT INTO "steps" VALUES(12,4,'upload','cval/images/train/no image.txt','done',9,'new','',1.79532834765763306622e+09);
INSERT INTO "steps" VALUES(13,1,'download','cval/images/train/1.jpg','done',9,'new','',1.79532834783183598515e+09);
INSERT INTO "steps" VALUES(13,2,'download','cval/images/train/no image.txt','done',9,'new','',1.79532834783249258987e+09);
INSERT INTO "steps" VALUES(13,3,'download','cval/images/train/2.jpg','done',9,'new','',1.79532834783517098427e+09);
INSERT INTO "steps" VALUES(13,4,'check','cval/images/train/no image.txt','skipped',0,'layout_invalid','This is no image. The names of images end with .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff or .webp.',1.79532834784205961231e+09);
INSERT INTO "steps" VALUES(14,1,'copy','cval/images/train/no image.txt','done',9,'new','',1.79532834813302397732e+09);
INSERT INTO "steps" VALUES(14,2,'copy','cval/images/train/2.jpg','done',9,'new','',1.7953283481340827942e+09);
INSERT INTO "steps" VALUES(14,3,'copy','cval/images/train/1.jpg','done',9,'new','',1.79532834813514852526e+09);
INSERT INTO "steps" VALUES(15,1,'copy','Pasted Entry','done',6,'new','',1.79532834814429378511e+09);
INSERT INTO "steps" VALUES(16,1,'copy','cval/images/train/1.jpg_261122_061908','done',9,'new','',1.79532834843151569369e+09);
INSERT INTO "steps" VALUES(16,2,'copy','cval/images/train/2.jpg_261122_061908','done',9,'new','',1.79532834843223047249e+09);
INSERT INTO "steps" VALUES(16,3,'copy','cval/images/train/no_image.txt','done',9,'new','',1.79532834843276715283e+09);
INSERT INTO "steps" VALUES(17,1,'copy','cval/images/train/1.jpg','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:37629.',1.79532834863184142118e+09);
INSERT INTO "steps" VALUES(17,2,'copy','cval/images/train/2.jpg','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:37629.',1.79532834863360929488e+09);
INSERT INTO "steps" VALUES(17,3,'copy','cval/images/train/no_image.txt','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:37629.',1.79532834863410663611e+09);
INSERT INTO "steps" VALUES(18,1,'copy','gone.jpg','failed',0,'object_missing','There is no ''gone'' that this account could see.',1.79532834924952411654e+09);
INSERT INTO "steps" VALUES(18,2,'copy','flower.jpg','done',74,'new','',1.7953283494426314831e+09);
INSERT INTO "steps" VALUES(19,1,'copy','flower.jpg','done',74,'new','',1.79532834959713912016e+09);
INSERT INTO "steps" VALUES(22,1,'create','slow','done',0,'missing','',1.79532834991289973257e+09);
INSERT INTO "steps" VALUES(22,2,'upload',' lead','done',9,'new','',1.79532834993561863897e+09);
CREATE TABLE uploads (
	id VARCHAR(36) NOT NULL, 
	owner_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_uploads PRIMARY KEY (id), 
	CONSTRAINT fk_uploads_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "uploads" VALUES('34a6720e-012e-4d87-a5c2-a6411d19ef5b',2,'',10,1.79532834879277849201e+09);
CREATE TABLE users (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(150) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	password VARCHAR(255), 
	created_at DOUBLE NOT NULL, 
	disabled_at DOUBLE, 
	last_login_at DOUBLE, quota BIGINT, 
	CONSTRAINT uq_users_name UNIQUE (name)
);
INSERT INTO "users" VALUES(1,'admin','admin','$argon2id$v=19$m=65536,t=3,p=4$WfWxdoq5yV2Zed+TjqHmtg$eYy8+wPC42bZzVfXP8Rkt/o38/UsvHL2HFrQ/BNuykU',1.79532834690519022945e+09,NULL,1.79532834754534101479e+09,NULL);
INSERT INTO "users" VALUES(2,'anna','user',NULL,1.79532834693786358835e+09,NULL,NULL,1099511627776);
INSERT INTO "users" VALUES(3,'gone','worker',NULL,1.795328346939379692e+09,1.79532834694028162951e+09,NULL,NULL);
CREATE TABLE webhooks (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR(36) NOT NULL, 
	owner_id INTEGER NOT NULL, 
	every_owner BOOLEAN NOT NULL, 
	url TEXT NOT NULL, 
	description TEXT NOT NULL, 
	states JSON NOT NULL, 
	sealed TEXT NOT NULL, 
	enabled BOOLEAN NOT NULL, 
	failures INTEGER NOT NULL, 
	message TEXT NOT NULL, 
	created_at DOUBLE NOT NULL, 
	updated_at DOUBLE NOT NULL, 
	CONSTRAINT fk_webhooks_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_webhooks_id UNIQUE (id)
);
INSERT INTO "webhooks" VALUES(1,'2e0c3e01-1894-41b5-b8e5-c38b4930a6ee',2,0,'https://hooks.example/sluice','of a test','["succeeded", "failed"]','gAAAAABrAolbCslVJxw8GPtlpLYxdaizzhxKOoHqFkF7TFcWyLt968GrARnQc_fTW1G44iqd5eLxWO6NgsJiP1ay2wwe-vmGTyXdFYLN7QTbbv4pkqyQAVMKS66Ku1pgIfGWxRJnbTY_E6E93JJqdOFhtbWBqUMlYwE1ZEk-ev11bT_ydiYNRsBpswdC6a_mUvW7i7DMIc1YX2BZ03fT9h_L-FEuM3ImjsJiL7iXBj2ObckZRelp8ZkaycOR-2DRr3829LbJ6cqw',1,0,'',1.79532834787268829341e+09,1.79532834787268829341e+09);
CREATE INDEX ix_jobs_unfinished ON jobs (number) WHERE finished_at IS NULL;
CREATE INDEX ix_jobs_finished_at ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX ix_steps_failed ON steps (job_number, number) WHERE status = 'failed';
CREATE INDEX ix_memberships_user_id ON memberships (user_id);
CREATE INDEX ix_api_keys_user_id ON api_keys (user_id);
CREATE INDEX ix_failed_logins_first_at ON failed_logins (first_at);
CREATE INDEX ix_connections_owner_id ON connections (owner_id);
CREATE INDEX ix_connections_organisation_id ON connections (organisation_id);
CREATE INDEX ix_schedules_due ON schedules (due_at) WHERE enabled;
CREATE INDEX ix_collections_owner_id ON collections (owner_id);
CREATE INDEX ix_items_file ON items (file) WHERE file IS NOT NULL;
CREATE INDEX ix_items_held ON items (collection_number, file, size) WHERE file IS NOT NULL;
CREATE INDEX ix_uploads_owner_id ON uploads (owner_id);
CREATE INDEX ix_dataset_bindings_connection_number ON dataset_bindings (connection_number);
CREATE INDEX ix_copies_job_id ON copies (job_id);
CREATE INDEX ix_copies_owner_id ON copies (owner_id);
CREATE INDEX ix_copies_item_number ON copies (item_number);
CREATE INDEX ix_copies_collection_number ON copies (collection_number);
CREATE INDEX ix_copies_unfinished ON copies (job_id) WHERE finished_at IS NULL;
CREATE INDEX ix_authorizations_owner_id ON authorizations (owner_id);
CREATE INDEX ix_consents_user_id ON consents (user_id);
CREATE INDEX ix_consents_expires_at ON consents (expires_at);
CREATE INDEX ix_picker_sessions_user_id ON picker_sessions (user_id);
CREATE INDEX ix_picker_sessions_connection_id ON picker_sessions (connection_id);
CREATE INDEX ix_picker_sessions_expires_at ON picker_sessions (expires_at);
CREATE INDEX ix_jobs_state ON jobs (state);
CREATE INDEX ix_jobs_owner_id ON jobs (owner_id);
CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);
CREATE UNIQUE INDEX ix_sessions_key_digest ON sessions (key_digest);
CREATE INDEX ix_sessions_user_id ON sessions (user_id);
CREATE INDEX ix_sessions_api_key_id ON sessions (api_key_id);
CREATE INDEX ix_jobs_unannounced ON jobs (number) WHERE finished_at IS NOT NULL AND NOT announced;
CREATE INDEX ix_batches_waiting ON batches (job_number, number) WHERE state = 'waiting';
CREATE INDEX ix_batches_leased_until ON batches (leased_until) WHERE leased_until IS NOT NULL;
CREATE INDEX ix_webhooks_owner_id ON webhooks (owner_id);
CREATE INDEX ix_deliveries_webhook_number ON deliveries (webhook_number);
CREATE INDEX ix_deliveries_due ON deliveries (due_at) WHERE state = 'waiting';
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('collections',5);
INSERT INTO "sqlite_sequence" VALUES('jobs',25);
INSERT INTO "sqlite_sequence" VALUES('users',3);
INSERT INTO "sqlite_sequence" VALUES('organisations',1);
INSERT INTO "sqlite_sequence" VALUES('api_keys',4);
INSERT INTO "sqlite_sequence" VALUES('connections',3);
INSERT INTO "sqlite_sequence" VALUES('schedules',1);
INSERT INTO "sqlite_sequence" VALUES('webhooks',1);
INSERT INTO "sqlite_sequence" VALUES('authorizations',2);
INSERT INTO "sqlite_sequence" VALUES('items',7);
INSERT INTO "sqlite_sequence" VALUES('copies',13);
INSERT INTO "sqlite_sequence" VALUES('grants',2);
INSERT INTO "sqlite_sequence" VALUES('deliveries',5);
COMMIT;
