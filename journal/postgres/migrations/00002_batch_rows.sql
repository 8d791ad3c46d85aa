-- The rows of registries that were taken, by what they pay to whom, under a keyed hash.
-- Rows are only added.

-- +goose Up
CREATE TABLE batch_rows (
    overlap   bytea NOT NULL,
    reference text  NOT NULL COLLATE "C",
    PRIMARY KEY (overlap, reference)
);
