-- Flagged posts of each topic by quarters of an hour, kept by the triggers below: a year of them is added up at once, and
-- the days of every time zone begin with a quarter.
CREATE TABLE topic_counts (
    at    INTEGER NOT NULL,           -- when the quarter begins
    topic TEXT NOT NULL,
    posts INTEGER NOT NULL,
    PRIMARY KEY (at, topic)
) STRICT, WITHOUT ROWID;
INSERT INTO topic_counts (at, topic, posts)
SELECT date / 900 * 900, topic, count(DISTINCT post_id) FROM matches JOIN posts ON posts.id = post_id GROUP BY 1, 2;

-- A post counts once for a topic, however often it speaks of it.
CREATE TRIGGER topic_counts_more AFTER INSERT ON matches
WHEN NOT EXISTS (
    SELECT 1 FROM matches
    WHERE post_id = NEW.post_id AND topic = NEW.topic AND (start <> NEW.start OR "end" <> NEW."end")
) BEGIN
    INSERT INTO topic_counts (at, topic, posts)
    SELECT date / 900 * 900, NEW.topic, 1 FROM posts WHERE id = NEW.post_id
    ON CONFLICT (at, topic) DO UPDATE SET posts = posts + 1;
END;
CREATE TRIGGER topic_counts_fewer AFTER DELETE ON matches
WHEN NOT EXISTS (SELECT 1 FROM matches WHERE post_id = OLD.post_id AND topic = OLD.topic) BEGIN
    UPDATE topic_counts SET posts = posts - 1
    WHERE topic = OLD.topic AND at = (SELECT date / 900 * 900 FROM posts WHERE id = OLD.post_id);
END;
-- While its date is still known.
CREATE TRIGGER topic_counts_gone BEFORE DELETE ON posts WHEN OLD.flagged = 1 BEGIN
    DELETE FROM matches WHERE post_id = OLD.id;
END;

CREATE INDEX posts_flagged_of_channel ON posts (channel_id, date) WHERE flagged = 1;        -- stats.topic_counts

CREATE TABLE spikes (                 -- when it was last told that a topic runs high
    topic   TEXT PRIMARY KEY,
    told_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
