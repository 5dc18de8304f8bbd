"""Why a command was rejected, as one tells a trader or an operator: the same words from tools, clients and gateways."""

from seriatim.schemas import RejectReason

REJECT_TEXTS = {
    RejectReason.MALFORMED: "the message cannot be read; the program that sent it has an error in its encoder",
    RejectReason.UNKNOWN_COMMAND: "this venue does not know the command; it runs an older release, or older rules",
    RejectReason.UNKNOWN_INSTRUMENT: "no instrument with this number is defined",
    RejectReason.INVALID_SIDE: "the side is neither buy nor sell",
    RejectReason.INVALID_ORD_TYPE: "this venue does not know the order type",
    RejectReason.INVALID_TIME_IN_FORCE: "this venue does not know the time in force",
    RejectReason.INVALID_PRICE: "the price is zero, negative or too large, or is missing, or the order may have none",
    RejectReason.INVALID_QUANTITY: "the quantity is zero, negative or too large",
    RejectReason.DUPLICATE_CL_ORD_ID: "the session has a live order with this client order id; choose another",
    RejectReason.UNKNOWN_ORDER: "the session has no live order with this client order id; it is filled or cancelled, "
    "or was never accepted",
    RejectReason.QUANTITY_NOT_ABOVE_FILLED: "the new quantity is no more than what is filled already",
    RejectReason.INSTRUMENT_EXISTS: "an instrument with this number is defined already, with another symbol, tick size "
    "or lot size",
    RejectReason.INVALID_INSTRUMENT: "the instrument's number, symbol, tick size or lot size is out of range",
    RejectReason.BOOK_FULL: "the venue holds as many live orders as it may",
    RejectReason.SKIPPED: "an operator had the command skipped, because carrying it out failed",
    RejectReason.INVALID_CL_ORD_ID: "the client order id is 0; the first that may be used is 1",
    RejectReason.NOT_ALLOWED: "the user has no role for this; orders need the role trade, what operators do the "
    "role administer",
    RejectReason.INVALID_STOP_PRICE: "the stop price is out of range, or is missing, or the order is no stop order",
    RejectReason.INVALID_DISPLAY_QUANTITY: "the display quantity is out of range or below a thousandth of the order, "
    "or the order is none that rests",
    RejectReason.INVALID_MINIMUM_QUANTITY: "the minimum quantity is out of range, or the order may have none, as a "
    "stop or a fill-or-kill order",
    RejectReason.INVALID_EXPIRE_TIME: "the expire time is past, or is missing, or the order is not good-till-date",
    RejectReason.INVALID_INSTRUCTIONS: "an instruction or the self-trade prevention is unknown, or is not for such an "
    "order",
    RejectReason.WOULD_TRADE: "the order is post-only and would have traded at once",
    RejectReason.WRONG_PHASE: "the instrument does not take this in its trading phase now",
    RejectReason.OUTSIDE_PRICE_BAND: "a price lies outside the instrument's price band",
    RejectReason.OUTSIDE_COLLAR: "the price is further from the last or reference price than the instrument's collar "
    "allows",
    RejectReason.QUANTITY_ABOVE_MAXIMUM: "the quantity is above the most that one order may have",
    RejectReason.VALUE_ABOVE_MAXIMUM: "price times quantity is above the most that one order may be worth",
    RejectReason.TOO_MANY_OPEN_ORDERS: "the session or the account has as many open orders as it may",
    RejectReason.POSITION_ABOVE_MAXIMUM: "with its open orders filled, the session or the account could be longer or "
    "shorter than it may",
    RejectReason.RATE_EXCEEDED: "the session or the account sends orders faster than it may; wait, then send again",
    RejectReason.KILLED: "the kill switch of the session or the account is engaged; an operator can release it",
    RejectReason.UNKNOWN_TRADE: "no such trade was made, or it was too long ago, or it is busted already",
    RejectReason.INVALID_PHASE: "the trading phase is unknown, its time is past, or it would repeat more than once a "
    "second",
    RejectReason.INVALID_RULES: "a rule is out of range, or the low end of the price band is above its high end",
    RejectReason.INVALID_LIMITS: "a limit or the position is out of range, it is for neither a session nor an account "
    "from 1 on, or an account is to have its orders cancelled on disconnect",
    RejectReason.SCHEDULE_FULL: "the instrument has as many scheduled phases as it may; clear its schedule first",
    RejectReason.UNKNOWN_SESSION: "no session with this number was ever opened",
    RejectReason.TOO_MANY_LIMITS: "limits are kept for as many sessions and accounts as may be",
}
"""A clause without a full stop, for each reason."""


def reject_text(reason: int) -> str:
    """The reason in words; of one that a newer release has, its number."""
    if reason not in REJECT_TEXTS:
        return f"for reason {reason}, which only a newer release has words for"
    return REJECT_TEXTS[RejectReason(reason)]
