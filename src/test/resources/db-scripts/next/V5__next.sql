-- Stands for a later version of the scripts.
ALTER TABLE feedback ADD COLUMN next text;
INSERT INTO history_schema (version) VALUES (5);
