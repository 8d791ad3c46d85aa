-- The rows of registries that were taken, by what they pay to whom, under a keyed hash.
-- Rows are only added.

-- +goose Up
CREATE TABLE batch_rows (
    overlap   BLOB NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (overlap, reference)
) STRICT, WITHOUT ROWID;
