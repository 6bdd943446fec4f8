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
INSERT INTO "api_keys" VALUES(1,2,'lost','60ac3ed84182af60309083f6c2e5c53377416b193368e72adb3d350bc869b5d5','a732',0,1.79530438914565944668e+09,NULL,1.79530438914777207377e+09,NULL,NULL);
INSERT INTO "api_keys" VALUES(2,2,'laptop','f60e89d6497bb7dd8b810ff4ffb2f9a18c009e2d40413c77c4e52112863d73c1','c944',0,1.79530438914936113364e+09,NULL,NULL,1.79530438947994136814e+09,NULL);
INSERT INTO "api_keys" VALUES(3,2,'of a page','5a03d237f244679baaa174b59d871fc802f95709e8c2aa60119a4b26c5c4986d','df62',0,1.79530439051702380183e+09,NULL,NULL,NULL,'["cloud_storage:read"]');
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
INSERT INTO "authorizations" VALUES(1,'c424afaa-9104-43f0-97ec-9f551d5fc477',2,'aws','{"access_key": "sluicetests", "secret_key": "********", "endpoint": "http://127.0.0.1:41547"}','gAAAAABrAivFhfh0bhY1hty2x7NQJx5IV0Jkin87LzejgqUeeWHHqy59HBhMmmO7DXy0SBiOjYJ3m6kljInErOWgooF7Xs7Ja3es0vsC_Lt8xP50h1OGTCIpSnpSP6Qgqt7yLYOYN13Pj2UPwp2z6bDYT9ml7QFv0v0C2ITIgIZud8PVOoVl5GUDJ2Bt4EFt8JspyzNfgqEz0HM1Mu1w6tTc6aVO9q33Mv_Trxzk7S1qOp34cLvoqMc=',NULL,'of a test',1.79530438960934805867e+09,1.79530438960934805867e+09,1.79530438960934805867e+09);
INSERT INTO "authorizations" VALUES(2,'9fd8880a-ca0d-416f-8549-4a42da659e5f',2,'gcp','{"private_key": "********"}','gAAAAABrAivGuIiY0pH-RZaXHTVoukKPfWIEMi4zHnWQ-xJYN_oD8TOmh-1zw0fOXzuyiP8LHD60Ln0ALKcbaa2kFUpxm0ZzH6Ez6pjcMnHM9NcCMF75Xv_amDhwFEWS02yPjApCBvFa6uJx81ARTJwQTuyD5cULEYOM6ulVxRgBdnUF6QKB38-bF9bOgn5Eh3zCo-zL36Z9MZRwZhhe5vf8IwYEZ2DTQA==',NULL,'',1.79530439014810895915e+09,1.79530439014810895915e+09,1.79530439014810895915e+09);
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
INSERT INTO "collections" VALUES(1,'187b6c16-f2e5-41a5-9afe-32a59c9f2ca3','dataset',2,'flowers',NULL,'[]',0,0,0,0,1.79530438952519035339e+09,1.79530438952519035339e+09);
INSERT INTO "collections" VALUES(2,'f5f7b280-9bc4-4dee-a2a3-0c0f9c4dcaa0','history',2,'Of a bucket',NULL,'[]',0,0,0,3,1.79530438958518743508e+09,1.79530439012788224214e+09);
INSERT INTO "collections" VALUES(3,'3e7e5be4-1c50-4a4c-a300-6dafdd5261aa','history',2,'Published','seen','["red"]',1,0,0,1,1.79530438959472036361e+09,1.79530439011238288874e+09);
INSERT INTO "collections" VALUES(4,'e91522e4-88e4-48f4-9e15-0e8b984bd822','history',2,'Deleted',NULL,'[]',0,1,0,1,1.79530438960136246679e+09,1.79530439014091348646e+09);
INSERT INTO "collections" VALUES(5,'b0e20102-43f6-400f-b7d4-fc72f8eaae2e','images',2,'col_1',NULL,'[]',0,0,0,2,1.795304390331073761e+09,1.7953043904272301197e+09);
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
INSERT INTO "connections" VALUES(1,'50bc8e8d-7bf2-4233-80d9-edb928b8a04a','s3','pictures','{"endpoint": "http://127.0.0.1:41547", "bucket": "pictures", "region": "us-east-1"}','gAAAAABrAivFgPgIw22kUUvzLJm1zLytjtoW71BpsZwk9AZSJhdnmXRRBYBXkT6i62ekWcN9Z1nHDc9Gybxhj3iks3r7aQleLznU9I4vtn2vQQOUTutQWzMFCFTeNh2eNAOpVopataDdXRbQ_1_6OH9BYyJhq8HIF8rXyoIr9Kemkt0bK-gJ7mYXhtxLgbwbP8JEMPuFnzZsipA58fidxxeDAhGnaslu08o-uQFvkEKAC2ATA0RUWAzPkqwphH9mm_7yxrrsjeK7AhBL1-47M4JBnn_8Kcggnw==',2,NULL,1.79530438948663067814e+09,1.79530438948663067814e+09,'keys','',NULL,'[]');
INSERT INTO "connections" VALUES(2,'ce190c94-c499-4c03-a883-4c29ca9b0f28','gdrive','user0@gmail.com','{"endpoint": "http://127.0.0.1:33879/drive/v3", "path": "/100000000000000000002", "bucket": "Sluice", "account": "100000000000000000002"}',NULL,2,NULL,1.7953043902328152657e+09,1.7953043902328152657e+09,'oauth','',NULL,'[]');
INSERT INTO "connections" VALUES(3,'acffaefc-0be7-4b01-9b89-ea5abaec3aaa','gdrive','user1@gmail.com','{"endpoint": "http://127.0.0.1:33879/drive/v3", "path": "/100000000000000000003", "bucket": "Sluice", "account": "100000000000000000003"}',NULL,2,NULL,1.7953043903196613789e+09,1.7953043903196613789e+09,'oauth','',NULL,'[]');
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
INSERT INTO "consents" VALUES('e2b18f617168b09c17a12fc83204c096b1c78deae79c7add1756b0a86a3f08f3',2,'google_drive','http://localhost:35471/api/v2/cloud-storage/auth/google_drive/callback','http://localhost:35471','["openid", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile", "https://www.googleapis.com/auth/drive.file"]','gAAAAABrAivGGnFVALmz_XyYh6p-skHtdi3MhxZ6wgy24KB1ybUIhc1nB8DoH0qc66k_KpC50OhvVfLE6gv1jUvi-B2LDK04n19g5Ze9VuDcGbj7E7i9-qJNUFZjxgKVS1AI7V8wyQmYcJO1ojteui0DPW8herGDL2dOYCBCrA5V2ZxVTvBhgPjDvxrms0E36nnGyWhMrK_HXpmAava8vabTQHfYoUNoJrHzJSuDhMZ2Gu04_iT88VzA0pgpwddJntqyhhCjw20OLUwp7mSxTDtWzXlJTdCgfml3xQ4-NupCPK68X5cuca0Gyy7tk_4ew-ikubj6FuQOxY0cOY4YOgoWuyt7b-ZALA==',1.79530499051444506646e+09);
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
INSERT INTO "copies" VALUES(1,'01a2007a-fc1e-7fc4-a673-57f76bdb46b6',2,'get','cval/images/train/1.jpg','1',NULL,1,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4',1.79530438966118216512e+09,1.79530438973975396159e+09,1.79530438973975396159e+09);
INSERT INTO "copies" VALUES(2,'01a2007a-fc1e-7fc4-a673-57f76bdb46b6',2,'get','cval/images/train/2.jpg','2',NULL,2,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f',1.79530438966118216512e+09,1.79530438974665045742e+09,1.79530438974665045742e+09);
INSERT INTO "copies" VALUES(3,'01a2007a-fc1e-7fc4-a673-57f76bdb46b6',2,'get','cval/images/train/no image.txt','3',NULL,3,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d',1.79530438966118216512e+09,1.79530438974591469766e+09,1.79530438974591469766e+09);
INSERT INTO "copies" VALUES(4,'01a2007a-fc61-7f92-8868-82e0e77e9030',2,'import','6812e9a9-9186-442c-9255-992bbb36f1a5','4',NULL,4,3,'{"conversion": {"file_type": "auto", "posix_lines": true, "tabs": false, "decompress": false}, "name": "Pasted Entry", "upload": "6812e9a9-9186-442c-9255-992bbb36f1a5", "size": 6}','done',0,NULL,'',6,'a19e5ae584bdab4b2c57351357a8b54f9ba5208e0d35c5ca312884f578e800f8',1.79530438972593784328e+09,1.79530438976668858526e+09,1.79530438976668858526e+09);
INSERT INTO "copies" VALUES(5,'01a2007a-fce6-79e0-8be5-7f1fe9fc371b',2,'send','1','cval/images/train/1.jpg','cval/images/train/1.jpg_261121_233949',1,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4',1.795304389861569643e+09,1.79530438994399046894e+09,1.79530438994399046894e+09);
INSERT INTO "copies" VALUES(6,'01a2007a-fce6-79e0-8be5-7f1fe9fc371b',2,'send','2','cval/images/train/2.jpg','cval/images/train/2.jpg_261121_233949',2,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f',1.795304389861569643e+09,1.79530438994618272777e+09,1.79530438994618272777e+09);
INSERT INTO "copies" VALUES(7,'01a2007a-fce6-79e0-8be5-7f1fe9fc371b',2,'send','3','cval/images/train/no_image.txt','cval/images/train/no_image.txt',3,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d',1.795304389861569643e+09,1.79530438994531798364e+09,1.79530438994531798364e+09);
INSERT INTO "copies" VALUES(8,'01a2007a-fd68-74b3-967e-c2b662b016d0',2,'send','1','cval/images/train/1.jpg',NULL,1,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41547.',0,NULL,1.79530438999090051653e+09,1.79530439005926513666e+09,1.79530439005926513666e+09);
INSERT INTO "copies" VALUES(9,'01a2007a-fd68-74b3-967e-c2b662b016d0',2,'send','2','cval/images/train/2.jpg',NULL,2,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41547.',0,NULL,1.79530438999090051653e+09,1.79530439005972051623e+09,1.79530439005972051623e+09);
INSERT INTO "copies" VALUES(10,'01a2007a-fd68-74b3-967e-c2b662b016d0',2,'send','3','cval/images/train/no_image.txt',NULL,3,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41547.',0,NULL,1.79530438999090051653e+09,1.79530439006001353262e+09,1.79530439006001353262e+09);
INSERT INTO "copies" VALUES(11,'01a2007a-feba-72f7-aefa-e00400c7b072',2,'drive-import','1ezSZnDta-OqULtUkqsN8toqiChc5zJEc','6',NULL,6,5,'{"name": "flower.jpg", "describe": true, "image_id": "1e8f7950-307e-4343-8f0e-30eb994b5ad6"}','done',0,NULL,'',74,'e49bf838e00846fa4fc4bb8c0fde1077ef8a88fc1178c414c40e9378ffd17c1b',1.79530439033006787305e+09,1.79530439042809891701e+09,1.79530439042809891701e+09);
INSERT INTO "copies" VALUES(12,'01a2007a-feba-72f7-aefa-e00400c7b072',2,'drive-import','gone','7',NULL,7,5,'{"name": "gone.jpg", "describe": true, "image_id": "78bfc592-90fa-4bcf-a74f-261181e7b8ac"}','failed',0,'object_missing','There is no ''gone'' that this account could see.',0,NULL,1.79530439033006787305e+09,1.79530439035367941858e+09,1.79530439035367941858e+09);
INSERT INTO "copies" VALUES(13,'01a2007a-ff34-7c33-86b3-3813ba924707',2,'drive-export','6','flower.jpg','1Agqx_Z42JOFMfHkfwjJ-hNq0iWAxqrVJ',6,5,'{"folder_id": null, "folder_name": "From here", "image_id": "1e8f7950-307e-4343-8f0e-30eb994b5ad6", "mime_type": "image/png", "size": 74, "folder": "159IFsyYke_er7ZOJjZxCs5hMcX2cfpWn"}','done',0,NULL,'',74,'e49bf838e00846fa4fc4bb8c0fde1077ef8a88fc1178c414c40e9378ffd17c1b',1.79530439045148324968e+09,1.79530439048051476472e+09,1.79530439048051476472e+09);
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
INSERT INTO "failed_logins" VALUES('0f3369d26055452b30b884c1a2f1b33c8e5fbf1064a98d7d4712f7d14db8350a',1,1.79530438926738452913e+09,NULL);
INSERT INTO "failed_logins" VALUES('4a01ed75f3ef387302303555a822dae108e80b7824465eba79b1c5849393d1ea',1,1.79530438926738452913e+09,NULL);
INSERT INTO "failed_logins" VALUES('910f04d64304c2cede2823589494d6fdb77007609ec3494920c23a3889856ea3',0,1.79530438939485526084e+09,NULL);
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
INSERT INTO "grants" VALUES(1,'ce190c94-c499-4c03-a883-4c29ca9b0f28',2,'google_drive','100000000000000000002','user0@gmail.com','John Doe','["https://www.googleapis.com/auth/drive.file", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile", "openid"]',0,'gAAAAABrAivGqvACu7Kj2Ksn4H82FiRaXkW4Bm73QaU9tsckUGLyIrP2uf0BrAHf305aGB7Mbk-Sw-ubB36kqqaTLIlQATeYn8zhb4ZpmI_2DOGL76LxnxxTuatYZwYoGyImt40aLfljhnZ29r0ptKGbl7xIWhlcqrbkDv_ll9JRzfNpbJLfK4ZBllamF9_4vRrPp9D-CRrmF3LJExYFQxrY3T-gzHDRtziVQnsdhXekqU0L6rs9CFODT5vDYl645Bna0hwQknEdu4VgSX2xAw3xSenPYdV6HSizuGAZ6hQBYte73knnVdQyCnz4Mff5hBRtwhlI9ZU_a4J1tle2BEke8mnU0OQBg-6Cb2XeYVLzoP1HmKE53XxxIHND5mWlBofLX422fQ0VTGj5zA8EhlkxQVvVcYdDGC7O2773eWColK2xDFNQVQu1ocHRZ4I6rMIBWlnWR04j',1.79530798923388433454e+09,0.0,1.79530439023386502268e+09,1.79530439024274659151e+09);
INSERT INTO "grants" VALUES(2,'acffaefc-0be7-4b01-9b89-ea5abaec3aaa',2,'google_drive','100000000000000000003','user1@gmail.com','John Doe','["https://www.googleapis.com/auth/drive.file", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile", "openid"]',1,'gAAAAABrAivGU8DGpMG6NDzAf_YnUpIK4FxBtOLxiC_r-PyjD6E8PkHhVJ2PC2QQ9Egf7jfvmq4Jx2GHVhNQW1Na8OlWz0ajH5Tz6UA9pHrNYvaHkVqSFnaK2Q_VQCVX_2n0wDjGj0GGBelPyeTcPw2FI55gL2I04vwQK-970WjYvlTGKlX5b5djwATnCmq1FiwX8kbLwRKHEaGdaJaPuaemZOI7UsBzQquuS2f5aHU8rJOFPp4B6zSMg54mdbFy11cPBY_PLb9Ufs172Hxax5WatcxKnXzt3BGF7mPng3qEUjm2n0iLjdx8gQbqwfkF0K-rbPSRChUhWaT3LXaU2WtYGKFODBxIPhVI6MhQg-K7yMrt6Z1Vs3eo19eBwXC55EB_MffPlv1n4kGSyGiSzRMKiFsvX4qONDcGO76EuF-F540rJw4BDBB0zh79Zh7YisCYriSkSkz4',1.79530798932057690615e+09,0.0,1.79530439032056331636e+09,1.79530439034393239023e+09);
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
INSERT INTO "items" VALUES(1,'ee61c7ad-e21a-4796-9491-782e8878ec7e',2,1,'cval/images/train/1.jpg','ready','882de880-7568-419d-a791-83fce171277a',9,'239b55f9df0621a32a599ecd6e9c06fd','75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.7953043896642343998e+09,1.79530438973819446565e+09);
INSERT INTO "items" VALUES(2,'89348eb0-a0a3-4a14-804e-77cda90e0323',2,2,'cval/images/train/2.jpg','ready',NULL,9,'9297ab3fbd56b42f6566284119238125','d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f','txt','{"dbkey": "hg38"}','[]',NULL,'',1,1,1,1.7953043896642343998e+09,1.79530439012788224214e+09);
INSERT INTO "items" VALUES(3,'c63fd299-9805-4784-a2e2-60e421668e83',2,3,'cval/images/train/no image.txt','ready','1d9a86c4-2d13-437a-957b-eb4041afa95d',9,'6685cd62b95f2c58818cb20e7292168b','9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.7953043896642343998e+09,1.79530438974148678779e+09);
INSERT INTO "items" VALUES(4,'f3073bc7-8406-4c51-ba7c-ef2d6c18c7be',3,1,'Pasted Entry','ready','246083ae-ab01-43eb-8597-d272211e20d0',6,'fc4d17f28dbf5021a06f68eef35968d4','a19e5ae584bdab4b2c57351357a8b54f9ba5208e0d35c5ca312884f578e800f8','bed','{}','[]',NULL,'',1,0,0,1.79530438973088955875e+09,1.79530438976593470579e+09);
INSERT INTO "items" VALUES(5,'3804c947-cb55-4773-9aca-4167bac2b9cd',4,1,'cval/images/train/1.jpg','ready','882de880-7568-419d-a791-83fce171277a',9,'239b55f9df0621a32a599ecd6e9c06fd','75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79530439012110257148e+09,1.79530439012110257148e+09);
INSERT INTO "items" VALUES(6,'1e8f7950-307e-4343-8f0e-30eb994b5ad6',5,1,'flower.jpg','ready','81415e18-bb3f-4e9f-9c27-1e1ff5aee1e1',74,'ab528da0cb937366b59094524fbe279b','e49bf838e00846fa4fc4bb8c0fde1077ef8a88fc1178c414c40e9378ffd17c1b','png','{"drive_file_id": "1ezSZnDta-OqULtUkqsN8toqiChc5zJEc", "connection_id": "acffaefc-0be7-4b01-9b89-ea5abaec3aaa", "collection_id": "col_1", "mime_type": "image/png", "format": "PNG", "width": 8, "height": 8}','["red"]','PNG image, 8 x 8 pixels, 74 bytes','',1,0,0,1.79530439033361840246e+09,1.7953043904272301197e+09);
INSERT INTO "items" VALUES(7,'78bfc592-90fa-4bcf-a74f-261181e7b8ac',5,2,'gone.jpg','failed',NULL,0,NULL,NULL,'data','{"drive_file_id": "gone", "connection_id": "acffaefc-0be7-4b01-9b89-ea5abaec3aaa", "collection_id": "col_1"}','["red"]',NULL,'There is no ''gone'' that this account could see.',1,0,0,1.79530439033361840246e+09,1.7953043903497748375e+09);
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
INSERT INTO "jobs" VALUES(1,'01a2007a-f264-7fce-9f56-9b38886642a5','mirror','succeeded',NULL,'64 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "odd-names", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 64, "deletes": 0, "bytes": 630}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 2716, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41547/odd-names','',0,1,0,3,NULL,NULL,NULL,1.7953043871721608639e+09,1.79530438718293428425e+09,1.79530438741860270501e+09,NULL);
INSERT INTO "jobs" VALUES(2,'01a2007a-f372-7d40-8493-38da6e26a5e8','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 643, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41547/plain','',0,1,0,3,NULL,NULL,NULL,1.79530438744238519674e+09,1.79530438744543862335e+09,1.79530438748868393901e+09,NULL);
INSERT INTO "jobs" VALUES(3,'01a2007a-f3b1-7938-a3d4-552b326e057d','mirror','succeeded',NULL,'A dry run: nothing was changed.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": true, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 1, "bytes": 19, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79530438750589537615e+09,1.7953043875083413124e+09,1.79530438752767109865e+09,NULL);
INSERT INTO "jobs" VALUES(4,'01a2007a-f3db-71a4-a05a-0106abb2ed81','mirror','succeeded',NULL,'2 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "sub/folder/", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["include", "*.txt"]], "max_delete": "50%", "check": "exact"}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 847, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41547/plain','sub/folder/',0,1,0,3,NULL,NULL,NULL,1.79530438754708552358e+09,1.79530438755027937892e+09,1.79530438758460640907e+09,NULL);
INSERT INTO "jobs" VALUES(5,'01a2007a-f418-71b0-bb7f-6e7a3bd15dda','mirror','succeeded',NULL,'1 uploaded, 3 deleted, 1 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 3, "bytes": 19, "complete": true}, "done": {"uploads": 1, "deletes": 3, "bytes": 19}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 478, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41547/plain','',0,1,0,3,NULL,NULL,NULL,1.79530438760884451863e+09,1.79530438761203360552e+09,1.79530438765340161319e+09,NULL);
INSERT INTO "jobs" VALUES(6,'01a2007a-f45b-739a-b142-08a5c7dc541f','mirror','succeeded',NULL,'0 uploaded, 2 deleted, 0 unchanged. The source does not exist, so the bucket was deleted.','{"direction": "upload", "source": "missing", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 2, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 2, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41547/plain','',0,1,0,3,NULL,NULL,NULL,1.79530438767506814005e+09,1.79530438767744326584e+09,1.79530438771260476109e+09,NULL);
INSERT INTO "jobs" VALUES(7,'01a2007a-f49a-717d-a113-951879a69019','mirror','failed','storage_unreachable','http://127.0.0.1:9 cannot be reached. Check the address, and whether it is running.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:9", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:9/plain','',0,1,0,3,NULL,NULL,NULL,1.79530438773883676533e+09,1.79530438774188113217e+09,1.79530438777610945695e+09,NULL);
INSERT INTO "jobs" VALUES(8,'01a2007a-f4d8-76c4-bfeb-823400240192','mirror','partial','files_skipped','2 uploaded, 0 deleted, 0 unchanged, 1 skipped. What was skipped is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "bytes_per_second": 685, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41547/plain','',0,1,0,3,NULL,NULL,NULL,1.7953043878006620407e+09,1.79530438780329585071e+09,1.79530438784548187257e+09,NULL);
INSERT INTO "jobs" VALUES(9,'01a2007a-f51e-730b-b07f-aa14d63e14ec','mirror','partial','upload_failed','0 uploaded, 0 deleted, 2 unchanged, 1 skipped, 1 failed. What failed is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 9, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 2, "unchanged_by": {"index": 2, "size": 0, "content": 0}, "skipped": 1, "failed": 1, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41547/plain','',0,1,0,3,NULL,NULL,NULL,1.79530438787084817885e+09,1.79530438787371397022e+09,1.79530438789222598072e+09,NULL);
INSERT INTO "jobs" VALUES(10,'01a2007a-f540-7520-8a26-d5674b65afba','mirror','failed','too_many_deletions','The plan deletes 1 of 2 objects and max_delete allows 0. Nothing was deleted. Look at a dry run, then raise max_delete if that is what you want.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["exclude", "folder*"], ["exclude", "link"]], "max_delete": "0", "check": "exact"}','{"planned": {"uploads": 0, "deletes": 1, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:41547/plain','',0,1,0,3,NULL,NULL,NULL,1.79530438790448927883e+09,1.79530438790671110146e+09,1.79530438792714262005e+09,NULL);
INSERT INTO "jobs" VALUES(11,'01a2007a-f561-7780-8ab8-3a827fe2ebda','mirror','cancelled','cancelled_by_user','Stopped after 1 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "cancelled", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 9, "eta_seconds": 65}',NULL,'s3://127.0.0.1:41547/cancelled','',1,1,0,5,NULL,NULL,NULL,1.79530438793730711937e+09,1.7953043879400272369e+09,1.79530438897238373754e+09,NULL);
INSERT INTO "jobs" VALUES(12,'01a2007a-fb21-7cfe-98e1-4d816bd298b7','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "cval", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 538, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41547/pictures','cval/',0,1,0,3,NULL,NULL,NULL,1.79530438940937113762e+09,1.7953043894131355285e+09,1.79530438946838665015e+09,NULL);
INSERT INTO "jobs" VALUES(13,'01a2007a-fb7c-7ff1-ad14-ebb5fefeb537','synchronisation','partial','layout_invalid','3 downloaded, 0 deleted, 0 unchanged. 1 files or folders do not fit the layout of datasets, see /steps.','{"direction": "download", "source": "", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:41547", "connection": "50bc8e8d-7bf2-4233-80d9-edb928b8a04a", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "bytes_per_second": 409, "eta_seconds": 0}',NULL,'mirror:50bc8e8d-7bf2-4233-80d9-edb928b8a04a','',0,1,0,4,NULL,NULL,NULL,1.79530438950015759471e+09,1.7953043895081942081e+09,1.79530438957527780537e+09,2);
INSERT INTO "jobs" VALUES(14,'01a2007a-fc1e-7fc4-a673-57f76bdb46b6','copy','succeeded',NULL,'3 copied.','{"direction": "get", "source": "pictures", "dest": "library", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": {"place": {"bucket": "pictures", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:41547/pictures", "url": ""}, "to": null}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 354, "eta_seconds": 0}',NULL,'','',0,1,0,4,NULL,NULL,NULL,1.79530438966282939912e+09,1.79530438967311191562e+09,1.79530438975194978718e+09,2);
INSERT INTO "jobs" VALUES(15,'01a2007a-fc61-7f92-8868-82e0e77e9030','copy','succeeded',NULL,'1 copied.','{"direction": "import", "source": "", "dest": "library", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": null}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 6, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 6}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 324, "eta_seconds": 0}',NULL,'','',0,1,0,4,NULL,NULL,NULL,1.79530438972938442224e+09,1.79530438974969553953e+09,1.79530438976942181587e+09,2);
INSERT INTO "jobs" VALUES(16,'01a2007a-fce6-79e0-8be5-7f1fe9fc371b','copy','succeeded',NULL,'3 copied.','{"direction": "send", "source": "library", "dest": "pictures", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "pictures", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:41547/pictures", "url": ""}}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 350, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41547/pictures','cval/images/train/',0,1,0,3,NULL,NULL,NULL,1.79530438986232709886e+09,1.79530438986684203143e+09,1.79530438994888782502e+09,2);
INSERT INTO "jobs" VALUES(17,'01a2007a-fd68-74b3-967e-c2b662b016d0','copy','failed','storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41547.','{"direction": "send", "source": "library", "dest": "gone", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "gone", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:41547/gone", "url": ""}}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 3, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41547/gone','cval/images/train/',0,1,0,3,NULL,NULL,NULL,1.79530438999265050891e+09,1.7953043899964847565e+09,1.79530439006095623964e+09,2);
INSERT INTO "jobs" VALUES(18,'01a2007a-feba-72f7-aefa-e00400c7b072','copy','partial','object_missing','1 copied, 1 failed. What failed is listed by /steps.','{"direction": "drive-import", "source": "Google Drive", "dest": "library", "prefix": "", "storage_url": "http://127.0.0.1:33879/drive/v3/100000000000000000003", "connection": "acffaefc-0be7-4b01-9b89-ea5abaec3aaa", "connections": ["acffaefc-0be7-4b01-9b89-ea5abaec3aaa"], "wait": 0, "dry_run": false, "from": {"place": {"bucket": "Google Drive", "authorization": null, "connection": "acffaefc-0be7-4b01-9b89-ea5abaec3aaa"}, "target": "http://127.0.0.1:33879/drive/v3/100000000000000000003", "url": "http://127.0.0.1:33879/drive/v3/100000000000000000003"}, "to": null}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 0, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 74}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 1, "bytes_per_second": 808, "eta_seconds": 0}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.7953043903306589126e+09,1.79530439033748102188e+09,1.79530439042983961097e+09,2);
INSERT INTO "jobs" VALUES(19,'01a2007a-ff34-7c33-86b3-3813ba924707','copy','succeeded',NULL,'1 copied.','{"direction": "drive-export", "source": "library", "dest": "Google Drive", "prefix": "", "storage_url": "http://127.0.0.1:33879/drive/v3/100000000000000000003", "connection": "acffaefc-0be7-4b01-9b89-ea5abaec3aaa", "connections": ["acffaefc-0be7-4b01-9b89-ea5abaec3aaa"], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "Google Drive", "authorization": null, "connection": "acffaefc-0be7-4b01-9b89-ea5abaec3aaa"}, "target": "http://127.0.0.1:33879/drive/v3/100000000000000000003", "url": "http://127.0.0.1:33879/drive/v3/100000000000000000003"}}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 74, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 74}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 2791, "eta_seconds": 0}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79530439045209169388e+09,1.79530439045406389232e+09,1.79530439048179459569e+09,2);
INSERT INTO "jobs" VALUES(20,'01a2007a-ff7d-778c-bfdf-7a8de3de142a','mirror','running',NULL,'listing','{"direction": "upload", "source": "plain", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:39991", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}','gAAAAABrAivGZQYxGqAofFzsgyjI28zbz1rhkr_TtOc9TGmYjLvg5qAsTFe9AqyKkDnGwNvsAOwOfPx8P3dvEMIn3tb3H5VbtPa2bOdBgfjiu9wbSAB5KXV6bUeXIfsue-L-2DyLMqSJkPdtEAM9ySnlcKNb30MBS8C3NXvPqfYTeixchMbprckciLJsL6MlQwifyBG84QqI1XzZ3aeB8k6RwUDboShjBv1bMDlA-VrhKu19X9Dn8d99qm_PEjnPEQXFXEer4TVN15kFW66VS60OyruRXBXCGg==','s3://127.0.0.1:39991/held','',0,1,0,3,'32606-daf4baaeadab41cbbd9a0efa877f4148',NULL,1.7953043915557441711e+09,1.79530439052588653564e+09,1.79530439052934145927e+09,NULL,NULL);
INSERT INTO "jobs" VALUES(21,'01a2007a-ff89-7b9c-ba5c-e3c8075787f2','mirror','queued',NULL,'waiting for another job that uses held','{"direction": "upload", "source": "odd", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:39991", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}','gAAAAABrAivGZX6XkMh7PSilKn-Sd3BChzMMxIdrB9z_Ov2TiUP-av_G18VWzP5_FbQr9mNG0hRZIS8KeGFyhDOjFE8Iw-1jhDg8HqXhUPn2gSxcgNT02cBOv7LFEQXWjXmeViDqgTtRk35jkrCa3ruHfuu1NVLeYF2R-WLjdFfUFlAsXfh2zrQ1XQKb9F0EO02I8_eM6SyxJzE14pwjW1y55fqwO_OeT-JD8-MPdsZHzOcb0gNiSd3_bg4GqpZqzEXwIEIwi-Pz-mpN6-V-rqbuPVfsnvkTPQ==','s3://127.0.0.1:39991/held','',0,0,0,2,NULL,NULL,NULL,1.79530439053723573682e+09,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(22,'01a2007a-ff91-7077-8ef9-ac4bcbd636f4','mirror','running',NULL,'uploading  lead','{"direction": "upload", "source": "odd", "dest": "slow", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "bytes_per_second": 4, "eta_seconds": 128}',NULL,'s3://127.0.0.1:41547/slow','',0,1,0,4,'32606-daf4baaeadab41cbbd9a0efa877f4148',NULL,1.7953043915557441711e+09,1.79530439054593324655e+09,1.79530439054812264443e+09,NULL,NULL);
INSERT INTO "jobs" VALUES(23,'01a2007b-038c-76ac-bf45-b48daa61e2a2','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "later", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:41547/later','',0,0,0,2,NULL,NULL,NULL,1.79530439156426262856e+09,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(24,'01a2007b-0392-754e-a35b-e2fa6754df88','mirror','cancelled','cancelled_by_user','cancelled before it started','{"direction": "upload", "source": "plain", "dest": "never", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:41547/never','',1,0,0,4,NULL,NULL,NULL,1.79530439157064700128e+09,NULL,1.79530439157513308518e+09,NULL);
INSERT INTO "jobs" VALUES(25,'01a2007b-07fb-78c9-a513-6d48162f2335','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "reserved", "prefix": "", "storage_url": "http://127.0.0.1:41547", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:41547/reserved','',0,0,0,2,NULL,'377-a18c4c4ad0c547119851a68392cdfc54',NULL,1.79530439269954037668e+09,NULL,NULL,NULL);
CREATE TABLE memberships (
	organisation_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (organisation_id, user_id), 
	CONSTRAINT fk_memberships_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "memberships" VALUES(1,2,'owner',1.79530438913888621332e+09);
INSERT INTO "memberships" VALUES(1,1,'supervisor',1795304389.14328);
CREATE TABLE organisations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	slug VARCHAR(16) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT uq_organisations_slug UNIQUE (slug)
);
INSERT INTO "organisations" VALUES(1,'team','The team',1.79530438913888621332e+09);
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
INSERT INTO "picker_sessions" VALUES('19271a2370c9846f50943450e3064eb7fe8502c6eb27349d4edcc676bf2edb4a',2,'ce190c94-c499-4c03-a883-4c29ca9b0f28',1.79530798923388433454e+09,1.79530439024403524399e+09,1);
INSERT INTO "picker_sessions" VALUES('9e24df4bedb9331a8d235ad8646e47d5631c14864e42bacea3f57b1766edbab4',2,'acffaefc-0be7-4b01-9b89-ea5abaec3aaa',1.79530798932057690615e+09,1.79530439050664448736e+09,0);
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
INSERT INTO "schedules" VALUES(1,'connection:50bc8e8d-7bf2-4233-80d9-edb928b8a04a','synchronisation','{"connection": "50bc8e8d-7bf2-4233-80d9-edb928b8a04a"}',300,1,1.79530470513064312936e+09,'01a2007a-fb7c-7ff1-ad14-ebb5fefeb537','',1.79530438949126482008e+09);
CREATE TABLE sealing (
	id INTEGER NOT NULL, 
	sealed TEXT NOT NULL, 
	CONSTRAINT pk_sealing PRIMARY KEY (id)
);
INSERT INTO "sealing" VALUES(1,'gAAAAABrAivCaq758sPsRFH0eu13CbSCDNVWA-S3kDa7XdyuKq7elEZBdAUa2s3zM1ToLZGNc1ZxCAhR5XrNIv0q6Xug9K4vZSITNqLAw838McgACPmB7-TYkkD_JkW2gu3LGsThAH_T');
CREATE TABLE sessions (
	digest VARCHAR(64) NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DOUBLE NOT NULL, 
	expires_at DOUBLE NOT NULL, key_digest VARCHAR(64), 
	CONSTRAINT pk_sessions PRIMARY KEY (digest), 
	CONSTRAINT fk_sessions_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "sessions" VALUES('2b82d272fa351ee2cce3aa5d4f13e95eee0c26d18a275e96ae2af051ce865190',1,1.79530438939866948122e+09,1.79651398939866948126e+09,'409974c7f127f6db9ea3cf21206fafae870dff99f3e066c104a7e4e45bb33439');
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
INSERT INTO "steps" VALUES(1,1,'create','odd-names','done',0,'missing','',1.79530438733037447929e+09);
INSERT INTO "steps" VALUES(1,2,'upload','$dollar','done',10,'new','',1.79530438736979842178e+09);
INSERT INTO "steps" VALUES(1,3,'upload',' lead','done',9,'new','',1.79530438737056541442e+09);
INSERT INTO "steps" VALUES(1,4,'upload','[brack]','done',10,'new','',1.79530438738074064257e+09);
INSERT INTO "steps" VALUES(1,5,'upload','-dash','done',10,'new','',1.79530438738084340095e+09);
INSERT INTO "steps" VALUES(1,6,'upload','Case','done',10,'new','',1.79530438738096523288e+09);
INSERT INTO "steps" VALUES(1,7,'upload','--help','done',10,'new','',1.79530438738100528721e+09);
INSERT INTO "steps" VALUES(1,8,'upload','a.txt','done',9,'new','',1.79530438738119935996e+09);
INSERT INTO "steps" VALUES(1,9,'upload','`tick`','done',10,'new','',1.79530438738135290138e+09);
INSERT INTO "steps" VALUES(1,10,'upload','.hidden','done',9,'new','',1.79530438738147377964e+09);
INSERT INTO "steps" VALUES(1,11,'upload','''"','done',10,'new','',1.79530438738150572774e+09);
INSERT INTO "steps" VALUES(1,12,'upload','<xml>','done',10,'new','',1.7953043873815259933e+09);
INSERT INTO "steps" VALUES(1,13,'upload','a0','done',9,'new','',1.79530438738154220581e+09);
INSERT INTO "steps" VALUES(1,14,'upload','at@','done',10,'new','',1.79530438738155722613e+09);
INSERT INTO "steps" VALUES(1,15,'upload','a!b','done',9,'new','',1.79530438738157987598e+09);
INSERT INTO "steps" VALUES(1,16,'upload','amp&lt;','done',10,'new','',1.79530438738190484043e+09);
INSERT INTO "steps" VALUES(1,17,'upload','..twice','done',9,'new','',1.79530438738308572776e+09);
INSERT INTO "steps" VALUES(1,18,'upload','b\s','done',10,'new','',1.79530438738839650159e+09);
INSERT INTO "steps" VALUES(1,19,'upload','bad-⧵FF⧵FE','done',10,'new','',1.79530438738871169087e+09);
INSERT INTO "steps" VALUES(1,20,'upload','case','done',10,'new','',1.79530438738983345037e+09);
INSERT INTO "steps" VALUES(1,21,'upload','comma,','done',10,'new','',1.7953043873900921345e+09);
INSERT INTO "steps" VALUES(1,22,'upload','cr⧵0Dx','done',10,'new','',1.79530438739023685454e+09);
INSERT INTO "steps" VALUES(1,23,'upload','bell⧵07','done',10,'new','',1.79530438739055180552e+09);
INSERT INTO "steps" VALUES(1,24,'upload','c:olon','done',10,'new','',1.79530438739548158649e+09);
INSERT INTO "steps" VALUES(1,25,'upload','esc⧵1B[0m','done',10,'new','',1.79530438739564085007e+09);
INSERT INTO "steps" VALUES(1,26,'upload','del⧵7Fx','done',10,'new','',1.79530438739587712287e+09);
INSERT INTO "steps" VALUES(1,27,'upload','dot.','done',9,'new','',1.79530438739671230319e+09);
INSERT INTO "steps" VALUES(1,28,'upload','eq=ual','done',10,'new','',1.79530438739719176285e+09);
INSERT INTO "steps" VALUES(1,29,'upload','pct%2F','done',10,'new','',1.79530438739788460733e+09);
INSERT INTO "steps" VALUES(1,30,'upload','con','done',10,'new','',1.79530438739800167081e+09);
INSERT INTO "steps" VALUES(1,31,'upload','latin-⧵E9','done',10,'new','',1.79530438739830517768e+09);
INSERT INTO "steps" VALUES(1,32,'upload','pct%41','done',10,'new','',1.79530438739872455597e+09);
INSERT INTO "steps" VALUES(1,33,'upload','nul.txt','done',10,'new','',1.79530438740324783325e+09);
INSERT INTO "steps" VALUES(1,34,'upload','plain.txt','done',9,'new','',1.79530438740337228769e+09);
INSERT INTO "steps" VALUES(1,35,'upload','ctl⧵01x','done',10,'new','',1.79530438740371537211e+09);
INSERT INTO "steps" VALUES(1,36,'upload','nl⧵0Ax','done',10,'new','',1.79530438740633249282e+09);
INSERT INTO "steps" VALUES(1,37,'upload','é-nfd','done',10,'new','',1.79530438740680956845e+09);
INSERT INTO "steps" VALUES(1,38,'upload','plus+plus','done',10,'new','',1.79530438740693950652e+09);
INSERT INTO "steps" VALUES(1,39,'upload','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','done',10,'new','',1.79530438740713286401e+09);
INSERT INTO "steps" VALUES(1,40,'upload','tab⧵09here','done',10,'new','',1.79530438740742468838e+09);
INSERT INTO "steps" VALUES(1,41,'upload','st*r','done',10,'new','',1.79530438740759611124e+09);
INSERT INTO "steps" VALUES(1,42,'upload','|pipe','done',10,'new','',1.795304387407697916e+09);
INSERT INTO "steps" VALUES(1,43,'upload',' nbsp','done',10,'new','',1.79530438740784430498e+09);
INSERT INTO "steps" VALUES(1,44,'upload','q?m','done',10,'new','',1.79530438740795588491e+09);
INSERT INTO "steps" VALUES(1,45,'upload','with space','done',9,'new','',1.79530438740805482864e+09);
INSERT INTO "steps" VALUES(1,46,'upload','h#sh','done',10,'new','',1.79530438740813827512e+09);
INSERT INTO "steps" VALUES(1,47,'upload','{brace}','done',10,'new','',1.79530438740822410586e+09);
INSERT INTO "steps" VALUES(1,48,'upload','trail ','done',9,'new','',1.79530438740830945972e+09);
INSERT INTO "steps" VALUES(1,49,'upload','ti~de','done',10,'new','',1.79530438740853714942e+09);
INSERT INTO "steps" VALUES(1,50,'upload','semi;colon','done',10,'new','',1.7953043874086949825e+09);
INSERT INTO "steps" VALUES(1,51,'upload','é-nfc','done',10,'new','',1.79530438740871858601e+09);
INSERT INTO "steps" VALUES(1,52,'upload',' sep','done',10,'new','',1.79530438740876507755e+09);
INSERT INTO "steps" VALUES(1,53,'upload','⧵E2⧵80⧵9Bquote','done',10,'new','',1.79530438740889120106e+09);
INSERT INTO "steps" VALUES(1,54,'upload','⧵E2⧵80⧵9B41','done',10,'new','',1.79530438740904045103e+09);
INSERT INTO "steps" VALUES(1,55,'upload','⧵C3','done',10,'new','',1.79530438740918779376e+09);
INSERT INTO "steps" VALUES(1,56,'upload','␀␊␡','done',10,'new','',1.79530438740935039516e+09);
INSERT INTO "steps" VALUES(1,57,'upload',' nnbsp','done',10,'new','',1.79530438741398382183e+09);
INSERT INTO "steps" VALUES(1,58,'upload','　wide','done',10,'new','',1.79530438741428709031e+09);
INSERT INTO "steps" VALUES(1,59,'upload','⧵EF⧵BF⧵BF','done',10,'new','',1.79530438741437125202e+09);
INSERT INTO "steps" VALUES(1,60,'upload','／．＼：','done',10,'new','',1.79530438741440033913e+09);
INSERT INTO "steps" VALUES(1,61,'upload','⧵E2⧵A7⧵B541','done',10,'new','',1.79530438741442084312e+09);
INSERT INTO "steps" VALUES(1,62,'upload','﻿bom','done',10,'new','',1.7953043874144392014e+09);
INSERT INTO "steps" VALUES(1,63,'upload','日本語','done',10,'new','',1.79530438741445660588e+09);
INSERT INTO "steps" VALUES(1,64,'upload','‎ltr','done',10,'new','',1.79530438741447162629e+09);
INSERT INTO "steps" VALUES(1,65,'upload','😀','done',10,'new','',1.79530438741448831563e+09);
INSERT INTO "steps" VALUES(2,1,'create','plain','done',0,'missing','',1.79530438747635745998e+09);
INSERT INTO "steps" VALUES(2,2,'upload','a.txt','done',9,'new','',1.79530438748573899264e+09);
INSERT INTO "steps" VALUES(2,3,'upload','b.txt','done',9,'new','',1.79530438748586487771e+09);
INSERT INTO "steps" VALUES(2,4,'upload','c.txt','done',9,'new','',1.79530438748620414738e+09);
INSERT INTO "steps" VALUES(3,1,'upload','b.txt','planned',19,'size','',1.79530438752662110327e+09);
INSERT INTO "steps" VALUES(3,2,'delete','a.txt','planned',0,'extra','',1.79530438752697563175e+09);
INSERT INTO "steps" VALUES(4,1,'upload','sub/folder/b.txt','done',19,'new','',1.79530438757968568803e+09);
INSERT INTO "steps" VALUES(4,2,'upload','sub/folder/c.txt','done',9,'new','',1.79530438758235335347e+09);
INSERT INTO "steps" VALUES(5,1,'upload','b.txt','done',19,'size','',1.79530438763690018653e+09);
INSERT INTO "steps" VALUES(5,2,'delete','a.txt','done',0,'extra','',1.79530438765095901485e+09);
INSERT INTO "steps" VALUES(5,3,'delete','sub/folder/b.txt','done',0,'extra','',1.79530438765102958679e+09);
INSERT INTO "steps" VALUES(5,4,'delete','sub/folder/c.txt','done',0,'extra','',1.79530438765104341505e+09);
INSERT INTO "steps" VALUES(6,1,'delete','b.txt','done',0,'extra','',1.79530438770647954947e+09);
INSERT INTO "steps" VALUES(6,2,'delete','c.txt','done',0,'extra','',1.79530438770652127269e+09);
INSERT INTO "steps" VALUES(6,3,'drop','plain','done',0,'source_empty','',1.79530438771096539493e+09);
INSERT INTO "steps" VALUES(8,1,'create','plain','done',0,'missing','',1.79530438782999372479e+09);
INSERT INTO "steps" VALUES(8,2,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.7953043878418979644e+09);
INSERT INTO "steps" VALUES(8,3,'upload','b.txt','done',19,'new','',1.79530438784262394904e+09);
INSERT INTO "steps" VALUES(8,4,'upload','c.txt','done',9,'new','',1.79530438784303545945e+09);
INSERT INTO "steps" VALUES(9,1,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79530438789125037189e+09);
INSERT INTO "steps" VALUES(9,2,'upload','folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key','failed',0,'key_refused','A key must be text of 1 to 1024 bytes in UTF-8, and ''folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key'' is not.',1.79530438789141464231e+09);
INSERT INTO "steps" VALUES(11,1,'create','cancelled','done',0,'missing','',1.7953043880083463192e+09);
INSERT INTO "steps" VALUES(11,2,'upload',' lead','done',9,'new','',1.79530438801831173896e+09);
INSERT INTO "steps" VALUES(12,1,'create','pictures','done',0,'missing','',1.79530438945465588567e+09);
INSERT INTO "steps" VALUES(12,2,'upload','cval/images/train/2.jpg','done',9,'new','',1.79530438946542263024e+09);
INSERT INTO "steps" VALUES(12,3,'upload','cval/images/train/no image.txt','done',9,'new','',1.79530438946557354927e+09);
INSERT INTO "steps" VALUES(12,4,'upload','cval/images/train/1.jpg','done',9,'new','',1.79530438946566700932e+09);
INSERT INTO "steps" VALUES(13,1,'download','cval/images/train/no image.txt','done',9,'new','',1.79530438956951451305e+09);
INSERT INTO "steps" VALUES(13,2,'download','cval/images/train/2.jpg','done',9,'new','',1.79530438956977438924e+09);
INSERT INTO "steps" VALUES(13,3,'download','cval/images/train/1.jpg','done',9,'new','',1.79530438957052516932e+09);
INSERT INTO "steps" VALUES(13,4,'check','cval/images/train/no image.txt','skipped',0,'layout_invalid','This is no image. The names of images end with .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff or .webp.',1.79530438957347345356e+09);
INSERT INTO "steps" VALUES(14,1,'copy','cval/images/train/1.jpg','done',9,'new','',1.79530438974044704442e+09);
INSERT INTO "steps" VALUES(14,2,'copy','cval/images/train/no image.txt','done',9,'new','',1.79530438974617481229e+09);
INSERT INTO "steps" VALUES(14,3,'copy','cval/images/train/2.jpg','done',9,'new','',1.7953043897469656467e+09);
INSERT INTO "steps" VALUES(15,1,'copy','Pasted Entry','done',6,'new','',1.79530438976814150811e+09);
INSERT INTO "steps" VALUES(16,1,'copy','cval/images/train/1.jpg_261121_233949','done',9,'new','',1.79530438994427514074e+09);
INSERT INTO "steps" VALUES(16,2,'copy','cval/images/train/no_image.txt','done',9,'new','',1.79530438994562506677e+09);
INSERT INTO "steps" VALUES(16,3,'copy','cval/images/train/2.jpg_261121_233949','done',9,'new','',1.79530438994640660285e+09);
INSERT INTO "steps" VALUES(17,1,'copy','cval/images/train/1.jpg','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41547.',1.79530439005956244467e+09);
INSERT INTO "steps" VALUES(17,2,'copy','cval/images/train/2.jpg','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41547.',1.79530439005990266805e+09);
INSERT INTO "steps" VALUES(17,3,'copy','cval/images/train/no_image.txt','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41547.',1795304390.06017);
INSERT INTO "steps" VALUES(18,1,'copy','gone.jpg','failed',0,'object_missing','There is no ''gone'' that this account could see.',1.7953043903562939167e+09);
INSERT INTO "steps" VALUES(18,2,'copy','flower.jpg','done',74,'new','',1.79530439042829394343e+09);
INSERT INTO "steps" VALUES(19,1,'copy','flower.jpg','done',74,'new','',1.79530439048076272015e+09);
INSERT INTO "steps" VALUES(22,1,'create','slow','done',0,'missing','',1.79530439059693646425e+09);
INSERT INTO "steps" VALUES(22,2,'upload',' lead','done',9,'new','',1.79530439061077785488e+09);
CREATE TABLE uploads (
	id VARCHAR(36) NOT NULL, 
	owner_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_uploads PRIMARY KEY (id), 
	CONSTRAINT fk_uploads_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "uploads" VALUES('95716f3e-b280-4f5d-ad7a-f33627cac5e5',2,'',10,1.79530439015302419663e+09);
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
INSERT INTO "users" VALUES(1,'admin','admin','$argon2id$v=19$m=65536,t=3,p=4$d3Bzk8C3Up6Puiqit6HvYQ$olnYoR6dpHFq8P+zkkA/ND7HETPwyqvFMt/UCSIcgxA',1.79530438911169767379e+09,NULL,1.79530438939483237264e+09,NULL);
INSERT INTO "users" VALUES(2,'anna','user',NULL,1.79530438912990117066e+09,NULL,NULL,1099511627776);
INSERT INTO "users" VALUES(3,'gone','worker',NULL,1.7953043891310913562e+09,1.79530438913211917882e+09,NULL,NULL);
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
