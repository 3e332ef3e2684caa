"""The key exchange of MTProto, seen from the server: three requests in the clear, then both hold an auth key."""

import hashlib
import os
import secrets
import struct
from dataclasses import dataclass, field

from telethon import helpers
from telethon.crypto import AES, AuthKey
from telethon.errors import TypeNotFoundError
from telethon.extensions import BinaryReader
from telethon.tl import TLObject, functions, types

from bot.sandbox import clock, primes
from bot.sandbox.keys import ServerKey

EXPONENT_BITS = 256


class HandshakeError(Exception):
    """A request that does not belong here, or does not fit what was said before."""


@dataclass(slots=True, kw_only=True)
class Handshake:
    """One exchange under way. `agreed`: the auth key, once there is one."""

    server_key: ServerKey
    agreed: bytes | None = None
    _server_nonce: int = 0
    _new_nonce: int = 0
    _exponent: int = field(default_factory=lambda: secrets.randbits(EXPONENT_BITS))

    def answer(self, body: bytes) -> bytes:
        """Answer the next request of the exchange.

        Raises:
            HandshakeError: The request cannot be answered; the connection is of no more use.
        """
        try:
            return bytes(self._answer(BinaryReader(body).tgread_object()))
        except (struct.error, BufferError, TypeNotFoundError) as error:
            raise HandshakeError("the client's bytes mean nothing") from error

    def _answer(self, request: TLObject) -> TLObject:
        if isinstance(request, functions.ReqPqMultiRequest | functions.ReqPqRequest):
            return self._propose(request)
        if isinstance(request, functions.ReqDHParamsRequest):
            return self._parameters(request)
        if isinstance(request, functions.SetClientDHParamsRequest):
            return self._agree(request)
        raise HandshakeError(f"{type(request).__name__} came without encryption")

    def _propose(self, request: TLObject) -> TLObject:
        self._server_nonce = int.from_bytes(os.urandom(16), "little", signed=True)
        first, second = primes.SMALL_PRIMES
        return types.ResPQ(
            nonce=request.nonce,
            server_nonce=self._server_nonce,
            pq=primes.big_endian(first * second),
            server_public_key_fingerprints=[self.server_key.fingerprint],
        )

    def _parameters(self, request: TLObject) -> TLObject:
        self._expect(request)
        plain = self.server_key.decrypt(request.encrypted_data)
        inner = BinaryReader(plain[20:]).tgread_object()
        if hashlib.sha1(bytes(inner), usedforsecurity=False).digest() != plain[:20]:
            raise HandshakeError("the client's part is not what it signed")
        self._new_nonce = inner.new_nonce
        answer = bytes(
            types.ServerDHInnerData(
                nonce=request.nonce,
                server_nonce=self._server_nonce,
                g=primes.GENERATOR,
                dh_prime=primes.big_endian(primes.SAFE_PRIME),
                g_a=primes.big_endian(pow(primes.GENERATOR, self._exponent, primes.SAFE_PRIME)),
                server_time=int(clock.real()),
            )
        )
        key, iv = helpers.generate_key_data_from_nonce(self._server_nonce, self._new_nonce)
        digest = hashlib.sha1(answer, usedforsecurity=False).digest()
        return types.ServerDHParamsOk(
            nonce=request.nonce,
            server_nonce=self._server_nonce,
            encrypted_answer=AES.encrypt_ige(digest + answer, key, iv),
        )

    def _agree(self, request: TLObject) -> TLObject:
        self._expect(request)
        key, iv = helpers.generate_key_data_from_nonce(self._server_nonce, self._new_nonce)
        inner = BinaryReader(AES.decrypt_ige(request.encrypted_data, key, iv)[20:]).tgread_object()
        shared = pow(int.from_bytes(inner.g_b, "big"), self._exponent, primes.SAFE_PRIME)
        # The client writes the key without leading zeros, so must we: else one key in 256 would differ.
        self.agreed = primes.big_endian(shared)
        new_nonce_hash = AuthKey(self.agreed).calc_new_nonce_hash(self._new_nonce, 1)
        return types.DhGenOk(nonce=request.nonce, server_nonce=self._server_nonce, new_nonce_hash1=new_nonce_hash)

    def _expect(self, request: TLObject) -> None:
        if request.server_nonce != self._server_nonce:
            raise HandshakeError("the client answers another exchange")
