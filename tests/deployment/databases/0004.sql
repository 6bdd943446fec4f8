BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
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
	last_used_at DOUBLE, 
	CONSTRAINT fk_api_keys_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT uq_api_keys_digest UNIQUE (digest)
);
INSERT INTO "api_keys" VALUES(1,2,'lost','e54e6deb56f3103d1a293e85492d91655490e1512d93ed73e128b651d6709a17','c154',0,1.7952914845155169964e+09,NULL,1.79529148451778554915e+09,NULL);
INSERT INTO "api_keys" VALUES(2,2,'laptop','66536fbb12c3bdb0d80baba47df7ca2cb11ad5d6037961256fe45e7fb825601b','976e',0,1.79529148452336621277e+09,NULL,NULL,1.79529148495699262619e+09);
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
INSERT INTO "authorizations" VALUES(1,'63760bad-b570-429d-ae96-fdfb6d76a08b',2,'aws','{"access_key": "sluicetests", "secret_key": "********", "endpoint": "http://127.0.0.1:34277"}','gAAAAABrAfldvRJxgnS10GEbSu8g-EsVGM5g4NAuHpeTsNCBlrEiWoIVcoCsON7UsJZQ2YdjHsVR67RW7cY8Yio9W_rG3ufR6pGCjY6Ale_ly4mGz0eUydrznt5Hu9zmsnNbGKCMXCMxgUG5If82BJKIkwRi9L5YhchrtWVCrOALCfngQOehfkFYEPhfU4d8jCin1HwnyRvhVx-38KfPK7vsqmG4as1ZWwzD4Q1pd-CASNwb6gDeaWY=',NULL,'of a test',1.79529148510204410553e+09,1.79529148510204410553e+09,1.79529148510204410553e+09);
INSERT INTO "authorizations" VALUES(2,'a7049730-c83a-4d48-8b04-c0a73a25b336',2,'gcp','{"private_key": "********"}','gAAAAABrAfld8RI4oX96h1Fkxu6k_r0eKJIHrIiG65jGpCKQRkenwhcV2EIWhya5OepmKtlAHix2NuIf9CnqhmplaCJRvGU_NzXGtgAlUJeCjH8-N6K0vdDLEtyvVBhCxQ7qcfD8aOYNxZ9f_JJqkwYQALPS0wIOf14V19gESiobrZGDor-i8EiQ699ONnSy9OtXIqPhnoPm8-O4fdWM9t-5bilqLlGEYw==',NULL,'',1.79529148551178216932e+09,1.79529148551178216932e+09,1.79529148551178216932e+09);
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
INSERT INTO "collections" VALUES(1,'5d9967e4-06d7-40ee-96eb-165654bbebea','dataset',2,'flowers',NULL,'[]',0,0,0,0,1.79529148498805427545e+09,1.79529148498805427545e+09);
INSERT INTO "collections" VALUES(2,'61dd9f5a-2de5-4713-aa34-4972189bce4f','history',2,'Of a bucket',NULL,'[]',0,0,0,3,1.79529148507466387741e+09,1.79529148549795150753e+09);
INSERT INTO "collections" VALUES(3,'4e731ffc-9be2-4b9e-b287-15440c010c2e','history',2,'Published','seen','["red"]',1,0,0,1,1.79529148508587360383e+09,1.79529148548841953284e+09);
INSERT INTO "collections" VALUES(4,'b3da74db-5a98-4ac4-84f7-952b7965a9f2','history',2,'Deleted',NULL,'[]',0,1,0,1,1.79529148509275913231e+09,1.79529148550792670246e+09);
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
INSERT INTO "connections" VALUES(1,'a518fd17-40f6-4188-904d-f2100c263990','s3','pictures','{"endpoint": "http://127.0.0.1:34277", "bucket": "pictures", "region": "us-east-1"}','gAAAAABrAflc2PCI9ZwAB7zQfI1qG9kfj72zNuSRT-cqR-Cwa6TrrCWymW8kRjgY1CfGco3_XPQefErvHe9fsAYZKt5o3TbWmM8o1pJwVDFz97iNmH9GjmRiFAk5p8m2CuOjvdoPPLQO_Fuz8e2eo-ewsGC4Es9SZrH77gm6OV7lAQkd02QEGDK6woqTx0Mc1-MT7P4mbd8ebMP_ZMcEjF3bs7A5JNtlYP4VR5oP8u2cYEveNXu04_8MXiR1wlUC95hJtzwZ7R_xcxaiismGAReuqpaPLA_NHA==',2,NULL,1.79529148496275067327e+09,1.79529148496275067327e+09,'keys','',NULL,'[]');
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
INSERT INTO "copies" VALUES(1,'01a1ffb6-13dc-7154-be63-7af56a2303a1',2,'get','cval/images/train/1.jpg','1',NULL,1,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4',1.79529148514758968356e+09,1.79529148521397972099e+09,1.79529148521397972099e+09);
INSERT INTO "copies" VALUES(2,'01a1ffb6-13dc-7154-be63-7af56a2303a1',2,'get','cval/images/train/2.jpg','2',NULL,2,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f',1.79529148514758968356e+09,1.7952914852550694942e+09,1.7952914852550694942e+09);
INSERT INTO "copies" VALUES(3,'01a1ffb6-13dc-7154-be63-7af56a2303a1',2,'get','cval/images/train/no image.txt','3',NULL,3,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d',1.79529148514758968356e+09,1.7952914852539842129e+09,1.7952914852539842129e+09);
INSERT INTO "copies" VALUES(4,'01a1ffb6-1410-7914-bf7a-8e0202ba4d6f',2,'import','9951fb82-5099-4918-b158-62c595760693','4',NULL,4,3,'{"conversion": {"file_type": "auto", "posix_lines": true, "tabs": false, "decompress": false}, "name": "Pasted Entry", "upload": "9951fb82-5099-4918-b158-62c595760693", "size": 6}','done',0,NULL,'',6,'a19e5ae584bdab4b2c57351357a8b54f9ba5208e0d35c5ca312884f578e800f8',1.7952914851982293129e+09,1.79529148522913765909e+09,1.79529148522913765909e+09);
INSERT INTO "copies" VALUES(5,'01a1ffb6-1475-7d0a-b81a-970ab1fcded1',2,'send','1','cval/images/train/1.jpg','cval/images/train/1.jpg_261121_200445',1,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4',1.79529148530072045321e+09,1.79529148535882091515e+09,1.79529148535882091515e+09);
INSERT INTO "copies" VALUES(6,'01a1ffb6-1475-7d0a-b81a-970ab1fcded1',2,'send','2','cval/images/train/2.jpg','cval/images/train/2.jpg_261121_200445',2,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f',1.79529148530072045321e+09,1.79529148536196827886e+09,1.79529148536196827886e+09);
INSERT INTO "copies" VALUES(7,'01a1ffb6-1475-7d0a-b81a-970ab1fcded1',2,'send','3','cval/images/train/no_image.txt','cval/images/train/no_image.txt',3,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d',1.79529148530072045321e+09,1.7952914853606240749e+09,1.7952914853606240749e+09);
INSERT INTO "copies" VALUES(8,'01a1ffb6-14db-788d-a10d-90fc57cca9c4',2,'send','1','cval/images/train/1.jpg',NULL,1,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:34277.',0,NULL,1.79529148540260434152e+09,1.79529148544789814946e+09,1.79529148544789814946e+09);
INSERT INTO "copies" VALUES(9,'01a1ffb6-14db-788d-a10d-90fc57cca9c4',2,'send','2','cval/images/train/2.jpg',NULL,2,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:34277.',0,NULL,1.79529148540260434152e+09,1.79529148544864845275e+09,1.79529148544864845275e+09);
INSERT INTO "copies" VALUES(10,'01a1ffb6-14db-788d-a10d-90fc57cca9c4',2,'send','3','cval/images/train/no_image.txt',NULL,3,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:34277.',0,NULL,1.79529148540260434152e+09,1.79529148544918179509e+09,1.79529148544918179509e+09);
CREATE TABLE dataset_bindings (
	collection_number INTEGER NOT NULL, 
	connection_number INTEGER, 
	name_in_storage VARCHAR(255), 
	CONSTRAINT pk_dataset_bindings PRIMARY KEY (collection_number), 
	CONSTRAINT fk_dataset_bindings_collection_number_collections FOREIGN KEY(collection_number) REFERENCES collections (number) ON DELETE CASCADE, 
	CONSTRAINT fk_dataset_bindings_connection_number_connections FOREIGN KEY(connection_number) REFERENCES connections (number) ON DELETE SET NULL
);
INSERT INTO "dataset_bindings" VALUES(1,1,NULL);
CREATE TABLE failed_logins (
	subject VARCHAR(64) NOT NULL, 
	failures INTEGER NOT NULL, 
	first_at DOUBLE NOT NULL, 
	blocked_until DOUBLE, 
	CONSTRAINT pk_failed_logins PRIMARY KEY (subject)
);
INSERT INTO "failed_logins" VALUES('0f3369d26055452b30b884c1a2f1b33c8e5fbf1064a98d7d4712f7d14db8350a',1,1.79529148467610168453e+09,NULL);
INSERT INTO "failed_logins" VALUES('4a01ed75f3ef387302303555a822dae108e80b7824465eba79b1c5849393d1ea',1,1.79529148467610168453e+09,NULL);
INSERT INTO "failed_logins" VALUES('910f04d64304c2cede2823589494d6fdb77007609ec3494920c23a3889856ea3',0,1.79529148484481692314e+09,NULL);
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
INSERT INTO "items" VALUES(1,'73829873-465f-4d70-8e89-101d37edb832',2,1,'cval/images/train/1.jpg','ready','fd6cd2e7-d90a-4a5a-a0fc-065c4e5588c9',9,'239b55f9df0621a32a599ecd6e9c06fd','75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79529148514992141719e+09,1.79529148521332359306e+09);
INSERT INTO "items" VALUES(2,'f644e4d7-e6af-45b7-893b-a163da5aee2f',2,2,'cval/images/train/2.jpg','ready',NULL,9,'9297ab3fbd56b42f6566284119238125','d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f','txt','{"dbkey": "hg38"}','[]',NULL,'',1,1,1,1.79529148514992141719e+09,1.79529148549795150753e+09);
INSERT INTO "items" VALUES(3,'e2ed5243-72ac-4833-9f9d-5f4d48389da0',2,3,'cval/images/train/no image.txt','ready','e9eaa51f-a722-43fb-9414-e44f349e1733',9,'6685cd62b95f2c58818cb20e7292168b','9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79529148514992141719e+09,1.79529148525216341019e+09);
INSERT INTO "items" VALUES(4,'711b8e2e-3bb0-44a1-a057-f2077a6aba3b',3,1,'Pasted Entry','ready','4342ab5b-615b-4b6f-8003-c598a768e1b9',6,'fc4d17f28dbf5021a06f68eef35968d4','a19e5ae584bdab4b2c57351357a8b54f9ba5208e0d35c5ca312884f578e800f8','bed','{}','[]',NULL,'',1,0,0,1.79529148520118212698e+09,1795291485.22853);
INSERT INTO "items" VALUES(5,'a179c2c1-f241-4a2b-81a6-a041f1d02481',4,1,'cval/images/train/1.jpg','ready','fd6cd2e7-d90a-4a5a-a0fc-065c4e5588c9',9,'239b55f9df0621a32a599ecd6e9c06fd','75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79529148549333667753e+09,1.79529148549333667753e+09);
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
	finished_at DOUBLE, owner_id INTEGER, 
	CONSTRAINT ck_jobs_finished_is_final CHECK ((finished_at IS NULL) = (state IN ('queued', 'running'))), 
	CONSTRAINT uq_jobs_id UNIQUE (id)
);
INSERT INTO "jobs" VALUES(1,'01a1ffb6-08ad-7e2d-b043-de73ebe27cee','mirror','succeeded',NULL,'64 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "odd-names", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 64, "deletes": 0, "bytes": 630}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 2380, "eta_seconds": 0}',NULL,'s3://127.0.0.1:34277/odd-names','',0,1,0,3,NULL,NULL,NULL,1.79529148228580284121e+09,1.79529148229044675831e+09,1.79529148256023550036e+09,NULL);
INSERT INTO "jobs" VALUES(2,'01a1ffb6-09cd-7a33-9b27-269c63e718b2','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 311, "eta_seconds": 0}',NULL,'s3://127.0.0.1:34277/plain','',0,1,0,3,NULL,NULL,NULL,1795291482.57317,1.79529148257513499259e+09,1.79529148266501545902e+09,NULL);
INSERT INTO "jobs" VALUES(3,'01a1ffb6-0a48-7b5a-b8a8-a7d24c41ef79','mirror','succeeded',NULL,'A dry run: nothing was changed.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": true, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 1, "bytes": 19, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.7952914826966526508e+09,1.79529148270083808896e+09,1.79529148273579835896e+09,NULL);
INSERT INTO "jobs" VALUES(4,'01a1ffb6-0a84-7803-a335-68eccce92b0e','mirror','succeeded',NULL,'2 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "sub/folder/", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["include", "*.txt"]], "max_delete": "50%", "check": "exact"}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 577, "eta_seconds": 0}',NULL,'s3://127.0.0.1:34277/plain','sub/folder/',0,1,0,3,NULL,NULL,NULL,1.79529148275673604015e+09,1.79529148275881099698e+09,1.79529148281199145312e+09,NULL);
INSERT INTO "jobs" VALUES(5,'01a1ffb6-0ad8-7028-ac5d-49fc27b4620d','mirror','succeeded',NULL,'1 uploaded, 3 deleted, 1 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 3, "bytes": 19, "complete": true}, "done": {"uploads": 1, "deletes": 3, "bytes": 19}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 365, "eta_seconds": 0}',NULL,'s3://127.0.0.1:34277/plain','',0,1,0,3,NULL,NULL,NULL,1.79529148284100651747e+09,1.79529148284284329416e+09,1.79529148289605331419e+09,NULL);
INSERT INTO "jobs" VALUES(6,'01a1ffb6-0b1a-73ba-bd3b-735efa525ef3','mirror','succeeded',NULL,'0 uploaded, 2 deleted, 0 unchanged. The source does not exist, so the bucket was deleted.','{"direction": "upload", "source": "missing", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 2, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 2, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:34277/plain','',0,1,0,3,NULL,NULL,NULL,1.79529148290652799608e+09,1.79529148290826869004e+09,1.79529148297212457659e+09,NULL);
INSERT INTO "jobs" VALUES(7,'01a1ffb6-0b6e-7f22-b347-cf9c5928d260','mirror','failed','storage_unreachable','http://127.0.0.1:9 cannot be reached. Check the address, and whether it is running.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:9", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:9/plain','',0,1,0,3,NULL,NULL,NULL,1.79529148299105525011e+09,1.79529148299336194986e+09,1.79529148308359098439e+09,NULL);
INSERT INTO "jobs" VALUES(8,'01a1ffb6-0be4-7eb7-bb0b-d06f3b3e9d87','mirror','partial','files_skipped','2 uploaded, 0 deleted, 0 unchanged, 1 skipped. What was skipped is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "bytes_per_second": 578, "eta_seconds": 0}',NULL,'s3://127.0.0.1:34277/plain','',0,1,0,3,NULL,NULL,NULL,1.7952914831084825992e+09,1.79529148311055755616e+09,1.79529148316384363172e+09,NULL);
INSERT INTO "jobs" VALUES(9,'01a1ffb6-0c38-71fd-9e03-f02c0fc8c598','mirror','partial','upload_failed','0 uploaded, 0 deleted, 2 unchanged, 1 skipped, 1 failed. What failed is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 9, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 2, "unchanged_by": {"index": 2, "size": 0, "content": 0}, "skipped": 1, "failed": 1, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:34277/plain','',0,1,0,3,NULL,NULL,NULL,1.79529148319242072106e+09,1.79529148319448804858e+09,1.79529148321014761927e+09,NULL);
INSERT INTO "jobs" VALUES(10,'01a1ffb6-0c59-71c6-85ae-f5547c3f97d4','mirror','failed','too_many_deletions','The plan deletes 1 of 2 objects and max_delete allows 0. Nothing was deleted. Look at a dry run, then raise max_delete if that is what you want.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["exclude", "folder*"], ["exclude", "link"]], "max_delete": "0", "check": "exact"}','{"planned": {"uploads": 0, "deletes": 1, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:34277/plain','',0,1,0,3,NULL,NULL,NULL,1.79529148322541737552e+09,1.7952914832276439667e+09,1.79529148327214503285e+09,NULL);
INSERT INTO "jobs" VALUES(11,'01a1ffb6-0c90-7c7f-bcb5-5ded9d3da7a9','mirror','cancelled','cancelled_by_user','Stopped after 1 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "cancelled", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 9, "eta_seconds": 66}',NULL,'s3://127.0.0.1:34277/cancelled','',1,1,0,5,NULL,NULL,NULL,1.79529148328027629848e+09,1.7952914832819983959e+09,1.79529148432166242598e+09,NULL);
INSERT INTO "jobs" VALUES(12,'01a1ffb6-12b7-7818-8665-69a99a640ee7','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "cval", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 447, "eta_seconds": 0}',NULL,'s3://127.0.0.1:34277/pictures','cval/',0,1,0,3,NULL,NULL,NULL,1.79529148485588049884e+09,1.79529148485767579075e+09,1.79529148491956448557e+09,NULL);
INSERT INTO "jobs" VALUES(13,'01a1ffb6-132e-7970-84fc-e09aa05e185c','synchronisation','partial','layout_invalid','3 downloaded, 0 deleted, 0 unchanged. 1 files or folders do not fit the layout of datasets, see /steps.','{"direction": "download", "source": "", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:34277", "connection": "a518fd17-40f6-4188-904d-f2100c263990", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "bytes_per_second": 357, "eta_seconds": 0}',NULL,'mirror:a518fd17-40f6-4188-904d-f2100c263990','',0,1,0,3,NULL,NULL,NULL,1.79529148497496581077e+09,1.79529148498048973089e+09,1.79529148505735540388e+09,2);
INSERT INTO "jobs" VALUES(14,'01a1ffb6-13dc-7154-be63-7af56a2303a1','copy','succeeded',NULL,'3 copied.','{"direction": "get", "source": "pictures", "dest": "library", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": {"place": {"bucket": "pictures", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:34277/pictures", "url": ""}, "to": null}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 290, "eta_seconds": 0}',NULL,'','',0,1,0,4,NULL,NULL,NULL,1.79529148514892435074e+09,1.79529148515726637846e+09,1.79529148525674057002e+09,2);
INSERT INTO "jobs" VALUES(15,'01a1ffb6-1410-7914-bf7a-8e0202ba4d6f','copy','succeeded',NULL,'1 copied.','{"direction": "import", "source": "", "dest": "library", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": null}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 6, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 6}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 187, "eta_seconds": 0}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79529148520028519631e+09,1.7952914852081706524e+09,1.7952914852417309284e+09,2);
INSERT INTO "jobs" VALUES(16,'01a1ffb6-1475-7d0a-b81a-970ab1fcded1','copy','succeeded',NULL,'3 copied.','{"direction": "send", "source": "library", "dest": "pictures", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "pictures", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:34277/pictures", "url": ""}}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 478, "eta_seconds": 0}',NULL,'s3://127.0.0.1:34277/pictures','cval/images/train/',0,1,0,3,NULL,NULL,NULL,1.79529148530124568932e+09,1.79529148530457186702e+09,1.7952914853637998104e+09,2);
INSERT INTO "jobs" VALUES(17,'01a1ffb6-14db-788d-a10d-90fc57cca9c4','copy','failed','storage_missing','There is no bucket ''gone'' at http://127.0.0.1:34277.','{"direction": "send", "source": "library", "dest": "gone", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "gone", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:34277/gone", "url": ""}}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:34277/gone','cval/images/train/',0,1,0,3,NULL,NULL,NULL,1.79529148540328192711e+09,1.79529148540627574918e+09,1.79529148545005607607e+09,2);
INSERT INTO "jobs" VALUES(18,'01a1ffb6-1557-7c3f-9518-b2131e5bbc25','mirror','running',NULL,'listing','{"direction": "upload", "source": "plain", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}','gAAAAABrAfldabJBeeDVbiU-NyyWm-AGzxuoQorHkco_QO4cS1-bHLtK_etAzJiZuDL8vemfatSV59nshYSDbcx0YJ84UVW173HIvKoqNapYllYDNHO_9pntkuZj8Xdcxg9moxweRcmdJ6Q82YlT5_MhSRABwGX4wATEsQ48rL4jTb0hLogZa4NDNlKc_EzcpPbjjW4kbKzM4FtRNHrRA6l9fUhUmT-3A621ePQITA5bFZzfIggbV2PbzCmXmfN0F8Q7Ljv-e1CEDxiM8mAGvEjxFL5PvIMLfA==','s3://127.0.0.1:45213/held','',0,1,0,3,'18300-f48f40e20f274d56b769a0b5e921bef2',NULL,1.79529148658361291891e+09,1.79529148552801871298e+09,1.79529148553302359578e+09,NULL,NULL);
INSERT INTO "jobs" VALUES(19,'01a1ffb6-1579-70a5-9c8f-8f6aa1e13597','mirror','queued',NULL,'waiting for another job that uses held','{"direction": "upload", "source": "odd", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}','gAAAAABrAfldJKSjPErXiB9KZkVrALlnRLsno0tVMyAMTnG6D2VCAyqldWIHQ5jMNY7WY0VRb9F6w3AUwYrwFP-rW-NfzELCS6Vl4JuFYQxLCSp0dUL4heCKkoHqXnOJOQ5iGKOraWYWC7mRHFd6T0AbbKy-aj032l2aTaQx4hb146ao_SKhaTIAKwjK79x3B45246hkOudlaj-iP1eO5ElIcicyX_n2Ym3XjBj4dV1mUWoC-TbY514NdlCOp_BlI9hvyxcDFBrApbMeNrISZylGYEFa0sb-1A==','s3://127.0.0.1:45213/held','',0,0,0,2,NULL,NULL,NULL,1.79529148556219029422e+09,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(20,'01a1ffb6-157e-7579-9dad-f31bcd1ea9b7','mirror','running',NULL,'uploading  lead','{"direction": "upload", "source": "odd", "dest": "slow", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": false}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 4, "eta_seconds": null}',NULL,'s3://127.0.0.1:34277/slow','',0,1,0,5,'18300-f48f40e20f274d56b769a0b5e921bef2',NULL,1.79529148658361291891e+09,1.79529148556681251523e+09,1795291485.57726,NULL,NULL);
INSERT INTO "jobs" VALUES(21,'01a1ffb6-198c-71bd-af4d-46518ceba5b4','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "later", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:34277/later','',0,0,0,2,NULL,NULL,NULL,1.7952914866043858528e+09,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(22,'01a1ffb6-1993-7902-bb13-cce1e3ced9a6','mirror','cancelled','cancelled_by_user','cancelled before it started','{"direction": "upload", "source": "plain", "dest": "never", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:34277/never','',1,0,0,4,NULL,NULL,NULL,1.79529148661196208004e+09,NULL,1.79529148661791634563e+09,NULL);
INSERT INTO "jobs" VALUES(23,'01a1ffb6-1dd0-7903-8c0c-f460627d7f24','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "reserved", "prefix": "", "storage_url": "http://127.0.0.1:34277", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:34277/reserved','',0,0,0,2,NULL,'18527-9fd26f79cd9841ce874b7a8a6f6274ff',NULL,1.79529148769666647912e+09,NULL,NULL,NULL);
CREATE TABLE memberships (
	organisation_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (organisation_id, user_id), 
	CONSTRAINT fk_memberships_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "memberships" VALUES(1,2,'owner',1.79529148450533604626e+09);
INSERT INTO "memberships" VALUES(1,1,'supervisor',1.79529148451301026343e+09);
CREATE TABLE organisations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	slug VARCHAR(16) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT uq_organisations_slug UNIQUE (slug)
);
INSERT INTO "organisations" VALUES(1,'team','The team',1.79529148450533604626e+09);
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
INSERT INTO "schedules" VALUES(1,'connection:a518fd17-40f6-4188-904d-f2100c263990','synchronisation','{"connection": "a518fd17-40f6-4188-904d-f2100c263990"}',300,1,1.79529179127286314969e+09,'01a1ffb6-132e-7970-84fc-e09aa05e185c','',1.79529148496938395496e+09);
CREATE TABLE sealing (
	id INTEGER NOT NULL, 
	sealed TEXT NOT NULL, 
	CONSTRAINT pk_sealing PRIMARY KEY (id)
);
INSERT INTO "sealing" VALUES(1,'gAAAAABrAflZkk4vsifGQu8fwsmxd8UL8eAJ4SoZChTZXGGH1V4o3Oxx6lAkHsHjnNwvm9NZzPD2cVVtAUy5LuavT7QZVd4t7mYWf1KjtxZy_KPQ7m0p81q9J1xD7hWDYQzRGbPzHeqj');
CREATE TABLE sessions (
	digest VARCHAR(64) NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DOUBLE NOT NULL, 
	expires_at DOUBLE NOT NULL, key_digest VARCHAR(64), 
	CONSTRAINT pk_sessions PRIMARY KEY (digest), 
	CONSTRAINT fk_sessions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "sessions" VALUES('3814b0ecc3de97c23d0111eb27475cfc5b2afc53a936a904efe641670ca84a21',1,1.79529148484857559208e+09,1.79650108484857559199e+09,'37f665e2438d1c12e25416a186f6300c72d2701490772b09b38391c758ddd1e7');
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
INSERT INTO "steps" VALUES(1,1,'create','odd-names','done',0,'missing','',1.7952914824803342819e+09);
INSERT INTO "steps" VALUES(1,2,'upload',' lead','done',9,'new','',1.79529148249485015868e+09);
INSERT INTO "steps" VALUES(1,3,'upload','$dollar','done',10,'new','',1.79529148249575114248e+09);
INSERT INTO "steps" VALUES(1,4,'upload','--help','done',10,'new','',1.79529148249722123151e+09);
INSERT INTO "steps" VALUES(1,5,'upload','''"','done',10,'new','',1.79529148249744844442e+09);
INSERT INTO "steps" VALUES(1,6,'upload','-dash','done',10,'new','',1.79529148249785208699e+09);
INSERT INTO "steps" VALUES(1,7,'upload','..twice','done',9,'new','',1.79529148250056695941e+09);
INSERT INTO "steps" VALUES(1,8,'upload','.hidden','done',9,'new','',1.79529148250174570085e+09);
INSERT INTO "steps" VALUES(1,9,'upload','<xml>','done',10,'new','',1.79529148250179743768e+09);
INSERT INTO "steps" VALUES(1,10,'upload','Case','done',10,'new','',1.795291482501819849e+09);
INSERT INTO "steps" VALUES(1,11,'upload','`tick`','done',10,'new','',1.79529148250886082648e+09);
INSERT INTO "steps" VALUES(1,12,'upload','a!b','done',9,'new','',1.79529148250904798506e+09);
INSERT INTO "steps" VALUES(1,13,'upload','a.txt','done',9,'new','',1.79529148250907015799e+09);
INSERT INTO "steps" VALUES(1,14,'upload','[brack]','done',10,'new','',1.79529148250942182547e+09);
INSERT INTO "steps" VALUES(1,15,'upload','b\s','done',10,'new','',1.79529148251240301126e+09);
INSERT INTO "steps" VALUES(1,16,'upload','a0','done',9,'new','',1.79529148251245117186e+09);
INSERT INTO "steps" VALUES(1,17,'upload','bad-⧵FF⧵FE','done',10,'new','',1.7952914825124795437e+09);
INSERT INTO "steps" VALUES(1,18,'upload','at@','done',10,'new','',1.79529148251249766354e+09);
INSERT INTO "steps" VALUES(1,19,'upload','amp&lt;','done',10,'new','',1.79529148251251339908e+09);
INSERT INTO "steps" VALUES(1,20,'upload','case','done',10,'new','',1.79529148251496219633e+09);
INSERT INTO "steps" VALUES(1,21,'upload','con','done',10,'new','',1.79529148251511764524e+09);
INSERT INTO "steps" VALUES(1,22,'upload','comma,','done',10,'new','',1.79529148251514267926e+09);
INSERT INTO "steps" VALUES(1,23,'upload','c:olon','done',10,'new','',1.79529148251529526705e+09);
INSERT INTO "steps" VALUES(1,24,'upload','bell⧵07','done',10,'new','',1.79529148251531219483e+09);
INSERT INTO "steps" VALUES(1,25,'upload','cr⧵0Dx','done',10,'new','',1.79529148251532888417e+09);
INSERT INTO "steps" VALUES(1,26,'upload','esc⧵1B[0m','done',10,'new','',1.79529148251776242252e+09);
INSERT INTO "steps" VALUES(1,27,'upload','h#sh','done',10,'new','',1.79529148251791214946e+09);
INSERT INTO "steps" VALUES(1,28,'upload','del⧵7Fx','done',10,'new','',1.79529148251797938343e+09);
INSERT INTO "steps" VALUES(1,29,'upload','dot.','done',9,'new','',1.79529148251799726488e+09);
INSERT INTO "steps" VALUES(1,30,'upload','ctl⧵01x','done',10,'new','',1.79529148251801347734e+09);
INSERT INTO "steps" VALUES(1,31,'upload','latin-⧵E9','done',10,'new','',1.79529148251845598223e+09);
INSERT INTO "steps" VALUES(1,32,'upload','plain.txt','done',9,'new','',1.79529148252518081668e+09);
INSERT INTO "steps" VALUES(1,33,'upload','plus+plus','done',10,'new','',1.79529148252543020248e+09);
INSERT INTO "steps" VALUES(1,34,'upload','pct%2F','done',10,'new','',1.79529148252546477313e+09);
INSERT INTO "steps" VALUES(1,35,'upload','nul.txt','done',10,'new','',1.79529148252554798131e+09);
INSERT INTO "steps" VALUES(1,36,'upload','nl⧵0Ax','done',10,'new','',1.7952914825255651474e+09);
INSERT INTO "steps" VALUES(1,37,'upload','pct%41','done',10,'new','',1.79529148252558135986e+09);
INSERT INTO "steps" VALUES(1,38,'upload','q?m','done',10,'new','',1.7952914825268006325e+09);
INSERT INTO "steps" VALUES(1,39,'upload','é-nfd','done',10,'new','',1.79529148252682876582e+09);
INSERT INTO "steps" VALUES(1,40,'upload','eq=ual','done',10,'new','',1.79529148252684378622e+09);
INSERT INTO "steps" VALUES(1,41,'upload','trail ','done',9,'new','',1.79529148253017926213e+09);
INSERT INTO "steps" VALUES(1,42,'upload','ti~de','done',10,'new','',1.79529148253082489966e+09);
INSERT INTO "steps" VALUES(1,43,'upload','tab⧵09here','done',10,'new','',1.79529148253235220906e+09);
INSERT INTO "steps" VALUES(1,44,'upload','st*r','done',10,'new','',1.79529148253317642216e+09);
INSERT INTO "steps" VALUES(1,45,'upload',' nbsp','done',10,'new','',1.79529148253586196904e+09);
INSERT INTO "steps" VALUES(1,46,'upload','␀␊␡','done',10,'new','',1.795291482535983324e+09);
INSERT INTO "steps" VALUES(1,47,'upload','‎ltr','done',10,'new','',1.79529148253624987597e+09);
INSERT INTO "steps" VALUES(1,48,'upload','with space','done',9,'new','',1.79529148253676772116e+09);
INSERT INTO "steps" VALUES(1,49,'upload','{brace}','done',10,'new','',1.7952914825372726917e+09);
INSERT INTO "steps" VALUES(1,50,'upload','日本語','done',10,'new','',1.79529148253801155085e+09);
INSERT INTO "steps" VALUES(1,51,'upload','semi;colon','done',10,'new','',1.7952914825382964611e+09);
INSERT INTO "steps" VALUES(1,52,'upload','|pipe','done',10,'new','',1.79529148253850293157e+09);
INSERT INTO "steps" VALUES(1,53,'upload',' nnbsp','done',10,'new','',1.79529148253880333893e+09);
INSERT INTO "steps" VALUES(1,54,'upload',' sep','done',10,'new','',1.79529148253911137586e+09);
INSERT INTO "steps" VALUES(1,55,'upload','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','done',10,'new','',1.7952914825398454666e+09);
INSERT INTO "steps" VALUES(1,56,'upload','é-nfc','done',10,'new','',1.7952914825403718948e+09);
INSERT INTO "steps" VALUES(1,57,'upload','😀','done',10,'new','',1.79529148254143595692e+09);
INSERT INTO "steps" VALUES(1,58,'upload','⧵C3','done',10,'new','',1.79529148254190468788e+09);
INSERT INTO "steps" VALUES(1,59,'upload','／．＼：','done',10,'new','',1.79529148254345607754e+09);
INSERT INTO "steps" VALUES(1,60,'upload','﻿bom','done',10,'new','',1.79529148254364156718e+09);
INSERT INTO "steps" VALUES(1,61,'upload','⧵EF⧵BF⧵BF','done',10,'new','',1.79529148254806947705e+09);
INSERT INTO "steps" VALUES(1,62,'upload','⧵E2⧵80⧵9B41','done',10,'new','',1.7952914825482125282e+09);
INSERT INTO "steps" VALUES(1,63,'upload','⧵E2⧵A7⧵B541','done',10,'new','',1.79529148254838013653e+09);
INSERT INTO "steps" VALUES(1,64,'upload','⧵E2⧵80⧵9Bquote','done',10,'new','',1.79529148254854917527e+09);
INSERT INTO "steps" VALUES(1,65,'upload','　wide','done',10,'new','',1.79529148254866147043e+09);
INSERT INTO "steps" VALUES(2,1,'create','plain','done',0,'missing','',1.79529148261950778956e+09);
INSERT INTO "steps" VALUES(2,2,'upload','b.txt','done',9,'new','',1.79529148262712335585e+09);
INSERT INTO "steps" VALUES(2,3,'upload','c.txt','done',9,'new','',1.79529148262786388402e+09);
INSERT INTO "steps" VALUES(2,4,'upload','a.txt','done',9,'new','',1.79529148262815451625e+09);
INSERT INTO "steps" VALUES(3,1,'upload','b.txt','planned',19,'size','',1.79529148273125553126e+09);
INSERT INTO "steps" VALUES(3,2,'delete','a.txt','planned',0,'extra','',1.79529148273155021667e+09);
INSERT INTO "steps" VALUES(4,1,'upload','sub/folder/b.txt','done',19,'new','',1.79529148279906105994e+09);
INSERT INTO "steps" VALUES(4,2,'upload','sub/folder/c.txt','done',9,'new','',1.79529148280483245849e+09);
INSERT INTO "steps" VALUES(5,1,'upload','b.txt','done',19,'size','',1.79529148286380887036e+09);
INSERT INTO "steps" VALUES(5,2,'delete','a.txt','done',0,'extra','',1.79529148287954711917e+09);
INSERT INTO "steps" VALUES(5,3,'delete','sub/folder/b.txt','done',0,'extra','',1.79529148287958431251e+09);
INSERT INTO "steps" VALUES(5,4,'delete','sub/folder/c.txt','done',0,'extra','',1795291482.87959);
INSERT INTO "steps" VALUES(6,1,'delete','b.txt','done',0,'extra','',1.79529148296168637277e+09);
INSERT INTO "steps" VALUES(6,2,'delete','c.txt','done',0,'extra','',1.7952914829617266655e+09);
INSERT INTO "steps" VALUES(6,3,'drop','plain','done',0,'source_empty','',1.79529148296423745161e+09);
INSERT INTO "steps" VALUES(8,1,'create','plain','done',0,'missing','',1.79529148313714575764e+09);
INSERT INTO "steps" VALUES(8,2,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79529148314337491992e+09);
INSERT INTO "steps" VALUES(8,3,'upload','b.txt','done',19,'new','',1.79529148314481449121e+09);
INSERT INTO "steps" VALUES(8,4,'upload','c.txt','done',9,'new','',1.79529148314532661437e+09);
INSERT INTO "steps" VALUES(9,1,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79529148320923757553e+09);
INSERT INTO "steps" VALUES(9,2,'upload','folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key','failed',0,'key_refused','A key must be text of 1 to 1024 bytes in UTF-8, and ''folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key'' is not.',1.79529148320933699609e+09);
INSERT INTO "steps" VALUES(11,1,'create','cancelled','done',0,'missing','',1.79529148341248488427e+09);
INSERT INTO "steps" VALUES(11,2,'upload',' lead','done',9,'new','',1.7952914834283058643e+09);
INSERT INTO "steps" VALUES(12,1,'create','pictures','done',0,'missing','',1.79529148489428400994e+09);
INSERT INTO "steps" VALUES(12,2,'upload','cval/images/train/1.jpg','done',9,'new','',1.79529148490427494051e+09);
INSERT INTO "steps" VALUES(12,3,'upload','cval/images/train/2.jpg','done',9,'new','',1.79529148490531563755e+09);
INSERT INTO "steps" VALUES(12,4,'upload','cval/images/train/no image.txt','done',9,'new','',1795291484.90829);
INSERT INTO "steps" VALUES(13,1,'download','cval/images/train/2.jpg','done',9,'new','',1.79529148504550695414e+09);
INSERT INTO "steps" VALUES(13,2,'download','cval/images/train/no image.txt','done',9,'new','',1.79529148504578185078e+09);
INSERT INTO "steps" VALUES(13,3,'download','cval/images/train/1.jpg','done',9,'new','',1.79529148504604983325e+09);
INSERT INTO "steps" VALUES(13,4,'check','cval/images/train/no image.txt','skipped',0,'layout_invalid','This is no image. The names of images end with .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff or .webp.',1.79529148505595517164e+09);
INSERT INTO "steps" VALUES(14,1,'copy','cval/images/train/1.jpg','done',9,'new','',1.79529148521483588219e+09);
INSERT INTO "steps" VALUES(14,2,'copy','cval/images/train/no image.txt','done',9,'new','',1.79529148525456142427e+09);
INSERT INTO "steps" VALUES(14,3,'copy','cval/images/train/2.jpg','done',9,'new','',1.79529148525560975071e+09);
INSERT INTO "steps" VALUES(15,1,'copy','Pasted Entry','done',6,'new','',1.79529148523522973056e+09);
INSERT INTO "steps" VALUES(16,1,'copy','cval/images/train/1.jpg_261121_200445','done',9,'new','',1.79529148536013460164e+09);
INSERT INTO "steps" VALUES(16,2,'copy','cval/images/train/no_image.txt','done',9,'new','',1.79529148536123847957e+09);
INSERT INTO "steps" VALUES(16,3,'copy','cval/images/train/2.jpg_261121_200445','done',9,'new','',1.79529148536250758171e+09);
INSERT INTO "steps" VALUES(20,1,'create','slow','done',0,'missing','',1.79529148563261103628e+09);
INSERT INTO "steps" VALUES(20,2,'upload',' lead','done',9,'new','',1.79529148564230608942e+09);
CREATE TABLE uploads (
	id VARCHAR(36) NOT NULL, 
	owner_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_uploads PRIMARY KEY (id), 
	CONSTRAINT fk_uploads_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "uploads" VALUES('8b6d4eed-a8c7-402d-b5d5-aa0c08c6cf8d',2,'',10,1.79529148551454782482e+09);
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
INSERT INTO "users" VALUES(1,'admin','admin','$argon2id$v=19$m=65536,t=3,p=4$NJF/53luH1oP/PK2vCTbOA$TrxR3QKQLbPI9maaj3OZ8LB4ZmgK9+wfM6XGrK3t5vU',1.7952914844842228889e+09,NULL,1.79529148484479331975e+09,NULL);
INSERT INTO "users" VALUES(2,'anna','user',NULL,1.7952914844950127602e+09,NULL,NULL,1099511627776);
INSERT INTO "users" VALUES(3,'gone','worker',NULL,1.79529148449598217008e+09,1.79529148449663209915e+09,NULL,NULL);
CREATE INDEX ix_jobs_unfinished ON jobs (number) WHERE finished_at IS NULL;
CREATE INDEX ix_jobs_finished_at ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX ix_steps_failed ON steps (job_number, number) WHERE status = 'failed';
CREATE INDEX ix_memberships_user_id ON memberships (user_id);
CREATE INDEX ix_api_keys_user_id ON api_keys (user_id);
CREATE INDEX ix_sessions_user_id ON sessions (user_id);
CREATE INDEX ix_sessions_expires_at ON sessions (expires_at);
CREATE INDEX ix_failed_logins_first_at ON failed_logins (first_at);
CREATE INDEX ix_connections_owner_id ON connections (owner_id);
CREATE INDEX ix_connections_organisation_id ON connections (organisation_id);
CREATE INDEX ix_schedules_due ON schedules (due_at) WHERE enabled;
CREATE UNIQUE INDEX ix_sessions_key_digest ON sessions (key_digest);
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
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('collections',4);
INSERT INTO "sqlite_sequence" VALUES('jobs',23);
INSERT INTO "sqlite_sequence" VALUES('users',3);
INSERT INTO "sqlite_sequence" VALUES('organisations',1);
INSERT INTO "sqlite_sequence" VALUES('api_keys',2);
INSERT INTO "sqlite_sequence" VALUES('connections',1);
INSERT INTO "sqlite_sequence" VALUES('schedules',1);
INSERT INTO "sqlite_sequence" VALUES('authorizations',2);
INSERT INTO "sqlite_sequence" VALUES('items',5);
INSERT INTO "sqlite_sequence" VALUES('copies',10);
COMMIT;
