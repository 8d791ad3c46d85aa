-- The journal of payouts. Names and meaning are the same in every database; times are
-- microseconds since 1970 in UTC, 0 for none; documents are JSON.

-- +goose Up
CREATE TABLE journal (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    lineage     TEXT    NOT NULL,            -- names the journal, wherever it is moved
    created_at  INTEGER NOT NULL,
    epoch       INTEGER NOT NULL,            -- the last one
    doubt       INTEGER NOT NULL DEFAULT 0,  -- the number of the last one, also if it has ended
    doubt_since INTEGER NOT NULL DEFAULT 0,  -- 0: there is none now
    doubt_why   TEXT    NOT NULL DEFAULT '',
    moved_to    TEXT    NOT NULL DEFAULT '', -- '': not moved
    importing   INTEGER NOT NULL DEFAULT 0   -- 1: what was moved here has not arrived whole
) STRICT;

-- What happened to the journal itself: created, doubted, trusted, erased, moved. Rows are
-- only added.
CREATE TABLE journal_events (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    document TEXT    NOT NULL
) STRICT;

CREATE TABLE epochs (
    number   INTEGER PRIMARY KEY,
    nonce    TEXT    NOT NULL,
    began_at INTEGER NOT NULL,
    holder   TEXT    NOT NULL
) STRICT;

-- How each payout stands. What is searched comes before the documents, so that it is read
-- without them.
CREATE TABLE payouts (
    reference  TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    state      TEXT    NOT NULL,
    queue      INTEGER NOT NULL,
    due        INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    amount     INTEGER NOT NULL,
    currency   TEXT    NOT NULL,
    erased     INTEGER NOT NULL DEFAULT 0, -- 1: nothing personal is written to it any more
    document   TEXT    NOT NULL,
    sealed     BLOB
) STRICT;
CREATE INDEX payouts_due     ON payouts (queue, due, reference) WHERE due > 0;
CREATE INDEX payouts_state   ON payouts (state, reference);
CREATE INDEX payouts_created ON payouts (created_at, reference);
CREATE INDEX payouts_amount  ON payouts (currency, amount, created_at, reference); -- new ones side by side
CREATE INDEX payouts_unknown ON payouts (created_at, reference) WHERE state = 'unknown';

-- The references at the banks, for ever. Rows are only added.
CREATE TABLE attempts (
    account       TEXT NOT NULL,
    reference_key TEXT NOT NULL, -- in lower case
    payout        TEXT NOT NULL,
    provider      TEXT NOT NULL,
    PRIMARY KEY (account, reference_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_provider ON attempts (provider, payout);

-- What happened to payouts. Rows are only added; erasing a person takes what is personal
-- out of the documents.
CREATE TABLE events (
    id        INTEGER PRIMARY KEY,
    reference TEXT    NOT NULL,
    version   INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    kind      TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    document  TEXT    NOT NULL
) STRICT;
CREATE INDEX events_reference ON events (reference, version);

CREATE TABLE limits (
    bucket TEXT    NOT NULL PRIMARY KEY,
    count  INTEGER NOT NULL,
    minor  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE shown (
    account TEXT    NOT NULL PRIMARY KEY,
    sent    INTEGER NOT NULL,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE holds (
    provider TEXT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE hold_events (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    provider TEXT    NOT NULL,
    document TEXT    NOT NULL
) STRICT;

-- The sealed data keys of single payouts. Erasing a person deletes one.
CREATE TABLE payout_keys (
    reference TEXT NOT NULL PRIMARY KEY,
    key       BLOB NOT NULL
) STRICT;
