-- Version 5. The key of an event outlives it: a webhook that is sent again after its event was pruned is a duplicate too. A key is
-- here only once its event is not: until then the event's own row and index tell it, and a delivery has nothing more to write.

CREATE TABLE keys (
  seq         INTEGER PRIMARY KEY,    -- of the event that was pruned: the oldest come first
  id          TEXT NOT NULL,
  event       TEXT NOT NULL,
  received_at INTEGER NOT NULL
);
CREATE INDEX keys_id ON keys (id);
CREATE TRIGGER events_key AFTER DELETE ON events WHEN old.id IS NOT NULL BEGIN
  INSERT INTO keys VALUES (old.seq, old.id, old.event, old.received_at);
END;
