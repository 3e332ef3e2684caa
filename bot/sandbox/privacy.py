"""What a bot gets to see of a group: all of it, or in privacy mode what is meant for it alone."""

import re

from bot.sandbox.state import Account, Channel, Letter, Post

_COMMAND = re.compile(r"/\w+(?:@(\w+))?(?:\s|$)")


def hears_post(account: Account, channel: Channel, post: Post) -> bool:
    """Say whether the account is told of a message of a large group."""
    answered = channel.posts.get(post.reply_to) if post.reply_to else None
    return _hears(account, post, answered)


def hears_letter(account: Account, letter: Letter) -> bool:
    """Say whether the account is told of a message of a small group."""
    return _hears(account, letter, letter.reply_to)


def _hears(account: Account, message: Post | Letter, answered: Post | Letter | None) -> bool:
    if not account.privacy_mode or message.service is not None or message.sender == account.id:
        return True
    if answered is not None and answered.sender == account.id:
        return True
    command = _COMMAND.match(message.text)
    named = (command and command[1]) or account.username or ""
    return command is not None and named.casefold() == (account.username or "").casefold()
