-- A forgotten post keeps its place, its numbers and its hashes, so that it is neither missed nor read again.
ALTER TABLE posts ADD COLUMN forgotten_at INTEGER;
ALTER TABLE posts ADD COLUMN forgotten_why TEXT CHECK (forgotten_why IN ('owner', 'age'));
ALTER TABLE posts ADD COLUMN ever_flagged INTEGER NOT NULL DEFAULT 0;  -- 1 for good: such a post is not dropped for its age

UPDATE posts SET ever_flagged = 1
WHERE flagged = 1 OR id IN (SELECT post_id FROM outbox WHERE post_id IS NOT NULL);

DROP INDEX posts_unreadable;
CREATE INDEX posts_unreadable ON posts (channel_id, date)
    WHERE text = '' AND forgotten_at IS NULL;                               -- stats: not readable
CREATE INDEX posts_passing ON posts (date)
    WHERE ever_flagged = 0 AND forgotten_at IS NULL;                        -- forgetting.passing

ALTER TABLE channel_counts ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0; -- they count as posts, and not as unreadable
CREATE TRIGGER channel_counts_forgotten AFTER UPDATE OF forgotten_at ON posts
WHEN OLD.forgotten_at IS NULL AND NEW.forgotten_at IS NOT NULL BEGIN
    UPDATE channel_counts SET forgotten = forgotten + 1, unreadable = unreadable - 1 WHERE channel_id = NEW.channel_id;
END;
DROP TRIGGER channel_counts_gone;
CREATE TRIGGER channel_counts_gone AFTER DELETE ON posts BEGIN
    UPDATE channel_counts SET posts = posts - 1, forgotten = forgotten - (OLD.forgotten_at IS NOT NULL),
        unreadable = unreadable - (OLD.text = '' AND OLD.forgotten_at IS NULL)
    WHERE channel_id = OLD.channel_id;
END;

ALTER TABLE channels ADD COLUMN restriction TEXT NOT NULL DEFAULT '';       -- Telegram's reason, where it gives one
