"""How a follower proves that it knows the key that it shares with the recorder."""

import hashlib
import hmac

from seriatim.schemas import FollowRequest

PROTOCOL_VERSION = 3
NO_CLUSTER = bytes(16)
"""Of a follower that has followed no journal yet."""


def proof_of(key: bytes, nonce: bytes, request: FollowRequest) -> bytes:
    """HMAC-SHA-256 of the nonce and of the request with a proof of zeros."""
    plain = FollowRequest(
        correlation_id=request.correlation_id,
        from_seq=request.from_seq,
        from_index=request.from_index,
        epoch=request.epoch,
        proof=bytes(32),
        content=request.content,
        user=request.user or "",
        cluster=request.cluster or NO_CLUSTER,
    )
    return hmac.digest(key, nonce + plain.encode(), hashlib.sha256)


def is_proof(request: FollowRequest, nonce: bytes, key: bytes) -> bool:
    """Whether the request's proof was made with this key."""
    return hmac.compare_digest(proof_of(key, nonce, request), bytes(request.proof))
