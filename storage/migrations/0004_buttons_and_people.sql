CREATE TABLE mutes_with_stories (
    chat_id    INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('channel', 'topic', 'story')),
    subject    TEXT NOT NULL,
    until      INTEGER,               -- NULL: for ever
    PRIMARY KEY (chat_id, kind, subject)
) STRICT, WITHOUT ROWID;
INSERT INTO mutes_with_stories SELECT chat_id, kind, subject, until FROM mutes;
DROP TABLE mutes;
ALTER TABLE mutes_with_stories RENAME TO mutes;

ALTER TABLE chats ADD COLUMN label TEXT;  -- what the owner calls whoever it is, or the title of a group

CREATE TABLE saved (
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    PRIMARY KEY (chat_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX saved_at ON saved (chat_id, at);                                -- saved.page
CREATE INDEX saved_of_post ON saved (post_id);                               -- posts: its foreign key

CREATE TABLE translations (           -- what stands in a chat instead of the words of a post, or stood there
    chat_id  INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    post_id  INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    language TEXT NOT NULL,           -- into which
    source   TEXT NOT NULL,           -- SHA-256 of the words that were translated
    text     TEXT NOT NULL,
    shown    INTEGER NOT NULL,
    PRIMARY KEY (chat_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX translations_of_post ON translations (post_id);                 -- translations.find; posts: its foreign key

CREATE TABLE invites (
    id         INTEGER PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,
    label      TEXT,
    expires_at INTEGER NOT NULL
) STRICT;
