-- Optional: a partition for each 30 days, so that analysis of a month reads that month, and old
-- months can be compressed or moved. Run as the owner of the tables after V1__history.sql, while no
-- server is up. Needs the Partitioning option, which an Autonomous Database has.

ALTER TABLE items MODIFY PARTITION BY RANGE (stored_at) INTERVAL (2592000000000) (PARTITION items_before_2026 VALUES LESS THAN (1767225600000000));
ALTER TABLE responses MODIFY PARTITION BY RANGE (recorded_at) INTERVAL (2592000000000) (PARTITION responses_before_2026 VALUES LESS THAN (1767225600000000));
ALTER TABLE feedback MODIFY PARTITION BY RANGE (created_at) INTERVAL (2592000000000) (PARTITION feedback_before_2026 VALUES LESS THAN (1767225600000000));
