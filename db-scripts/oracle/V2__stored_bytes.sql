-- Chat history on Oracle 19c and later, version 2: the sums of stored bytes, for limits. Run as the
-- owner of the schema, after V1__history.sql; then run grants.sql again, and row-security.sql where it
-- was run. It only adds a table: servers of version 1 go on until they are started again.

CREATE TABLE stored_bytes (
  tenant   VARCHAR2(255 CHAR) NOT NULL,
  api_key  VARCHAR2(255 CHAR) NOT NULL,
  slot     NUMBER(10) NOT NULL,
  bytes    NUMBER(19) NOT NULL,
  PRIMARY KEY (tenant, api_key, slot)
);
COMMENT ON TABLE stored_bytes IS 'How many bytes of JSON are stored, where there is a limit: the sum of the rows of a tenant and key';
COMMENT ON COLUMN stored_bytes.tenant IS 'Whose data it is';
COMMENT ON COLUMN stored_bytes.api_key IS 'The id of the API key that stored it; a hyphen for all of the tenant';
COMMENT ON COLUMN stored_bytes.slot IS 'Each server adds to the rows of one slot, so that few servers write to the same row';
COMMENT ON COLUMN stored_bytes.bytes IS 'What was stored less what was deleted; may be negative by itself';

-- Last, so that a schema that was left half made is not taken for a whole one.
INSERT INTO history_schema (version) VALUES (2);
