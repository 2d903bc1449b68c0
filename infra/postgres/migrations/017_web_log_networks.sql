-- Up Migration

-- network: an IPv4 address or the /64 of an IPv6 address, by which failed sign-ins are counted.
-- detail: the request refused, the change made or the file dumped.
ALTER TABLE web_log ADD COLUMN network text, ADD COLUMN detail text;

DROP INDEX web_log_failures_of_address;
CREATE INDEX web_log_failures_of_network ON web_log (network, at) WHERE event = 'sign-in-failed';
