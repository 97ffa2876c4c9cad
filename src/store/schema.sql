-- Version 1. Times are milliseconds since the Unix epoch.

CREATE TABLE events (
  seq               INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused, even after pruning
  id                TEXT,             -- Idempotency-Key, null where there was none
  event             TEXT NOT NULL,
  chat_id           TEXT,
  received_at       INTEGER NOT NULL,
  own               INTEGER NOT NULL, -- 1: a message that this installation sent
  requested_experts TEXT,             -- JSON array of ids, as known when the event came
  headers           BLOB NOT NULL,    -- `name: value` lines, as they came
  body              BLOB NOT NULL     -- byte for byte
);
-- One key names one delivery of one event: were a key ever shared by two events, neither may be lost.
CREATE UNIQUE INDEX events_id ON events (id, event) WHERE id IS NOT NULL;
-- Each of these ends in the seq, so that whatever is asked for is found in order and without a sort.
CREATE INDEX events_chat ON events (chat_id) WHERE chat_id IS NOT NULL;
CREATE INDEX events_event ON events (event);
CREATE INDEX events_own ON events (own) WHERE own = 1;
CREATE INDEX events_received ON events (received_at);

CREATE TABLE consumers (
  name   TEXT PRIMARY KEY,
  cursor INTEGER NOT NULL             -- every event up to this seq was written in full
) WITHOUT ROWID;

-- Events that their consumer's cursor may pass although they are not done.
CREATE TABLE deliveries (
  consumer   TEXT NOT NULL,
  seq        INTEGER NOT NULL,
  state      TEXT NOT NULL,           -- waiting: to be tried (again); failed: set aside
  attempts   INTEGER NOT NULL,
  next_at    INTEGER,                 -- null: once the chat's events before it are done
  reason     TEXT,                    -- of the last attempt
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (consumer, seq)
) WITHOUT ROWID;
CREATE INDEX deliveries_seq ON deliveries (seq);

-- The map of the company's agents to the platform's personas. An agent is another persona at another endpoint.
CREATE TABLE personas (
  endpoint    TEXT NOT NULL,
  provider_id TEXT NOT NULL,
  id          TEXT NOT NULL,
  name        TEXT NOT NULL,
  email       TEXT,
  photo       TEXT,
  updated_at  INTEGER NOT NULL,
  PRIMARY KEY (endpoint, provider_id)
) WITHOUT ROWID;
CREATE INDEX personas_id ON personas (id);

CREATE TABLE chats (
  id                TEXT PRIMARY KEY,
  persona_id        TEXT,             -- the persona that accepted it
  requested_experts TEXT,             -- JSON array of ids, from the last event that named them
  updated_at        INTEGER NOT NULL
) WITHOUT ROWID;

-- Messages on their way out: what makes `own` right even when the webhook overtakes the mutation's answer.
CREATE TABLE sends (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused: a process may still mean one that another has removed
  chat_id    TEXT NOT NULL,
  text       TEXT,
  attachment TEXT,
  ref        TEXT,                    -- the journal's name for the command that sends it
  started_at INTEGER NOT NULL,
  message_id TEXT                     -- null while in flight, or while nobody knows what became of it
);
CREATE INDEX sends_in_flight ON sends (chat_id) WHERE message_id IS NULL;
CREATE INDEX sends_message ON sends (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX sends_ref ON sends (ref) WHERE ref IS NOT NULL;

-- Commands that name themselves, so that the same line can be written again after a crash.
CREATE TABLE journal (
  ref         TEXT PRIMARY KEY,
  content     BLOB NOT NULL,          -- digest of the command: another one may not take its reference
  op          TEXT NOT NULL,
  chat_id     TEXT,
  started_at  INTEGER NOT NULL,
  outcome     TEXT,                   -- JSON; null while in flight, or while nobody knows what became of it
  finished_at INTEGER
) WITHOUT ROWID;
CREATE INDEX journal_open ON journal (started_at) WHERE outcome IS NULL;

-- How many events there are: counting them takes too long to be done for every look at the metrics.
CREATE TABLE inbox (
  events INTEGER NOT NULL
);
INSERT INTO inbox VALUES (0);
CREATE TRIGGER events_inserted AFTER INSERT ON events BEGIN
  UPDATE inbox SET events = events + 1;
END;
CREATE TRIGGER events_deleted AFTER DELETE ON events BEGIN
  UPDATE inbox SET events = events - 1;
END;
