-- UNPROVEN: this script has not been run on a real Oracle yet. Try it on a copy first.
-- Optional: sets the sums of stored bytes of all tenants to what the tables hold, in characters of
-- UTF-16, as the servers count on Oracle. Run it after history-limit-stored-megabytes was set for the
-- first time, for data from before, and whenever the sums are doubted. Run as the owner of the tables;
-- with row-security.sql, as somebody with EXEMPT ACCESS POLICY. Servers may run: they wait in the
-- background, and what they write meanwhile may be counted twice.
-- The tables do not tell which API key stored what, so the sums of keys stay. To give a key a fresh
-- start, delete its rows from stored_bytes.

DELETE FROM stored_bytes WHERE api_key = '-';

INSERT INTO stored_bytes (tenant, api_key, slot, bytes)
SELECT tenant, '-', 0, SUM(characters) FROM (
  SELECT tenant, LENGTH(metadata) AS characters FROM conversations
  UNION ALL
  SELECT tenant, LENGTH(json) FROM items
  UNION ALL
  SELECT tenant, NVL(LENGTH(input), 0) + LENGTH(json) FROM responses
  UNION ALL
  SELECT tenant, LENGTH(metadata) + NVL(LENGTH(comment_text), 0) FROM feedback
) texts
GROUP BY tenant;

COMMIT;
