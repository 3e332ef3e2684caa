-- What each chat set for itself. Minutes are those of the local day; JSON lists hold names of topics.
ALTER TABLE chats ADD COLUMN own_timezone INTEGER NOT NULL DEFAULT 0;  -- 0: follows the setting TIMEZONE
ALTER TABLE chats ADD COLUMN topics TEXT NOT NULL DEFAULT '[]';        -- JSON; empty: all
ALTER TABLE chats ADD COLUMN silent_topics TEXT NOT NULL DEFAULT '[]'; -- JSON
ALTER TABLE chats ADD COLUMN mode TEXT NOT NULL DEFAULT 'instant' CHECK (mode IN ('instant', 'hourly', 'digest'));
ALTER TABLE chats ADD COLUMN quiet_from INTEGER;                       -- both NULL: never quiet
ALTER TABLE chats ADD COLUMN quiet_to INTEGER;
ALTER TABLE chats ADD COLUMN digest_at INTEGER;                        -- NULL: the setting DIGEST_TIME
ALTER TABLE chats ADD COLUMN digested_until INTEGER;                   -- the end of the last day that a daily digest told of

-- What troubles a channel is worded when it is shown: noted is how it was lost, or what the server says.
UPDATE channels SET trouble = CASE
    WHEN trouble LIKE '% can no longer be read: %' THEN 'closed'
    WHEN trouble LIKE '% its name now leads to another channel. %' THEN 'taken'
    WHEN trouble LIKE 'the server fails to tell what is new (%' THEN
        substr(trouble, instr(trouble, '(') + 1, instr(trouble, ')') - instr(trouble, '(') - 1)
    ELSE trouble END
WHERE trouble IS NOT NULL;

-- Why an alert was held back until not_before; it is then told in a summary.
ALTER TABLE outbox ADD COLUMN held TEXT CHECK (held IN ('quiet', 'hourly'));
