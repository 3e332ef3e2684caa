"""What the bot answers: a Command in, messages out; nothing of Telethon."""
