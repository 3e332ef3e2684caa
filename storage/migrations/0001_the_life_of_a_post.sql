-- Times are UTC seconds. Booleans are 0 or 1. JSON columns hold what storage/*.py writes and reads back, nothing else.

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE waits (                  -- pauses that Telegram asked for; for the whole account, by kind of request
    request    TEXT PRIMARY KEY,
    until      INTEGER NOT NULL,
    channel_id INTEGER
) STRICT;

CREATE TABLE channels (
    id             INTEGER PRIMARY KEY,
    access_hash    INTEGER NOT NULL,
    username       TEXT,
    title          TEXT NOT NULL,
    verified       INTEGER NOT NULL,
    fake           INTEGER NOT NULL,
    scam           INTEGER NOT NULL,
    restricted     INTEGER NOT NULL,
    subscribers    INTEGER,
    state          TEXT NOT NULL CHECK (state IN ('followed', 'removed', 'lost')),
    joined         INTEGER NOT NULL,
    quiet          INTEGER NOT NULL DEFAULT 0,  -- 1: it shall not be joined, for its administrators would see it
    added_at       INTEGER NOT NULL,
    pts            INTEGER,
    complete_id    INTEGER NOT NULL DEFAULT 0,
    held_from      INTEGER,
    checked_at     INTEGER,
    trouble        TEXT,
    assigned_to    TEXT,              -- which process reads it, and until when
    assigned_until INTEGER
) STRICT;

CREATE TABLE channel_changes (
    id         INTEGER PRIMARY KEY,
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    at         INTEGER NOT NULL,
    field      TEXT NOT NULL,
    before     TEXT NOT NULL,
    after      TEXT NOT NULL
) STRICT;
CREATE INDEX channel_changes_at ON channel_changes (at);                    -- channels.changes

CREATE TABLE posts (
    id             INTEGER PRIMARY KEY,
    channel_id     INTEGER NOT NULL REFERENCES channels (id),
    message_id     INTEGER NOT NULL,  -- repeats across channels
    date           INTEGER NOT NULL,
    edited_at      INTEGER,
    deleted_at     INTEGER,
    captured_at    INTEGER NOT NULL,
    text           TEXT NOT NULL,
    parts          TEXT NOT NULL,     -- JSON
    entities       TEXT NOT NULL,     -- JSON
    language       TEXT NOT NULL,
    media          TEXT,
    views          INTEGER,
    forwards       INTEGER,
    grouped_id     INTEGER,
    origin         TEXT,              -- JSON
    flagged        INTEGER NOT NULL DEFAULT 0,
    recheck_at     INTEGER,           -- when it is looked up again; NULL: no more
    UNIQUE (channel_id, message_id)
) STRICT;
CREATE INDEX posts_date ON posts (date, channel_id);                        -- stats: posts read by day and channel
CREATE INDEX posts_flagged ON posts (date) WHERE flagged = 1;               -- stats: flagged posts of a period
CREATE INDEX posts_recheck ON posts (channel_id, flagged, recheck_at)
    WHERE recheck_at IS NOT NULL;                                           -- rechecks.due, rechecks.of_channel
CREATE INDEX posts_unreadable ON posts (channel_id, date) WHERE text = '';  -- stats: not readable

CREATE TABLE holes (                  -- stretches of ids that hold no post
    channel_id INTEGER NOT NULL REFERENCES channels (id),
    first_id   INTEGER NOT NULL,
    last_id    INTEGER NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('empty', 'unknown')),
    PRIMARY KEY (channel_id, first_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX holes_unknown ON holes (channel_id, first_id) WHERE state = 'unknown';  -- holes.newest_unknown

CREATE TABLE backfills (
    channel_id INTEGER PRIMARY KEY REFERENCES channels (id),
    since      INTEGER NOT NULL,
    began_at   INTEGER NOT NULL,
    reached_id INTEGER,               -- all above it is held; NULL: not begun
    reached_at INTEGER,
    posts      INTEGER NOT NULL DEFAULT 0,
    ended_at   INTEGER                -- NULL: it goes on
) STRICT;

CREATE TABLE revisions (
    channel_id     INTEGER NOT NULL REFERENCES channels (id),
    seq            INTEGER NOT NULL,  -- 1, 2, 3 … within the channel
    message_id     INTEGER NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('posted', 'edited', 'deleted')),
    captured_at    INTEGER NOT NULL,
    canonical      TEXT,              -- NULL once forgotten; the hashes stay
    content_sha256 TEXT NOT NULL,
    chain_sha256   TEXT NOT NULL,
    PRIMARY KEY (channel_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX revisions_of_post ON revisions (channel_id, message_id);       -- revisions.of_post
CREATE INDEX revisions_changed ON revisions (channel_id, kind, captured_at, message_id)
    WHERE kind <> 'posted';                                                 -- stats: edited and deleted

CREATE TABLE matches (
    post_id    INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    topic      TEXT NOT NULL,
    start      INTEGER NOT NULL,
    "end"      INTEGER NOT NULL,
    term       TEXT NOT NULL,
    rule       TEXT NOT NULL,
    PRIMARY KEY (post_id, topic, start, "end")
) STRICT, WITHOUT ROWID;

CREATE TABLE chats (
    id                INTEGER PRIMARY KEY,
    role              TEXT NOT NULL CHECK (role IN ('owner', 'reader')),
    language          TEXT NOT NULL,
    timezone          TEXT NOT NULL,
    paired_at         INTEGER NOT NULL,
    unreachable_since INTEGER
) STRICT;

CREATE TABLE mutes (
    chat_id    INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL CHECK (kind IN ('channel', 'topic')),
    subject    TEXT NOT NULL,
    until      INTEGER,               -- NULL: for ever
    PRIMARY KEY (chat_id, kind, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id              INTEGER PRIMARY KEY,
    chat_id         INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    kind            TEXT NOT NULL CHECK (kind IN ('alert', 'summary', 'digest', 'reply', 'notice')),
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
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'claimed', 'sent', 'folded', 'refused')),
    created_at      INTEGER NOT NULL,
    not_before      INTEGER NOT NULL,
    claimed_by      TEXT,
    claimed_until   INTEGER,
    attempts        INTEGER NOT NULL DEFAULT 0,
    sent_at         INTEGER,
    sent_message_id INTEGER,
    folded_into     INTEGER REFERENCES outbox (id),
    error           TEXT,
    UNIQUE (chat_id, key)
) STRICT;
CREATE INDEX outbox_due ON outbox (chat_id, not_before) WHERE state IN ('waiting', 'claimed');  -- outbox.claim, outbox.pending
CREATE INDEX outbox_refused ON outbox (created_at) WHERE state = 'refused';                     -- outbox.dead_letters
CREATE INDEX outbox_of_post ON outbox (post_id) WHERE post_id IS NOT NULL;
CREATE INDEX outbox_sent ON outbox (chat_id, sent_message_id) WHERE sent_message_id IS NOT NULL;  -- outbox.by_sent
CREATE INDEX outbox_folded ON outbox (folded_into) WHERE folded_into IS NOT NULL;                -- chats.remove: its foreign key

CREATE TABLE topics (
    name       TEXT PRIMARY KEY,
    active     INTEGER NOT NULL,
    rules      TEXT NOT NULL,         -- JSON
    channels   TEXT NOT NULL,         -- JSON; empty: all
    languages  TEXT NOT NULL,         -- JSON; empty: all
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE trials (
    id   INTEGER PRIMARY KEY,
    rule TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE votes (
    chat_id  INTEGER NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
    post_id  INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    approves INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (chat_id, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX votes_of_post ON votes (post_id);                                                    -- posts: its foreign key
