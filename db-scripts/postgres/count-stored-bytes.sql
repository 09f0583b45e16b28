-- Optional: sets the sums of stored bytes of all tenants to what the tables hold. Run it after
-- history-limit-stored-megabytes was set for the first time, for data from before, and whenever the
-- sums are doubted. Run as the owner of the tables, or by an administrator, in their schema, and not
-- within a transaction. It reads every table once for each tenant, but no text. Servers may run: what
-- they write in these seconds may be counted twice.
--
-- The tables do not tell which API key stored what, so the sums of keys stay. To give a key a fresh
-- start: DELETE FROM stored_bytes WHERE tenant = '…' AND api_key = '…'

DO $$
DECLARE
  counted text;
  total bigint;
  names text[];
BEGIN
  -- Under row security only this table tells who is there.
  IF to_regclass('tenants') IS NULL THEN
    names := ARRAY(
      SELECT tenant FROM conversations UNION SELECT tenant FROM responses UNION SELECT tenant FROM stored_bytes);
  ELSE
    EXECUTE 'SELECT array_agg(tenant) FROM tenants' INTO names;
  END IF;
  FOREACH counted IN ARRAY coalesce(names, '{}')
  LOOP
    PERFORM set_config('history.tenant', counted, true);
    SELECT sum(bytes) INTO total FROM (
      SELECT sum(octet_length(metadata)) AS bytes FROM conversations WHERE tenant = counted
      UNION ALL
      SELECT sum(octet_length(json)) FROM items WHERE tenant = counted
      UNION ALL
      SELECT sum(coalesce(octet_length(input), 0) + octet_length(json)) FROM responses WHERE tenant = counted
      UNION ALL
      SELECT sum(octet_length(metadata) + coalesce(octet_length(comment_text), 0)) FROM feedback WHERE tenant = counted
    ) AS texts;
    DELETE FROM stored_bytes WHERE tenant = counted AND api_key = '-';
    INSERT INTO stored_bytes (tenant, api_key, slot, bytes) VALUES (counted, '-', 0, coalesce(total, 0))
    ON CONFLICT (tenant, api_key, slot) DO UPDATE SET bytes = EXCLUDED.bytes;
    COMMIT;
  END LOOP;
END
$$;
