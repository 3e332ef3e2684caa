ALTER TABLE chats ADD COLUMN reached_pts INTEGER;  -- of a large group: Telegram's count of what happened there, up to which all is answered
ALTER TABLE chats ADD COLUMN reached_by INTEGER;   -- the bot that answered so far; NULL: whichever
