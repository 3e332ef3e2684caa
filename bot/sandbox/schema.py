"""Turns the world's records into Telegram's objects, as one account sees them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from telethon.tl import TLObject, types

from bot.sandbox.state import Account, Channel, Group, Letter, Origin, Post, State


@dataclass(slots=True, kw_only=True)
class View:
    """What one account gets to see. `chats` and `users` collect who is spoken of, for the end of an answer."""

    state: State
    account: Account
    _chats: dict[int, TLObject] = field(default_factory=dict)
    _users: dict[int, TLObject] = field(default_factory=dict)

    @property
    def sparse(self) -> bool:
        """Whether optional fields are left out."""
        return self.state.behaviour.sparse

    @property
    def chats(self) -> list[TLObject]:
        """The channels that were spoken of so far."""
        return list(self._chats.values())

    @property
    def users(self) -> list[TLObject]:
        """The users that were spoken of so far."""
        return list(self._users.values())

    def hash_of(self, peer_id: int) -> int:
        """Return the access hash that the account must show for a peer; a sparse server has none but 0."""
        return 0 if self.sparse else self.state.access_hash(self.account.id, peer_id)

    def channel(self, channel: Channel) -> TLObject:
        """Show a channel, and note that it was spoken of."""
        shown = _forbidden(self, channel) if self.account.id in channel.banned else _channel(self, channel)
        self._chats[channel.id] = shown
        return shown

    def user(self, account: Account) -> TLObject:
        """Show a user, and note that he was spoken of."""
        shown = types.User(
            id=account.id,
            is_self=account.id == self.account.id,
            access_hash=self.hash_of(account.id),
            first_name=None if account.deleted else account.first_name,
            username=account.username,
            phone=account.phone if account.id == self.account.id else None,
            bot=account.is_bot,
            bot_info_version=1 if account.is_bot else None,
            deleted=account.deleted,
            premium=account.premium,
            lang_code=account.language if self.account.is_bot else None,
        )
        self._users[account.id] = shown
        return shown

    def group(self, group: Group) -> TLObject:
        """Show a small group, and note that it was spoken of."""
        shown = types.Chat(
            id=group.id,
            title=group.title,
            photo=types.ChatPhotoEmpty(),
            participants_count=len(group.members),
            date=group.created_at,
            version=1,
            deactivated=group.moved_to is not None,
            left=self.account.id not in group.members,
        )
        self._chats[-group.id] = shown
        return shown

    def peer(self, message: Post | Letter) -> TLObject:
        """Name where a message stands, and note that it was spoken of."""
        if isinstance(message, Post):
            self.channel(self.state.channels[message.channel_id])
            return types.PeerChannel(channel_id=message.channel_id)
        if message.group is not None:
            self.group(self.state.groups[message.group])
            return types.PeerChat(chat_id=message.group)
        return types.PeerUser(user_id=message.peer_of(self.account.id))

    def post(self, post: Post) -> TLObject:
        """Show a post."""
        peer = self.peer(post)
        broadcast = self.state.channels[post.channel_id].kind == "broadcast"
        if post.service is not None:
            return types.MessageService(
                id=post.id, peer_id=peer, date=post.date, action=post.service, post=broadcast, from_id=None
            )
        if post.sender is not None:
            self.user(self.state.accounts[post.sender])
        # `views` and `forwards` share a flag: both are there, or neither.
        counted = not self.sparse
        return types.Message(
            id=post.id,
            peer_id=peer,
            date=post.date,
            message=post.text,
            post=broadcast,
            out=post.sender == self.account.id,
            from_id=None if post.sender is None else types.PeerUser(user_id=post.sender),
            reply_markup=post.buttons,
            reply_to=types.MessageReplyHeader(reply_to_msg_id=post.reply_to) if post.reply_to else None,
            silent=post.silent,
            entities=post.entities or None,
            media=post.media,
            rich_message=post.rich.shown if post.rich else None,
            grouped_id=post.grouped_id,
            fwd_from=self._origin(post.origin),
            views=post.views if counted else None,
            forwards=post.forwards if counted else None,
            post_author=post.author,
            edit_date=post.edited_at,
        )

    def letter(self, letter: Letter) -> TLObject:
        """Show a message of a private chat or a small group."""
        for account_id in letter.ids:
            self.user(self.state.accounts[account_id])
        out = letter.sender == self.account.id
        number, peer = letter.ids[self.account.id], self.peer(letter)
        # Who wrote may be left out only where there is but one other.
        sender = None if self.sparse and letter.group is None else types.PeerUser(user_id=letter.sender)
        if letter.service is not None:
            return types.MessageService(
                id=number, peer_id=peer, date=letter.date, action=letter.service, from_id=sender, out=out
            )
        reply = letter.reply_to.ids.get(self.account.id) if letter.reply_to else None
        return types.Message(
            id=number,
            peer_id=peer,
            from_id=sender,
            date=letter.date,
            message=letter.text,
            out=out,
            silent=letter.silent,
            entities=letter.entities or None,
            media=letter.media,
            reply_markup=letter.buttons,
            reply_to=types.MessageReplyHeader(reply_to_msg_id=reply) if reply else None,
            edit_date=letter.edited_at,
        )

    def posts(self, posts: Iterable[Post]) -> list[TLObject]:
        """Show several posts."""
        return [self.post(post) for post in posts]

    def _origin(self, origin: Origin | None) -> TLObject | None:
        if origin is None:
            return None
        if origin.channel_id in self.state.channels:
            self.channel(self.state.channels[origin.channel_id])
        return types.MessageFwdHeader(
            date=origin.date,
            from_id=types.PeerChannel(channel_id=origin.channel_id) if origin.channel_id else None,
            channel_post=origin.post_id,
            from_name=origin.name,
        )


def _forbidden(view: View, channel: Channel) -> TLObject:
    return types.ChannelForbidden(
        id=channel.id,
        access_hash=view.hash_of(channel.id),
        title=channel.title,
        broadcast=channel.kind == "broadcast",
        megagroup=channel.kind == "megagroup",
    )


def _channel(view: View, channel: Channel) -> TLObject:
    reason = types.RestrictionReason(platform="all", reason="terms", text="This channel can't be displayed.")
    return types.Channel(
        id=channel.id,
        title=channel.title,
        photo=types.ChatPhotoEmpty(),
        date=channel.created_at,
        left=view.account.id not in channel.members,
        broadcast=channel.kind == "broadcast",
        megagroup=channel.kind == "megagroup",
        verified=channel.verified,
        scam=channel.scam,
        fake=channel.fake,
        restricted=channel.restricted,
        restriction_reason=[reason] if channel.restricted else None,
        access_hash=view.hash_of(channel.id),
        username=channel.username,
        participants_count=None if view.sparse else channel.subscribers,
    )
