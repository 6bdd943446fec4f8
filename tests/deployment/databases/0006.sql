BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
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
INSERT INTO "api_keys" VALUES(1,2,'lost','57acff2a38dfdd39e318c96966fc373d5ab385ef7fa9ca16f30e02a8f4a7f60f','fb3e',0,1.79531662169366645811e+09,NULL,1.79531662169574904438e+09,NULL,NULL);
INSERT INTO "api_keys" VALUES(2,2,'laptop','e5c9bbd215b30a54efcf790a83acf326637b98afb4ef3c29300ab82474624451','3177',0,1.79531662169755697254e+09,NULL,NULL,1.79531662206247973447e+09,NULL);
INSERT INTO "api_keys" VALUES(3,2,'of a page','bc667b165b51e22a332eba966bac429158363f0049f4bbef587316d3ec1ade08','7de4',0,1.79531662319758844375e+09,NULL,NULL,NULL,'["cloud_storage:read"]');
INSERT INTO "api_keys" VALUES(4,2,'of a session','2fee485112704bd5ab90f3cd32bc6da97d98c8363e09f7cf1c4ea8e3e64edaec','4d33',1,1.79531662320351672167e+09,NULL,NULL,1.79531662321112298963e+09,NULL);
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
INSERT INTO "authorizations" VALUES(1,'2cb0d9f3-3c87-48cd-9e15-1c6519f5a57f',2,'aws','{"access_key": "sluicetests", "secret_key": "********", "endpoint": "http://127.0.0.1:41467"}','gAAAAABrAluObRfQnPc2pnwAR_6hvobkiBuqy3SEDNocM4PskYIxxkZBlnD0dd90wReISIYNIr-muoeZsW-Tr8C-XqdI7l1u0Ew2OvHQ-pwP29pX0n_ZwkpXWG9xndUIwguYrfNStFBFDMv3byH21si2sKhi4goUWVkIDAJfT8uj83HLywP5Lwn3WhEI0V2aOfZsa5IaFH30XwlzL6Nl0yQ4yZ0Gxpgq8B_XZHongMP77oAxVFAe3wA=',NULL,'of a test',1.79531662220922088625e+09,1.79531662220922088625e+09,1.79531662220922088625e+09);
INSERT INTO "authorizations" VALUES(2,'b7ed7950-8a69-4437-b0d9-7496c894839c',2,'gcp','{"private_key": "********"}','gAAAAABrAluOeoCagKfW5TU3WmEro6rZckBelreoOPt68pE2RS1DsJ78RX--8xdgtSJdjLuWZ1-GYq_w1M6RnwsWnO9lGBlwwKLzs_pZt1q8YoOCcykVx7x6D67txYfda8eJitFgaaEa9btbH8OmBZc9nwKL22rPzWXwO7as7la3YZ7MBul8QUvH7RzaFJvqMbT6QtxckPgNQsyg-glGqm3fLkz4XCb6iA==',NULL,'',1.79531662268084502218e+09,1.79531662268084502218e+09,1.79531662268084502218e+09);
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
INSERT INTO "collections" VALUES(1,'a3e51dfc-ca99-4a77-a5f2-40b96869fcaa','dataset',2,'flowers',NULL,'[]',0,0,0,0,1.79531662214300823205e+09,1.79531662214300823205e+09);
INSERT INTO "collections" VALUES(2,'09e9d673-f8f9-4ae8-a622-872abe7cd332','history',2,'Of a bucket',NULL,'[]',0,0,0,3,1.79531662218899345402e+09,1.79531662266059303285e+09);
INSERT INTO "collections" VALUES(3,'3bed400d-9195-4a6c-a450-84553a5f7508','history',2,'Published','seen','["red"]',1,0,0,1,1.79531662219696283339e+09,1.7953166226489953995e+09);
INSERT INTO "collections" VALUES(4,'d3e0997b-c8e4-4fe2-b58f-fd116a6b3fd6','history',2,'Deleted',NULL,'[]',0,1,0,1,1.79531662220254087445e+09,1.79531662267375564578e+09);
INSERT INTO "collections" VALUES(5,'bceda444-dca8-468b-b09f-ea2a6ca1e803','images',2,'col_1',NULL,'[]',0,0,0,2,1.79531662288217377662e+09,1.79531662301068425176e+09);
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
INSERT INTO "connections" VALUES(1,'f6f81854-784e-4771-ba75-74b4f495489e','s3','pictures','{"endpoint": "http://127.0.0.1:41467", "bucket": "pictures", "region": "us-east-1"}','gAAAAABrAluO6uwvIO4P7uup6--Jl4KgecLE2XBuo0_apQ12kvN6JLiek16WNCZflYUgsD1NhyRi0GGw1_Yzg2w22BOraaG-LS0lP5xmaqictv9RzAkQFuQlGJvJQpkD50SM7AIjw0lDMPOLfQs6F8sqoYkozzHT0Utx-bMyVFChW6WsQ3KemZx1JSc3mYQ1nIzuU9NAaYS6eKJK4Y6novIlnxWtBkDTE3L1u7BmMsh8QT_7jx20KsC_ZYgLZ4oqjJFLghPpdUkcF2tgu5kKDPRmcVN4dRGH-g==',2,NULL,1.7953166220689444542e+09,1.7953166220689444542e+09,'keys','',NULL,'[]');
INSERT INTO "connections" VALUES(2,'2e44c5e6-3989-4bb5-b016-ed6e587f9cdb','gdrive','user0@gmail.com','{"endpoint": "http://127.0.0.1:43787/drive/v3", "path": "/100000000000000000002", "bucket": "Sluice", "account": "100000000000000000002"}',NULL,2,NULL,1.79531662276925253873e+09,1.79531662276925253873e+09,'oauth','',NULL,'[]');
INSERT INTO "connections" VALUES(3,'1e0ca0a0-d715-44c1-9d79-36700ccc1b87','gdrive','user1@gmail.com','{"endpoint": "http://127.0.0.1:43787/drive/v3", "path": "/100000000000000000003", "bucket": "Sluice", "account": "100000000000000000003"}',NULL,2,NULL,1.79531662286891102796e+09,1.79531662286891102796e+09,'oauth','',NULL,'[]');
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
INSERT INTO "consents" VALUES('8f51ba743a4566748ea1dfa77dc343000bafa843db264bb9a82a851a2bee4e0b',2,'google_drive','http://localhost:37205/api/v2/cloud-storage/auth/google_drive/callback','http://localhost:37205','["openid", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile", "https://www.googleapis.com/auth/drive.file"]','gAAAAABrAluPI0fJR1jFbjVjadvwRCbzhWmuQyVU7ckKmiwoHUTsIXdm2p5QfmeBibXRytc24NDNXIli1Moa7iht4GLMwicDcBT1HWrSDQgdnjiX7lsCzIKqQIevpDz0sv7_SsV7vOdtuTrJfJxiZe4IVEA2T7t8NxjAWBmvgwsepkZaI79iXqKnrDcdJGLeN_1GuK44MrP_uwmR9uY7apVtZ827FzJJjuXmwKOhAXhXml71IXRE5VPKSS9rj54DZWHnbmIo8ajeDGqKAyJPiXP6HLhkL_C9mHihV5slo6-QLU7fzN8jMkVEZFuy0ZVGdaLDEyU5SqKxC_MtTE_ndvUFCrXZLcUMgw==',1.79531722319423532488e+09);
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
INSERT INTO "copies" VALUES(1,'01a20135-a3ae-7958-8122-4507981968d9',2,'get','cval/images/train/1.jpg','1',NULL,1,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4',1.79531662225271201136e+09,1.79531662233754301066e+09,1.79531662233754301066e+09);
INSERT INTO "copies" VALUES(2,'01a20135-a3ae-7958-8122-4507981968d9',2,'get','cval/images/train/2.jpg','2',NULL,2,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f',1.79531662225271201136e+09,1795316622.33616,1795316622.33616);
INSERT INTO "copies" VALUES(3,'01a20135-a3ae-7958-8122-4507981968d9',2,'get','cval/images/train/no image.txt','3',NULL,3,2,'{"bucket": "pictures", "conversion": {"file_type": "auto", "posix_lines": false, "tabs": false, "decompress": false}, "size": 9}','done',0,NULL,'',9,'9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d',1.79531662225271201136e+09,1.79531662232897424704e+09,1.79531662232897424704e+09);
INSERT INTO "copies" VALUES(4,'01a20135-a3e1-7ea1-af77-0dd606a2b5f3',2,'import','3c44fd64-5f10-4d06-bef7-40d0d548edf3','4',NULL,4,3,'{"conversion": {"file_type": "auto", "posix_lines": true, "tabs": false, "decompress": false}, "name": "Pasted Entry", "upload": "3c44fd64-5f10-4d06-bef7-40d0d548edf3", "size": 6}','done',0,NULL,'',6,'a19e5ae584bdab4b2c57351357a8b54f9ba5208e0d35c5ca312884f578e800f8',1.795316622303347826e+09,1.79531662234787654872e+09,1.79531662234787654872e+09);
INSERT INTO "copies" VALUES(5,'01a20135-a454-71e5-80e8-32967dff9dd3',2,'send','1','cval/images/train/1.jpg','cval/images/train/1.jpg_261122_030342',1,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4',1795316622.41952,1.79531662249923896785e+09,1.79531662249923896785e+09);
INSERT INTO "copies" VALUES(6,'01a20135-a454-71e5-80e8-32967dff9dd3',2,'send','2','cval/images/train/2.jpg','cval/images/train/2.jpg_261122_030342',2,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f',1795316622.41952,1.79531662249833321573e+09,1.79531662249833321573e+09);
INSERT INTO "copies" VALUES(7,'01a20135-a454-71e5-80e8-32967dff9dd3',2,'send','3','cval/images/train/no_image.txt','cval/images/train/no_image.txt',3,2,'{"bucket": "pictures", "conflict": "rename", "size": 9}','done',0,NULL,'',9,'9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d',1795316622.41952,1.79531662249783778191e+09,1.79531662249783778191e+09);
INSERT INTO "copies" VALUES(8,'01a20135-a4d0-7320-8cab-1a7bc5f83176',2,'send','1','cval/images/train/1.jpg',NULL,1,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41467.',0,NULL,1.79531662254343986513e+09,1.79531662260292387009e+09,1.79531662260292387009e+09);
INSERT INTO "copies" VALUES(9,'01a20135-a4d0-7320-8cab-1a7bc5f83176',2,'send','2','cval/images/train/2.jpg',NULL,2,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41467.',0,NULL,1.79531662254343986513e+09,1.79531662260355162619e+09,1.79531662260355162619e+09);
INSERT INTO "copies" VALUES(10,'01a20135-a4d0-7320-8cab-1a7bc5f83176',2,'send','3','cval/images/train/no_image.txt',NULL,3,2,'{"bucket": "gone", "conflict": "rename", "size": 9}','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41467.',0,NULL,1.79531662254343986513e+09,1.79531662260388946532e+09,1.79531662260388946532e+09);
INSERT INTO "copies" VALUES(11,'01a20135-a621-7742-a95a-a01605538bde',2,'drive-import','1i1ihZACGLK6ZCyV-lF1qMia8_25o0wgJ','6',NULL,6,5,'{"name": "flower.jpg", "describe": true, "image_id": "17428756-d0aa-4da1-ac24-222a406123c0"}','done',0,NULL,'',74,'e49bf838e00846fa4fc4bb8c0fde1077ef8a88fc1178c414c40e9378ffd17c1b',1.79531662288061451913e+09,1.79531662301172685626e+09,1.79531662301172685626e+09);
INSERT INTO "copies" VALUES(12,'01a20135-a621-7742-a95a-a01605538bde',2,'drive-import','gone','7',NULL,7,5,'{"name": "gone.jpg", "describe": true, "image_id": "c0dc6e9d-b482-4435-be88-ae46ec5a300c"}','failed',0,'object_missing','There is no ''gone'' that this account could see.',0,NULL,1.79531662288061451913e+09,1.79531662290863251686e+09,1.79531662290863251686e+09);
INSERT INTO "copies" VALUES(13,'01a20135-a6ea-7f30-bb79-cb586c2a9c8a',2,'drive-export','6','flower.jpg','1NcIocgWAPVCPWH2bCQT88qdu5CaNbVZB',6,5,'{"folder_id": null, "folder_name": "From here", "image_id": "17428756-d0aa-4da1-ac24-222a406123c0", "mime_type": "image/png", "size": 74, "folder": "1Bi-AgFaebPqoFeh5LyEAtjsHQaItRmQ9"}','done',0,NULL,'',74,'e49bf838e00846fa4fc4bb8c0fde1077ef8a88fc1178c414c40e9378ffd17c1b',1.79531662308086276047e+09,1.79531662312244296069e+09,1.79531662312244296069e+09);
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
INSERT INTO "failed_logins" VALUES('0f3369d26055452b30b884c1a2f1b33c8e5fbf1064a98d7d4712f7d14db8350a',1,1.79531662183679056174e+09,NULL);
INSERT INTO "failed_logins" VALUES('4a01ed75f3ef387302303555a822dae108e80b7824465eba79b1c5849393d1ea',1,1.79531662183679056174e+09,NULL);
INSERT INTO "failed_logins" VALUES('910f04d64304c2cede2823589494d6fdb77007609ec3494920c23a3889856ea3',0,1.79531662198203873634e+09,NULL);
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
INSERT INTO "grants" VALUES(1,'2e44c5e6-3989-4bb5-b016-ed6e587f9cdb',2,'google_drive','100000000000000000002','user0@gmail.com','John Doe','["https://www.googleapis.com/auth/drive.file", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile", "openid"]',0,'gAAAAABrAluOcNOmizaK6G1g3oOzPZQdtlbNJGFkIrs8Dw3zUk653pV5Jl3arZkETIrsja1zJCcm6BiSoCfEfpOWIqUJMzpmpaG9f2AsIvEJD6C_1XdXpao2AdxvGaXdP0VoD8rtC3XWSTVgS5KbdzIUgDa4SULeGj8_GTx7r93_U0OqGerXu6DVxlvRQfjLAXig5MUq0yfqCyecPG_SJUIKoo7aE_Iu5efniY9d-ycfxslKbN5qswp3blhLezIlufqetJD2PttPXdhEAfUZHDaC6nFTnFaCE16y1d4OQ0xAri6__szPSDB3XQ4iUjvfZzIK-VnswIYOKMpV_b5NasjlxsrHdaWknWoq4GEr4Jq3fSpYjU0HCvr1uLs3cANM91DthJHkD5BZO4RmOygzWB8Q9SasWlFEE3LCfyFxfKnYFcDYTjrcVq_ypCxFxHyubpdWTQKAHZYH',1.79532022177030420309e+09,0.0,1.79531662277028584485e+09,1.79531662278087520596e+09);
INSERT INTO "grants" VALUES(2,'1e0ca0a0-d715-44c1-9d79-36700ccc1b87',2,'google_drive','100000000000000000003','user1@gmail.com','John Doe','["https://www.googleapis.com/auth/drive.file", "https://www.googleapis.com/auth/userinfo.email", "https://www.googleapis.com/auth/userinfo.profile", "openid"]',1,'gAAAAABrAluOna-Ylw0TIBhu9iXnrhWz6h4gg70Iy6dcbzSYbPJTUrwhdbBchixLEoI-28pyf5gUv9h_x67muMhqfjXhXlTqkkQMZMVs6s6XqJvmG0ofhB6pxrsBiFdaWqDTEzUiXIsPYMWdlw9J_fmel9z6XCZt-V21JUVDqBypmg94TDP9PzHd5HP4RLJBRQPpF67EBHEiJZZhac8QoNIooKigwBASY35lvHOs37qx2Br3D-G_0h-8bhVjogkbBte39jcWQH_HoGitTPvqN30LPyivfRG1TKQJBYkRwCH8URB0aN54BNqcPcW0J06D2zz5BTzmepOe_chRl3NAvJveivao-Dk512WKAytWhaGTxNgc_qfc_ja-uWeM7YQoFOJmLyrt07Oz82kW6kqbVuAhyJsBVM9ssTXDCVioNyQ13hETcP_Db9TkVwqG1VnDgOhHV00pqPYA',1.79532022187016773217e+09,0.0,1.79531662287015199666e+09,1.7953166229014234543e+09);
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
INSERT INTO "items" VALUES(1,'e664d938-f22a-46ad-b8cf-e84fa7f0bb34',2,1,'cval/images/train/1.jpg','ready','22f03d79-1a77-4735-972e-ccfdf84579df',9,'239b55f9df0621a32a599ecd6e9c06fd','75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79531662225542783736e+09,1.79531662233554863928e+09);
INSERT INTO "items" VALUES(2,'2bf1cfe3-4e74-4285-911a-62abe97ce966',2,2,'cval/images/train/2.jpg','ready',NULL,9,'9297ab3fbd56b42f6566284119238125','d1988cd3019824f075f61677e1a6f54b16035868488e4051757dde53adeef80f','txt','{"dbkey": "hg38"}','[]',NULL,'',1,1,1,1.79531662225542783736e+09,1.79531662266059303285e+09);
INSERT INTO "items" VALUES(3,'b703c868-dfd1-47bf-9085-1a98dc180d85',2,3,'cval/images/train/no image.txt','ready','6f19d756-f4db-45b6-a231-31e908532311',9,'6685cd62b95f2c58818cb20e7292168b','9597d898814f165b7ed6118722c24271fec8c1254d46e437ad6ab24050763e2d','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79531662225542783736e+09,1.7953166223225448131e+09);
INSERT INTO "items" VALUES(4,'0bb78227-a494-4a2e-a2a1-5ce685c7550d',3,1,'Pasted Entry','ready','3e762fb7-53b4-4a29-a364-6645e54bff4e',6,'fc4d17f28dbf5021a06f68eef35968d4','a19e5ae584bdab4b2c57351357a8b54f9ba5208e0d35c5ca312884f578e800f8','bed','{}','[]',NULL,'',1,0,0,1.7953166223062348366e+09,1.79531662234713029866e+09);
INSERT INTO "items" VALUES(5,'d86474f8-70d3-45d5-af7e-e3e5fc7ffedf',4,1,'cval/images/train/1.jpg','ready','22f03d79-1a77-4735-972e-ccfdf84579df',9,'239b55f9df0621a32a599ecd6e9c06fd','75e0d458fc2da40b5b8b8b614d0192e9da7fffc2d6042f33300fdb0e8a83dfb4','txt','{"dbkey": "hg38"}','[]',NULL,'',1,0,0,1.79531662265495300292e+09,1.79531662265495300292e+09);
INSERT INTO "items" VALUES(6,'17428756-d0aa-4da1-ac24-222a406123c0',5,1,'flower.jpg','ready','f7996556-8f6e-469e-b00d-775feb259825',74,'ab528da0cb937366b59094524fbe279b','e49bf838e00846fa4fc4bb8c0fde1077ef8a88fc1178c414c40e9378ffd17c1b','png','{"drive_file_id": "1i1ihZACGLK6ZCyV-lF1qMia8_25o0wgJ", "connection_id": "1e0ca0a0-d715-44c1-9d79-36700ccc1b87", "collection_id": "col_1", "mime_type": "image/png", "format": "PNG", "width": 8, "height": 8}','["red"]','PNG image, 8 x 8 pixels, 74 bytes','',1,0,0,1.79531662288495492928e+09,1.79531662301068425176e+09);
INSERT INTO "items" VALUES(7,'c0dc6e9d-b482-4435-be88-ae46ec5a300c',5,2,'gone.jpg','failed',NULL,0,NULL,NULL,'data','{"drive_file_id": "gone", "connection_id": "1e0ca0a0-d715-44c1-9d79-36700ccc1b87", "collection_id": "col_1"}','["red"]',NULL,'There is no ''gone'' that this account could see.',1,0,0,1.79531662288495492928e+09,1.79531662290559029578e+09);
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
	finished_at DOUBLE, owner_id INTEGER, throughput JSON, 
	CONSTRAINT ck_jobs_finished_is_final CHECK ((finished_at IS NULL) = (state IN ('queued', 'running'))), 
	CONSTRAINT uq_jobs_id UNIQUE (id)
);
INSERT INTO "jobs" VALUES(1,'01a20135-9956-70a4-aa9c-9a6fef946bae','mirror','succeeded',NULL,'64 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "odd-names", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 64, "deletes": 0, "bytes": 630}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316619.6182835, "ended_at": 1795316619.852658}, {"name": "uploading", "started_at": 1795316619.802882, "ended_at": 1795316619.8525534}], "bytes_per_second": 2640, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41467/odd-names','',0,1,0,3,NULL,NULL,NULL,1.79531661960609531403e+09,1.79531661961087298396e+09,1.79531661985711574547e+09,NULL,'{"seconds": 1, "intervals": [[630, 64]]}');
INSERT INTO "jobs" VALUES(2,'01a20135-9a64-7a05-85a4-f8c34c811d7e','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316619.883363, "ended_at": 1795316619.9280577}, {"name": "uploading", "started_at": 1795316619.9277823, "ended_at": 1795316619.9280143}], "bytes_per_second": 574, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41467/plain','',0,1,0,3,NULL,NULL,NULL,1.79531661987700223923e+09,1.79531661988008213047e+09,1.79531661993054056161e+09,NULL,'{"seconds": 1, "intervals": [[27, 3]]}');
INSERT INTO "jobs" VALUES(3,'01a20135-9aa6-718a-bbb3-b31a1f102bab','mirror','succeeded',NULL,'A dry run: nothing was changed.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": true, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 1, "deletes": 1, "bytes": 19, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316619.9468608, "ended_at": 1795316619.9761946}], "bytes_per_second": 0, "eta_seconds": null}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79531661994292855268e+09,1.79531661994552540779e+09,1.79531661998002362249e+09,NULL,'{"seconds": 1, "intervals": [[0, 0]]}');
INSERT INTO "jobs" VALUES(4,'01a20135-9ae2-7af1-a63a-d14217a4aba1','mirror','succeeded',NULL,'2 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "sub/folder/", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["include", "*.txt"]], "max_delete": "50%", "check": "exact", "own_keys": false}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316620.0075552, "ended_at": 1795316620.0385308}, {"name": "uploading", "started_at": 1795316620.0376828, "ended_at": 1795316620.0384374}], "bytes_per_second": 858, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41467/plain','sub/folder/',0,1,0,3,NULL,NULL,NULL,1.79531662000231957438e+09,1.79531662000491833682e+09,1.79531662004028153426e+09,NULL,'{"seconds": 1, "intervals": [[28, 2]]}');
INSERT INTO "jobs" VALUES(5,'01a20135-9b1f-79d9-8389-5c0db7605ecb','mirror','succeeded',NULL,'1 uploaded, 3 deleted, 1 unchanged.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 1, "deletes": 3, "bytes": 19, "complete": true}, "done": {"uploads": 1, "deletes": 3, "bytes": 19}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316620.0677075, "ended_at": 1795316620.0978405}, {"name": "uploading", "started_at": 1795316620.097746, "ended_at": 1795316620.097746}, {"name": "deleting", "started_at": 1795316620.108636, "ended_at": 1795316620.1086848}], "bytes_per_second": 441, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41467/plain','',0,1,0,3,NULL,NULL,NULL,1.79531662006386947627e+09,1.79531662006615829471e+09,1.7953166201108679772e+09,NULL,'{"seconds": 1, "intervals": [[19, 4]]}');
INSERT INTO "jobs" VALUES(6,'01a20135-9b5c-747a-99cc-07675da3ee06','mirror','succeeded',NULL,'0 uploaded, 2 deleted, 0 unchanged. The source does not exist, so the bucket was deleted.','{"direction": "upload", "source": "missing", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 0, "deletes": 2, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 2, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316620.1297266, "ended_at": 1795316620.145565}, {"name": "deleting", "started_at": 1795316620.1529963, "ended_at": 1795316620.1564677}], "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41467/plain','',0,1,0,3,NULL,NULL,NULL,1795316620.12471,1.79531662012803173069e+09,1.79531662015924406046e+09,NULL,'{"seconds": 1, "intervals": [[0, 2]]}');
INSERT INTO "jobs" VALUES(7,'01a20135-9b98-7642-8fa1-f269977a255e','mirror','failed','storage_unreachable','http://127.0.0.1:9 cannot be reached. Check the address, and whether it is running.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:9", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": true}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316620.1883287, "ended_at": null}], "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:9/plain','',0,1,0,3,NULL,NULL,NULL,1.79531662018463540079e+09,1.79531662018669795986e+09,1.79531662025316882135e+09,NULL,'{"seconds": 1, "intervals": [[0, 0]]}');
INSERT INTO "jobs" VALUES(8,'01a20135-9bec-7e10-83e0-9aa80d72dcfd','mirror','partial','files_skipped','2 uploaded, 0 deleted, 0 unchanged, 1 skipped. What was skipped is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316620.2735224, "ended_at": 1795316620.3168662}, {"name": "uploading", "started_at": 1795316620.3150113, "ended_at": 1795316620.3167987}], "bytes_per_second": 611, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41467/plain','',0,1,0,3,NULL,NULL,NULL,1.79531662026868867876e+09,1.79531662027194046978e+09,1795316620.31953,NULL,'{"seconds": 1, "intervals": [[28, 2]]}');
INSERT INTO "jobs" VALUES(9,'01a20135-9c38-747d-ba34-1c0e179b728d','mirror','partial','upload_failed','0 uploaded, 0 deleted, 2 unchanged, 1 skipped, 1 failed. What failed is listed by /steps.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 9, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 2, "unchanged_by": {"index": 2, "size": 0, "content": 0}, "skipped": 1, "failed": 1, "phases": [{"name": "listing", "started_at": 1795316620.351421, "ended_at": 1795316620.3728602}, {"name": "uploading", "started_at": 1795316620.3767104, "ended_at": null}], "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41467/plain','',0,1,0,3,NULL,NULL,NULL,1.79531662034435296059e+09,1.79531662034912157057e+09,1.79531662037680196761e+09,NULL,'{"seconds": 1, "intervals": [[0, 0]]}');
INSERT INTO "jobs" VALUES(10,'01a20135-9c76-71de-865a-30b5f9691139','mirror','failed','too_many_deletions','The plan deletes 1 of 2 objects and max_delete allows 0. Nothing was deleted. Look at a dry run, then raise max_delete if that is what you want.','{"direction": "upload", "source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [["exclude", "folder*"], ["exclude", "link"]], "max_delete": "0", "check": "exact", "own_keys": false}','{"planned": {"uploads": 0, "deletes": 1, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "unchanged_by": {"index": 1, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316620.4135973, "ended_at": 1795316620.4389167}], "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:41467/plain','',0,1,0,3,NULL,NULL,NULL,1.79531662040618562696e+09,1.79531662041208171839e+09,1.7953166204411489964e+09,NULL,'{"seconds": 1, "intervals": [[0, 0]]}');
INSERT INTO "jobs" VALUES(11,'01a20135-9cb1-75e3-8a89-685ebbd2fd71','mirror','cancelled','cancelled_by_user','Stopped after 1 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "odd", "dest": "cancelled", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316620.4713616, "ended_at": 1795316620.5432618}, {"name": "uploading", "started_at": 1795316620.5430644, "ended_at": null}], "bytes_per_second": 9, "eta_seconds": 65}',NULL,'s3://127.0.0.1:41467/cancelled','',1,1,0,5,NULL,NULL,NULL,1.79531662046593832966e+09,1.79531662046903467185e+09,1.79531662150069880488e+09,NULL,'{"seconds": 1, "intervals": [[8, 0], [1, 1]]}');
INSERT INTO "jobs" VALUES(12,'01a20135-a2ad-7819-81ab-9e89edf9bdb7','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"direction": "upload", "source": "cval", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316622.0052595, "ended_at": 1795316622.0487561}, {"name": "uploading", "started_at": 1795316622.0483205, "ended_at": 1795316622.0487127}], "bytes_per_second": 592, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41467/pictures','cval/',0,1,0,3,NULL,NULL,NULL,1.79531662199738717075e+09,1.79531662200369334213e+09,1.79531662205109620094e+09,NULL,'{"seconds": 1, "intervals": [[27, 3]]}');
INSERT INTO "jobs" VALUES(13,'01a20135-a300-7e50-a6de-7e7b902f2c6c','synchronisation','partial','layout_invalid','3 downloaded, 0 deleted, 0 unchanged. 1 files or folders do not fit the layout of datasets, see /steps.','{"direction": "download", "source": "", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:41467", "connection": "f6f81854-784e-4771-ba75-74b4f495489e", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 1, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316622.0874467, "ended_at": 1795316622.1501017}, {"name": "uploading", "started_at": 1795316622.1495013, "ended_at": 1795316622.1500218}], "bytes_per_second": 365, "eta_seconds": 0}',NULL,'mirror:f6f81854-784e-4771-ba75-74b4f495489e','',0,1,0,4,NULL,NULL,NULL,1.7953166220805051327e+09,1.79531662208523368835e+09,1.79531662216144800186e+09,2,'{"seconds": 1, "intervals": [[27, 3]]}');
INSERT INTO "jobs" VALUES(14,'01a20135-a3ae-7958-8122-4507981968d9','copy','succeeded',NULL,'3 copied.','{"direction": "get", "source": "pictures", "dest": "library", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": {"place": {"bucket": "pictures", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:41467/pictures", "url": ""}, "to": null}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316622.2654674, "ended_at": 1795316622.2839787}, {"name": "uploading", "started_at": 1795316622.3109446, "ended_at": 1795316622.3380568}], "bytes_per_second": 352, "eta_seconds": 0}',NULL,'','',0,1,0,4,NULL,NULL,NULL,1.79531662225426125525e+09,1.79531662226388716695e+09,1.7953166223422272205e+09,2,'{"seconds": 1, "intervals": [[27, 3]]}');
INSERT INTO "jobs" VALUES(15,'01a20135-a3e1-7ea1-af77-0dd606a2b5f3','copy','succeeded',NULL,'1 copied.','{"direction": "import", "source": "", "dest": "library", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": null}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 6, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 6}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316622.3272073, "ended_at": 1795316622.3336508}, {"name": "uploading", "started_at": 1795316622.3443127, "ended_at": 1795316622.3490763}], "bytes_per_second": 264, "eta_seconds": 0}',NULL,'','',0,1,0,4,NULL,NULL,NULL,1.7953166223052737713e+09,1.79531662232544350623e+09,1.79531662235002446173e+09,2,'{"seconds": 1, "intervals": [[6, 1]]}');
INSERT INTO "jobs" VALUES(16,'01a20135-a454-71e5-80e8-32967dff9dd3','copy','succeeded',NULL,'3 copied.','{"direction": "send", "source": "library", "dest": "pictures", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "pictures", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:41467/pictures", "url": ""}}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316622.4249232, "ended_at": 1795316622.460067}, {"name": "uploading", "started_at": 1795316622.4981308, "ended_at": 1795316622.4995058}], "bytes_per_second": 349, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41467/pictures','cval/images/train/',0,1,0,3,NULL,NULL,NULL,1.79531662242021942139e+09,1.7953166224236147404e+09,1.79531662250229763987e+09,2,'{"seconds": 1, "intervals": [[27, 3]]}');
INSERT INTO "jobs" VALUES(17,'01a20135-a4d0-7320-8cab-1a7bc5f83176','copy','failed','storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41467.','{"direction": "send", "source": "library", "dest": "gone", "prefix": "", "storage_url": "", "connection": null, "connections": [], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "gone", "authorization": 1, "connection": null}, "target": "s3://127.0.0.1:41467/gone", "url": ""}}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 3, "phases": [{"name": "listing", "started_at": 1795316622.5491815, "ended_at": 1795316622.5640264}, {"name": "uploading", "started_at": 1795316622.6047823, "ended_at": null}], "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:41467/gone','cval/images/train/',0,1,0,3,NULL,NULL,NULL,1.79531662254421901705e+09,1.79531662254782772066e+09,1.79531662260485386844e+09,2,'{"seconds": 1, "intervals": [[0, 0]]}');
INSERT INTO "jobs" VALUES(18,'01a20135-a621-7742-a95a-a01605538bde','copy','partial','object_missing','1 copied, 1 failed. What failed is listed by /steps.','{"direction": "drive-import", "source": "Google Drive", "dest": "library", "prefix": "", "storage_url": "http://127.0.0.1:43787/drive/v3/100000000000000000003", "connection": "1e0ca0a0-d715-44c1-9d79-36700ccc1b87", "connections": ["1e0ca0a0-d715-44c1-9d79-36700ccc1b87"], "wait": 0, "dry_run": false, "from": {"place": {"bucket": "Google Drive", "authorization": null, "connection": "1e0ca0a0-d715-44c1-9d79-36700ccc1b87"}, "target": "http://127.0.0.1:43787/drive/v3/100000000000000000003", "url": "http://127.0.0.1:43787/drive/v3/100000000000000000003"}, "to": null}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 0, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 74}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 1, "phases": [{"name": "listing", "started_at": 1795316622.8896465, "ended_at": 1795316622.8962197}, {"name": "uploading", "started_at": 1795316623.0120177, "ended_at": 1795316623.0120177}], "bytes_per_second": 596, "eta_seconds": 0}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79531662288164663319e+09,1.79531662288817071915e+09,1.79531662301400923732e+09,2,'{"seconds": 1, "intervals": [[74, 1]]}');
INSERT INTO "jobs" VALUES(19,'01a20135-a6ea-7f30-bb79-cb586c2a9c8a','copy','succeeded',NULL,'1 copied.','{"direction": "drive-export", "source": "library", "dest": "Google Drive", "prefix": "", "storage_url": "http://127.0.0.1:43787/drive/v3/100000000000000000003", "connection": "1e0ca0a0-d715-44c1-9d79-36700ccc1b87", "connections": ["1e0ca0a0-d715-44c1-9d79-36700ccc1b87"], "wait": 0, "dry_run": false, "from": null, "to": {"place": {"bucket": "Google Drive", "authorization": null, "connection": "1e0ca0a0-d715-44c1-9d79-36700ccc1b87"}, "target": "http://127.0.0.1:43787/drive/v3/100000000000000000003", "url": "http://127.0.0.1:43787/drive/v3/100000000000000000003"}}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 74, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 74}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316623.0945597, "ended_at": 1795316623.115108}, {"name": "uploading", "started_at": 1795316623.123427, "ended_at": 1795316623.123427}], "bytes_per_second": 2256, "eta_seconds": 0}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.79531662308242774008e+09,1.79531662309246087079e+09,1.7953166231274726391e+09,2,'{"seconds": 1, "intervals": [[74, 1]]}');
INSERT INTO "jobs" VALUES(20,'01a20135-a71c-753e-9fa5-b85e55aca34c','synchronisation','partial','layout_invalid','3 downloaded, 0 deleted, 3 unchanged. 4 files or folders do not fit the layout of datasets, see /steps.','{"direction": "download", "source": "", "dest": "pictures", "prefix": "cval/", "storage_url": "http://127.0.0.1:41467", "connection": "f6f81854-784e-4771-ba75-74b4f495489e", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 3, "unchanged_by": {"index": 3, "size": 0, "content": 0}, "skipped": 4, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316623.1433754, "ended_at": 1795316623.1960132}, {"name": "uploading", "started_at": 1795316623.1917176, "ended_at": 1795316623.195643}], "bytes_per_second": 446, "eta_seconds": 0}',NULL,'mirror:f6f81854-784e-4771-ba75-74b4f495489e','',0,1,0,3,NULL,NULL,NULL,1.79531662313261866571e+09,1.79531662313978624344e+09,1.79531662320416164398e+09,2,'{"seconds": 1, "intervals": [[27, 3]]}');
INSERT INTO "jobs" VALUES(21,'01a20135-a7b5-75a8-9ae2-80fc72805b6b','mirror','running',NULL,'listing','{"direction": "upload", "source": "plain", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:35525", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": true}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316623.2950566, "ended_at": null}], "bytes_per_second": 0, "eta_seconds": null}','gAAAAABrAluPI2YL-BFWVhHrnpHDsiUgNQxcEB14u61wRba1poCo_D9_QTn8iG7SdIghnbkhI3dCoz4DWha6PnpYry24gfSpN_7Jqu5A3wEVgQgJRvyy_jLTr8gPRlnv7au6DWg0wr9UzQwnPR7slq-0S5LUM1yFVJauhKZ3HGcVGSuqF27DiiBZVovZtgCnhC4_5aPdXQX0J793_s37qH5kiQuJRvqO34eNdbl_NPhpmrt---xnJ7DYNgkfwE-HtegAcYCW26A9J9IcxyrLfv_uWHp6k9Sq9g==','s3://127.0.0.1:35525/held','',0,1,0,3,'22830-ba6a004f351540359bf5571150753ca7',NULL,1.79531662434462404255e+09,1.79531662328554940223e+09,1.79531662329336047173e+09,NULL,NULL,'{"seconds": 1, "intervals": [[0, 0]]}');
INSERT INTO "jobs" VALUES(22,'01a20135-a7de-77cf-b7a8-f6ff565977c4','mirror','queued',NULL,'waiting for another job that uses held','{"direction": "upload", "source": "odd", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:35525", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": true}','{}','gAAAAABrAluPZ5MtBKKc8f5QEYEEocSrpnAP_Jl8C5BKmK-alklPFeDZdFlglJ15mhPA9YXAPLGdJ6uJUMJoALT76K_byJhlg0E7IRoKwori5n85j0a1yJo9BdYVL3K33WGvA_nhaSaW2x-eUWUtG8GrXOh2ci6txkvVMCKehXLlKx6JrYh9-HL_GjhqmFntqEeE465XF_mBdcJfvLDQVOQyReOKSGGjmX_ZfPGPYoDOC61PMCLLGhidfJ19YN_b8Ajv76JxMpfQJzFO-Bffc_Nz8uZb5Wlwgg==','s3://127.0.0.1:35525/held','',0,0,0,2,NULL,NULL,NULL,1.79531662332630109792e+09,NULL,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(23,'01a20135-a7e7-71ab-a99a-0078c43ba3c8','mirror','running',NULL,'uploading  lead','{"direction": "upload", "source": "odd", "dest": "slow", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{"planned": {"uploads": 64, "deletes": 0, "bytes": 630, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "unchanged_by": {"index": 0, "size": 0, "content": 0}, "skipped": 0, "failed": 0, "phases": [{"name": "listing", "started_at": 1795316623.3410223, "ended_at": 1795316623.385323}, {"name": "uploading", "started_at": 1795316623.3852186, "ended_at": null}], "bytes_per_second": 4, "eta_seconds": 129}',NULL,'s3://127.0.0.1:41467/slow','',0,1,0,4,'22830-ba6a004f351540359bf5571150753ca7',NULL,1.79531662434462404255e+09,1.79531662333586525918e+09,1.79531662333852243427e+09,NULL,NULL,'{"seconds": 1, "intervals": [[8, 0], [1, 1], [0, 0]]}');
INSERT INTO "jobs" VALUES(24,'01a20135-abea-7e61-8078-d905f500e802','mirror','queued',NULL,'waiting for a free place','{"direction": "upload", "source": "plain", "dest": "later", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{}',NULL,'s3://127.0.0.1:41467/later','',0,0,0,2,NULL,NULL,NULL,1.79531662436284279822e+09,NULL,NULL,NULL,NULL);
INSERT INTO "jobs" VALUES(25,'01a20135-abf0-7ee8-b545-30fd7efad91f','mirror','cancelled','cancelled_by_user','cancelled before it started','{"direction": "upload", "source": "plain", "dest": "never", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{}',NULL,'s3://127.0.0.1:41467/never','',1,0,0,4,NULL,NULL,NULL,1.79531662436833119389e+09,NULL,1.79531662437214159966e+09,NULL,NULL);
INSERT INTO "jobs" VALUES(26,'01a20135-b1f7-7119-b9f1-19cf2be54f62','mirror','queued',NULL,'waiting to start','{"direction": "upload", "source": "plain", "dest": "reserved", "prefix": "", "storage_url": "http://127.0.0.1:41467", "connection": null, "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact", "own_keys": false}','{}',NULL,'s3://127.0.0.1:41467/reserved','',0,0,0,1,NULL,'23078-532e8dbb483d48cdb8184524754421d6',NULL,1.79531662591137123113e+09,NULL,NULL,NULL,NULL);
CREATE TABLE memberships (
	organisation_id INTEGER NOT NULL, 
	user_id INTEGER NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_memberships PRIMARY KEY (organisation_id, user_id), 
	CONSTRAINT fk_memberships_organisation_id_organisations FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_memberships_user_id_users FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "memberships" VALUES(1,2,'owner',1.79531662168531799318e+09);
INSERT INTO "memberships" VALUES(1,1,'supervisor',1.79531662168923664092e+09);
CREATE TABLE organisations (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	slug VARCHAR(16) NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT uq_organisations_slug UNIQUE (slug)
);
INSERT INTO "organisations" VALUES(1,'team','The team',1.79531662168531799318e+09);
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
INSERT INTO "picker_sessions" VALUES('640890c9b95e152265ef25a2fcee16e15f0172fbdd89cec66977e9af36aaa4ff',2,'2e44c5e6-3989-4bb5-b016-ed6e587f9cdb',1.79532022177030420309e+09,1.79531662278193068502e+09,1);
INSERT INTO "picker_sessions" VALUES('c9fb1a4538871b57333d8f7c78168caf6cf479c1aea7732996fd41dd5b321ff7',2,'1e0ca0a0-d715-44c1-9d79-36700ccc1b87',1.79532022187016773217e+09,1.79531662316640186309e+09,0);
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
INSERT INTO "schedules" VALUES(1,'connection:f6f81854-784e-4771-ba75-74b4f495489e','synchronisation','{"connection": "f6f81854-784e-4771-ba75-74b4f495489e"}',300,1,1.79531691446224498753e+09,'01a20135-a71c-753e-9fa5-b85e55aca34c','',1.79531662207359361651e+09);
CREATE TABLE sealing (
	id INTEGER NOT NULL, 
	sealed TEXT NOT NULL, 
	CONSTRAINT pk_sealing PRIMARY KEY (id)
);
INSERT INTO "sealing" VALUES(1,'gAAAAABrAluLt8a7n9YzgtlmCWBewNh0lccdyeE8IRZgYMK5KkM0xpaOD6xSNJB3kt2b5A78Qr2EBJlfmKQm4VciI-mgBcznQ7akIQvfZHagVxPSTCPmTgm-fqlnEdjTEQRXAVBJ4hIc');
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
INSERT INTO "sessions" VALUES('a0382a54ad46876501af32af9398cab59ac176562f491da4067bacce7ea6ecf9',1,1.79531662198670101168e+09,1.79652622198670101167e+09,'e28216b4670a2585d0ea45262481a77a9dde63a0a2e8acb726f2db310a77b6a1',NULL);
INSERT INTO "sessions" VALUES('c96d1f7b5c5ce9044cd360fcd534eb1312f9c3ebd6d787762960a8fa70e2db2a',2,1.79531662321321415897e+09,1.79652622321321415901e+09,'2f1da24277d2617850b5c4374c9f4b547e5ce2b5d1c502d581ed6ab58c587294',4);
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
INSERT INTO "steps" VALUES(1,1,'create','odd-names','done',0,'missing','',1.79531661977758479117e+09);
INSERT INTO "steps" VALUES(1,2,'upload',' lead','done',9,'new','',1.79531661980288195605e+09);
INSERT INTO "steps" VALUES(1,3,'upload','''"','done',10,'new','',1.79531661980305767062e+09);
INSERT INTO "steps" VALUES(1,4,'upload','-dash','done',10,'new','',1.79531661980323863029e+09);
INSERT INTO "steps" VALUES(1,5,'upload','$dollar','done',10,'new','',1.79531661980371952053e+09);
INSERT INTO "steps" VALUES(1,6,'upload','--help','done',10,'new','',1.79531661980454754828e+09);
INSERT INTO "steps" VALUES(1,7,'upload','.hidden','done',9,'new','',1.7953166198059542179e+09);
INSERT INTO "steps" VALUES(1,8,'upload','<xml>','done',10,'new','',1.79531661981321907046e+09);
INSERT INTO "steps" VALUES(1,9,'upload','..twice','done',9,'new','',1.79531661981452369692e+09);
INSERT INTO "steps" VALUES(1,10,'upload','[brack]','done',10,'new','',1.79531661981483578677e+09);
INSERT INTO "steps" VALUES(1,11,'upload','Case','done',10,'new','',1.79531661981746053693e+09);
INSERT INTO "steps" VALUES(1,12,'upload','amp&lt;','done',10,'new','',1.79531661981881403918e+09);
INSERT INTO "steps" VALUES(1,13,'upload','a0','done',9,'new','',1.79531661981901335717e+09);
INSERT INTO "steps" VALUES(1,14,'upload','a.txt','done',9,'new','',1.79531661981991219525e+09);
INSERT INTO "steps" VALUES(1,15,'upload','at@','done',10,'new','',1.79531661982017755503e+09);
INSERT INTO "steps" VALUES(1,16,'upload','`tick`','done',10,'new','',1.7953166198211176395e+09);
INSERT INTO "steps" VALUES(1,17,'upload','b\s','done',10,'new','',1.7953166198224020004e+09);
INSERT INTO "steps" VALUES(1,18,'upload','bell⧵07','done',10,'new','',1.79531661982270550727e+09);
INSERT INTO "steps" VALUES(1,19,'upload','a!b','done',9,'new','',1.79531661982275271421e+09);
INSERT INTO "steps" VALUES(1,20,'upload','bad-⧵FF⧵FE','done',10,'new','',1.79531661982281565666e+09);
INSERT INTO "steps" VALUES(1,21,'upload','comma,','done',10,'new','',1.7953166198228452206e+09);
INSERT INTO "steps" VALUES(1,22,'upload','c:olon','done',10,'new','',1.79531661982422494888e+09);
INSERT INTO "steps" VALUES(1,23,'upload','case','done',10,'new','',1.79531661982436323166e+09);
INSERT INTO "steps" VALUES(1,24,'upload','con','done',10,'new','',1.79531661982469034196e+09);
INSERT INTO "steps" VALUES(1,25,'upload','del⧵7Fx','done',10,'new','',1795316619.82795);
INSERT INTO "steps" VALUES(1,26,'upload','cr⧵0Dx','done',10,'new','',1.79531661982830142978e+09);
INSERT INTO "steps" VALUES(1,27,'upload','ctl⧵01x','done',10,'new','',1.79531661982857418053e+09);
INSERT INTO "steps" VALUES(1,28,'upload','esc⧵1B[0m','done',10,'new','',1.79531661982893633844e+09);
INSERT INTO "steps" VALUES(1,29,'upload','h#sh','done',10,'new','',1.79531661982900571828e+09);
INSERT INTO "steps" VALUES(1,30,'upload','dot.','done',9,'new','',1.79531661982972502713e+09);
INSERT INTO "steps" VALUES(1,31,'upload','é-nfd','done',10,'new','',1.79531661982984042168e+09);
INSERT INTO "steps" VALUES(1,32,'upload','nul.txt','done',10,'new','',1.79531661983131051061e+09);
INSERT INTO "steps" VALUES(1,33,'upload','pct%2F','done',10,'new','',1.79531661983148550982e+09);
INSERT INTO "steps" VALUES(1,34,'upload','pct%41','done',10,'new','',1.79531661983162307743e+09);
INSERT INTO "steps" VALUES(1,35,'upload','latin-⧵E9','done',10,'new','',1.79531661983216953275e+09);
INSERT INTO "steps" VALUES(1,36,'upload','nl⧵0Ax','done',10,'new','',1.79531661983245110518e+09);
INSERT INTO "steps" VALUES(1,37,'upload','st*r','done',10,'new','',1.79531661983341741563e+09);
INSERT INTO "steps" VALUES(1,38,'upload','ti~de','done',10,'new','',1.79531661983368468283e+09);
INSERT INTO "steps" VALUES(1,39,'upload','q?m','done',10,'new','',1.79531661983381152147e+09);
INSERT INTO "steps" VALUES(1,40,'upload','eq=ual','done',10,'new','',1.79531661983525228504e+09);
INSERT INTO "steps" VALUES(1,41,'upload','plus+plus','done',10,'new','',1.79531661983549904824e+09);
INSERT INTO "steps" VALUES(1,42,'upload','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','done',10,'new','',1.79531661983633708959e+09);
INSERT INTO "steps" VALUES(1,43,'upload','semi;colon','done',10,'new','',1.79531661983893442153e+09);
INSERT INTO "steps" VALUES(1,44,'upload',' sep','done',10,'new','',1.79531661983979487417e+09);
INSERT INTO "steps" VALUES(1,45,'upload','tab⧵09here','done',10,'new','',1.79531661984296894078e+09);
INSERT INTO "steps" VALUES(1,46,'upload','plain.txt','done',9,'new','',1.79531661984313654903e+09);
INSERT INTO "steps" VALUES(1,47,'upload',' nbsp','done',10,'new','',1.79531661984330844885e+09);
INSERT INTO "steps" VALUES(1,48,'upload','é-nfc','done',10,'new','',1.79531661984333610528e+09);
INSERT INTO "steps" VALUES(1,49,'upload','with space','done',9,'new','',1.79531661984362840654e+09);
INSERT INTO "steps" VALUES(1,50,'upload','‎ltr','done',10,'new','',1.79531661984370589251e+09);
INSERT INTO "steps" VALUES(1,51,'upload','|pipe','done',10,'new','',1.79531661984373760226e+09);
INSERT INTO "steps" VALUES(1,52,'upload','␀␊␡','done',10,'new','',1.79531661984380221368e+09);
INSERT INTO "steps" VALUES(1,53,'upload','⧵C3','done',10,'new','',1.795316619844413042e+09);
INSERT INTO "steps" VALUES(1,54,'upload','trail ','done',9,'new','',1.79531661984727120397e+09);
INSERT INTO "steps" VALUES(1,55,'upload',' nnbsp','done',10,'new','',1.7953166198473522663e+09);
INSERT INTO "steps" VALUES(1,56,'upload','⧵E2⧵80⧵9B41','done',10,'new','',1.79531661984756207468e+09);
INSERT INTO "steps" VALUES(1,57,'upload','{brace}','done',10,'new','',1.79531661984758472445e+09);
INSERT INTO "steps" VALUES(1,58,'upload','⧵E2⧵A7⧵B541','done',10,'new','',1.7953166198490593434e+09);
INSERT INTO "steps" VALUES(1,59,'upload','⧵EF⧵BF⧵BF','done',10,'new','',1.79531661984946846969e+09);
INSERT INTO "steps" VALUES(1,60,'upload','　wide','done',10,'new','',1.79531661985039854047e+09);
INSERT INTO "steps" VALUES(1,61,'upload','⧵E2⧵80⧵9Bquote','done',10,'new','',1.79531661985094785692e+09);
INSERT INTO "steps" VALUES(1,62,'upload','／．＼：','done',10,'new','',1.79531661985215401644e+09);
INSERT INTO "steps" VALUES(1,63,'upload','﻿bom','done',10,'new','',1.79531661985222887995e+09);
INSERT INTO "steps" VALUES(1,64,'upload','😀','done',10,'new','',1.79531661985226249694e+09);
INSERT INTO "steps" VALUES(1,65,'upload','日本語','done',10,'new','',1.79531661985255336757e+09);
INSERT INTO "steps" VALUES(2,1,'create','plain','done',0,'missing','',1.7953166199173223972e+09);
INSERT INTO "steps" VALUES(2,2,'upload','b.txt','done',9,'new','',1.79531661992778229708e+09);
INSERT INTO "steps" VALUES(2,3,'upload','c.txt','done',9,'new','',1.79531661992796444894e+09);
INSERT INTO "steps" VALUES(2,4,'upload','a.txt','done',9,'new','',1.79531661992801427844e+09);
INSERT INTO "steps" VALUES(3,1,'upload','b.txt','planned',19,'size','',1.79531661997572445873e+09);
INSERT INTO "steps" VALUES(3,2,'delete','a.txt','planned',0,'extra','',1.79531661997627973561e+09);
INSERT INTO "steps" VALUES(4,1,'upload','sub/folder/b.txt','done',19,'new','',1.79531662003768277165e+09);
INSERT INTO "steps" VALUES(4,2,'upload','sub/folder/c.txt','done',9,'new','',1.79531662003843736651e+09);
INSERT INTO "steps" VALUES(5,1,'upload','b.txt','done',19,'size','',1.79531662009774589539e+09);
INSERT INTO "steps" VALUES(5,2,'delete','a.txt','done',0,'extra','',1.79531662010863590243e+09);
INSERT INTO "steps" VALUES(5,3,'delete','sub/folder/b.txt','done',0,'extra','',1.79531662010867786409e+09);
INSERT INTO "steps" VALUES(5,4,'delete','sub/folder/c.txt','done',0,'extra','',1.79531662010868477826e+09);
INSERT INTO "steps" VALUES(6,1,'delete','b.txt','done',0,'extra','',1.79531662015299630164e+09);
INSERT INTO "steps" VALUES(6,2,'delete','c.txt','done',0,'extra','',1.79531662015303707124e+09);
INSERT INTO "steps" VALUES(6,3,'drop','plain','done',0,'source_empty','',1.79531662015646767613e+09);
INSERT INTO "steps" VALUES(8,1,'create','plain','done',0,'missing','',1.79531662030325460431e+09);
INSERT INTO "steps" VALUES(8,2,'upload','b.txt','done',19,'new','',1.79531662031501126289e+09);
INSERT INTO "steps" VALUES(8,3,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79531662031546974185e+09);
INSERT INTO "steps" VALUES(8,4,'upload','c.txt','done',9,'new','',1.79531662031679868692e+09);
INSERT INTO "steps" VALUES(9,1,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79531662037263298027e+09);
INSERT INTO "steps" VALUES(9,2,'upload','folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key','failed',0,'key_refused','A key must be text of 1 to 1024 bytes in UTF-8, and ''folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key'' is not.',1.79531662037279868132e+09);
INSERT INTO "steps" VALUES(11,1,'create','cancelled','done',0,'missing','',1.79531662052912783624e+09);
INSERT INTO "steps" VALUES(11,2,'upload',' lead','done',9,'new','',1.7953166205430643558e+09);
INSERT INTO "steps" VALUES(12,1,'create','pictures','done',0,'missing','',1.79531662203735971447e+09);
INSERT INTO "steps" VALUES(12,2,'upload','cval/images/train/2.jpg','done',9,'new','',1.7953166220483205318e+09);
INSERT INTO "steps" VALUES(12,3,'upload','cval/images/train/no image.txt','done',9,'new','',1.79531662204844164845e+09);
INSERT INTO "steps" VALUES(12,4,'upload','cval/images/train/1.jpg','done',9,'new','',1.79531662204871273044e+09);
INSERT INTO "steps" VALUES(13,1,'download','cval/images/train/2.jpg','done',9,'new','',1.79531662214950132371e+09);
INSERT INTO "steps" VALUES(13,2,'download','cval/images/train/no image.txt','done',9,'new','',1.79531662214966940879e+09);
INSERT INTO "steps" VALUES(13,3,'download','cval/images/train/1.jpg','done',9,'new','',1.79531662215002179141e+09);
INSERT INTO "steps" VALUES(13,4,'check','cval/images/train/no image.txt','skipped',0,'layout_invalid','This is no image. The names of images end with .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff or .webp.',1.79531662215786695481e+09);
INSERT INTO "steps" VALUES(14,1,'copy','cval/images/train/no image.txt','done',9,'new','',1.79531662233049702642e+09);
INSERT INTO "steps" VALUES(14,2,'copy','cval/images/train/2.jpg','done',9,'new','',1.79531662233641266818e+09);
INSERT INTO "steps" VALUES(14,3,'copy','cval/images/train/1.jpg','done',9,'new','',1.7953166223380568028e+09);
INSERT INTO "steps" VALUES(15,1,'copy','Pasted Entry','done',6,'new','',1.79531662234907627099e+09);
INSERT INTO "steps" VALUES(16,1,'copy','cval/images/train/no_image.txt','done',9,'new','',1.7953166224981307983e+09);
INSERT INTO "steps" VALUES(16,2,'copy','cval/images/train/2.jpg_261122_030342','done',9,'new','',1.79531662249873018265e+09);
INSERT INTO "steps" VALUES(16,3,'copy','cval/images/train/1.jpg_261122_030342','done',9,'new','',1.79531662249950575826e+09);
INSERT INTO "steps" VALUES(17,1,'copy','cval/images/train/1.jpg','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41467.',1.79531662260327339172e+09);
INSERT INTO "steps" VALUES(17,2,'copy','cval/images/train/2.jpg','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41467.',1.79531662260376524923e+09);
INSERT INTO "steps" VALUES(17,3,'copy','cval/images/train/no_image.txt','failed',0,'storage_missing','There is no bucket ''gone'' at http://127.0.0.1:41467.',1.79531662260405039787e+09);
INSERT INTO "steps" VALUES(18,1,'copy','gone.jpg','failed',0,'object_missing','There is no ''gone'' that this account could see.',1.79531662290929317467e+09);
INSERT INTO "steps" VALUES(18,2,'copy','flower.jpg','done',74,'new','',1.79531662301201772689e+09);
INSERT INTO "steps" VALUES(19,1,'copy','flower.jpg','done',74,'new','',1.79531662312342691419e+09);
INSERT INTO "steps" VALUES(20,1,'download','cval/images/train/1.jpg_261122_030342','done',9,'new','',1.79531662319171762464e+09);
INSERT INTO "steps" VALUES(20,2,'download','cval/images/train/no_image.txt','done',9,'new','',1.79531662319193077085e+09);
INSERT INTO "steps" VALUES(20,3,'download','cval/images/train/2.jpg_261122_030342','done',9,'new','',1.79531662319564294812e+09);
INSERT INTO "steps" VALUES(20,4,'check','cval/images/train/1.jpg_261122_030342','skipped',0,'layout_invalid','This is no image. The names of images end with .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff or .webp.',1.79531662320252108572e+09);
INSERT INTO "steps" VALUES(20,5,'check','cval/images/train/2.jpg_261122_030342','skipped',0,'layout_invalid','This is no image. The names of images end with .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff or .webp.',1.79531662320258855822e+09);
INSERT INTO "steps" VALUES(20,6,'check','cval/images/train/no image.txt','skipped',0,'layout_invalid','This is no image. The names of images end with .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff or .webp.',1.79531662320261931422e+09);
INSERT INTO "steps" VALUES(20,7,'check','cval/images/train/no_image.txt','skipped',0,'layout_invalid','This is no image. The names of images end with .jpg, .jpeg, .png, .bmp, .gif, .tif, .tiff or .webp.',1.79531662320264363288e+09);
INSERT INTO "steps" VALUES(23,1,'create','slow','done',0,'missing','',1.79531662337333250043e+09);
INSERT INTO "steps" VALUES(23,2,'upload',' lead','done',9,'new','',1.79531662338521862034e+09);
CREATE TABLE uploads (
	id VARCHAR(36) NOT NULL, 
	owner_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	size BIGINT NOT NULL, 
	created_at DOUBLE NOT NULL, 
	CONSTRAINT pk_uploads PRIMARY KEY (id), 
	CONSTRAINT fk_uploads_owner_id_users FOREIGN KEY(owner_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO "uploads" VALUES('71fd7639-2fda-487c-af99-e7fff487f143',2,'',10,1.79531662268477749822e+09);
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
INSERT INTO "users" VALUES(1,'admin','admin','$argon2id$v=19$m=65536,t=3,p=4$lXuAgtBZQfvtK6hE+ZpCcA$PKBbWhzHcM+zTknqXi95TeNQkgJtf1g4urHr0XRziR0',1.79531662165676474574e+09,NULL,1.79531662198200893396e+09,NULL);
INSERT INTO "users" VALUES(2,'anna','user',NULL,1.79531662167737507819e+09,NULL,NULL,1099511627776);
INSERT INTO "users" VALUES(3,'gone','worker',NULL,1.79531662167837333674e+09,1.79531662167927742006e+09,NULL,NULL);
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
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('collections',5);
INSERT INTO "sqlite_sequence" VALUES('jobs',26);
INSERT INTO "sqlite_sequence" VALUES('users',3);
INSERT INTO "sqlite_sequence" VALUES('organisations',1);
INSERT INTO "sqlite_sequence" VALUES('api_keys',4);
INSERT INTO "sqlite_sequence" VALUES('connections',3);
INSERT INTO "sqlite_sequence" VALUES('schedules',1);
INSERT INTO "sqlite_sequence" VALUES('authorizations',2);
INSERT INTO "sqlite_sequence" VALUES('items',7);
INSERT INTO "sqlite_sequence" VALUES('copies',13);
INSERT INTO "sqlite_sequence" VALUES('grants',2);
COMMIT;
