BEGIN TRANSACTION;
CREATE TABLE bases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    target TEXT NOT NULL,
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    hash TEXT NOT NULL,
    edit INTEGER NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    profile TEXT NOT NULL,
    entry TEXT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO "changes" VALUES(1,'/library/old.toml','{"action":"edit","at":"2026-11-30T21:37:27.584760+00:00","changes":[{"old":"C:\\temp","op":"set","path":["task_types",0,"description"]}],"file_hash":"sha256:85a8c618a6c4a4dd6079662ada21d8a930cd841fff01371879c44c48cb1416a8","host":"vm","label":"Clear task_types[B].description","reason":"one","who":"ravi"}','8f71b8e6ce0e2add1c633581f0e9d241f4eb025d8781d5bab2d0acbe48454ea7');
INSERT INTO "changes" VALUES(2,'/library/old.toml','{"action":"edit","at":"2026-11-30T21:37:27.776363+00:00","changes":[{"holders":1,"index":0,"op":"remove","path":["roles"],"record":{"code":"R"}}],"file_hash":"sha256:9b5f02b01a987afc5c3bf5b7627f6c5a9dfee6d9fbe5f99859ca4c7b7cbcaa92","host":"vm","label":"Remove roles[R]","reason":"","who":"ravi"}','0f6fe0cb088efcd341a3bcb77744382b52ddc20a177dceedc03349916622f398');
INSERT INTO "changes" VALUES(3,'/library/old.toml','{"action":"edit","at":"2026-11-30T21:37:27.776882+00:00","changes":[{"new":"T","op":"set","path":["profile","title"]}],"file_hash":"sha256:9b5f02b01a987afc5c3bf5b7627f6c5a9dfee6d9fbe5f99859ca4c7b7cbcaa92","host":"vm","label":"Set profile.title","reason":"","who":"ravi"}','5d625c2fa49d488dfe3249539ebf59d63379c3cd1d85883b56cda0c5d66e1bb5');
INSERT INTO "changes" VALUES(4,'/library/old.toml','{"action":"edit","at":"2026-11-30T21:37:27.777168+00:00","changes":[{"holders":0,"index":0,"op":"remove","path":["task_types"],"record":{"name":"B"}}],"file_hash":"sha256:9b5f02b01a987afc5c3bf5b7627f6c5a9dfee6d9fbe5f99859ca4c7b7cbcaa92","host":"vm","label":"Remove task_types[B]","reason":"","who":"ravi"}','74690fcd61c5c297b37f3232eef51eeda5f33c508aba57948cd9f1a40bfab677');
CREATE TABLE contents (hash TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
INSERT INTO "contents" VALUES('sha256:85a8c618a6c4a4dd6079662ada21d8a930cd841fff01371879c44c48cb1416a8',X'7801758EB10E02210C86F73E450333830FE0A26FE04A8821773547047AA18D7A6F2FB03839B5FDDA7EF965D9A8443CE309FCDEF8913205A8B1504786F36A80EA2B35AE85AA0EA6246A00BCD728CFBB1E3B49F87D5C0C587C6F07EA9604953E8ABD0AFFBBBF769545E71C36CE24A31BEE39848068BB88E60E165E67A89BE9B40EB33226852F95323BF4');
INSERT INTO "contents" VALUES('sha256:9b5f02b01a987afc5c3bf5b7627f6c5a9dfee6d9fbe5f99859ca4c7b7cbcaa92',X'7801458C310E42310C43F79C220A73070EC0C415D8AA2F5441502BDAE6ABB1807F7BFA59986C3FCBF65BD696F8C4478AEBB047A9BA504F4D2712AB772114D45FBA08697F9561BD69C7DE431D42077EE78D918B33F4039EEA463122F9F38A6D555FFE9767A1390821F0B0AABE3BFA02F33A28A3');
INSERT INTO "contents" VALUES('sha256:e10e9871d0fbb4db80ac48101d2daf754bcfd3c30d1006a1cfedeea012182046',X'7801758F310EC2300C45779FC24A874E1D589158E80D584B84A2C69088268E12ABA5B727E9C2C464FB59FEFFBBCC8E82C10B9E604A999F7E210DD104AA48F16215505C7DE618284A63424514C0348929EF87EC898AFE5D5C1574B8B91DC5F982421FC15A0B83A532679FC473AC2AFD78BE0B85D4236287E695892C6E5E1CDECCEAFF898FD5B7C3611830F342A5752DC83168DD94C4D1B18399EDF1C14D551A5B0C61F4025FFF714A95');
CREATE TABLE drafts (
    run TEXT NOT NULL,
    profile TEXT NOT NULL,
    at TEXT NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started TEXT NOT NULL,
    base TEXT NOT NULL,
    saved TEXT NOT NULL,
    done TEXT NOT NULL,
    undone TEXT NOT NULL,
    PRIMARY KEY (profile, run)
) WITHOUT ROWID;
INSERT INTO "drafts" VALUES('23015-6535ad20','/library/old.toml','2026-11-30T21:37:27.891277+00:00','elsewhere',23015,'451193','sha256:9b5f02b01a987afc5c3bf5b7627f6c5a9dfee6d9fbe5f99859ca4c7b7cbcaa92','[1, 2, 3, 4]','[1, 2, 3, 4, 5, 6]','[]');
CREATE TABLE edits (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    profile TEXT NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    label TEXT NOT NULL,
    reason TEXT NOT NULL,
    operations TEXT NOT NULL
);
INSERT INTO "edits" VALUES(1,'/library/old.toml','2026-11-30T21:37:27.453733+00:00','ravi','Clear task_types[B].description','','[{"op":"set","path":["task_types",0,"description"],"old":"C:\\temp","trace":[["splice",["task_types",0],49,"description = ''C:\\temp''   # agreed with Ravi\n","",176567722,2079662667]]}]');
INSERT INTO "edits" VALUES(2,'/library/old.toml','2026-11-30T21:37:27.618255+00:00','ravi','Remove roles[R]','','[{"op":"remove","path":["roles"],"index":0,"record":{"code":"R"},"holders":1,"trace":[["went",["roles",0],["\n[[roles]]  # the role\ncode = \"R\" # next to it\n"],["task_types",1],1,false]]}]');
INSERT INTO "edits" VALUES(3,'/library/old.toml','2026-11-30T21:37:27.682366+00:00','ravi','Set profile.title','','[{"op":"set","path":["profile","title"],"new":"T","trace":[["splice",["profile"],23,"","title = \"T\"\n",1962244870,977543185]]}]');
INSERT INTO "edits" VALUES(4,'/library/old.toml','2026-11-30T21:37:27.712265+00:00','ravi','Remove task_types[B]','','[{"op":"remove","path":["task_types"],"index":0,"record":{"name":"B"},"holders":0,"trace":[["went",["task_types",0],["\n[[task_types]]\nname = \"B\"\n"],["profile"],0,false]]}]');
INSERT INTO "edits" VALUES(5,'/library/old.toml','2026-11-30T21:37:27.846113+00:00','ravi','Set profile.title','','[{"op":"set","path":["profile","title"],"old":"T","new":"draft","trace":[["splice",["profile"],32,"T","draft",977543185,3993885407]]}]');
INSERT INTO "edits" VALUES(6,'/library/old.toml','2026-11-30T21:37:27.890327+00:00','ravi','Set profile.stage','','[{"op":"set","path":["profile","stage"],"new":"SIT","trace":[["splice",["profile"],60,"","stage = \"SIT\"\n",3993885407,3859556981]]}]');
CREATE TABLE journal_schema (version INTEGER NOT NULL);
INSERT INTO "journal_schema" VALUES(1);
CREATE TABLE promotions (
    target TEXT NOT NULL,
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (target, source)
) WITHOUT ROWID;
CREATE TABLE saves (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    profile TEXT NOT NULL,
    hash TEXT NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    done TEXT NOT NULL,
    undone TEXT NOT NULL
);
INSERT INTO "saves" VALUES(1,'/library/old.toml','sha256:e10e9871d0fbb4db80ac48101d2daf754bcfd3c30d1006a1cfedeea012182046','2026-11-30T21:37:24.493515+00:00','','[]','[]');
INSERT INTO "saves" VALUES(2,'/library/old.toml','sha256:85a8c618a6c4a4dd6079662ada21d8a930cd841fff01371879c44c48cb1416a8','2026-11-30T21:37:27.584163+00:00','ravi','[1]','[]');
INSERT INTO "saves" VALUES(3,'/library/old.toml','sha256:9b5f02b01a987afc5c3bf5b7627f6c5a9dfee6d9fbe5f99859ca4c7b7cbcaa92','2026-11-30T21:37:27.775468+00:00','ravi','[1, 2, 3, 4]','[]');
CREATE INDEX edits_by_profile ON edits (profile);
CREATE INDEX saves_by_profile ON saves (profile, hash);
CREATE INDEX bases_by_pair ON bases (target, source);
CREATE INDEX changes_by_profile ON changes (profile);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('edits',6);
INSERT INTO "sqlite_sequence" VALUES('saves',3);
INSERT INTO "sqlite_sequence" VALUES('changes',4);
COMMIT;
