BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
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
INSERT INTO "api_keys" VALUES(1,2,'lost','00425f60df25439734b48b39b151cb8a77a1e40cbd71f5d0460a29d3256fd9cb','ca52',0,1.79526951295880508418e+09,NULL,1.79526951296085357664e+09,NULL);
INSERT INTO "api_keys" VALUES(2,2,'laptop','43dc7e3262c55c3a2bca49440142aa223b1904fef953d34f3ae3a0873751fff6','c7eb',0,1.79526951296283483498e+09,NULL,NULL,1.79526951326931810378e+09);
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
	updated_at DOUBLE NOT NULL, 
	CONSTRAINT fk_connections_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE SET NULL, 
	CONSTRAINT fk_connections_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE SET NULL, 
	CONSTRAINT uq_connections_id UNIQUE (id)
);
INSERT INTO "connections" VALUES(1,'787d73e9-9a97-4520-84c4-f1ad031c5ee0','s3','pictures','{"endpoint": "http://127.0.0.1:41285", "bucket": "pictures", "region": "us-east-1"}','gAAAAABrAaOJfkzyalaUOQQO5fXqtvLSHG9-aoEzFKxrRuusfo4TVovML1MmqteIVwU1OWiru6XGnWg8QME-8JptVmaQjfVK5LeXb7m9Akp6Yz5i2Ch04P8FpN2yqTaNRuGrPFlAnoRDPILSrf4TR8AatXAcUSEeK4f5E443swf_W2Sr6kkfaV179NHmwGws5cBnpfzatUUNBFCvu9ljkyOHdWvyP_XgK7bLuQXrfYV4vli4dsNJ3npe4gefwtvkiCdnqqYIC2b57RWYiRwMEi_4-iCG0PF9fQ==',2,NULL,1.79526951327376174932e+09,1.79526951327376174932e+09);
CREATE TABLE datasets (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR(36) NOT NULL, 
	owner_id INTEGER NOT NULL, 
	name VARCHAR(32), 
	description VARCHAR(256), 
	connection_number INTEGER, 
	name_in_storage VARCHAR(255), 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT fk_datasets_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE, 
	CONSTRAINT fk_datasets_connection_number_connections FOREIGN KEY(connection_number) REFERENCES connections (number) ON DELETE SET NULL, 
	CONSTRAINT uq_datasets_id UNIQUE (id)
);
INSERT INTO "datasets" VALUES(1,'e6518cab-d7f0-4c80-8204-191993d48873',2,'flowers',NULL,1,NULL,1.79526951328767061231e+09);
CREATE TABLE failed_logins (
	subject VARCHAR(64) NOT NULL, 
	failures INTEGER NOT NULL, 
	first_at DOUBLE NOT NULL, 
	blocked_until DOUBLE, 
	CONSTRAINT pk_failed_logins PRIMARY KEY (subject)
);
INSERT INTO "failed_logins" VALUES('0f3369d26055452b30b884c1a2f1b33c8e5fbf1064a98d7d4712f7d14db8350a',1,1.79526951308004355427e+09,NULL);
INSERT INTO "failed_logins" VALUES('4a01ed75f3ef387302303555a822dae108e80b7824465eba79b1c5849393d1ea',1,1.79526951308004355427e+09,NULL);
INSERT INTO "failed_logins" VALUES('910f04d64304c2cede2823589494d6fdb77007609ec3494920c23a3889856ea3',0,1.79526951319771695134e+09,NULL);
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
INSERT INTO "jobs" VALUES(1,'01a1fe66-c75d-7a8e-bca4-3476b5baf53e','mirror','succeeded',NULL,'64 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "odd-names", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 64, "deletes": 0, "bytes": 630}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 2206, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41285/odd-names','',0,1,0,3,NULL,NULL,NULL,1.79526951100514054297e+09,1.79526951100898098947e+09,1.79526951129628539087e+09,NULL);
INSERT INTO "jobs" VALUES(2,'01a1fe66-c8a3-7884-8d4b-277114551634','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 605, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41285/plain','',0,1,0,3,NULL,NULL,NULL,1.79526951133144831661e+09,1.79526951133406353e+09,1.79526951138098716737e+09,NULL);
INSERT INTO "jobs" VALUES(3,'01a1fe66-c8dd-74dd-a35e-4a4200786674','mirror','succeeded',NULL,'A dry run: nothing was changed.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": true, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 1, "bytes": 19, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79526951138922786707e+09,1795269511.39088,1.7952695114069154263e+09,NULL);
INSERT INTO "jobs" VALUES(4,'01a1fe66-c907-7370-9721-a60b8d3ce46e','mirror','succeeded',NULL,'2 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "sub/folder/", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["include", "*.txt"]], "max_delete": "50%", "check": "exact"}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 993, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41285/plain','sub/folder/',0,1,0,3,NULL,NULL,NULL,1.79526951143125271803e+09,1.79526951143361330033e+09,1.79526951146293187143e+09,NULL);
INSERT INTO "jobs" VALUES(5,'01a1fe66-c940-7c54-a439-3d5bed5c8b85','mirror','succeeded',NULL,'1 uploaded, 3 deleted, 1 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 3, "bytes": 19, "complete": true}, "done": {"uploads": 1, "deletes": 3, "bytes": 19}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 507, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41285/plain','',0,1,0,3,NULL,NULL,NULL,1.79526951148874545092e+09,1.79526951149036169052e+09,1.79526951152859950066e+09,NULL);
INSERT INTO "jobs" VALUES(6,'01a1fe66-c981-7bc3-a634-f6e16bce0eb2','mirror','succeeded',NULL,'0 uploaded, 2 deleted, 0 unchanged. The source does not exist, so the bucket was deleted.','{"direction": "upload", "source": "missing", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 2, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 2, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41285/plain','',0,1,0,3,NULL,NULL,NULL,1.79526951155385041235e+09,1.79526951155610966677e+09,1.79526951158303809167e+09,NULL);
INSERT INTO "jobs" VALUES(7,'01a1fe66-c9b8-7052-bd00-150767f6e4c5','mirror','failed','storage_unreachable','http://127.0.0.1:9 cannot be reached. Check the address, and whether it is running.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:9", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:9/plain','',0,1,0,3,NULL,NULL,NULL,1.79526951160871338841e+09,1.79526951161050605772e+09,1.79526951165558075907e+09,NULL);
INSERT INTO "jobs" VALUES(8,'01a1fe66-c9ef-7d60-877f-d3d55af47131','mirror','partial','files_skipped','2 uploaded, 0 deleted, 0 unchanged, 1 skipped. What was skipped is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "bytes_per_second": 1006, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41285/plain','',0,1,0,3,NULL,NULL,NULL,1.79526951166360163687e+09,1.79526951166696953779e+09,1.79526951169585776324e+09,NULL);
INSERT INTO "jobs" VALUES(9,'01a1fe66-ca28-79cf-98f7-4d8f138397b3','mirror','partial','upload_failed','0 uploaded, 0 deleted, 2 unchanged, 1 skipped, 1 failed. What failed is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 9, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 2, "unchanged_by": {"index": 2, "size": 0, "content": 0}, "skipped": 1, "failed": 1, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41285/plain','',0,1,0,3,NULL,NULL,NULL,1.79526951172056341166e+09,1.79526951172254037856e+09,1.7952695117393996716e+09,NULL);
INSERT INTO "jobs" VALUES(10,'01a1fe66-ca48-72b3-ba67-22eb0930eec3','mirror','failed','too_many_deletions','The plan deletes 1 of 2 objects and max_delete allows 0. Nothing was deleted. Look at a dry run, then raise max_delete if that is what you want.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["exclude", "folder*"], ["exclude", "link"]], "max_delete": "0", "check": "exact"}','{"planned": {"uploads": 0, "deletes": 1, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:41285/plain','',0,1,0,3,NULL,NULL,NULL,1.79526951175290322305e+09,1.79526951175467586524e+09,1.7952695117691390514e+09,NULL);
INSERT INTO "jobs" VALUES(11,'01a1fe66-ca66-73b9-9203-6010660d0a75','mirror','cancelled','cancelled_by_user','Stopped after 1 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "cancelled", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 9, "eta_seconds": 65}',NULL,'s3://127.0.0.1:41285/cancelled','',1,1,0,5,NULL,NULL,NULL,1.79526951178263521197e+09,1.79526951178423070905e+09,1.79526951280453467372e+09,NULL);
INSERT INTO "jobs" VALUES(12,'01a1fe66-cff7-7bb4-a448-c978b2d0d4cc','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "cval", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 766, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41285/pictures','cval/',0,1,0,3,NULL,NULL,NULL,1.79526951320769047738e+09,1.79526951321041798592e+09,1.79526951324667263026e+09,NULL);
INSERT INTO "jobs" VALUES(13,'01a1fe66-d041-79b5-9887-5ea9916f7a0a','synchronisation','partial','layout_invalid','3 downloaded, 0 deleted, 0 unchanged. 1 files or folders do not fit the layout of datasets, see /steps.','{"direction": "download", "source": "", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:41285", "connection": "787d73e9-9a97-4520-84c4-f1ad031c5ee0", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "bytes_per_second": 822, "eta_seconds": 0}',NULL,'mirror:787d73e9-9a97-4520-84c4-f1ad031c5ee0','',0,1,0,4,NULL,NULL,NULL,1.79526951328110694885e+09,1.79526951329206681251e+09,1.7952695133258633614e+09,2);
INSERT INTO "jobs" VALUES(14,'01a1fe66-d087-7da7-bfb2-02bc2f44bf5b','mirror','running',NULL,'listing','{"direction": "upload", "source": "plain", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:36627", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}','gAAAAABrAaOJMcm2H6zKWvfWRty2npzHW3h-WmOFix7NTdlPBQ1i6zPFVPasqAn8s3hPAXkoMM02QZ1fL6RF-Vi0ZGpGizbCtQ5_6r_nQ-KoGK5vZhz4gkH1jiKIUkw2okSJ4prD3p51UgudKLPi6-lubh4pJMvJr4el_D4N9Orp85M6vjbf-cIC3IYVIhdaTQ7vnMD8rbWdj_PHtFv1A8VJQ1uYax1pses4WhK2QbgsWiDYJ56jUrSNbvU-iqz5iKJZ2-zUrZtLtA0_cQOpYF9fJjw1D6dYOg==','s3://127.0.0.1:36627/held','',0,1,0,3,'30791-057319b0a8eb4ce08ea904060a296355',NULL,1.79526951335420250892e+09,1.79526951335129094124e+09,1.79526951335420250892e+09,NULL,NULL);
INSERT INTO "jobs" VALUES(15,'01a1fe66-d110-7241-9f7d-43f6265f5ede','mirror','queued',NULL,'waiting for another job that uses held','{"direction": "upload", "source": "odd", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:36627", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}','gAAAAABrAaOJ5wnLO3yV_dhUCsssNoSwWvON393FUOIS20IrGz6GyeiGfAl3qbFJBXTtpHNlDeu8ziAtF7mpvt1t7r8mZgoKURUQNTYexjTfpZDOW4RqZJmeldUTsm8hNx821jOEHjmablK5pyBw_KvkSPy0yDlKm5QiT_9ttstVHFhhEYvLEg57wqUyxP0_GRzV1DAZQNSeStVDut3-q9L2mdDAvHQuo7raPaw0z7hMsUhg6hHrQD85lqkxu1spfRQO3JQ--xkUQCiwB4-mG6Z7u-kS5kwnAw==','s3://127.0.0.1:36627/held','',0,0,0,2,NULL,NULL,NULL,1.79526951348854827881e+09,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(16,'01a1fe66-d116-7633-9775-a1b5cf272276','mirror','running',NULL,'uploading  lead','{"direction": "upload", "source": "odd", "dest": "slow", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 9, "eta_seconds": 64}',NULL,'s3://127.0.0.1:41285/slow','',0,1,0,3,'30791-057319b0a8eb4ce08ea904060a296355',NULL,1.79526951349585795402e+09,1.79526951349429368968e+09,1.79526951349585795402e+09,NULL,NULL);
INSERT INTO "jobs" VALUES(17,'01a1fe66-d50a-703c-8ec9-bf63eca35d9f','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "later", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:41285/later','',0,0,0,2,NULL,NULL,NULL,1.79526951450687909128e+09,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(18,'01a1fe66-d50e-7f45-b31c-7f7ad04a76d3','mirror','cancelled','cancelled_by_user','cancelled before it started','{"direction": "upload", "source": "plain", "dest": "never", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:41285/never','',1,0,0,4,NULL,NULL,NULL,1.79526951451035285001e+09,NULL,1.79526951451271176343e+09,NULL);
INSERT INTO "jobs" VALUES(19,'01a1fe66-d80c-7480-9c79-b94e759382a8','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "reserved", "prefix": "", "storage_url": "http://127.0.0.1:41285", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:41285/reserved','',0,0,0,2,NULL,'30994-ff1bf8292e14476d9fdeb5cb00b03f09',NULL,1.79526951527637767787e+09,NULL,NULL,NULL);
CREATE TABLE memberships (
	organisation_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (organisation_id, user_id), 
	CONSTRAINT fk_memberships_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "memberships" VALUES(1,2,'owner',1.79526951295148944854e+09);
INSERT INTO "memberships" VALUES(1,1,'supervisor',1.79526951295610284805e+09);
CREATE TABLE organisations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	slug VARCHAR(16) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT uq_organisations_slug UNIQUE (slug)
);
INSERT INTO "organisations" VALUES(1,'team','The team',1.79526951295148944854e+09);
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
INSERT INTO "schedules" VALUES(1,'connection:787d73e9-9a97-4520-84c4-f1ad031c5ee0','synchronisation','{"connection": "787d73e9-9a97-4520-84c4-f1ad031c5ee0"}',300,1,1.79526981967591524116e+09,'01a1fe66-d041-79b5-9887-5ea9916f7a0a','',1.79526951327626085276e+09);
CREATE TABLE sealing (
	id INTEGER NOT NULL, 
	sealed TEXT NOT NULL, 
	CONSTRAINT pk_sealing PRIMARY KEY (id)
);
INSERT INTO "sealing" VALUES(1,'gAAAAABrAaOGZa6ik3XW3uyHXE-Iev01BzB7J4hFXbR8FcmWvMFFuxn5FO9ZXJbhPSK8lxJdMSTUzDT8dRcaelCPWtlfQXBf1oz3Ii-XDUk4cvEDM3-7LdyirKjIzIaWGBUI_UytNnbH');
CREATE TABLE sessions (
	digest VARCHAR(64) NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DOUBLE NOT NULL, 
	expires_at DOUBLE NOT NULL, 
	CONSTRAINT pk_sessions PRIMARY KEY (digest), 
	CONSTRAINT fk_sessions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "sessions" VALUES('5d40ceaaf3fa4b12b433523322b15a489ac170839e3239f410c980ca0b7eb8c3',1,1.79526951320081114768e+09,1.79647911320081114772e+09);
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
INSERT INTO "steps" VALUES(1,1,'create','odd-names','done',0,'missing','',1.79526951121640086176e+09);
INSERT INTO "steps" VALUES(1,2,'upload','$dollar','done',10,'new','',1.79526951125246119495e+09);
INSERT INTO "steps" VALUES(1,3,'upload','-dash','done',10,'new','',1.79526951125275039669e+09);
INSERT INTO "steps" VALUES(1,4,'upload','Case','done',10,'new','',1.79526951125400114055e+09);
INSERT INTO "steps" VALUES(1,5,'upload','..twice','done',9,'new','',1.79526951125414705283e+09);
INSERT INTO "steps" VALUES(1,6,'upload','.hidden','done',9,'new','',1.79526951125446319577e+09);
INSERT INTO "steps" VALUES(1,7,'upload','[brack]','done',10,'new','',1.79526951125456285477e+09);
INSERT INTO "steps" VALUES(1,8,'upload','<xml>','done',10,'new','',1.79526951125476169589e+09);
INSERT INTO "steps" VALUES(1,9,'upload',' lead','done',9,'new','',1.7952695112548980713e+09);
INSERT INTO "steps" VALUES(1,10,'upload','''"','done',10,'new','',1.79526951125495505328e+09);
INSERT INTO "steps" VALUES(1,11,'upload','--help','done',10,'new','',1.7952695112552266121e+09);
INSERT INTO "steps" VALUES(1,12,'upload','a.txt','done',9,'new','',1.79526951125813245772e+09);
INSERT INTO "steps" VALUES(1,13,'upload','a!b','done',9,'new','',1.79526951125862717631e+09);
INSERT INTO "steps" VALUES(1,14,'upload','`tick`','done',10,'new','',1.795269511259812355e+09);
INSERT INTO "steps" VALUES(1,15,'upload','b\s','done',10,'new','',1.79526951126456141465e+09);
INSERT INTO "steps" VALUES(1,16,'upload','at@','done',10,'new','',1.79526951126464414591e+09);
INSERT INTO "steps" VALUES(1,17,'upload','bad-⧵FF⧵FE','done',10,'new','',1.79526951126506590849e+09);
INSERT INTO "steps" VALUES(1,18,'upload','amp&lt;','done',10,'new','',1.79526951126525640485e+09);
INSERT INTO "steps" VALUES(1,19,'upload','esc⧵1B[0m','done',10,'new','',1.79526951127243161203e+09);
INSERT INTO "steps" VALUES(1,20,'upload','bell⧵07','done',10,'new','',1.79526951127289414403e+09);
INSERT INTO "steps" VALUES(1,21,'upload','con','done',10,'new','',1.79526951127303028101e+09);
INSERT INTO "steps" VALUES(1,22,'upload','c:olon','done',10,'new','',1.79526951127316713335e+09);
INSERT INTO "steps" VALUES(1,23,'upload','eq=ual','done',10,'new','',1.795269511273201704e+09);
INSERT INTO "steps" VALUES(1,24,'upload','case','done',10,'new','',1.79526951127323889734e+09);
INSERT INTO "steps" VALUES(1,25,'upload','comma,','done',10,'new','',1.79526951127331304549e+09);
INSERT INTO "steps" VALUES(1,26,'upload','a0','done',9,'new','',1.79526951127360558514e+09);
INSERT INTO "steps" VALUES(1,27,'upload','latin-⧵E9','done',10,'new','',1.79526951127522826196e+09);
INSERT INTO "steps" VALUES(1,28,'upload','é-nfd','done',10,'new','',1.79526951127552819248e+09);
INSERT INTO "steps" VALUES(1,29,'upload','ctl⧵01x','done',10,'new','',1.79526951127561593059e+09);
INSERT INTO "steps" VALUES(1,30,'upload','cr⧵0Dx','done',10,'new','',1.7952695112767951489e+09);
INSERT INTO "steps" VALUES(1,31,'upload','h#sh','done',10,'new','',1.79526951127738571166e+09);
INSERT INTO "steps" VALUES(1,32,'upload','pct%2F','done',10,'new','',1.79526951127743196489e+09);
INSERT INTO "steps" VALUES(1,33,'upload','dot.','done',9,'new','',1.79526951127813076975e+09);
INSERT INTO "steps" VALUES(1,34,'upload','plain.txt','done',9,'new','',1.79526951127828383446e+09);
INSERT INTO "steps" VALUES(1,35,'upload','del⧵7Fx','done',10,'new','',1.7952695112786896228e+09);
INSERT INTO "steps" VALUES(1,36,'upload','q?m','done',10,'new','',1.79526951127901411055e+09);
INSERT INTO "steps" VALUES(1,37,'upload','plus+plus','done',10,'new','',1.79526951127944660183e+09);
INSERT INTO "steps" VALUES(1,38,'upload','pct%41','done',10,'new','',1.7952695112801065445e+09);
INSERT INTO "steps" VALUES(1,39,'upload','semi;colon','done',10,'new','',1.79526951128102636333e+09);
INSERT INTO "steps" VALUES(1,40,'upload','ti~de','done',10,'new','',1.79526951128122806548e+09);
INSERT INTO "steps" VALUES(1,41,'upload','tab⧵09here','done',10,'new','',1.79526951128130912781e+09);
INSERT INTO "steps" VALUES(1,42,'upload','nl⧵0Ax','done',10,'new','',1.7952695112813909054e+09);
INSERT INTO "steps" VALUES(1,43,'upload','nul.txt','done',10,'new','',1.79526951128189039231e+09);
INSERT INTO "steps" VALUES(1,44,'upload','st*r','done',10,'new','',1.79526951128283452988e+09);
INSERT INTO "steps" VALUES(1,45,'upload','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','done',10,'new','',1.79526951128387737268e+09);
INSERT INTO "steps" VALUES(1,46,'upload','with space','done',9,'new','',1.79526951128399205213e+09);
INSERT INTO "steps" VALUES(1,47,'upload',' nbsp','done',10,'new','',1.7952695112847778797e+09);
INSERT INTO "steps" VALUES(1,48,'upload','é-nfc','done',10,'new','',1.79526951128497529036e+09);
INSERT INTO "steps" VALUES(1,49,'upload','|pipe','done',10,'new','',1.79526951128541421886e+09);
INSERT INTO "steps" VALUES(1,50,'upload',' nnbsp','done',10,'new','',1.79526951128744721416e+09);
INSERT INTO "steps" VALUES(1,51,'upload','␀␊␡','done',10,'new','',1.7952695112876455784e+09);
INSERT INTO "steps" VALUES(1,52,'upload',' sep','done',10,'new','',1.79526951128769707679e+09);
INSERT INTO "steps" VALUES(1,53,'upload','‎ltr','done',10,'new','',1.79526951128771090505e+09);
INSERT INTO "steps" VALUES(1,54,'upload','trail ','done',9,'new','',1.79526951128798556325e+09);
INSERT INTO "steps" VALUES(1,55,'upload','⧵E2⧵80⧵9B41','done',10,'new','',1.79526951128849387171e+09);
INSERT INTO "steps" VALUES(1,56,'upload','⧵E2⧵80⧵9Bquote','done',10,'new','',1.79526951128869652752e+09);
INSERT INTO "steps" VALUES(1,57,'upload','／．＼：','done',10,'new','',1.79526951128998255727e+09);
INSERT INTO "steps" VALUES(1,58,'upload','⧵E2⧵A7⧵B541','done',10,'new','',1.79526951129037499422e+09);
INSERT INTO "steps" VALUES(1,59,'upload','⧵C3','done',10,'new','',1.79526951129065132136e+09);
INSERT INTO "steps" VALUES(1,60,'upload','{brace}','done',10,'new','',1.79526951129095339778e+09);
INSERT INTO "steps" VALUES(1,61,'upload','⧵EF⧵BF⧵BF','done',10,'new','',1.79526951129146623616e+09);
INSERT INTO "steps" VALUES(1,62,'upload','😀','done',10,'new','',1.79526951129160857205e+09);
INSERT INTO "steps" VALUES(1,63,'upload','﻿bom','done',10,'new','',1.79526951129173469546e+09);
INSERT INTO "steps" VALUES(1,64,'upload','日本語','done',10,'new','',1.79526951129186868667e+09);
INSERT INTO "steps" VALUES(1,65,'upload','　wide','done',10,'new','',1.79526951129195070267e+09);
INSERT INTO "steps" VALUES(2,1,'create','plain','done',0,'missing','',1.79526951136178898812e+09);
INSERT INTO "steps" VALUES(2,2,'upload','b.txt','done',9,'new','',1.79526951137872266771e+09);
INSERT INTO "steps" VALUES(2,3,'upload','c.txt','done',9,'new','',1.7952695113788354397e+09);
INSERT INTO "steps" VALUES(2,4,'upload','a.txt','done',9,'new','',1.79526951137888717653e+09);
INSERT INTO "steps" VALUES(3,1,'upload','b.txt','planned',19,'size','',1.79526951140611553195e+09);
INSERT INTO "steps" VALUES(3,2,'delete','a.txt','planned',0,'extra','',1.79526951140639901157e+09);
INSERT INTO "steps" VALUES(4,1,'upload','sub/folder/c.txt','done',9,'new','',1.79526951145753359793e+09);
INSERT INTO "steps" VALUES(4,2,'upload','sub/folder/b.txt','done',19,'new','',1.7952695114576430321e+09);
INSERT INTO "steps" VALUES(5,1,'upload','b.txt','done',19,'size','',1.7952695115115962028e+09);
INSERT INTO "steps" VALUES(5,2,'delete','a.txt','done',0,'extra','',1795269511.52301);
INSERT INTO "steps" VALUES(5,3,'delete','sub/folder/b.txt','done',0,'extra','',1.79526951152304983143e+09);
INSERT INTO "steps" VALUES(5,4,'delete','sub/folder/c.txt','done',0,'extra','',1.79526951152305817597e+09);
INSERT INTO "steps" VALUES(6,1,'delete','b.txt','done',0,'extra','',1.79526951157750177387e+09);
INSERT INTO "steps" VALUES(6,2,'delete','c.txt','done',0,'extra','',1.79526951157753539081e+09);
INSERT INTO "steps" VALUES(6,3,'drop','plain','done',0,'source_empty','',1.79526951157904791833e+09);
INSERT INTO "steps" VALUES(8,1,'create','plain','done',0,'missing','',1.79526951168405342102e+09);
INSERT INTO "steps" VALUES(8,2,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79526951168902063372e+09);
INSERT INTO "steps" VALUES(8,3,'upload','c.txt','done',9,'new','',1.79526951169049787523e+09);
INSERT INTO "steps" VALUES(8,4,'upload','b.txt','done',19,'new','',1.7952695116905803681e+09);
INSERT INTO "steps" VALUES(9,1,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79526951173816275595e+09);
INSERT INTO "steps" VALUES(9,2,'upload','folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key','failed',0,'key_refused','A key must be text of 1 to 1024 bytes in UTF-8, and ''folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key'' is not.',1.79526951173857426645e+09);
INSERT INTO "steps" VALUES(11,1,'create','cancelled','done',0,'missing','',1.7952695118047986031e+09);
INSERT INTO "steps" VALUES(11,2,'upload',' lead','done',9,'new','',1.79526951181591582296e+09);
INSERT INTO "steps" VALUES(12,1,'create','pictures','done',0,'missing','',1.79526951323205709461e+09);
INSERT INTO "steps" VALUES(12,2,'upload','cval/images/train/no image.txt','done',9,'new','',1.7952695132447736263e+09);
INSERT INTO "steps" VALUES(12,3,'upload','cval/images/train/2.jpg','done',9,'new','',1.79526951324483060841e+09);
INSERT INTO "steps" VALUES(12,4,'upload','cval/images/train/1.jpg','done',9,'new','',1.79526951324485039705e+09);
INSERT INTO "steps" VALUES(13,1,'download','cval/images/train/1.jpg','done',9,'new','',1.79526951332028341292e+09);
INSERT INTO "steps" VALUES(13,2,'download','cval/images/train/2.jpg','done',9,'new','',1.7952695133204884529e+09);
INSERT INTO "steps" VALUES(13,3,'download','cval/images/train/no image.txt','done',9,'new','',1.79526951332059049601e+09);
INSERT INTO "steps" VALUES(13,4,'check','cval/images/train/no image.txt','skipped',0,'layout_invalid','This is no image. The names of images end with .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff or .webp.',1.79526951332488131527e+09);
INSERT INTO "steps" VALUES(16,1,'create','slow','done',0,'missing','',1.79526951351356768606e+09);
INSERT INTO "steps" VALUES(16,2,'upload',' lead','done',9,'new','',1.79526951352294087413e+09);
CREATE TABLE users (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(150) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	password VARCHAR(255), 
	created_at DOUBLE NOT NULL, 
	disabled_at DOUBLE, 
	last_login_at DOUBLE, 
	CONSTRAINT uq_users_name UNIQUE (name)
);
INSERT INTO "users" VALUES(1,'admin','admin','$argon2id$v=19$m=65536,t=3,p=4$8Hs6cCYOsXt/gTxT4KuUGA$r6fA0i910p5wjcF39iDrZmx53QIwfUX3AzgsylYN860',1.79526951293888926506e+09,NULL,1.79526951319769811628e+09);
INSERT INTO "users" VALUES(2,'anna','user',NULL,1.79526951294607305521e+09,NULL,NULL);
INSERT INTO "users" VALUES(3,'gone','worker',NULL,1.79526951294676637648e+09,1.79526951294735932348e+09,NULL);
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
CREATE INDEX ix_datasets_owner_id ON datasets (owner_id);
CREATE INDEX ix_datasets_connection_number ON datasets (connection_number);
CREATE INDEX ix_schedules_due ON schedules (due_at) WHERE enabled;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('jobs',19);
INSERT INTO "sqlite_sequence" VALUES('users',3);
INSERT INTO "sqlite_sequence" VALUES('organisations',1);
INSERT INTO "sqlite_sequence" VALUES('api_keys',2);
INSERT INTO "sqlite_sequence" VALUES('connections',1);
INSERT INTO "sqlite_sequence" VALUES('schedules',1);
INSERT INTO "sqlite_sequence" VALUES('datasets',1);
COMMIT;
