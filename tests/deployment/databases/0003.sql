BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
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
INSERT INTO "api_keys" VALUES(1,2,'lost','504cf63860558f87df1c0367bcbcb750f889cbd55b7b39b08866487408e8b136','159e',0,1.79527881584204554565e+09,NULL,1.79527881584355735776e+09,NULL);
INSERT INTO "api_keys" VALUES(2,2,'laptop','16be46069e00f61906d0aaf2e1d9c39782012413f839cfc00d43d723c0f1cd6f','579e',0,1.7952788158451373577e+09,NULL,NULL,1.79527881651500868798e+09);
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
INSERT INTO "connections" VALUES(1,'3bcd1aa3-5c6e-4aac-9d66-ad90a23b602a','s3','pictures','{"endpoint": "http://127.0.0.1:44843", "bucket": "pictures", "region": "us-east-1"}','gAAAAABrAcfg5OJMhFxJA8_8GLDb7xMNsvTKBF6Dc9jTXLl4PcebXC3h7EZ35_p8lrsr9LlJHykBoQHFk88O6yCBEqm75gBYwmdqE_zohGisT7LoLY78GW9DHO4xef2haWEiZ5UPFS5LXB2Igq27NPjAzOUBciMpayZmEPwgc7zJbRhTO5yuY_0XhT4swfrMrpp95hVK30_lKjj2_MP9GOMlIcBMFxMeFncLRJGp3jMLB8LpLGPQlkBWIMHWa8h98XQ2F9p6glM4QDtpDMFGyb36g5-4371vpg==',2,NULL,1.7952788165206797123e+09,1.7952788165206797123e+09,'keys','',NULL,'[]');
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
INSERT INTO "datasets" VALUES(1,'bf572250-37ab-46d5-976b-2be479a77d05',2,'flowers',NULL,1,NULL,1.7952788165576908588e+09);
CREATE TABLE failed_logins (
	subject VARCHAR(64) NOT NULL, 
	failures INTEGER NOT NULL, 
	first_at DOUBLE NOT NULL, 
	blocked_until DOUBLE, 
	CONSTRAINT pk_failed_logins PRIMARY KEY (subject)
);
INSERT INTO "failed_logins" VALUES('0f3369d26055452b30b884c1a2f1b33c8e5fbf1064a98d7d4712f7d14db8350a',1,1.7952788160323174e+09,NULL);
INSERT INTO "failed_logins" VALUES('4a01ed75f3ef387302303555a822dae108e80b7824465eba79b1c5849393d1ea',1,1.7952788160323174e+09,NULL);
INSERT INTO "failed_logins" VALUES('910f04d64304c2cede2823589494d6fdb77007609ec3494920c23a3889856ea3',0,1.79527881625749731065e+09,NULL);
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
INSERT INTO "jobs" VALUES(1,'01a1fef4-b8ad-7884-af34-6872aac8e020','mirror','succeeded',NULL,'64 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "odd-names", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 64, "deletes": 0, "bytes": 630}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 1702, "eta_seconds": 0}',NULL,'s3://127.0.0.1:44843/odd-names','',0,1,0,3,NULL,NULL,NULL,1.79527881335719156265e+09,1.79527881336101245877e+09,1795278813.73288,NULL);
INSERT INTO "jobs" VALUES(2,'01a1fef4-ba3c-71e6-a84f-e9ccfdc36c49','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 463, "eta_seconds": 0}',NULL,'s3://127.0.0.1:44843/plain','',0,1,0,3,NULL,NULL,NULL,1.79527881375699830054e+09,1.79527881376001858713e+09,1.79527881381927061077e+09,NULL);
INSERT INTO "jobs" VALUES(3,'01a1fef4-ba97-7591-bf99-a549679c9284','mirror','succeeded',NULL,'A dry run: nothing was changed.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": true, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 1, "bytes": 19, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79527881384757494924e+09,1.79527881385098171231e+09,1.79527881387266468994e+09,NULL);
INSERT INTO "jobs" VALUES(4,'01a1fef4-baba-781d-ac04-0d54ffd3d10a','mirror','succeeded',NULL,'2 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "sub/folder/", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["include", "*.txt"]], "max_delete": "50%", "check": "exact"}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 797, "eta_seconds": 0}',NULL,'s3://127.0.0.1:44843/plain','sub/folder/',0,1,0,3,NULL,NULL,NULL,1.79527881388291406629e+09,1.7952788138853051662e+09,1.79527881392199420928e+09,NULL);
INSERT INTO "jobs" VALUES(5,'01a1fef4-bafe-7df4-b2cf-933bd945d9e3','mirror','succeeded',NULL,'1 uploaded, 3 deleted, 1 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 3, "bytes": 19, "complete": true}, "done": {"uploads": 1, "deletes": 3, "bytes": 19}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 187, "eta_seconds": 0}',NULL,'s3://127.0.0.1:44843/plain','',0,1,0,3,NULL,NULL,NULL,1.79527881395053696628e+09,1.79527881396073651313e+09,1795278814.06416,NULL);
INSERT INTO "jobs" VALUES(6,'01a1fef4-bb8f-7302-b3c1-4f6e5a0792cd','mirror','succeeded',NULL,'0 uploaded, 2 deleted, 0 unchanged. The source does not exist, so the bucket was deleted.','{"direction": "upload", "source": "missing", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 2, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 2, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:44843/plain','',0,1,0,3,NULL,NULL,NULL,1.79527881409580826761e+09,1.79527881409833574297e+09,1.79527881417798280709e+09,NULL);
INSERT INTO "jobs" VALUES(7,'01a1fef4-bbee-7b29-b47b-d64bae6abccc','mirror','failed','storage_unreachable','http://127.0.0.1:9 cannot be reached. Check the address, and whether it is running.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:9", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:9/plain','',0,1,0,3,NULL,NULL,NULL,1795278814.19088,1.79527881419504928587e+09,1.79527881425797486304e+09,NULL);
INSERT INTO "jobs" VALUES(8,'01a1fef4-bc40-7273-acc0-542eac40012c','mirror','partial','files_skipped','2 uploaded, 0 deleted, 0 unchanged, 1 skipped. What was skipped is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "bytes_per_second": 324, "eta_seconds": 0}',NULL,'s3://127.0.0.1:44843/plain','',0,1,0,3,NULL,NULL,NULL,1.79527881427283120155e+09,1.7952788142800226211e+09,1.79527881436981105811e+09,NULL);
INSERT INTO "jobs" VALUES(9,'01a1fef4-bcc1-7966-af8c-af52f1700665','mirror','partial','upload_failed','0 uploaded, 0 deleted, 2 unchanged, 1 skipped, 1 failed. What failed is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 9, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 2, "unchanged_by": {"index": 2, "size": 0, "content": 0}, "skipped": 1, "failed": 1, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:44843/plain','',0,1,0,3,NULL,NULL,NULL,1.79527881440114331248e+09,1.79527881440309858319e+09,1.79527881444083547589e+09,NULL);
INSERT INTO "jobs" VALUES(10,'01a1fef4-bd03-7724-8803-ebb2574bf5be','mirror','failed','too_many_deletions','The plan deletes 1 of 2 objects and max_delete allows 0. Nothing was deleted. Look at a dry run, then raise max_delete if that is what you want.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["exclude", "folder*"], ["exclude", "link"]], "max_delete": "0", "check": "exact"}','{"planned": {"uploads": 0, "deletes": 1, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:44843/plain','',0,1,0,3,NULL,NULL,NULL,1.79527881446726727482e+09,1.79527881446981573106e+09,1.79527881452422046664e+09,NULL);
INSERT INTO "jobs" VALUES(11,'01a1fef4-bd4a-7daa-b0d4-175c53cce8d3','mirror','cancelled','cancelled_by_user','Stopped after 1 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "cancelled", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 9, "eta_seconds": 65}',NULL,'s3://127.0.0.1:44843/cancelled','',1,1,0,5,NULL,NULL,NULL,1.79527881453808426858e+09,1.79527881454045534128e+09,1.79527881556328129772e+09,NULL);
INSERT INTO "jobs" VALUES(12,'01a1fef4-c40e-7a80-97aa-098090ee171f','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "cval", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 125, "eta_seconds": 0}',NULL,'s3://127.0.0.1:44843/pictures','cval/',0,1,0,3,NULL,NULL,NULL,1.79527881627005696293e+09,1.79527881627236771591e+09,1.79527881649125051503e+09,NULL);
INSERT INTO "jobs" VALUES(13,'01a1fef4-c51d-7605-b8c1-c5a02af78fd2','synchronisation','partial','layout_invalid','3 downloaded, 0 deleted, 0 unchanged. 1 files or folders do not fit the layout of datasets, see /steps.','{"direction": "download", "source": "", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:44843", "connection": "3bcd1aa3-5c6e-4aac-9d66-ad90a23b602a", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "bytes_per_second": 439, "eta_seconds": 0}',NULL,'mirror:3bcd1aa3-5c6e-4aac-9d66-ad90a23b602a','',0,1,0,3,NULL,NULL,NULL,1.79527881654172921177e+09,1.79527881654852938656e+09,1.79527881661262845996e+09,2);
INSERT INTO "jobs" VALUES(14,'01a1fef4-c57b-7c93-9de9-a846c9e3e9cc','mirror','running',NULL,'listing','{"direction": "upload", "source": "plain", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:35607", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}','gAAAAABrAcfgnw3xCP4_1iDOuLtrBOcyv14fuya9tv3myOsnJaSNaSBSbwZe47wnjSE88C49cwTU6QLwa4voTGw_escr4_bX8-lYNTZMNua36G_cE8LTtYv0N-0XxAdiM978Wnx-NzgfZItUGTVWBhV42ldqO57npSn5EIec-Tco-sMVvCroOpG3Tzkeb1ABMoaAHXoq9cfyIV8HzCIFj55BE89_op-8JHibyDKlzT4TQrdPsT_u83KVvKWjN4IbBNkRzF8tF6N3DonUtoo5-HM4uVd_fTmHow==','s3://127.0.0.1:35607/held','',0,1,0,3,'14064-a56a98fc0a034dc9bc8527c40985c8a6',NULL,1.79527881769094038006e+09,1.79527881663624715811e+09,1.79527881664035892489e+09,NULL,NULL);
INSERT INTO "jobs" VALUES(15,'01a1fef4-c588-7616-b4ac-ea6f18a78142','mirror','queued',NULL,'waiting for another job that uses held','{"direction": "upload", "source": "odd", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:35607", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}','gAAAAABrAcfg4CVqi5ma-OuaQQrEeyh76FLw_OR0vcIiCFKkFQJDGzYb8kJc9BivhG4m0BZvXa0crUXrIPGWQSQsSFCDoHL1s23giWyrelSE6Bjk-Ex_vEfK1yLgEWd_olw4fhlg3CFqvHfO00eyssyaPR5w2pZz5hhm0rX-NEi4gDffqMY9nJjBeg62aJwincB1Fz8ibYpCZkQxXj7XPY-Y5pYn4BvVGclFRpmpBNgpWNv3Rf60N44ZZBkXE_-22rSs7nS8DP7V2W7WXUO8OJrcfBQ5rprwxg==','s3://127.0.0.1:35607/held','',0,0,0,2,NULL,NULL,NULL,1.7952788166490209103e+09,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(16,'01a1fef4-c58f-7675-9ed7-18e7ff71bf1f','mirror','running',NULL,'uploading  lead','{"direction": "upload", "source": "odd", "dest": "slow", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 4, "eta_seconds": 132}',NULL,'s3://127.0.0.1:44843/slow','',0,1,0,5,'14064-a56a98fc0a034dc9bc8527c40985c8a6',NULL,1.79527881769094038006e+09,1.79527881665555763242e+09,1.79527881667123150825e+09,NULL,NULL);
INSERT INTO "jobs" VALUES(17,'01a1fef4-c9a8-7acb-9936-897d55e2dc43','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "later", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:44843/later','',0,0,0,2,NULL,NULL,NULL,1.79527881770410394665e+09,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(18,'01a1fef4-c9bd-7664-87bb-9ffcbfa81f7e','mirror','cancelled','cancelled_by_user','cancelled before it started','{"direction": "upload", "source": "plain", "dest": "never", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:44843/never','',1,0,0,4,NULL,NULL,NULL,1.79527881772557449347e+09,NULL,1.79527881773712158202e+09,NULL);
INSERT INTO "jobs" VALUES(19,'01a1fef4-cfb7-72ea-abc0-5309d04b6380','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "reserved", "prefix": "", "storage_url": "http://127.0.0.1:44843", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:44843/reserved','',0,0,0,2,NULL,'14368-4487f5bbf75d4b3db6a885c11d8662cd',NULL,1.79527881925530433658e+09,NULL,NULL,NULL);
CREATE TABLE memberships (
	organisation_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (organisation_id, user_id), 
	CONSTRAINT fk_memberships_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "memberships" VALUES(1,2,'owner',1.79527881583664321906e+09);
INSERT INTO "memberships" VALUES(1,1,'supervisor',1.79527881583998227118e+09);
CREATE TABLE organisations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	slug VARCHAR(16) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT uq_organisations_slug UNIQUE (slug)
);
INSERT INTO "organisations" VALUES(1,'team','The team',1.79527881583664321906e+09);
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
INSERT INTO "schedules" VALUES(1,'connection:3bcd1aa3-5c6e-4aac-9d66-ad90a23b602a','synchronisation','{"connection": "3bcd1aa3-5c6e-4aac-9d66-ad90a23b602a"}',300,1,1.79527908825813460351e+09,'01a1fef4-c51d-7605-b8c1-c5a02af78fd2','',1.79527881653066420557e+09);
CREATE TABLE sealing (
	id INTEGER NOT NULL, 
	sealed TEXT NOT NULL, 
	CONSTRAINT pk_sealing PRIMARY KEY (id)
);
INSERT INTO "sealing" VALUES(1,'gAAAAABrAcfdkTuZ7Q0pAw-_Zv4KLZ9nGziVk98_8cF51Oz_U9nW0vJ01ymbtNl-_NASrqUyns8ltLcqw9C46hDFMM1DUxHJQUmqx3ILi-H57zHVZ3BSwK2UHQZDqAJeIxn_hpqf7_qK');
CREATE TABLE sessions (
	digest VARCHAR(64) NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DOUBLE NOT NULL, 
	expires_at DOUBLE NOT NULL, key_digest VARCHAR(64), 
	CONSTRAINT pk_sessions PRIMARY KEY (digest), 
	CONSTRAINT fk_sessions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "sessions" VALUES('23db34742d16f68f500c39245dedac99ecd17615b173710495065b153ae971a6',1,1.7952788162607638836e+09,1.79648841626076388351e+09,'44b2bd018c94b3a529be1b1272807c830e19c419555e0afe2557473bff5f63e4');
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
INSERT INTO "steps" VALUES(1,1,'create','odd-names','done',0,'missing','',1.79527881362834835056e+09);
INSERT INTO "steps" VALUES(1,2,'upload','''"','done',10,'new','',1.79527881367002558709e+09);
INSERT INTO "steps" VALUES(1,3,'upload','Case','done',10,'new','',1.79527881367912316322e+09);
INSERT INTO "steps" VALUES(1,4,'upload','<xml>','done',10,'new','',1.79527881368832588197e+09);
INSERT INTO "steps" VALUES(1,5,'upload','$dollar','done',10,'new','',1.79527881368876028058e+09);
INSERT INTO "steps" VALUES(1,6,'upload','at@','done',10,'new','',1.79527881368900489806e+09);
INSERT INTO "steps" VALUES(1,7,'upload','-dash','done',10,'new','',1.7952788136892797947e+09);
INSERT INTO "steps" VALUES(1,8,'upload','..twice','done',9,'new','',1.79527881368963146205e+09);
INSERT INTO "steps" VALUES(1,9,'upload','.hidden','done',9,'new','',1.79527881368985033037e+09);
INSERT INTO "steps" VALUES(1,10,'upload','a!b','done',9,'new','',1.7952788136900441646e+09);
INSERT INTO "steps" VALUES(1,11,'upload',' lead','done',9,'new','',1.79527881369022345543e+09);
INSERT INTO "steps" VALUES(1,12,'upload','a.txt','done',9,'new','',1.79527881369058251379e+09);
INSERT INTO "steps" VALUES(1,13,'upload','--help','done',10,'new','',1.79527881369081234929e+09);
INSERT INTO "steps" VALUES(1,14,'upload','[brack]','done',10,'new','',1.79527881369098162652e+09);
INSERT INTO "steps" VALUES(1,15,'upload','amp&lt;','done',10,'new','',1795278813.69121);
INSERT INTO "steps" VALUES(1,16,'upload','a0','done',9,'new','',1.79527881369132518763e+09);
INSERT INTO "steps" VALUES(1,17,'upload','b\s','done',10,'new','',1.79527881369142055514e+09);
INSERT INTO "steps" VALUES(1,18,'upload','`tick`','done',10,'new','',1.79527881369151687618e+09);
INSERT INTO "steps" VALUES(1,19,'upload','esc⧵1B[0m','done',10,'new','',1.79527881369877243041e+09);
INSERT INTO "steps" VALUES(1,20,'upload','h#sh','done',10,'new','',1.7952788136989347935e+09);
INSERT INTO "steps" VALUES(1,21,'upload','eq=ual','done',10,'new','',1.79527881369901585583e+09);
INSERT INTO "steps" VALUES(1,22,'upload','bad-⧵FF⧵FE','done',10,'new','',1.79527881369910740855e+09);
INSERT INTO "steps" VALUES(1,23,'upload','é-nfd','done',10,'new','',1.79527881369927287107e+09);
INSERT INTO "steps" VALUES(1,24,'upload','dot.','done',9,'new','',1.79527881369946503637e+09);
INSERT INTO "steps" VALUES(1,25,'upload','nl⧵0Ax','done',10,'new','',1.79527881370178103445e+09);
INSERT INTO "steps" VALUES(1,26,'upload','latin-⧵E9','done',10,'new','',1.79527881370219707492e+09);
INSERT INTO "steps" VALUES(1,27,'upload','pct%41','done',10,'new','',1.795278813704154253e+09);
INSERT INTO "steps" VALUES(1,28,'upload','con','done',10,'new','',1.79527881371099877353e+09);
INSERT INTO "steps" VALUES(1,29,'upload','plus+plus','done',10,'new','',1.79527881371122860912e+09);
INSERT INTO "steps" VALUES(1,30,'upload','st*r','done',10,'new','',1.79527881371169614789e+09);
INSERT INTO "steps" VALUES(1,31,'upload','case','done',10,'new','',1.795278813711956501e+09);
INSERT INTO "steps" VALUES(1,32,'upload','comma,','done',10,'new','',1.79527881371223735807e+09);
INSERT INTO "steps" VALUES(1,33,'upload','nul.txt','done',10,'new','',1.79527881371249103548e+09);
INSERT INTO "steps" VALUES(1,34,'upload','pct%2F','done',10,'new','',1795278813.71265);
INSERT INTO "steps" VALUES(1,35,'upload','cr⧵0Dx','done',10,'new','',1.79527881371302318576e+09);
INSERT INTO "steps" VALUES(1,36,'upload','semi;colon','done',10,'new','',1.79527881371320557598e+09);
INSERT INTO "steps" VALUES(1,37,'upload','q?m','done',10,'new','',1.79527881371336889273e+09);
INSERT INTO "steps" VALUES(1,38,'upload','del⧵7Fx','done',10,'new','',1.79527881371353316311e+09);
INSERT INTO "steps" VALUES(1,39,'upload','c:olon','done',10,'new','',1.79527881371374106408e+09);
INSERT INTO "steps" VALUES(1,40,'upload','ctl⧵01x','done',10,'new','',1.79527881371405935288e+09);
INSERT INTO "steps" VALUES(1,41,'upload','plain.txt','done',9,'new','',1.79527881371432495118e+09);
INSERT INTO "steps" VALUES(1,42,'upload','tab⧵09here','done',10,'new','',1.79527881371455931666e+09);
INSERT INTO "steps" VALUES(1,43,'upload','bell⧵07','done',10,'new','',1.79527881372029471393e+09);
INSERT INTO "steps" VALUES(1,44,'upload','⧵C3','done',10,'new','',1.79527881372104811674e+09);
INSERT INTO "steps" VALUES(1,45,'upload',' nnbsp','done',10,'new','',1.79527881372118854521e+09);
INSERT INTO "steps" VALUES(1,46,'upload','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','done',10,'new','',1.79527881372128915787e+09);
INSERT INTO "steps" VALUES(1,47,'upload','with space','done',9,'new','',1.79527881372146844865e+09);
INSERT INTO "steps" VALUES(1,48,'upload','ti~de','done',10,'new','',1.79527881372158789633e+09);
INSERT INTO "steps" VALUES(1,49,'upload','‎ltr','done',10,'new','',1.79527881372175741195e+09);
INSERT INTO "steps" VALUES(1,50,'upload','⧵E2⧵80⧵9Bquote','done',10,'new','',1.79527881372193193437e+09);
INSERT INTO "steps" VALUES(1,51,'upload','trail ','done',9,'new','',1.79527881372196078304e+09);
INSERT INTO "steps" VALUES(1,52,'upload','␀␊␡','done',10,'new','',1.79527881372205662729e+09);
INSERT INTO "steps" VALUES(1,53,'upload',' nbsp','done',10,'new','',1.79527881372207927701e+09);
INSERT INTO "steps" VALUES(1,54,'upload','é-nfc','done',10,'new','',1.79527881372209978101e+09);
INSERT INTO "steps" VALUES(1,55,'upload',' sep','done',10,'new','',1.79527881372211718562e+09);
INSERT INTO "steps" VALUES(1,56,'upload','|pipe','done',10,'new','',1.79527881372213482863e+09);
INSERT INTO "steps" VALUES(1,57,'upload','{brace}','done',10,'new','',1.79527881372215294833e+09);
INSERT INTO "steps" VALUES(1,58,'upload','⧵E2⧵80⧵9B41','done',10,'new','',1.79527881372226738934e+09);
INSERT INTO "steps" VALUES(1,59,'upload','日本語','done',10,'new','',1.79527881372415971756e+09);
INSERT INTO "steps" VALUES(1,60,'upload','／．＼：','done',10,'new','',1.7952788137242162228e+09);
INSERT INTO "steps" VALUES(1,61,'upload','　wide','done',10,'new','',1.79527881372426342961e+09);
INSERT INTO "steps" VALUES(1,62,'upload','😀','done',10,'new','',1.79527881372429323194e+09);
INSERT INTO "steps" VALUES(1,63,'upload','⧵EF⧵BF⧵BF','done',10,'new','',1.7952788137243340015e+09);
INSERT INTO "steps" VALUES(1,64,'upload','﻿bom','done',10,'new','',1.79527881372463273997e+09);
INSERT INTO "steps" VALUES(1,65,'upload','⧵E2⧵A7⧵B541','done',10,'new','',1.79527881372702980038e+09);
INSERT INTO "steps" VALUES(2,1,'create','plain','done',0,'missing','',1.79527881378551626206e+09);
INSERT INTO "steps" VALUES(2,2,'upload','b.txt','done',9,'new','',1.7952788137978646755e+09);
INSERT INTO "steps" VALUES(2,3,'upload','a.txt','done',9,'new','',1.79527881379793262479e+09);
INSERT INTO "steps" VALUES(2,4,'upload','c.txt','done',9,'new','',1.79527881379869079592e+09);
INSERT INTO "steps" VALUES(3,1,'upload','b.txt','planned',19,'size','',1.79527881387174844743e+09);
INSERT INTO "steps" VALUES(3,2,'delete','a.txt','planned',0,'extra','',1.79527881387202358247e+09);
INSERT INTO "steps" VALUES(4,1,'upload','sub/folder/c.txt','done',9,'new','',1.79527881391860556605e+09);
INSERT INTO "steps" VALUES(4,2,'upload','sub/folder/b.txt','done',19,'new','',1.7952788139192283153e+09);
INSERT INTO "steps" VALUES(5,1,'upload','b.txt','done',19,'size','',1.79527881402109670645e+09);
INSERT INTO "steps" VALUES(5,2,'delete','a.txt','done',0,'extra','',1.79527881404847860329e+09);
INSERT INTO "steps" VALUES(5,3,'delete','sub/folder/b.txt','done',0,'extra','',1.79527881404852747912e+09);
INSERT INTO "steps" VALUES(5,4,'delete','sub/folder/c.txt','done',0,'extra','',1.79527881404853367807e+09);
INSERT INTO "steps" VALUES(6,1,'delete','b.txt','done',0,'extra','',1.79527881417357635502e+09);
INSERT INTO "steps" VALUES(6,2,'delete','c.txt','done',0,'extra','',1795278814.17362);
INSERT INTO "steps" VALUES(6,3,'drop','plain','done',0,'source_empty','',1.79527881417601466174e+09);
INSERT INTO "steps" VALUES(8,1,'create','plain','done',0,'missing','',1.79527881434295272832e+09);
INSERT INTO "steps" VALUES(8,2,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79527881435271883005e+09);
INSERT INTO "steps" VALUES(8,3,'upload','c.txt','done',9,'new','',1.79527881435421133044e+09);
INSERT INTO "steps" VALUES(8,4,'upload','b.txt','done',19,'new','',1.79527881435451388356e+09);
INSERT INTO "steps" VALUES(9,1,'upload','folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key','failed',0,'key_refused','A key must be text of 1 to 1024 bytes in UTF-8, and ''folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key'' is not.',1.79527881443999648087e+09);
INSERT INTO "steps" VALUES(9,2,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79527881444008803363e+09);
INSERT INTO "steps" VALUES(11,1,'create','cancelled','done',0,'missing','',1.79527881458604764933e+09);
INSERT INTO "steps" VALUES(11,2,'upload',' lead','done',9,'new','',1.79527881461245894436e+09);
INSERT INTO "steps" VALUES(12,1,'create','pictures','done',0,'missing','',1.7952788164757061004e+09);
INSERT INTO "steps" VALUES(12,2,'upload','cval/images/train/no image.txt','done',9,'new','',1.79527881648627734177e+09);
INSERT INTO "steps" VALUES(12,3,'upload','cval/images/train/2.jpg','done',9,'new','',1.79527881648633050922e+09);
INSERT INTO "steps" VALUES(12,4,'upload','cval/images/train/1.jpg','done',9,'new','',1.79527881648853611948e+09);
INSERT INTO "steps" VALUES(13,1,'download','cval/images/train/1.jpg','done',9,'new','',1.79527881660365295404e+09);
INSERT INTO "steps" VALUES(13,2,'download','cval/images/train/2.jpg','done',9,'new','',1.795278816604001522e+09);
INSERT INTO "steps" VALUES(13,3,'download','cval/images/train/no image.txt','done',9,'new','',1.79527881660753774639e+09);
INSERT INTO "steps" VALUES(13,4,'check','cval/images/train/no image.txt','skipped',0,'layout_invalid','This is no image. The names of images end with .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff or .webp.',1.79527881660985636708e+09);
INSERT INTO "steps" VALUES(16,1,'create','slow','done',0,'missing','',1.7952788167360486984e+09);
INSERT INTO "steps" VALUES(16,2,'upload',' lead','done',9,'new','',1.79527881674633979797e+09);
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
INSERT INTO "users" VALUES(1,'admin','admin','$argon2id$v=19$m=65536,t=3,p=4$RhKPJbov7do/2IyvEsJofQ$fycSOOGpLTNaToAZMR9wZ4ZzWLFpKSbLw2/SpznBfgs',1.79527881581339240077e+09,NULL,1.79527881625747656822e+09);
INSERT INTO "users" VALUES(2,'anna','user',NULL,1.79527881582973051067e+09,NULL,NULL);
INSERT INTO "users" VALUES(3,'gone','worker',NULL,1.79527881583063697815e+09,1.79527881583146929744e+09,NULL);
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
CREATE UNIQUE INDEX ix_sessions_key_digest ON sessions (key_digest);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('jobs',19);
INSERT INTO "sqlite_sequence" VALUES('users',3);
INSERT INTO "sqlite_sequence" VALUES('organisations',1);
INSERT INTO "sqlite_sequence" VALUES('api_keys',2);
INSERT INTO "sqlite_sequence" VALUES('connections',1);
INSERT INTO "sqlite_sequence" VALUES('schedules',1);
INSERT INTO "sqlite_sequence" VALUES('datasets',1);
COMMIT;
