ALTER TABLE chats ADD COLUMN weekly INTEGER NOT NULL DEFAULT 0;  -- 1: the digest comes on Mondays and tells of seven days
