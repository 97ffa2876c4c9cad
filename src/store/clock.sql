-- Version 3. How long ago a send began, by a clock that nobody sets: which one, and what it showed, in milliseconds.

ALTER TABLE sends ADD COLUMN clock TEXT;
ALTER TABLE sends ADD COLUMN reading INTEGER;
