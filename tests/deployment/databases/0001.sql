BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
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
	finished_at DOUBLE, 
	CONSTRAINT ck_jobs_finished_is_final CHECK ((finished_at IS NULL) = (state IN ('queued', 'running'))), 
	CONSTRAINT uq_jobs_id UNIQUE (id)
);
INSERT INTO "jobs" VALUES(1,'01a1fcfa-4031-7af2-befa-3d239fe2d9a8','mirror','succeeded',NULL,'61 uploaded, 0 deleted, 0 unchanged.','{"source": "odd", "dest": "odd-names", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 61, "deletes": 0, "bytes": 600, "complete": true}, "done": {"uploads": 61, "deletes": 0, "bytes": 600}, "unchanged": 0, "skipped": 0, "failed": 0, "bytes_per_second": 2426, "eta_seconds": 0}',NULL,'s3://127.0.0.1:40527/odd-names','',0,1,0,3,NULL,NULL,NULL,1.79524562129731655125e+09,1.79524562130112075807e+09,1.79524562155031657223e+09);
INSERT INTO "jobs" VALUES(2,'01a1fcfa-4147-7c0a-a195-7ab57bbeb719','mirror','succeeded',NULL,'3 uploaded, 0 deleted, 0 unchanged.','{"source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 3, "deletes": 0, "bytes": 27, "complete": true}, "done": {"uploads": 3, "deletes": 0, "bytes": 27}, "unchanged": 0, "skipped": 0, "failed": 0, "bytes_per_second": 524, "eta_seconds": 0}',NULL,'s3://127.0.0.1:40527/plain','',0,1,0,3,NULL,NULL,NULL,1.79524562157588434213e+09,1.79524562157967185974e+09,1.7952456216323595047e+09);
INSERT INTO "jobs" VALUES(3,'01a1fcfa-41a5-75bd-8ec8-01fec818c956','mirror','succeeded',NULL,'A dry run: nothing was changed.','{"source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 0, "delete": true, "dry_run": true, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 1, "bytes": 19, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'','',0,1,0,3,NULL,NULL,NULL,1.7952456216693179607e+09,1.79524562167139863965e+09,1.7952456216904585361e+09);
INSERT INTO "jobs" VALUES(4,'01a1fcfa-4204-7b59-9098-03cd8676ba90','mirror','succeeded',NULL,'2 uploaded, 0 deleted, 0 unchanged.','{"source": "plain", "dest": "plain", "prefix": "sub/folder/", "storage_url": "http://127.0.0.1:40527", "wait": 0, "delete": true, "dry_run": false, "rules": [["include", "*.txt"]], "max_delete": "50%", "check": "exact"}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "skipped": 0, "failed": 0, "bytes_per_second": 278, "eta_seconds": 0}',NULL,'s3://127.0.0.1:40527/plain','sub/folder/',0,1,0,3,NULL,NULL,NULL,1.79524562176498293872e+09,1.79524562176834535593e+09,1.79524562187040042878e+09);
INSERT INTO "jobs" VALUES(5,'01a1fcfa-427b-732e-8460-2a574656517c','mirror','succeeded',NULL,'1 uploaded, 3 deleted, 1 unchanged.','{"source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 3, "bytes": 19, "complete": true}, "done": {"uploads": 1, "deletes": 3, "bytes": 19}, "unchanged": 1, "skipped": 0, "failed": 0, "bytes_per_second": 836, "eta_seconds": 0}',NULL,'s3://127.0.0.1:40527/plain','',0,1,0,3,NULL,NULL,NULL,1.79524562188307404515e+09,1.79524562188528227801e+09,1.79524562190885829922e+09);
INSERT INTO "jobs" VALUES(6,'01a1fcfa-42a7-7dc0-a153-5193263286c1','mirror','succeeded',NULL,'0 uploaded, 2 deleted, 0 unchanged. The source does not exist, so the bucket was deleted.','{"source": "missing", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 2, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 2, "bytes": 0}, "unchanged": 0, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:40527/plain','',0,1,0,3,NULL,NULL,NULL,1.79524562192723321912e+09,1.79524562192855906489e+09,1795245621.94766);
INSERT INTO "jobs" VALUES(7,'01a1fcfa-42c4-73e2-b171-47ee8387174f','mirror','failed','storage_unreachable','http://127.0.0.1:9 cannot be reached. Check the address, and whether it is running.','{"source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:9", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 0, "deletes": 0, "bytes": 0, "complete": false}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 0, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:9/plain','',0,1,0,3,NULL,NULL,NULL,1.79524562195815324781e+09,1.79524562195952248574e+09,1.7952456220217773914e+09);
INSERT INTO "jobs" VALUES(8,'01a1fcfa-4316-74d1-806f-1775167ab05b','mirror','partial','files_skipped','2 uploaded, 0 deleted, 0 unchanged, 1 skipped. What was skipped is listed by /steps.','{"source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 2, "deletes": 0, "bytes": 28, "complete": true}, "done": {"uploads": 2, "deletes": 0, "bytes": 28}, "unchanged": 0, "skipped": 1, "failed": 0, "bytes_per_second": 698, "eta_seconds": 0}',NULL,'s3://127.0.0.1:40527/plain','',0,1,0,3,NULL,NULL,NULL,1.79524562203867197032e+09,1.79524562204000139239e+09,1.79524562208199167257e+09);
INSERT INTO "jobs" VALUES(9,'01a1fcfa-4351-78ef-9e94-3cf816e3eead','mirror','partial','upload_failed','0 uploaded, 0 deleted, 2 unchanged, 1 skipped, 1 failed. What failed is listed by /steps.','{"source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 1, "deletes": 0, "bytes": 9, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 2, "skipped": 1, "failed": 1, "bytes_per_second": 0, "eta_seconds": 0}',NULL,'s3://127.0.0.1:40527/plain','',0,1,0,3,NULL,NULL,NULL,1.79524562209722232815e+09,1.79524562209919404985e+09,1.79524562211929893497e+09);
INSERT INTO "jobs" VALUES(10,'01a1fcfa-437d-786a-901a-4a943925a571','mirror','failed','too_many_deletions','The plan deletes 1 of 2 objects and max_delete allows 0. Nothing was deleted. Look at a dry run, then raise max_delete if that is what you want.','{"source": "plain", "dest": "plain", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 0, "delete": true, "dry_run": false, "rules": [["exclude", "folder*"], ["exclude", "link"]], "max_delete": "0", "check": "exact"}','{"planned": {"uploads": 0, "deletes": 1, "bytes": 0, "complete": true}, "done": {"uploads": 0, "deletes": 0, "bytes": 0}, "unchanged": 1, "skipped": 0, "failed": 0, "bytes_per_second": 0, "eta_seconds": null}',NULL,'s3://127.0.0.1:40527/plain','',0,1,0,3,NULL,NULL,NULL,1.79524562214183378222e+09,1.79524562214324378967e+09,1.79524562215928983684e+09);
INSERT INTO "jobs" VALUES(11,'01a1fcfa-43a3-7f12-be0e-44e17670298b','mirror','cancelled','cancelled_by_user','Stopped after 1 uploaded, 0 deleted, 0 unchanged.','{"source": "odd", "dest": "cancelled", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 61, "deletes": 0, "bytes": 600, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "skipped": 0, "failed": 0, "bytes_per_second": 9, "eta_seconds": 62}',NULL,'s3://127.0.0.1:40527/cancelled','',1,1,0,5,NULL,NULL,NULL,1.79524562217951726911e+09,1.7952456221814537048e+09,1.79524562321466517452e+09);
INSERT INTO "jobs" VALUES(12,'01a1fcfa-47c8-7e3f-a8c0-15186fe5dd22','mirror','running',NULL,'starting','{"source": "plain", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:45165", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}','gAAAAABrAUY3Jt3xdSKJFZPhLkrnb2JmPuwfc3WkDCG0RycQRvuerSK9RhOM37BBDwN7P7tpjJoNQLEuhFvvlF7E8FNeXNVm7eR1ZdIdLzAHlhbhGRhTAcm4MX6BtF03BNuovnileK76uo86kOWFRZ0aWPXRE4PnBVUlRs1fdnazBBJFrzHvfEthV-cmAdW0_3Rqxmiy2cBwO2DkGTsjAvaIbw4cDBEAdOzRLaEQ3IoxWBOAgd_GehlwtjyqTtlO4G5idd3rP-TIcgx6vgkcA05fnsFZ9kZo9A==','s3://127.0.0.1:45165/held','',0,1,0,2,'29631-ef59cf11fd394a7c9a6217f92453c423',NULL,1.79524562324368882181e+09,1.79524562324035334582e+09,1.79524562324368882181e+09,NULL);
INSERT INTO "jobs" VALUES(13,'01a1fcfa-47d7-7420-b622-0f50ffc7fc49','mirror','queued',NULL,'waiting for another job that writes held','{"source": "odd", "dest": "held", "prefix": "", "storage_url": "http://127.0.0.1:45165", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}','gAAAAABrAUY3vEusgPAjkJbUY9wydyHAjT_kP5G3ueYtyuJQHm68CMKqct0dGTlEFXerlfH2nUBtGKEca8ZwH1R9VXQjmi6viLsBFlg8wE1o92pTlONclBZ8N9pU7AygXZnN2BRIR7FUnvYCl2LLxvBajDq4dYPOM4VbcH863TNgzyGunYKdb69r3WUG2RKCHkB4n-SE3Ja5dsj9-sidLQ2VXCXmmnwaDjzI9VpofbF_N1aIIxE-GzzdgAFJzU9UxjrJ5gof4ETtZUv_eUYpFt-wAUiaslirvw==','s3://127.0.0.1:45165/held','',0,0,0,2,NULL,NULL,NULL,1.79524562325514364241e+09,NULL,NULL);
INSERT INTO "jobs" VALUES(14,'01a1fcfa-47e3-7813-8a5f-83426561636c','mirror','running',NULL,'uploading  lead','{"source": "odd", "dest": "slow", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 30, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{"planned": {"uploads": 61, "deletes": 0, "bytes": 600, "complete": true}, "done": {"uploads": 1, "deletes": 0, "bytes": 9}, "unchanged": 0, "skipped": 0, "failed": 0, "bytes_per_second": 181, "eta_seconds": 3}',NULL,'s3://127.0.0.1:40527/slow','',0,1,0,3,'29631-ef59cf11fd394a7c9a6217f92453c423',NULL,1.79524562326886749272e+09,1.79524562326762247084e+09,1.79524562326886749272e+09,NULL);
INSERT INTO "jobs" VALUES(15,'01a1fcfa-4bd6-7f85-9101-d7084f340b1a','mirror','queued',NULL,'waiting for a free place','{"source": "plain", "dest": "later", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:40527/later','',0,0,0,2,NULL,NULL,NULL,1.795245624278522253e+09,NULL,NULL);
INSERT INTO "jobs" VALUES(16,'01a1fcfa-4bd9-7363-afc8-498dc0086298','mirror','cancelled','cancelled_by_user','cancelled before it started','{"source": "plain", "dest": "never", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:40527/never','',1,0,0,4,NULL,NULL,NULL,1.79524562428160381318e+09,NULL,1.79524562428391170503e+09);
INSERT INTO "jobs" VALUES(17,'01a1fcfa-4e5b-79ae-967d-c5532d998048','mirror','queued',NULL,'waiting for a free place','{"source": "plain", "dest": "reserved", "prefix": "", "storage_url": "http://127.0.0.1:40527", "wait": 0, "delete": true, "dry_run": false, "rules": [], "max_delete": null, "check": "exact"}','{}',NULL,'s3://127.0.0.1:40527/reserved','',0,0,0,2,NULL,'29916-e14d2aba52164686b0a2f157bb57c438',NULL,1.79524562492307043076e+09,NULL,NULL);
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
INSERT INTO "steps" VALUES(1,1,'create','odd-names','done',0,'missing','',1.79524562138747477532e+09);
INSERT INTO "steps" VALUES(1,2,'upload','$dollar','done',10,'new','',1.79524562139266324043e+09);
INSERT INTO "steps" VALUES(1,3,'upload',' lead','done',9,'new','',1.79524562139875197412e+09);
INSERT INTO "steps" VALUES(1,4,'upload','..twice','done',9,'new','',1.79524562140171551703e+09);
INSERT INTO "steps" VALUES(1,5,'upload','''"','done',10,'new','',1.79524562140299081798e+09);
INSERT INTO "steps" VALUES(1,6,'upload','--help','done',10,'new','',1.79524562140707755089e+09);
INSERT INTO "steps" VALUES(1,7,'upload','.hidden','done',9,'new','',1.79524562140825486187e+09);
INSERT INTO "steps" VALUES(1,8,'upload','-dash','done',10,'new','',1.79524562141752386094e+09);
INSERT INTO "steps" VALUES(1,9,'upload','[brack]','done',10,'new','',1.79524562143191146849e+09);
INSERT INTO "steps" VALUES(1,10,'upload','a!b','done',9,'new','',1.79524562143966841696e+09);
INSERT INTO "steps" VALUES(1,11,'upload','a0','done',9,'new','',1.79524562144006252285e+09);
INSERT INTO "steps" VALUES(1,12,'upload','`tick`','done',10,'new','',1.79524562144038510322e+09);
INSERT INTO "steps" VALUES(1,13,'upload','<xml>','done',10,'new','',1.79524562144250941276e+09);
INSERT INTO "steps" VALUES(1,14,'upload','amp&lt;','done',10,'new','',1.79524562144596457483e+09);
INSERT INTO "steps" VALUES(1,15,'upload','bad-‛FF‛FE','done',10,'new','',1.7952456214521737099e+09);
INSERT INTO "steps" VALUES(1,16,'upload','b\s','done',10,'new','',1.79524562145398473736e+09);
INSERT INTO "steps" VALUES(1,17,'upload','at@','done',10,'new','',1.79524562146249794963e+09);
INSERT INTO "steps" VALUES(1,18,'upload','bell‛07','done',10,'new','',1.79524562146479225153e+09);
INSERT INTO "steps" VALUES(1,19,'upload','a.txt','done',9,'new','',1.79524562146540737146e+09);
INSERT INTO "steps" VALUES(1,20,'upload','c:olon','done',10,'new','',1.79524562146842670438e+09);
INSERT INTO "steps" VALUES(1,21,'upload','case','done',10,'new','',1.79524562147318840019e+09);
INSERT INTO "steps" VALUES(1,22,'upload','Case','done',10,'new','',1.79524562147350597376e+09);
INSERT INTO "steps" VALUES(1,23,'upload','comma,','done',10,'new','',1.79524562147425413129e+09);
INSERT INTO "steps" VALUES(1,24,'upload','del‛7Fx','done',10,'new','',1.79524562147659206383e+09);
INSERT INTO "steps" VALUES(1,25,'upload','ctl‛01x','done',10,'new','',1.7952456214775803089e+09);
INSERT INTO "steps" VALUES(1,26,'upload','con','done',10,'new','',1.795245621481323719e+09);
INSERT INTO "steps" VALUES(1,27,'upload','cr‛0Dx','done',10,'new','',1.79524562148257255554e+09);
INSERT INTO "steps" VALUES(1,28,'upload','é-nfd','done',10,'new','',1.79524562149163937566e+09);
INSERT INTO "steps" VALUES(1,29,'upload','latin-‛E9','done',10,'new','',1.79524562149246597292e+09);
INSERT INTO "steps" VALUES(1,30,'upload','h#sh','done',10,'new','',1.79524562149524307252e+09);
INSERT INTO "steps" VALUES(1,31,'upload','dot.','done',9,'new','',1.7952456214965829849e+09);
INSERT INTO "steps" VALUES(1,32,'upload','nl‛0Ax','done',10,'new','',1.79524562149757885938e+09);
INSERT INTO "steps" VALUES(1,33,'upload','nul.txt','done',10,'new','',1.79524562149890351296e+09);
INSERT INTO "steps" VALUES(1,34,'upload','eq=ual','done',10,'new','',1.79524562150031161307e+09);
INSERT INTO "steps" VALUES(1,35,'upload','pct%41','done',10,'new','',1795245621.50144);
INSERT INTO "steps" VALUES(1,36,'upload','esc‛1B[0m','done',10,'new','',1.79524562150175976751e+09);
INSERT INTO "steps" VALUES(1,37,'upload','plus+plus','done',10,'new','',1.79524562150300860405e+09);
INSERT INTO "steps" VALUES(1,38,'upload','plain.txt','done',9,'new','',1795245621.5063);
INSERT INTO "steps" VALUES(1,39,'upload','pct%2F','done',10,'new','',1.79524562150949192054e+09);
INSERT INTO "steps" VALUES(1,40,'upload','semi;colon','done',10,'new','',1.79524562151315069192e+09);
INSERT INTO "steps" VALUES(1,41,'upload','tab‛09here','done',10,'new','',1.79524562151645541195e+09);
INSERT INTO "steps" VALUES(1,42,'upload','xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx','done',10,'new','',1.79524562152466464039e+09);
INSERT INTO "steps" VALUES(1,43,'upload','q?m','done',10,'new','',1.79524562152666354174e+09);
INSERT INTO "steps" VALUES(1,44,'upload','|pipe','done',10,'new','',1.79524562152853274345e+09);
INSERT INTO "steps" VALUES(1,45,'upload','st*r','done',10,'new','',1.79524562152984833718e+09);
INSERT INTO "steps" VALUES(1,46,'upload','{brace}','done',10,'new','',1.79524562153150129316e+09);
INSERT INTO "steps" VALUES(1,47,'upload','trail ','done',9,'new','',1.79524562153367400166e+09);
INSERT INTO "steps" VALUES(1,48,'upload','with space','done',9,'new','',1.79524562153559255595e+09);
INSERT INTO "steps" VALUES(1,49,'upload','ti~de','done',10,'new','',1.79524562153724360461e+09);
INSERT INTO "steps" VALUES(1,50,'upload','é-nfc','done',10,'new','',1.7952456215399832726e+09);
INSERT INTO "steps" VALUES(1,51,'upload','‎ltr','done',10,'new','',1.7952456215403718949e+09);
INSERT INTO "steps" VALUES(1,52,'upload','‛C3','done',10,'new','',1.79524562154132676129e+09);
INSERT INTO "steps" VALUES(1,53,'upload','‛E2‛80‛9Bquote','done',10,'new','',1.79524562154172515875e+09);
INSERT INTO "steps" VALUES(1,54,'upload','‛E2‛80‛9B41','done',10,'new','',1.79524562154509782795e+09);
INSERT INTO "steps" VALUES(1,55,'upload','‛EF‛BF‛BF','done',10,'new','',1.79524562154539132118e+09);
INSERT INTO "steps" VALUES(1,56,'upload',' sep','done',10,'new','',1.79524562154558634755e+09);
INSERT INTO "steps" VALUES(1,57,'upload',' nbsp','done',10,'new','',1.7952456215457806587e+09);
INSERT INTO "steps" VALUES(1,58,'upload','﻿bom','done',10,'new','',1.7952456215480158329e+09);
INSERT INTO "steps" VALUES(1,59,'upload','日本語','done',10,'new','',1.795245621548261404e+09);
INSERT INTO "steps" VALUES(1,60,'upload',' nnbsp','done',10,'new','',1.79524562154847836491e+09);
INSERT INTO "steps" VALUES(1,61,'upload','　wide','done',10,'new','',1.79524562154869508738e+09);
INSERT INTO "steps" VALUES(1,62,'upload','😀','done',10,'new','',1.79524562154935765265e+09);
INSERT INTO "steps" VALUES(2,1,'create','plain','done',0,'missing','',1.79524562161323356633e+09);
INSERT INTO "steps" VALUES(2,2,'upload','b.txt','done',9,'new','',1.79524562162939929957e+09);
INSERT INTO "steps" VALUES(2,3,'upload','c.txt','done',9,'new','',1.79524562163009929662e+09);
INSERT INTO "steps" VALUES(2,4,'upload','a.txt','done',9,'new','',1.79524562163193798064e+09);
INSERT INTO "steps" VALUES(3,1,'upload','b.txt','planned',19,'size','',1.79524562168922376635e+09);
INSERT INTO "steps" VALUES(3,2,'delete','a.txt','planned',0,'extra','',1.79524562168996453283e+09);
INSERT INTO "steps" VALUES(4,1,'upload','sub/folder/b.txt','done',19,'new','',1.79524562186870431895e+09);
INSERT INTO "steps" VALUES(4,2,'upload','sub/folder/c.txt','done',9,'new','',1.79524562186981534962e+09);
INSERT INTO "steps" VALUES(5,1,'upload','b.txt','done',19,'size','',1.79524562190578079222e+09);
INSERT INTO "steps" VALUES(5,2,'delete','a.txt','done',0,'extra','',1.79524562190847182269e+09);
INSERT INTO "steps" VALUES(5,3,'delete','sub/folder/b.txt','done',0,'extra','',1.7952456219084970951e+09);
INSERT INTO "steps" VALUES(5,4,'delete','sub/folder/c.txt','done',0,'extra','',1.79524562190850687027e+09);
INSERT INTO "steps" VALUES(6,1,'delete','b.txt','done',0,'extra','',1.79524562194571518898e+09);
INSERT INTO "steps" VALUES(6,2,'delete','c.txt','done',0,'extra','',1.79524562194574737548e+09);
INSERT INTO "steps" VALUES(6,3,'drop','plain','done',0,'source_empty','',1.79524562194735121728e+09);
INSERT INTO "steps" VALUES(8,1,'create','plain','done',0,'missing','',1.79524562207042360302e+09);
INSERT INTO "steps" VALUES(8,2,'upload','b.txt','done',19,'new','',1.79524562207945108417e+09);
INSERT INTO "steps" VALUES(8,3,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79524562207976412769e+09);
INSERT INTO "steps" VALUES(8,4,'upload','c.txt','done',9,'new','',1.79524562208147811896e+09);
INSERT INTO "steps" VALUES(9,1,'skip','link','skipped',0,'not_a_file','It is a link that is not followed: it lies outside the uploads folder.',1.79524562211846303938e+09);
INSERT INTO "steps" VALUES(9,2,'upload','folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key','failed',0,'key_refused','A key must be text of 1 to 1024 bytes in UTF-8, and ''folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/folderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolderfolder/too deep for a key'' is not.',1.79524562211877083779e+09);
INSERT INTO "steps" VALUES(11,1,'create','cancelled','done',0,'missing','',1.79524562219519639018e+09);
INSERT INTO "steps" VALUES(11,2,'upload',' lead','done',9,'new','',1.79524562219881963728e+09);
INSERT INTO "steps" VALUES(14,1,'create','slow','done',0,'missing','',1.79524562330610871312e+09);
INSERT INTO "steps" VALUES(14,2,'upload',' lead','done',9,'new','',1.79524562331942248347e+09);
CREATE INDEX ix_jobs_unfinished ON jobs (number) WHERE finished_at IS NULL;
CREATE INDEX ix_jobs_finished_at ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX ix_steps_failed ON steps (job_number, number) WHERE status = 'failed';
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('jobs',17);
COMMIT;
