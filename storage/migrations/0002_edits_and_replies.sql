-- A message of the outbox may answer another or change it. SQLite changes a CHECK only by making the table anew.
CREATE TABLE outbox_anew (
    id              INTEGER PRIMARY KEY,
    chat_id         INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    kind            TEXT NOT NULL
        CHECK (kind IN ('alert', 'summary', 'digest', 'reply', 'notice', 'followup', 'update')),
    act             TEXT NOT NULL CHECK (act IN ('send', 'reply', 'edit')),
    key             TEXT NOT NULL,    -- the same thing is queued once: 'alert:77:15', 'digest:2026-11-21' …
    random_id       INTEGER NOT NULL UNIQUE,
    text            TEXT NOT NULL,
    entities        TEXT NOT NULL,    -- JSON
    buttons         TEXT NOT NULL,    -- JSON
    picture         BLOB,
    silent          INTEGER NOT NULL,
    post_id         INTEGER REFERENCES posts (id),
    topics          TEXT,             -- JSON
    late            INTEGER NOT NULL DEFAULT 0,
    depends_on      INTEGER REFERENCES outbox (id),  -- the message that a reply stands under or an edit changes
    state           TEXT NOT NULL
        CHECK (state IN ('waiting', 'claimed', 'sent', 'folded', 'refused', 'replaced', 'cancelled')),
    created_at      INTEGER NOT NULL,
    not_before      INTEGER NOT NULL,
    claimed_by      TEXT,
    claimed_until   INTEGER,
    attempts        INTEGER NOT NULL DEFAULT 0,      -- how often it may have reached the server
    sent_at         INTEGER,
    sent_message_id INTEGER,          -- of edits NULL: it is that of depends_on
    folded_into     INTEGER REFERENCES outbox (id),  -- the summary, or the edit of one, that tells it first
    error           TEXT,
    UNIQUE (chat_id, key),
    CHECK ((act = 'send') = (depends_on IS NULL))
) STRICT;

INSERT INTO outbox_anew (id, chat_id, kind, act, key, random_id, text, entities, buttons, picture, silent, post_id, topics,
    late, state, created_at, not_before, claimed_by, claimed_until, attempts, sent_at, sent_message_id, folded_into, error)
SELECT id, chat_id, kind, 'send', key, random_id, text, entities, buttons, picture, silent, post_id, topics,
    late, state, created_at, not_before, claimed_by, claimed_until, attempts, sent_at, sent_message_id, folded_into, error
FROM outbox;

DROP TABLE outbox;
ALTER TABLE outbox_anew RENAME TO outbox;

CREATE INDEX outbox_due ON outbox (chat_id, not_before) WHERE state IN ('waiting', 'claimed');  -- outbox.claim, outbox.pending
CREATE INDEX outbox_refused ON outbox (created_at) WHERE state = 'refused';                     -- outbox.dead_letters
CREATE INDEX outbox_of_post ON outbox (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX outbox_sent ON outbox (chat_id, sent_message_id) WHERE sent_message_id IS NOT NULL;  -- outbox.by_sent
CREATE INDEX outbox_folded ON outbox (folded_into) WHERE folded_into IS NOT NULL;                -- summaries.told_in; chats.remove
CREATE INDEX outbox_depends ON outbox (depends_on) WHERE depends_on IS NOT NULL;                 -- dependents; chats.remove
