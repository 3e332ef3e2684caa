-- Posts that tell the same are a story, which bears the row number of the post that it began with.
CREATE TABLE stories (
    id        INTEGER PRIMARY KEY REFERENCES posts (id),
    began_at  INTEGER NOT NULL,
    continues INTEGER REFERENCES stories (id)
) STRICT;
CREATE INDEX stories_continues ON stories (continues) WHERE continues IS NOT NULL;  -- its foreign key

ALTER TABLE posts ADD COLUMN story_id INTEGER REFERENCES stories (id);
CREATE INDEX posts_story ON posts (story_id) WHERE story_id IS NOT NULL;             -- stories.appearances

CREATE TABLE marks (                  -- what posts of a story are recognised by: hashes
    mark    INTEGER NOT NULL,
    post_id INTEGER NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    PRIMARY KEY (mark, post_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX marks_of_post ON marks (post_id);                                       -- posts: its foreign key
CREATE INDEX marks_at ON marks (at);                                                 -- stories.forget

-- What was told before there were stories is a story of its own, so that nothing is told again.
INSERT INTO stories (id, began_at)
SELECT id, date FROM posts WHERE id IN (SELECT min(post_id) FROM outbox WHERE kind = 'alert' GROUP BY key);
UPDATE posts SET story_id = id WHERE id IN (SELECT id FROM stories);
UPDATE posts SET story_id = (
    SELECT told.id FROM posts AS told
    WHERE told.channel_id = posts.channel_id AND told.grouped_id = posts.grouped_id AND told.story_id = told.id
    ORDER BY told.id LIMIT 1)
WHERE story_id IS NULL AND flagged = 1 AND date > 0 AND grouped_id IS NOT NULL;
UPDATE outbox SET key = 'alert:story:' || (SELECT story_id FROM posts WHERE id = outbox.post_id)
WHERE kind = 'alert' AND post_id IN (SELECT id FROM posts WHERE story_id IS NOT NULL);
