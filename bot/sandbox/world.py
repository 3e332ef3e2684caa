"""The sandbox's world as a test or the demo arranges it: accounts, channels, posts, faults. It outlives servers."""

import secrets
from collections.abc import Callable
from typing import Any

from bot.sandbox import channels, clock, envelope, faults, groups, letters
from bot.sandbox.state import Account, Behaviour, Channel, Group, Key, Kind, Letter, Origin, Post, Push, Rich, State

BOT = "4242:sandbox"
"""What the bot signs in with, unless a test says otherwise."""


class World:
    """Everything that happens on the server, whoever caused it; see `server` for how to use it."""

    def __init__(self, *, clock: Callable[[], float] = clock.real, behaviour: Behaviour | None = None) -> None:
        """Begin with nobody and nothing.

        Args:
            clock: UTC seconds: the server's date, in all `date` fields. It may be off from the real one.
            behaviour: what this server does unlike others.
        """
        self.state = State(clock=clock, behaviour=behaviour or Behaviour())
        self.faults = faults.Faults()

    def add_user(
        self,
        *,
        phone: str = "79990000001",
        code: str = "12345",
        password: str | None = None,
        first_name: str = "Reader",
        username: str | None = None,
    ) -> Account:
        """Add a person who can sign in with `phone` (digits), `code` and, if set, `password`."""
        account = Account(
            id=self.state.number(),
            first_name=first_name,
            username=username,
            phone=phone,
            code=code,
            password=password,
        )
        self.state.accounts[account.id] = account
        return account

    def add_bot(self, *, token: str = BOT, username: str = "homefront_bot", privacy_mode: bool = False) -> Account:
        """Add a bot that can sign in with `token`; the number before the colon is its id, as Telegram does it.

        `privacy_mode`: of what is said in groups it hears commands and what else is meant for it.
        """
        account = Account(
            id=int(token.partition(":")[0]),
            first_name=username,
            username=username,
            token=token,
            privacy_mode=privacy_mode,
        )
        self.state.accounts[account.id] = account
        return account

    def add_channel(
        self,
        title: str,
        username: str | None = None,
        *,
        kind: Kind = "broadcast",
        members: tuple[Account, ...] = (),
        subscribers: int = 0,
        about: str = "",
        invite: str | None = None,
        verified: bool = False,
        scam: bool = False,
        fake: bool = False,
        restricted: bool = False,
    ) -> Channel:
        """Add a channel, or a group with `kind` "megagroup". Without `username` it is private; see `invite`."""
        flags = {"verified": verified, "scam": scam, "fake": fake, "restricted": restricted}
        channel = channels.add(
            self.state,
            title=title,
            username=username,
            kind=kind,
            subscribers=subscribers,
            about=about,
            invite=invite,
            flags=frozenset(name for name, is_set in flags.items() if is_set),
        )
        channel.members.update(member.id for member in members)
        return channel

    def post(
        self,
        channel: Channel,
        text: str = "",
        *,
        date: int | None = None,
        entities: list[Any] | None = None,
        media: Any = None,
        rich: Rich | None = None,
        grouped_id: int | None = None,
        origin: Origin | None = None,
        views: int = 1,
        forwards: int = 0,
        author: str | None = None,
        push: bool = True,
    ) -> Post:
        """Publish a post in a channel.

        Args:
            channel: where.
            text: what; may be empty with media.
            date: UTC seconds; now, if left out.
            entities: formats; see `media.bold` and `media.link`.
            media: see `media`: photo, video, poll, preview, ...
            rich: a rich text; see `media.rich`.
            grouped_id: the same number for all parts of an album.
            origin: where it was forwarded from; `forward` does that for posts of this world.
            views: how often it was seen.
            forwards: how often it was forwarded.
            author: the signature under the post.
            push: False: members are not told now; history and differences tell it.
        """
        return channels.post(
            self.state,
            channel,
            text,
            date=date,
            entities=entities,
            media=media,
            rich=rich,
            grouped_id=grouped_id,
            origin=origin,
            views=views,
            forwards=forwards,
            author=author,
            push=push,
        )

    def album(self, channel: Channel, media: list[Any], text: str = "", *, push: bool = True) -> list[Post]:
        """Publish an album: a post for each of `media`; the text stands with the first."""
        grouped_id = self.state.number()
        texts = [text] + [""] * (len(media) - 1)
        return [
            self.post(channel, caption, media=part, grouped_id=grouped_id, push=push)
            for caption, part in zip(texts, media, strict=True)
        ]

    def forward(self, post: Post, channel: Channel, *, push: bool = True, date: int | None = None) -> Post:
        """Forward a post into another channel, with its origin."""
        post.forwards += 1
        origin = post.origin or Origin(date=post.date, channel_id=post.channel_id, post_id=post.id)
        return self.post(
            channel, post.text, entities=post.entities, media=post.media, origin=origin, push=push, date=date
        )

    def service(self, channel: Channel, action: Any, *, push: bool = True) -> Post:
        """Publish a service message (see `media.pinned`): it takes an id, but says nothing to read."""
        return channels.post(self.state, channel, service=action, push=push)

    def edit(self, post: Post, text: str | None = None, *, push: bool = True, **changes: Any) -> Post:
        """Edit a post: its text, or other fields of `Post` by name."""
        if text is not None:
            changes["text"] = text
        return channels.edit(self.state, self.channel_of(post), post.id, push=push, **changes)

    def delete(self, *posts: Post, push: bool = True) -> None:
        """Delete posts of one channel."""
        channels.delete(self.state, self.channel_of(posts[0]), tuple(post.id for post in posts), push=push)

    def change(self, channel: Channel, *, push: bool = True, **changes: Any) -> None:
        """Change a channel itself by fields of `Channel`: title, username, fake, lost, ..."""
        channels.change(self.state, channel, push=push, **changes)

    def ban(self, channel: Channel, account: Account) -> None:
        """Ban an account from a channel: it is told, and may read it no more."""
        channel.banned.add(account.id)
        channels.about(self.state, channel)
        channel.members.discard(account.id)

    def forget_events(self, channel: Channel) -> None:
        """Make the server unable to tell a difference from before now: it will answer TooLong."""
        channel.journal.forgotten = channel.journal.pts

    def channel_of(self, post: Post) -> Channel:
        """Return the channel a post is in."""
        return self.state.channels[post.channel_id]

    def write(self, sender: Account, receiver: Account, text: str, **contents: Any) -> Letter:
        """Have one account write to another, as if by another of its apps."""
        return letters.send(self.state, sender, receiver, text=text, random_id=self.state.number(), **contents)

    def add_group(self, title: str, *members: Account) -> Group:
        """Found a small group; see `grow`. A large one is a channel of the kind "megagroup"."""
        return groups.found(self.state, title, members)

    def grow(self, group: Group) -> Channel:
        """Make a small group a large one: a channel under another id."""
        return groups.grow(self.state, group)

    def say(self, sender: Account, where: Group | Channel, text: str, **contents: Any) -> Letter | Post:
        """Have a member write in a group, as if by another of his apps; `contents`: see `Letter` and `Post`."""
        number = self.state.number()
        if isinstance(where, Group):
            return letters.send(self.state, sender, where, text=text, random_id=number, **contents)
        return groups.write(self.state, sender, where, text=text, random_id=number, **contents)

    def heard(self, where: Group | Channel, sender: Account) -> list[Letter | Post]:
        """Return what an account wrote in a group, oldest first."""
        if isinstance(where, Group):
            return [
                letter for letter in sender.letters.values() if letter.group == where.id and letter.sender == sender.id
            ]
        return [post for post in where.posts.values() if post.sender == sender.id]

    def edit_letter(self, letter: Letter, text: str) -> None:
        """Have the sender edit a private message."""
        letters.edit(self.state, letter, text=text)

    def delete_letters(self, *gone: Letter) -> None:
        """Have private messages deleted for both sides."""
        letters.delete(self.state, list(gone))

    def chat(self, account: Account, peer: Account) -> list[Letter]:
        """Return the private messages between two accounts as `account` sees them, oldest first."""
        return letters.between(account, peer.id)[::-1]

    def sign_in(self, account: Account) -> bytes:
        """Return an auth key with which `account` is signed in: a client that holds it needs no key exchange."""
        data = secrets.token_bytes(256)
        self.state.keys[envelope.id_of(data)] = Key(data=data, salt=secrets.randbits(63), account_id=account.id)
        return data

    def sign_out(self, account: Account) -> None:
        """End all of an account's sessions: its keys are refused from now on."""
        for key in self.state.keys.values():
            if key.account_id == account.id:
                key.account_id = None

    def listen(self, listener: Callable[[Push], None]) -> None:
        """Have `listener` called with whatever an account should hear of, as the servers do."""
        self.state.listeners.append(listener)
