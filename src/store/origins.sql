-- Version 4. Who sends a message, and whether the answer was lost: by these, what an end user says is told from what we say. And
-- which events may lead to a command once more: while one of them is kept, so is what came of the command.

ALTER TABLE sends ADD COLUMN persona_id TEXT;              -- null where nobody is named and none is known to have accepted the chat
ALTER TABLE sends ADD COLUMN lost INTEGER NOT NULL DEFAULT 0; -- 1: there was no answer, and none will come
ALTER TABLE journal ADD COLUMN newest INTEGER NOT NULL DEFAULT 0; -- the newest seq when it was last asked for
UPDATE journal SET newest = (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'events');
