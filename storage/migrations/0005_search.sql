-- Full-text search. `text` is folded by who writes it; the index holds no text of its own, so that what goes out of it must
-- be handed over as it went in: posts.text, and what search_docs keeps.

CREATE TABLE search_docs (
    id      INTEGER PRIMARY KEY,      -- sixteen to a second of the post's date: the order of ids is that of dates
    post_id INTEGER NOT NULL UNIQUE REFERENCES posts (id),
    marks   TEXT NOT NULL,            -- channel, language and topics as words
    before  TEXT                      -- what edits took away, folded; NULL: nothing
) STRICT;
CREATE VIRTUAL TABLE search_current USING fts5 (
    text, marks, content = '', tokenize = "unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE search_before USING fts5 (
    text, marks, content = '', tokenize = "unicode61 remove_diacritics 2"
);
CREATE TABLE search_state (
    id        INTEGER PRIMARY KEY CHECK (id = 1),
    folding   INTEGER NOT NULL,       -- by which version of the folding the texts went in
    filled_to INTEGER NOT NULL        -- posts from this row number on are in; the others follow, the newest first
) STRICT;
INSERT INTO search_state (id, folding, filled_to) SELECT 1, 1, coalesce(max(id), 0) + 1 FROM posts;

CREATE TABLE searches (               -- what buttons under the hits go back to
    id      INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    query   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    newest  INTEGER NOT NULL          -- the newest of search_docs then: pages stand still while posts come in
) STRICT;
CREATE INDEX searches_chat ON searches (chat_id);                           -- chats.remove: its foreign key

CREATE TABLE channel_counts (         -- kept by the triggers below, for counting a million posts takes too long
    channel_id INTEGER PRIMARY KEY REFERENCES channels (id),
    posts      INTEGER NOT NULL DEFAULT 0,
    unreadable INTEGER NOT NULL DEFAULT 0,
    edited     INTEGER NOT NULL DEFAULT 0,  -- posts, however often each was edited
    deleted    INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO channel_counts (channel_id) SELECT id FROM channels;
UPDATE channel_counts SET
    posts = (SELECT count(*) FROM posts WHERE posts.channel_id = channel_counts.channel_id),
    unreadable = (SELECT count(*) FROM posts WHERE posts.channel_id = channel_counts.channel_id AND text = ''),
    edited = (SELECT count(DISTINCT message_id) FROM revisions
        WHERE revisions.channel_id = channel_counts.channel_id AND kind <> 'posted' AND kind = 'edited'),
    deleted = (SELECT count(DISTINCT message_id) FROM revisions
        WHERE revisions.channel_id = channel_counts.channel_id AND kind <> 'posted' AND kind = 'deleted');

CREATE TRIGGER channel_counts_begin AFTER INSERT ON channels BEGIN
    INSERT INTO channel_counts (channel_id) VALUES (NEW.id);
END;
CREATE TRIGGER channel_counts_new AFTER INSERT ON posts BEGIN
    UPDATE channel_counts SET posts = posts + 1, unreadable = unreadable + (NEW.text = '')
    WHERE channel_id = NEW.channel_id;
END;
CREATE TRIGGER channel_counts_text AFTER UPDATE OF text ON posts WHEN (OLD.text = '') <> (NEW.text = '') BEGIN
    UPDATE channel_counts SET unreadable = unreadable + (NEW.text = '') - (OLD.text = '')
    WHERE channel_id = NEW.channel_id;
END;
CREATE TRIGGER channel_counts_gone AFTER DELETE ON posts BEGIN
    UPDATE channel_counts SET posts = posts - 1, unreadable = unreadable - (OLD.text = '')
    WHERE channel_id = OLD.channel_id;
END;
-- Left to itself, SQLite would go along the whole chain of the channel.
CREATE TRIGGER channel_counts_changed AFTER INSERT ON revisions WHEN NEW.kind <> 'posted' BEGIN
    UPDATE channel_counts SET edited = edited + (NEW.kind = 'edited'), deleted = deleted + (NEW.kind = 'deleted')
    WHERE channel_id = NEW.channel_id AND NOT EXISTS (
        SELECT 1 FROM revisions INDEXED BY revisions_of_post
        WHERE channel_id = NEW.channel_id AND message_id = NEW.message_id AND kind = NEW.kind AND seq < NEW.seq
    );
END;
