-- Until when the calls that a provider's rates allow are handed out to processes. What is
-- lost with the server is worth nothing a second later.

-- +goose Up
CREATE UNLOGGED TABLE rates (
    provider text     NOT NULL COLLATE "C",
    work     smallint NOT NULL,
    until    timestamptz NOT NULL,
    PRIMARY KEY (provider, work)
) WITH (fillfactor = 50);
