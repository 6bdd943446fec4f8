BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
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
INSERT INTO "api_keys" VALUES(1,2,'lost','35f79e5b3c0fcb48cac1a421818d8628036a284f931a8e5cda010f8ca3332a54','e532',0,1.79530229869889593119e+09,NULL,1.79530229870083308215e+09,NULL,NULL);
INSERT INTO "api_keys" VALUES(2,2,'laptop','d7fb84cedb5864acb45f12c383041712ade86c944fc3c8ebecae87dc1bf7e566','7e2c',0,1.79530229870269727706e+09,NULL,NULL,1.79530229902822327609e+09,NULL);
INSERT INTO "api_keys" VALUES(3,2,'of a page','096b3e7247d206060115d3b217e2cd1d93c3793eed1b999963209e978685d014','bd26',0,1.79530229982046222688e+09,NULL,NULL,NULL,'["cloud_storage:read"]');
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
INSERT INTO "authorizations" VALUES(1,'aa1f3e18-5c73-4a74-816e-d2734a79aefd',2,'aws','{"access_key": "sluicetests", "secret_key": "********", "endpoint": "http://127.0.0.1:45213"}','gAAAAABrAiObDIOECHKJBPNi6SUwnM-5N3AU0ch78Og5JhFi_juC1EiP4k8MhmrPufP8xPYmRQ311YbIGfd6L0uEKYvRlaXyA_aRifzK7zVdm3OVzg1CEcFFIlpmkLB8YnSeAnakjh7_QTMJhTUl1sAc0EExUk0OztprLy6wNZP0W9W_S74H044aNqWjPDjQBEgUGFm1F-PAGbA02JtT6noBL6Iuv4mEKsNSLnVSPZzE6mC5FqFDOu0=',NULL,'of a test',1.79530229913084650038e+09,1.79530229913084650038e+09,1.79530229913084650038e+09);
INSERT INTO "authorizations" VALUES(2,'2ffad657-9d59-452d-9f9d-68156e38eb25',2,'gcp','{"private_key": "********"}','gAAAAABrAiObWJvfjDLrNnoQHpdf7L8bptmo6xAX3TYPFbcJAtOiXDoQN3SiW7RWfjTB1aXdvhPhfEb3KM4V8WCgzNpFA2H1DtWWhrWemzhSYnoWvpkYkRYPdmng7vn1BiGC87r2YSGTDB8Px3-rfDAGUQwC_vsyEyWwtrzO_qGD-epAnRzhKSp0uDApVACAPs4RhsfqbB9L9CawKAEuFk9DAGFJUjJ3DQ==',NULL,'',1.79530229950551247592e+09,1.79530229950551247592e+09,1.79530229950551247592e+09);
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
INSERT INTO "collections" VALUES(1,'7dad9ae6-6efa-4bbb-8f8f-c04c84e76d13','dataset',2,'flowers',NULL,'[]',0,0,0,0,1.79530229906784820556e+09,1.79530229906784820556e+09);
INSERT INTO "collections" VALUES(2,'4a0283b1-d9f3-4d3f-8bab-6fc062e09826','history',2,'Of a bucket',NULL,'[]',0,0,0,3,1.79530229911410093308e+09,1.79530229949237608907e+09);
INSERT INTO "collections" VALUES(3,'c03c8bba-a954-45e5-a742-62e442e1050f','history',2,'Published','seen','["red"]',1,0,0,1,1.79530229912210083009e+09,1.79530229948214912409e+09);
INSERT INTO "collections" VALUES(4,'3c35d05c-df27-486c-9348-48cba1df45e6','history',2,'Deleted',NULL,'[]',0,1,0,1,1.79530229912602496151e+09,1.79530229950133299833e+09);
INSERT INTO "collections" VALUES(5,'6f95cf95-7afc-4c54-ab35-d6f2bb451199','images',2,'col_1',NULL,'[]',0,0,0,2,1.79530229968146562576e+09,1.7953022997160212994e+09);
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
INSERT INTO "connections" VALUES(1,'64e948cf-11f6-4c87-ad88-84e7724d3207','s3','pictures','{"endpoint": "http://127.0.0.1:45213", "bucket": "pictures", "region": "us-east-1"}','gAAAAABrAiObKMsTg-FUs_pskJmavwJtyx39vExKxmP95XIYgjGZVyVlZCc7hkIhTNN8gX7kCwOxFf26baB2Z45sEve2SaFzdY-ucZ7zsBnvnbmARpRvMf3EPaI0xjDr0qvqMCbPyotZRkJfR0MorCVrocO8Dg2HvYlDeVENY8kpGGbuE-vmG5Ku7-w8Oj4epbMoz9aoIAp5Bxg1L6moY8dFkec5-2WYVoRXct8WbsH8deQ1fRpZj17PORFVxjSwaHejfMb7flc1iLqO8ZoGlxIh5ETZ-yLV8Q==',2,NULL,1.7953022990350525379e+09,1.7953022990350525379e+09,'keys','',NULL,'[]');
INSERT INTO "connections" VALUES(2,'9d4f1a2b-152d-4d1e-908f-c5a9870d2020','gdrive','user0@gmail.com','{"endpoint": "http://127.0.0.1:34231/drive/v3", "path": "/100000000000000000002", "bucket": "Sluice", "account": "100000000000000000002"}',NULL,2,NULL,1.79530229956972670556e+09,1.79530229956972670556e+09,'oauth','',NULL,'[]');
INSERT INTO "connections" VALUES(3,'59788ebd-ab3b-4a74-908e-f0e1ca07bf46','gdrive','user1@gmail.com','{"endpoint": "http://127.0.0.1:34231/drive/v3", "path": "/100000000000000000003", "bucket": "Sluice", "account": "100000000000000000003"}',NULL,2,NULL,1.79530229966695904731e+09,1.79530229966695904731e+09,'oauth','',NULL,'[]');
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
INSERT INTO "consents" VALUES('3ec65ff216e3dfbffeb8671e19c90fdfd18b18f4ed7d99de45918960871a5239',2,'google_drive','http://localhost:34187/api/v2/cloud-storage/auth/google_drive/callback','http://localhost:34187','["openid", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile", "https://www.googleapis.com/auth/drive.file"]','gAAAAABrAiObWuaUI8tQhxWJaJuqO_IYN0_eQ6f-G8h93880SMbhPVbIymHkw_THFaUmCZLVfoNOdGKFyPCfWQC8Ty70fzjyTcqf_88V04-NtA2OvAh9U9SJRBmT5Cs4CMT6Fp0Esk6Vyr0sL0E47F9Z0qgvmTSQXliFrmiaePAb5ZxrmKcdVXohXa4kO1lTb__KhNKsOqJYUAxfyNF--n1AN1-_VX9EM5_7obAO1aNXdrxmYen_XmhdSBQWsZOXUa4bocausQ6VX4lJ9bUUGcGG5xmrnCbTkEOxjmMPqGMvvRw-RCfXGS-_BeDBoMHmkg4Yb7QmF2Bpulyo3tBKnuR_FEbQcwGgtg==',1.79530289981795144081e+09);
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
INSERT INTO "copies" VALUES(1,'01a2005b-1618-7ec0-a035-88c38ca0d912',2,'get','cval/images/train/1.jpg','1',NULL,1,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4',1.79530229915940475467e+09,1.79530229922450399403e+09,1.79530229922450399403e+09);
INSERT INTO "copies" VALUES(2,'01a2005b-1618-7ec0-a035-88c38ca0d912',2,'get','cval/images/train/2.jpg','2',NULL,2,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f',1.79530229915940475467e+09,1.79530229922328782082e+09,1.79530229922328782082e+09);
INSERT INTO "copies" VALUES(3,'01a2005b-1618-7ec0-a035-88c38ca0d912',2,'get','cval/images/train/no image.txt','3',NULL,3,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d',1.79530229915940475467e+09,1.79530229922483706471e+09,1.79530229922483706471e+09);
INSERT INTO "copies" VALUES(4,'01a2005b-1644-7a8a-988c-6fd65c1af345',2,'import','3d73352f-becd-4879-b76c-f1f164e4fbdb','4',NULL,4,3,'{"conversion": {"file_type": "auto", "posix_lines": true, "tabs": false, "decompress": false}, "name": "Pasted Entry", "upload": "3d73352f-becd-4879-b76c-f1f164e4fbdb", "size": 6}','done',0,NULL,'',6,'a19e5ae584bdab4b2c57351357a8b54f9ba5208e0d35c5ca312884f578e800f8',1.79530229918563985829e+09,1.79530229923366427421e+09,1.79530229923366427421e+09);
INSERT INTO "copies" VALUES(5,'01a2005b-16a8-7149-9dfa-914c405af57b',2,'send','1','cval/images/train/1.jpg','cval/images/train/1.jpg_261121_230459',1,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4',1.79530229930370068547e+09,1.7953022993551006317e+09,1.7953022993551006317e+09);
INSERT INTO "copies" VALUES(6,'01a2005b-16a8-7149-9dfa-914c405af57b',2,'send','2','cval/images/train/2.jpg','cval/images/train/2.jpg_261121_230459',2,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f',1.79530229930370068547e+09,1.7953022993554749489e+09,1.7953022993554749489e+09);
INSERT INTO "copies" VALUES(7,'01a2005b-16a8-7149-9dfa-914c405af57b',2,'send','3','cval/images/train/no_image.txt','cval/images/train/no_image.txt',3,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d',1.79530229930370068547e+09,1.79530229935451292994e+09,1.79530229935451292994e+09);
INSERT INTO "copies" VALUES(8,'01a2005b-1701-7296-947b-9e7282b10169',2,'send','1','cval/images/train/1.jpg',NULL,1,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:45213.',0,NULL,1.79530229939297890666e+09,1.7953022994357066154e+09,1.7953022994357066154e+09);
INSERT INTO "copies" VALUES(9,'01a2005b-1701-7296-947b-9e7282b10169',2,'send','2','cval/images/train/2.jpg',NULL,2,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:45213.',0,NULL,1.79530229939297890666e+09,1.7953022994360015392e+09,1.7953022994360015392e+09);
INSERT INTO "copies" VALUES(10,'01a2005b-1701-7296-947b-9e7282b10169',2,'send','3','cval/images/train/no_image.txt',NULL,3,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:45213.',0,NULL,1.79530229939297890666e+09,1.79530229943618750568e+09,1.79530229943618750568e+09);
INSERT INTO "copies" VALUES(11,'01a2005b-1820-7f90-9638-bd401aa6dac0',2,'drive-import','1RAoGYtcixgd2c7TO948FOTbW7KKUKNN3','6',NULL,6,5,'{"name": "flower.jpg", "describe": true}','done',0,NULL,'',74,'e49bf838e00846fa4fc4bb8c0fde1077ef8a88fc1178c414c40e9378ffd17c1b',1.79530229968010902408e+09,1795302299.71329,1795302299.71329);
INSERT INTO "copies" VALUES(12,'01a2005b-1820-7f90-9638-bd401aa6dac0',2,'drive-import','gone','7',NULL,7,5,'{"name": "gone.jpg", "describe": true}','failed',0,'object_missing','There is no ''gone'' that this account could see.',0,NULL,1.79530229968010902408e+09,1.79530229971673250199e+09,1.79530229971673250199e+09);
INSERT INTO "copies" VALUES(13,'01a2005b-1869-71cb-88b8-592eef7b17db',2,'drive-export','6','flower.jpg','1j54Fk2EZv0-fqLMkrbEpPkzzXBscUQ5B',6,5,'{"folder_id": null, "folder_name": "From here", "mime_type": "image/png", "size": 74, "folder": "1vLl9rPDCzCWjjBHinTaHsPa5QzS19VtH"}','done',0,NULL,'',74,'e49bf838e00846fa4fc4bb8c0fde1077ef8a88fc1178c414c40e9378ffd17c1b',1.79530229975233125683e+09,1.79530229978358697893e+09,1.79530229978358697893e+09);
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
INSERT INTO "failed_logins" VALUES('0f3369d26055452b30b884c1a2f1b33c8e5fbf1064a98d7d4712f7d14db8350a',1,1.79530229883472347259e+09,NULL);
INSERT INTO "failed_logins" VALUES('4a01ed75f3ef387302303555a822dae108e80b7824465eba79b1c5849393d1ea',1,1.79530229883472347259e+09,NULL);
INSERT INTO "failed_logins" VALUES('910f04d64304c2cede2823589494d6fdb77007609ec3494920c23a3889856ea3',0,1.79530229895454525954e+09,NULL);
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
INSERT INTO "grants" VALUES(1,'9d4f1a2b-152d-4d1e-908f-c5a9870d2020',2,'google_drive','100000000000000000002','user0@gmail.com','John Doe','["https://www.googleapis.com/auth/drive.file", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile", "openid"]',0,'gAAAAABrAiObc6au-vz3TM85k4qyqpSnLGX7TM9P7auj_N8T3hV8FC_fXXpAsGwMF4A3Txd8a_71buAExTXF-cdM8higDzvV2kOVd7Oy2X4APu7iaPDoB7EzGfCi1Okd5Iw782fRNG2sNL0ltD3N_JHFHMw0GTjlSwo52CAFulNaJOF8BO3RlUgSh8uQk2DYQt9AJiJBxLu0cfV-MgMUMqf8EXiZhpAOSptUWtlIlSsDAHXC7Xo12FEMfRLU_try2obU3a94ch2w_5Jvu6jlcK93g5XvwUcTDF0tB2wC-Td37gwbyVv05ARgQtMAHXiZPb8F52CqTRa5drtQAaVpvlFR8AFBqEXIqaFUvSTHzgRZTbS9eENTxcJDi22GxFgBoiGXo5Y4nMZifianyWE3vR4sIAXd23By9V1jdhNQ2fGlwKw4j_vdbLFfuNIpcOkvDhfrI1HUUtXs',1.79530589857088613506e+09,0.0,1.79530229957086825366e+09,1.79530229958087754254e+09);
INSERT INTO "grants" VALUES(2,'59788ebd-ab3b-4a74-908e-f0e1ca07bf46',2,'google_drive','100000000000000000003','user1@gmail.com','John Doe','["https://www.googleapis.com/auth/drive.file", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile", "openid"]',1,'gAAAAABrAiObY4gJjLgyjefiweEMD3KYDpU6ruP612gualyJpMLUWMCU4WFlKrNdV_iJWFgyiEz7tRjzmWn0WlU_rNVsnIk8_1JdOCT-R-ZszCFIbRHBu1_9tlMlRgXR3MrHNqj9J5Y4mwi_VqdjNH0h4nbGcwhpTLT-gahROiDEHgaaxvI3tV4KP9RYyS_MIsy5QHotpRiqKxRAKU5uNUZ7FGrXc6C3w2WTDXojJGw1yi0ROoIYL1l3SpWY60hoCEYK147A2iPeZ1O8IOpdMXZuhp_XvXgcNPFLmxDlj9SPniMHoQc5btFxIRginvNJg-x2TbWvCZ0UJESmzIB6S9nesWbLV1YWgWjr3rkCc5802tIzotcFCPVspEzIWC-slgBJ4xlAZoU_cPb7YV18cJ6EXH_Zh4LzTXMikjfE-Hl84GIOBwd7jvZSrixbwIJJjeNMcRgKb1bH',1.79530589866826677325e+09,0.0,1.79530229966825366017e+09,1.7953022997001347542e+09);
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
INSERT INTO "items" VALUES(1,'aa44088e-961e-4cb4-a23a-5fb0377394d2',2,1,'cval/images/train/1.jpg','ready','671f4e62-3827-4bc9-a5c0-49df0381c5db',9,'239b55f9df0621a32a599ecd6e9c06fd','75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79530229916134667395e+09,1.79530229922081136697e+09);
INSERT INTO "items" VALUES(2,'95368f10-1f44-4769-9a9f-aa19c40117ea',2,2,'cval/images/train/2.jpg','ready',NULL,9,'9297ab3fbd56b42f6566284119238125','d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f','txt','{"dbkey": "hg38"}','[]',NULL,'',1,1,1,1.79530229916134667395e+09,1.79530229949237608907e+09);
INSERT INTO "items" VALUES(3,'95a44dcb-7b1f-4bfc-be40-733de8fb8285',2,3,'cval/images/train/no image.txt','ready','f5aa1236-50cb-45bb-b5d0-4bdc0f0353e0',9,'6685cd62b95f2c58818cb20e7292168b','9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79530229916134667395e+09,1795302299.21723);
INSERT INTO "items" VALUES(4,'d6d0b539-8627-4be8-ae99-5aa786ceeaff',3,1,'Pasted Entry','ready','db20c572-7626-4316-93a7-20069813172e',6,'fc4d17f28dbf5021a06f68eef35968d4','a19e5ae584bdab4b2c57351357a8b54f9ba5208e0d35c5ca312884f578e800f8','bed','{}','[]',NULL,'',1,0,0,1.79530229920764899248e+09,1795302299.23319);
INSERT INTO "items" VALUES(5,'023a8ce1-20e0-4935-a5ef-20af0aed7195',4,1,'cval/images/train/1.jpg','ready','671f4e62-3827-4bc9-a5c0-49df0381c5db',9,'239b55f9df0621a32a599ecd6e9c06fd','75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79530229948773884778e+09,1.79530229948773884778e+09);
INSERT INTO "items" VALUES(6,'86582d4c-6776-432b-901e-9d5f75983dc0',5,1,'flower.jpg','ready','ad6f2bc7-0d49-4193-a0c7-ed38a996b1f1',74,'ab528da0cb937366b59094524fbe279b','e49bf838e00846fa4fc4bb8c0fde1077ef8a88fc1178c414c40e9378ffd17c1b','png','{"drive_file_id": "1RAoGYtcixgd2c7TO948FOTbW7KKUKNN3", "connection_id": "59788ebd-ab3b-4a74-908e-f0e1ca07bf46", "collection_id": "col_1", "mime_type": "image/png", "format": "PNG", "width": 8, "height": 8}','["red"]','PNG image, 8 x 8 pixels, 74 bytes','',1,0,0,1.79530229968508028988e+09,1.79530229971270751951e+09);
INSERT INTO "items" VALUES(7,'10619a23-800f-4d7d-91e1-a0bf4d4cb2cf',5,2,'gone.jpg','failed',NULL,0,NULL,NULL,'data','{"drive_file_id": "gone", "connection_id": "59788ebd-ab3b-4a74-908e-f0e1ca07bf46", "collection_id": "col_1"}','["red"]',NULL,'There is no ''gone'' that this account could see.',1,0,0,1.79530229968508028988e+09,1.7953022997160212994e+09);
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
INSERT INTO "jobs" VALUES(1,'01a2005b-0d09-716c-894c-be759820a76d','mirror','succeeded',NULL,'64 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "odd-names", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 64, "deletes": 0, "bytes": 630}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 3195, "eta_seconds": 0}',NULL,'s3://127.0.0.1:45213/odd-names','',0,1,0,3,NULL,NULL,NULL,1.79530229684107279783e+09,1.79530229684898257253e+09,1.79530229704866456982e+09,NULL);
INSERT INTO "jobs" VALUES(2,'01a2005b-0df0-7634-8fe6-d2abcd91b339','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 739, "eta_seconds": 0}',NULL,'s3://127.0.0.1:45213/plain','',0,1,0,3,NULL,NULL,NULL,1.79530229707291364674e+09,1.79530229707473039631e+09,1.79530229711244869233e+09,NULL);
INSERT INTO "jobs" VALUES(3,'01a2005b-0e28-78b9-aa79-9db9a92aa8e5','mirror','succeeded',NULL,'A dry run: nothing was changed.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": true, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 1, "bytes": 19, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79530229712847208978e+09,1.79530229713035249707e+09,1.79530229714661860467e+09,NULL);
INSERT INTO "jobs" VALUES(4,'01a2005b-0e49-74ad-9df0-d402643a5c09','mirror','succeeded',NULL,'2 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "sub/folder/", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["include", "*.txt"]], "max_delete": "50%", "check": "exact"}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 1110, "eta_seconds": 0}',NULL,'s3://127.0.0.1:45213/plain','sub/folder/',0,1,0,3,NULL,NULL,NULL,1.79530229716123318666e+09,1.79530229716362452509e+09,1.7953022971914806366e+09,NULL);
INSERT INTO "jobs" VALUES(5,'01a2005b-0e7f-742c-81ce-9b93a7535021','mirror','succeeded',NULL,'1 uploaded, 3 deleted, 1 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 3, "bytes": 19, "complete": true}, "done": {"uploads": 1, "deletes": 3, "bytes": 19}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 660, "eta_seconds": 0}',NULL,'s3://127.0.0.1:45213/plain','',0,1,0,3,NULL,NULL,NULL,1795302297.21564,1.79530229721758890146e+09,1.79530229724722480773e+09,NULL);
INSERT INTO "jobs" VALUES(6,'01a2005b-0ea5-7341-b08f-06fc22690544','mirror','succeeded',NULL,'0 uploaded, 2 deleted, 0 unchanged. The source does not exist, so the bucket was deleted.','{"direction": "upload", "source": "missing", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 2, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 2, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:45213/plain','',0,1,0,3,NULL,NULL,NULL,1.79530229725319504735e+09,1.79530229725479221342e+09,1.7953022972810401916e+09,NULL);
INSERT INTO "jobs" VALUES(7,'01a2005b-0ec7-732a-8376-1d95fbf8a6f9','mirror','failed','storage_unreachable','http://127.0.0.1:9 cannot be reached. Check the address, and whether it is running.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:9", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:9/plain','',0,1,0,3,NULL,NULL,NULL,1.79530229728787803647e+09,1.79530229728997492788e+09,1.79530229734824013708e+09,NULL);
INSERT INTO "jobs" VALUES(8,'01a2005b-0f15-73fe-9f8c-1d8bd3b77f1a','mirror','partial','files_skipped','2 uploaded, 0 deleted, 0 unchanged, 1 skipped. What was skipped is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "bytes_per_second": 905, "eta_seconds": 0}',NULL,'s3://127.0.0.1:45213/plain','',0,1,0,3,NULL,NULL,NULL,1.79530229736566853521e+09,1.79530229736835837371e+09,1.79530229740036153789e+09,NULL);
INSERT INTO "jobs" VALUES(9,'01a2005b-0f4f-74ef-9fbf-eebc773616df','mirror','partial','upload_failed','0 uploaded, 0 deleted, 2 unchanged, 1 skipped, 1 failed. What failed is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 9, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 2, "unchanged_by": {"index": 2, "size": 0, "content": 0}, "skipped": 1, "failed": 1, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:45213/plain','',0,1,0,3,NULL,NULL,NULL,1.79530229742386293403e+09,1.79530229742562985424e+09,1.79530229744241261484e+09,NULL);
INSERT INTO "jobs" VALUES(10,'01a2005b-0f6f-7189-b3fd-13ff79e507cb','mirror','failed','too_many_deletions','The plan deletes 1 of 2 objects and max_delete allows 0. Nothing was deleted. Look at a dry run, then raise max_delete if that is what you want.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["exclude", "folder*"], ["exclude", "link"]], "max_delete": "0", "check": "exact"}','{"planned": {"uploads": 0, "deletes": 1, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:45213/plain','',0,1,0,3,NULL,NULL,NULL,1.79530229745528912546e+09,1.7953022974574911595e+09,1.79530229747426223751e+09,NULL);
INSERT INTO "jobs" VALUES(11,'01a2005b-0f8c-7a19-972f-6f6d475849aa','mirror','cancelled','cancelled_by_user','Stopped after 1 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "cancelled", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 9, "eta_seconds": 65}',NULL,'s3://127.0.0.1:45213/cancelled','',1,1,0,5,NULL,NULL,NULL,1.79530229748441815373e+09,1.79530229748675131803e+09,1.79530229851549315454e+09,NULL);
INSERT INTO "jobs" VALUES(12,'01a2005b-1555-7520-a7a0-893f4e981c9a','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "cval", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 582, "eta_seconds": 0}',NULL,'s3://127.0.0.1:45213/pictures','cval/',0,1,0,3,NULL,NULL,NULL,1.79530229896510839463e+09,1.79530229896705913542e+09,1.79530229901579475404e+09,NULL);
INSERT INTO "jobs" VALUES(13,'01a2005b-15aa-7d9b-82cd-6ae0eba6d1b1','synchronisation','partial','layout_invalid','3 downloaded, 0 deleted, 0 unchanged. 1 files or folders do not fit the layout of datasets, see /steps.','{"direction": "download", "source": "", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:45213", "connection": "64e948cf-11f6-4c87-ad88-84e7724d3207", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "bytes_per_second": 540, "eta_seconds": 0}',NULL,'mirror:64e948cf-11f6-4c87-ad88-84e7724d3207','',0,1,0,4,NULL,NULL,NULL,1.79530229905022406574e+09,1.79530229905487155907e+09,1.79530229910598087316e+09,2);
INSERT INTO "jobs" VALUES(14,'01a2005b-1618-7ec0-a035-88c38ca0d912','copy','succeeded',NULL,'3 copied.','{"direction": "get", "source": "pictures", "dest": "library", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": {"place": {"bucket": "pictures", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:45213/pictures", "url": ""}, "to": null}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 473, "eta_seconds": 0}',NULL,'','',0,1,0,4,NULL,NULL,NULL,1.79530229916055274015e+09,1.79530229916917681695e+09,1.79530229922945260999e+09,2);
INSERT INTO "jobs" VALUES(15,'01a2005b-1644-7a8a-988c-6fd65c1af345','copy','succeeded',NULL,'1 copied.','{"direction": "import", "source": "", "dest": "library", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": null}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 6, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 6}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 340, "eta_seconds": 0}',NULL,'','',0,1,0,4,NULL,NULL,NULL,1.79530229920662593844e+09,1.79530229921566486352e+09,1.79530229923562335966e+09,2);
INSERT INTO "jobs" VALUES(16,'01a2005b-16a8-7149-9dfa-914c405af57b','copy','succeeded',NULL,'3 copied.','{"direction": "send", "source": "library", "dest": "pictures", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "pictures", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:45213/pictures", "url": ""}}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 561, "eta_seconds": 0}',NULL,'s3://127.0.0.1:45213/pictures','cval/images/train/',0,1,0,3,NULL,NULL,NULL,1.79530229930420899388e+09,1.79530229930685281754e+09,1.79530229935698771477e+09,2);
INSERT INTO "jobs" VALUES(17,'01a2005b-1701-7296-947b-9e7282b10169','copy','failed','storage_missing','There is no bucket ''gone'' at http://127.0.0.1:45213.','{"direction": "send", "source": "library", "dest": "gone", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "gone", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:45213/gone", "url": ""}}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 3, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:45213/gone','cval/images/train/',0,1,0,3,NULL,NULL,NULL,1.79530229939350509642e+09,1.79530229939632892605e+09,1.79530229943679857252e+09,2);
INSERT INTO "jobs" VALUES(18,'01a2005b-1820-7f90-9638-bd401aa6dac0','copy','partial','object_missing','1 copied, 1 failed. What failed is listed by /steps.','{"direction": "drive-import", "source": "Google Drive", "dest": "library", "prefix": "", "storage_url": "http://127.0.0.1:34231/drive/v3/100000000000000000003", "connection": "59788ebd-ab3b-4a74-908e-f0e1ca07bf46", "connections": ["59788ebd-ab3b-4a74-908e-f0e1ca07bf46"], "wait": 0, "dry_run": false, "from": {"place": {"bucket": "Google Drive", "authorization": null, "connection": "59788ebd-ab3b-4a74-908e-f0e1ca07bf46"}, "target": "http://127.0.0.1:34231/drive/v3/100000000000000000003", "url": "http://127.0.0.1:34231/drive/v3/100000000000000000003"}, "to": null}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 0, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 74}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 1, "bytes_per_second": 3015, "eta_seconds": 0}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79530229968090558048e+09,1.7953022996923606396e+09,1.79530229971791148186e+09,2);
INSERT INTO "jobs" VALUES(19,'01a2005b-1869-71cb-88b8-592eef7b17db','copy','succeeded',NULL,'1 copied.','{"direction": "drive-export", "source": "library", "dest": "Google Drive", "prefix": "", "storage_url": "http://127.0.0.1:34231/drive/v3/100000000000000000003", "connection": "59788ebd-ab3b-4a74-908e-f0e1ca07bf46", "connections": ["59788ebd-ab3b-4a74-908e-f0e1ca07bf46"], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "Google Drive", "authorization": null, "connection": "59788ebd-ab3b-4a74-908e-f0e1ca07bf46"}, "target": "http://127.0.0.1:34231/drive/v3/100000000000000000003", "url": "http://127.0.0.1:34231/drive/v3/100000000000000000003"}}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 74, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 74}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 2716, "eta_seconds": 0}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79530229975307464599e+09,1.79530229975646972656e+09,1.79530229978479242327e+09,2);
INSERT INTO "jobs" VALUES(20,'01a2005b-18b4-7e80-b253-7bcb397cc0e9','mirror','running',NULL,'listing','{"direction": "upload", "source": "plain", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:40961", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}','gAAAAABrAiObeQtuHuy308lNRKYlKIV0LkMIM80aO8hxl91-c9j4fqEeCyIzD_aOGQhWHcF8TeoL7JolSsKToDb3MlDJ_BOIL1UR8Rfq10ysueZmRiKr4k4ZuuBKbLhHgQN-ZFO-HSNGMFfNR62oC14qE9B4lVo-PmY8FzYdRcnu34RLYQx24ESpQKQljxLUCUCuIR7VaNQ8hdwpmxhi0gmVNxkUK4gYcJv9yN4qq7mNVYlP0x2QQxYui4dpMocSDBaibrflgt4aONUamGhTEfirjhBMD1SKXg==','s3://127.0.0.1:40961/held','',0,1,0,3,'3367-1a1a8c20f70d49db863b7ac8afd79663',NULL,1.79530230088033032412e+09,1.79530229982888889315e+09,1.79530229983185338977e+09,NULL,NULL);
INSERT INTO "jobs" VALUES(21,'01a2005b-18d5-7f9d-8c69-87bee93b3a36','mirror','queued',NULL,'waiting for another job that uses held','{"direction": "upload", "source": "odd", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:40961", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}','gAAAAABrAiObe1CMCoB_WaBZx7dBKG0dj9eLhuzNvatXUjobg49QQ2xyODU3Hovo9FSI5rB7NHUNC2Nf8eQ-Jfh_QTeuHQddyplLVz25SNPXNF7_KT5R6YRMJV8Hklv8ORfK2b7BfuKwFcHcm-XMG1F5qhlZWbxcsDdgoaAp3z0dAUVCMhhiOcayS5HmUKfAA17IjoMHhs7GL2I1TNW51L5uhS892TEeWf6jz-5LqS1N-70i_KC7WDPaLQ1C-3-dpOpic0XyhzUr3WmWneZMcwHryc6KHqZIzw==','s3://127.0.0.1:40961/held','',0,0,0,2,NULL,NULL,NULL,1.79530229986132884023e+09,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(22,'01a2005b-18db-7245-9c2e-62a1d1e9cc9b','mirror','running',NULL,'uploading  lead','{"direction": "upload", "source": "odd", "dest": "slow", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 4, "eta_seconds": 129}',NULL,'s3://127.0.0.1:45213/slow','',0,1,0,4,'3367-1a1a8c20f70d49db863b7ac8afd79663',NULL,1.79530230088033032412e+09,1.79530229986761188506e+09,1.79530229986934542658e+09,NULL,NULL);
INSERT INTO "jobs" VALUES(23,'01a2005b-1cde-7076-870d-d90b461e8f6f','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "later", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:45213/later','',0,0,0,2,NULL,NULL,NULL,1.79530230089486122135e+09,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(24,'01a2005b-1ce5-7956-8d02-93552901c841','mirror','cancelled','cancelled_by_user','cancelled before it started','{"direction": "upload", "source": "plain", "dest": "never", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:45213/never','',1,0,0,4,NULL,NULL,NULL,1.79530230090183019631e+09,NULL,1.7953023009061994553e+09,NULL);
INSERT INTO "jobs" VALUES(25,'01a2005b-214e-7c14-9015-bc01197aa8f8','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "reserved", "prefix": "", "storage_url": "http://127.0.0.1:45213", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:45213/reserved','',0,0,0,2,NULL,'3604-23a89db40d674f25839864e0accf6618',NULL,1.79530230203012418745e+09,NULL,NULL,NULL);
CREATE TABLE memberships (
	organisation_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (organisation_id, user_id), 
	CONSTRAINT fk_memberships_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "memberships" VALUES(1,2,'owner',1.79530229869212484359e+09);
INSERT INTO "memberships" VALUES(1,1,'supervisor',1.79530229869643044473e+09);
CREATE TABLE organisations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	slug VARCHAR(16) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT uq_organisations_slug UNIQUE (slug)
);
INSERT INTO "organisations" VALUES(1,'team','The team',1.79530229869212484359e+09);
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
INSERT INTO "picker_sessions" VALUES('d4ab75cf4dd87f9937a854cea85ea6416d85561f39b6a8203ad1aaff1d473bc3',2,'9d4f1a2b-152d-4d1e-908f-c5a9870d2020',1.79530589857088613506e+09,1.79530229958203339573e+09,1);
INSERT INTO "picker_sessions" VALUES('3eed6745feccca17ece99d8b35602498bb70120982a772faf88c21821db8a7e7',2,'59788ebd-ab3b-4a74-908e-f0e1ca07bf46',1.79530589866826677325e+09,1.79530229981080842018e+09,0);
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
INSERT INTO "schedules" VALUES(1,'connection:64e948cf-11f6-4c87-ad88-84e7724d3207','synchronisation','{"connection": "64e948cf-11f6-4c87-ad88-84e7724d3207"}',300,1,1.79530257953543758396e+09,'01a2005b-15aa-7d9b-82cd-6ae0eba6d1b1','',1795302299.03981);
CREATE TABLE sealing (
	id INTEGER NOT NULL, 
	sealed TEXT NOT NULL, 
	CONSTRAINT pk_sealing PRIMARY KEY (id)
);
INSERT INTO "sealing" VALUES(1,'gAAAAABrAiOYNDkkq8_CoOomQAsQMMS5ATRAOhxPwLXam8NyVSwcquog551YL2WQEMuaqjg59rP9_7OykRxGttsahM9Jb3umbHwi0u2-fX9TnLrnUyIB593P7J46NJttwrjYz8X10i8o');
CREATE TABLE sessions (
	digest VARCHAR(64) NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DOUBLE NOT NULL, 
	expires_at DOUBLE NOT NULL, key_digest VARCHAR(64), 
	CONSTRAINT pk_sessions PRIMARY KEY (digest), 
	CONSTRAINT fk_sessions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "sessions" VALUES('eeab0b9e394b439f41ace6c4b947f5f6d14c3dcd57971db6d3142e60ab034a6c',1,1.79530229895763731003e+09,1.79651189895763731003e+09,'4b01a331420ff3085fb7f548bacd5a9fd7c4760157d21cf52a13351ec3291952');
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
INSERT INTO "steps" VALUES(1,1,'create','odd-names','done',0,'missing','',1.79530229696839690209e+09);
INSERT INTO "steps" VALUES(1,2,'upload','''"','done',10,'new','',1.79530229699585437775e+09);
INSERT INTO "steps" VALUES(1,3,'upload','$dollar','done',10,'new','',1.79530229699691581731e+09);
INSERT INTO "steps" VALUES(1,4,'upload',' lead','done',9,'new','',1.79530229699764037128e+09);
INSERT INTO "steps" VALUES(1,5,'upload','--help','done',10,'new','',1.79530229699804496764e+09);
INSERT INTO "steps" VALUES(1,6,'upload','.hidden','done',9,'new','',1.79530229699870157245e+09);
INSERT INTO "steps" VALUES(1,7,'upload','-dash','done',10,'new','',1.79530229699879050261e+09);
INSERT INTO "steps" VALUES(1,8,'upload','..twice','done',9,'new','',1.7953022969989714622e+09);
INSERT INTO "steps" VALUES(1,9,'upload','Case','done',10,'new','',1.79530229699905085564e+09);
INSERT INTO "steps" VALUES(1,10,'upload','<xml>','done',10,'new','',1.79530229700074553484e+09);
INSERT INTO "steps" VALUES(1,11,'upload','[brack]','done',10,'new','',1.79530229700210523608e+09);
INSERT INTO "steps" VALUES(1,12,'upload','a.txt','done',9,'new','',1.79530229700229358672e+09);
INSERT INTO "steps" VALUES(1,13,'upload','a!b','done',9,'new','',1.79530229700232028962e+09);
INSERT INTO "steps" VALUES(1,14,'upload','amp&lt;','done',10,'new','',1.79530229700435972218e+09);
INSERT INTO "steps" VALUES(1,15,'upload','at@','done',10,'new','',1.79530229700574302676e+09);
INSERT INTO "steps" VALUES(1,16,'upload','a0','done',9,'new','',1.79530229700581502915e+09);
INSERT INTO "steps" VALUES(1,17,'upload','bad-⧵FF⧵FE','done',10,'new','',1.79530229700590562825e+09);
INSERT INTO "steps" VALUES(1,18,'upload','con','done',10,'new','',1.79530229700603294372e+09);
INSERT INTO "steps" VALUES(1,19,'upload','b\s','done',10,'new','',1.79530229700604820244e+09);
INSERT INTO "steps" VALUES(1,20,'upload','case','done',10,'new','',1.79530229700684928898e+09);
INSERT INTO "steps" VALUES(1,21,'upload','`tick`','done',10,'new','',1.79530229700732779501e+09);
INSERT INTO "steps" VALUES(1,22,'upload','del⧵7Fx','done',10,'new','',1.79530229700907111162e+09);
INSERT INTO "steps" VALUES(1,23,'upload','esc⧵1B[0m','done',10,'new','',1.7953022970093755722e+09);
INSERT INTO "steps" VALUES(1,24,'upload','c:olon','done',10,'new','',1795302297.01535);
INSERT INTO "steps" VALUES(1,25,'upload','cr⧵0Dx','done',10,'new','',1.79530229701545453071e+09);
INSERT INTO "steps" VALUES(1,26,'upload','eq=ual','done',10,'new','',1795302297.01551);
INSERT INTO "steps" VALUES(1,27,'upload','bell⧵07','done',10,'new','',1.7953022970155391693e+09);
INSERT INTO "steps" VALUES(1,28,'upload','ctl⧵01x','done',10,'new','',1.79530229701557707787e+09);
INSERT INTO "steps" VALUES(1,29,'upload','dot.','done',9,'new','',1.79530229701564693453e+09);
INSERT INTO "steps" VALUES(1,30,'upload','comma,','done',10,'new','',1.79530229701583266257e+09);
INSERT INTO "steps" VALUES(1,31,'upload','h#sh','done',10,'new','',1.79530229701602435116e+09);
INSERT INTO "steps" VALUES(1,32,'upload','é-nfd','done',10,'new','',1.79530229701672291759e+09);
INSERT INTO "steps" VALUES(1,33,'upload','nul.txt','done',10,'new','',1.79530229701750588416e+09);
INSERT INTO "steps" VALUES(1,34,'upload','plain.txt','done',9,'new','',1.79530229701925015447e+09);
INSERT INTO "steps" VALUES(1,35,'upload','tab⧵09here','done',10,'new','',1.79530229702256321905e+09);
INSERT INTO "steps" VALUES(1,36,'upload','plus+plus','done',10,'new','',1.79530229702276587482e+09);
INSERT INTO "steps" VALUES(1,37,'upload','pct%41','done',10,'new','',1.79530229702298188207e+09);
INSERT INTO "steps" VALUES(1,38,'upload','latin-⧵E9','done',10,'new','',1.7953022970230677128e+09);
INSERT INTO "steps" VALUES(1,39,'upload','trail ','done',9,'new','',1.79530229702370715139e+09);
INSERT INTO "steps" VALUES(1,40,'upload','st*r','done',10,'new','',1.79530229702388811115e+09);
INSERT INTO "steps" VALUES(1,41,'upload','semi;colon','done',10,'new','',1.79530229702401757235e+09);
INSERT INTO "steps" VALUES(1,42,'upload','pct%2F','done',10,'new','',1.79530229702413821222e+09);
INSERT INTO "steps" VALUES(1,43,'upload','ti~de','done',10,'new','',1795302297.02425);
INSERT INTO "steps" VALUES(1,44,'upload','|pipe','done',10,'new','',1.79530229702523970599e+09);
INSERT INTO "steps" VALUES(1,45,'upload','q?m','done',10,'new','',1.79530229702540397637e+09);
INSERT INTO "steps" VALUES(1,46,'upload','with space','done',9,'new','',1.79530229702565622329e+09);
INSERT INTO "steps" VALUES(1,47,'upload','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','done',10,'new','',1.79530229702577662472e+09);
INSERT INTO "steps" VALUES(1,48,'upload','{brace}','done',10,'new','',1.79530229702588748933e+09);
INSERT INTO "steps" VALUES(1,49,'upload','nl⧵0Ax','done',10,'new','',1.79530229702599167826e+09);
INSERT INTO "steps" VALUES(1,50,'upload',' nnbsp','done',10,'new','',1.7953022970299117565e+09);
INSERT INTO "steps" VALUES(1,51,'upload','⧵E2⧵80⧵9B41','done',10,'new','',1.79530229703037261961e+09);
INSERT INTO "steps" VALUES(1,52,'upload','é-nfc','done',10,'new','',1.79530229703044891362e+09);
INSERT INTO "steps" VALUES(1,53,'upload','␀␊␡','done',10,'new','',1.79530229703048753737e+09);
INSERT INTO "steps" VALUES(1,54,'upload',' nbsp','done',10,'new','',1.79530229703051400188e+09);
INSERT INTO "steps" VALUES(1,55,'upload','⧵C3','done',10,'new','',1.79530229703060245517e+09);
INSERT INTO "steps" VALUES(1,56,'upload',' sep','done',10,'new','',1.79530229703077149391e+09);
INSERT INTO "steps" VALUES(1,57,'upload','⧵EF⧵BF⧵BF','done',10,'new','',1.79530229703141474724e+09);
INSERT INTO "steps" VALUES(1,58,'upload','⧵E2⧵A7⧵B541','done',10,'new','',1.79530229703145456318e+09);
INSERT INTO "steps" VALUES(1,59,'upload','⧵E2⧵80⧵9Bquote','done',10,'new','',1.79530229703201341627e+09);
INSERT INTO "steps" VALUES(1,60,'upload','‎ltr','done',10,'new','',1.79530229703205323216e+09);
INSERT INTO "steps" VALUES(1,61,'upload','日本語','done',10,'new','',1.79530229704059529302e+09);
INSERT INTO "steps" VALUES(1,62,'upload','﻿bom','done',10,'new','',1.79530229704085254665e+09);
INSERT INTO "steps" VALUES(1,63,'upload','　wide','done',10,'new','',1.79530229704110026352e+09);
INSERT INTO "steps" VALUES(1,64,'upload','／．＼：','done',10,'new','',1.79530229704113817213e+09);
INSERT INTO "steps" VALUES(1,65,'upload','😀','done',10,'new','',1.79530229704131793978e+09);
INSERT INTO "steps" VALUES(2,1,'create','plain','done',0,'missing','',1.7953022970982859134e+09);
INSERT INTO "steps" VALUES(2,2,'upload','b.txt','done',9,'new','',1.7953022971099662781e+09);
INSERT INTO "steps" VALUES(2,3,'upload','a.txt','done',9,'new','',1.79530229711043167115e+09);
INSERT INTO "steps" VALUES(2,4,'upload','c.txt','done',9,'new','',1.79530229711050915721e+09);
INSERT INTO "steps" VALUES(3,1,'upload','b.txt','planned',19,'size','',1.79530229714585375785e+09);
INSERT INTO "steps" VALUES(3,2,'delete','a.txt','planned',0,'extra','',1.7953022971461539269e+09);
INSERT INTO "steps" VALUES(4,1,'upload','sub/folder/c.txt','done',9,'new','',1.7953022971886832714e+09);
INSERT INTO "steps" VALUES(4,2,'upload','sub/folder/b.txt','done',19,'new','',1.79530229718875908848e+09);
INSERT INTO "steps" VALUES(5,1,'upload','b.txt','done',19,'size','',1.79530229723732900623e+09);
INSERT INTO "steps" VALUES(5,2,'delete','a.txt','done',0,'extra','',1.79530229724519228935e+09);
INSERT INTO "steps" VALUES(5,3,'delete','sub/folder/b.txt','done',0,'extra','',1.79530229724521541594e+09);
INSERT INTO "steps" VALUES(5,4,'delete','sub/folder/c.txt','done',0,'extra','',1.79530229724522113806e+09);
INSERT INTO "steps" VALUES(6,1,'delete','b.txt','done',0,'extra','',1.79530229727761745459e+09);
INSERT INTO "steps" VALUES(6,2,'delete','c.txt','done',0,'extra','',1.79530229727764964109e+09);
INSERT INTO "steps" VALUES(6,3,'drop','plain','done',0,'source_empty','',1.79530229727961516375e+09);
INSERT INTO "steps" VALUES(8,1,'create','plain','done',0,'missing','',1.79530229738772869113e+09);
INSERT INTO "steps" VALUES(8,2,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79530229739568471906e+09);
INSERT INTO "steps" VALUES(8,3,'upload','c.txt','done',9,'new','',1.79530229739790463442e+09);
INSERT INTO "steps" VALUES(8,4,'upload','b.txt','done',19,'new','',1.79530229739817547797e+09);
INSERT INTO "steps" VALUES(9,1,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79530229744125413896e+09);
INSERT INTO "steps" VALUES(9,2,'upload','folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key','failed',0,'key_refused','A key must be text of 1 to 1024 bytes in UTF-8, and ''folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key'' is not.',1.79530229744170188909e+09);
INSERT INTO "steps" VALUES(11,1,'create','cancelled','done',0,'missing','',1.79530229753395557403e+09);
INSERT INTO "steps" VALUES(11,2,'upload',' lead','done',9,'new','',1.79530229754094696045e+09);
INSERT INTO "steps" VALUES(12,1,'create','pictures','done',0,'missing','',1.79530229900150585173e+09);
INSERT INTO "steps" VALUES(12,2,'upload','cval/images/train/1.jpg','done',9,'new','',1.79530229901255273822e+09);
INSERT INTO "steps" VALUES(12,3,'upload','cval/images/train/2.jpg','done',9,'new','',1.79530229901294898983e+09);
INSERT INTO "steps" VALUES(12,4,'upload','cval/images/train/no image.txt','done',9,'new','',1.79530229901345896722e+09);
INSERT INTO "steps" VALUES(13,1,'download','cval/images/train/1.jpg','done',9,'new','',1.79530229910141777994e+09);
INSERT INTO "steps" VALUES(13,2,'download','cval/images/train/no image.txt','done',9,'new','',1.7953022991018390656e+09);
INSERT INTO "steps" VALUES(13,3,'download','cval/images/train/2.jpg','done',9,'new','',1.79530229910235190394e+09);
INSERT INTO "steps" VALUES(13,4,'check','cval/images/train/no image.txt','skipped',0,'layout_invalid','This is no image. The names of images end with .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff or .webp.',1.7953022991046187878e+09);
INSERT INTO "steps" VALUES(14,1,'copy','cval/images/train/2.jpg','done',9,'new','',1.7953022992237701416e+09);
INSERT INTO "steps" VALUES(14,2,'copy','cval/images/train/1.jpg','done',9,'new','',1.795302299224701643e+09);
INSERT INTO "steps" VALUES(14,3,'copy','cval/images/train/no image.txt','done',9,'new','',1.7953022992250125408e+09);
INSERT INTO "steps" VALUES(15,1,'copy','Pasted Entry','done',6,'new','',1.79530229923469638827e+09);
INSERT INTO "steps" VALUES(16,1,'copy','cval/images/train/no_image.txt','done',9,'new','',1.79530229935496878621e+09);
INSERT INTO "steps" VALUES(16,2,'copy','cval/images/train/1.jpg_261121_230459','done',9,'new','',1.79530229935530471802e+09);
INSERT INTO "steps" VALUES(16,3,'copy','cval/images/train/2.jpg_261121_230459','done',9,'new','',1.7953022993556582927e+09);
INSERT INTO "steps" VALUES(17,1,'copy','cval/images/train/1.jpg','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:45213.',1.79530229943590092654e+09);
INSERT INTO "steps" VALUES(17,2,'copy','cval/images/train/2.jpg','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:45213.',1.79530229943611717218e+09);
INSERT INTO "steps" VALUES(17,3,'copy','cval/images/train/no_image.txt','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:45213.',1.79530229943629884717e+09);
INSERT INTO "steps" VALUES(18,1,'copy','flower.jpg','done',74,'new','',1.79530229971345090867e+09);
INSERT INTO "steps" VALUES(18,2,'copy','gone.jpg','failed',0,'object_missing','There is no ''gone'' that this account could see.',1.79530229971687054629e+09);
INSERT INTO "steps" VALUES(19,1,'copy','flower.jpg','done',74,'new','',1.79530229978381872181e+09);
INSERT INTO "steps" VALUES(22,1,'create','slow','done',0,'missing','',1.79530229990522551541e+09);
INSERT INTO "steps" VALUES(22,2,'upload',' lead','done',9,'new','',1.79530229991971302036e+09);
CREATE TABLE uploads (
	id VARCHAR(36) NOT NULL, 
	owner_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_uploads PRIMARY KEY (id), 
	CONSTRAINT fk_uploads_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "uploads" VALUES('d3f89deb-aef8-4965-8590-cedff8e9bb89',2,'',10,1795302299.50856);
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
INSERT INTO "users" VALUES(1,'admin','admin','$argon2id$v=19$m=65536,t=3,p=4$ezWiIpSFH2lKR0yd4uTRpA$PVmGoZKL6nvLlXpimArtf/Wy8t6PwO5hWri8NdzSc2o',1.79530229866458678248e+09,NULL,1.79530229895452690127e+09,NULL);
INSERT INTO "users" VALUES(2,'anna','user',NULL,1.79530229868379497524e+09,NULL,NULL,1099511627776);
INSERT INTO "users" VALUES(3,'gone','worker',NULL,1.79530229868486928936e+09,1.79530229868565225593e+09,NULL,NULL);
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
CREATE INDEX ix_consents_user_id ON consents (user_id);
CREATE INDEX ix_consents_expires_at ON consents (expires_at);
CREATE INDEX ix_picker_sessions_user_id ON picker_sessions (user_id);
CREATE INDEX ix_picker_sessions_connection_id ON picker_sessions (connection_id);
CREATE INDEX ix_picker_sessions_expires_at ON picker_sessions (expires_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('collections',5);
INSERT INTO "sqlite_sequence" VALUES('jobs',25);
INSERT INTO "sqlite_sequence" VALUES('users',3);
INSERT INTO "sqlite_sequence" VALUES('organisations',1);
INSERT INTO "sqlite_sequence" VALUES('api_keys',3);
INSERT INTO "sqlite_sequence" VALUES('connections',3);
INSERT INTO "sqlite_sequence" VALUES('schedules',1);
INSERT INTO "sqlite_sequence" VALUES('authorizations',2);
INSERT INTO "sqlite_sequence" VALUES('items',7);
INSERT INTO "sqlite_sequence" VALUES('copies',13);
INSERT INTO "sqlite_sequence" VALUES('grants',2);
COMMIT;
