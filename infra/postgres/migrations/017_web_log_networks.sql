-- Up Migration

-- network: what failed sign-ins are counted by, an IPv4 address or the /64 of an IPv6 address.
-- detail: what was refused, changed or dumped.
ALTER TABLE web_log ADD COLUMN network text, ADD COLUMN detail text;

DROP INDEX web_log_failures_of_address;
CREATE INDEX web_log_failures_of_network ON web_log (network, at) WHERE event = 'sign-in-failed';
