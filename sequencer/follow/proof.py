"""How a follower proves that it knows the key that it shares with the recorder."""

import hashlib
import hmac

from seriatim.schemas import FollowRequest

PROTOCOL_VERSION = 1


def proof_of(key: bytes, nonce: bytes, request: FollowRequest) -> bytes:
    """HMAC-SHA-256 of the nonce and of the request with a proof of zeros."""
    plain = FollowRequest(
        correlation_id=request.correlation_id,
        from_seq=request.from_seq,
        from_index=request.from_index,
        epoch=request.epoch,
        proof=bytes(32),
        content=request.content,
    )
    return hmac.digest(key, nonce + plain.encode(), hashlib.sha256)
