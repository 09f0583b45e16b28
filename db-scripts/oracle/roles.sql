-- Separates the owner of the tables from the user of the servers. Run once by an administrator of
-- the database (ADMIN on an Autonomous Database) before the first script, in SQL*Plus or SQLcl,
-- which ask for the passwords. Then run the scripts as history_owner, and grants.sql as
-- history_owner after each of them. The servers connect as history_app with
-- oracle-schema=history_owner. DATA is the tablespace of an Autonomous Database; elsewhere it may be
-- USERS.

CREATE USER history_owner IDENTIFIED BY "&history_owner_password" QUOTA UNLIMITED ON data;
GRANT CREATE SESSION, CREATE TABLE, CREATE VIEW TO history_owner;
CREATE USER history_app IDENTIFIED BY "&history_app_password";
GRANT CREATE SESSION TO history_app;
