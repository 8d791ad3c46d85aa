-- What says what a journal is used with: it is read at each start, however much has
-- happened to the journal since.

-- +goose Up
CREATE INDEX journal_events_marks ON journal_events (id) WHERE kind IN ('keys', 'witnessed', 'moved');
