-- For whoever opens this file in Datasette or another SQLite browser; the program itself asks none of them. All times are
-- UTC. A later migration that makes one of these tables anew must drop the views first and make them again.

CREATE VIEW flagged_posts AS          -- the columns of an export; see the README
SELECT
    datetime(posts.date, 'unixepoch') AS posted_utc,
    channels.username AS channel,
    channels.title AS channel_title,
    'https://t.me/' || coalesce(channels.username, 'c/' || channels.id) || '/' || posts.message_id AS link,
    (SELECT group_concat(topic, ', ') FROM (
        SELECT DISTINCT topic FROM matches WHERE post_id = posts.id ORDER BY topic)) AS topics,
    (SELECT group_concat(words, ', ') FROM (
        SELECT DISTINCT substr(posts.text, start + 1, "end" - start) AS words FROM matches
        WHERE post_id = posts.id AND posts.text <> '' ORDER BY start)) AS matched,
    posts.text,
    posts.language,
    posts.media,
    posts.views,
    posts.forwards,
    datetime(posts.edited_at, 'unixepoch') AS edited_utc,
    datetime(posts.deleted_at, 'unixepoch') AS deleted_utc,
    datetime(posts.forgotten_at, 'unixepoch') AS erased_utc,
    datetime(posts.captured_at, 'unixepoch') AS captured_utc,
    json_extract(posts.origin, '$[2]') AS origin,
    'https://t.me/c/' || json_extract(posts.origin, '$[0]') || '/' || json_extract(posts.origin, '$[1]') AS origin_link,
    posts.story_id AS story,
    posts.channel_id,
    posts.message_id,
    (SELECT content_sha256 FROM revisions INDEXED BY revisions_of_post
        WHERE channel_id = posts.channel_id AND message_id = posts.message_id AND kind <> 'deleted'
        ORDER BY seq DESC LIMIT 1) AS sha256
FROM posts JOIN channels ON channels.id = posts.channel_id
WHERE posts.flagged = 1;

CREATE VIEW stories_overview AS       -- a row for each story; `stories` is the table that it is made from
SELECT
    stories.id AS story,
    datetime(stories.began_at, 'unixepoch') AS began_utc,
    datetime(max(posts.date), 'unixepoch') AS newest_utc,
    count(*) AS posts,
    count(DISTINCT posts.channel_id) AS channels,
    sum(posts.views) AS views,
    (SELECT group_concat(topic, ', ') FROM (
        SELECT DISTINCT topic FROM posts AS of_story JOIN matches ON matches.post_id = of_story.id
        WHERE of_story.story_id = stories.id ORDER BY topic)) AS topics,
    first_channel.title AS channel_title,
    'https://t.me/' || coalesce(first_channel.username, 'c/' || first_channel.id) || '/' || first.message_id AS link,
    first.text,
    stories.continues
FROM stories
JOIN posts ON posts.story_id = stories.id
JOIN posts AS first ON first.id = stories.id
JOIN channels AS first_channel ON first_channel.id = first.channel_id
GROUP BY stories.id;

CREATE VIEW daily_counts AS           -- a row for each day on which something was posted and each topic
WITH
    days AS (SELECT date(posts.date, 'unixepoch') AS day, count(*) AS posts FROM posts GROUP BY day),
    topics AS (SELECT DISTINCT topic FROM matches),
    flagged AS (
        SELECT date(posts.date, 'unixepoch') AS day, topic, count(DISTINCT posts.id) AS posts
        FROM posts JOIN matches ON matches.post_id = posts.id
        WHERE posts.flagged = 1 GROUP BY day, topic)
SELECT days.day, topics.topic, coalesce(flagged.posts, 0) AS flagged, days.posts AS read
FROM days LEFT JOIN topics ON 1 = 1
LEFT JOIN flagged ON flagged.day = days.day AND flagged.topic = topics.topic
ORDER BY days.day, topics.topic;
