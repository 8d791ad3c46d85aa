-- Until when the calls that a provider's rates allow are handed out to processes. What is
-- lost with the server is worth nothing a second later.

--
-- What a bank has shown is kept in many rows for an account, of which the newest counts:
-- commits of many connections would wait for each other at one.

-- +goose Up
ALTER TABLE shown ADD COLUMN slot smallint NOT NULL DEFAULT 0, DROP CONSTRAINT shown_pkey, ADD PRIMARY KEY (account, slot);

CREATE UNLOGGED TABLE rates (
    provider text     NOT NULL COLLATE "C",
    work     smallint NOT NULL,
    until    timestamptz NOT NULL,
    PRIMARY KEY (provider, work)
) WITH (fillfactor = 50);
