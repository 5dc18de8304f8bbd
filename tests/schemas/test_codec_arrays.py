"""Thousands of messages at once."""

import numpy as np
import pytest

from seriatim.schemas import CodecError, Connect, Filled, Liquidity, NewOrder, OrdType, Side, Tick, TimeInForce, decode


def orders(count: int, align_bytes: int = 1) -> np.ndarray:
    frames = NewOrder.frames(count, align_bytes=align_bytes)
    frames["cl_ord_id"] = np.arange(1, count + 1)
    frames["order_qty"] = 10
    frames["side"] = Side.SELL
    frames["ord_type"] = OrdType.MARKET
    frames["time_in_force"] = TimeInForce.FILL_OR_KILL
    return frames


def test_frames_are_messages_once_their_fields_are_filled() -> None:
    data = orders(3).tobytes()
    for index in range(3):
        order = decode(data, index * NewOrder.FRAME_DTYPE.itemsize)
        assert isinstance(order, NewOrder)
        assert (order.cl_ord_id, order.price, order.side) == (index + 1, None, Side.SELL)


def test_padded_frames_start_at_multiples_of_their_alignment() -> None:
    frames = orders(4, align_bytes=8)
    assert frames.dtype.itemsize == 48
    assert [decode(frames, 48 * index).as_dict()["cl_ord_id"] for index in range(4)] == [1, 2, 3, 4]
    assert NewOrder.view(frames, align_bytes=8)["cl_ord_id"].tolist() == [1, 2, 3, 4]


def test_a_view_shares_the_memory_of_its_buffer() -> None:
    data = bytearray(orders(100).tobytes())
    view = NewOrder.view(data)
    assert len(view) == 100
    view["account"] = 7
    again = decode(data, 43 * 99)
    assert isinstance(again, NewOrder)
    assert again.account == 7
    assert len(NewOrder.view(data, 43 * 90)) == 10
    assert len(NewOrder.view(data, 0, 5)) == 5
    assert len(NewOrder.view(data, 43 * 100)) == 0


def test_a_view_refuses_what_is_not_a_run_of_one_template() -> None:
    data = bytearray(orders(5).tobytes())
    data[43 * 3 + 2] = 11
    with pytest.raises(CodecError, match=r"NewOrder\.header at byte 129: this frame is not as the first"):
        NewOrder.view(data)
    with pytest.raises(CodecError, match=r"Filled\.template_id at byte 0: template 10 is NewOrder"):
        Filled.view(data)
    with pytest.raises(CodecError, match="6 frames of 43 bytes do not fit in 215"):
        NewOrder.view(data, 0, 6)


def test_messages_of_different_lengths_make_no_array() -> None:
    for use in (lambda: Connect.frames(2), lambda: Connect.view(bytes(100))):
        with pytest.raises(CodecError, match=r"Connect\.response_channel: frames of this message differ in length"):
            use()


def test_dtypes_have_the_offsets_of_the_schema() -> None:
    assert NewOrder.DTYPE.itemsize == NewOrder.BLOCK_LENGTH == 35
    assert NewOrder.FRAME_DTYPE.itemsize == 43
    fields = NewOrder.DTYPE.fields
    assert fields is not None
    offsets = {name: place[1] for name, place in fields.items()}
    assert offsets == {field.name: field.offset for field in NewOrder._fields}
    assert NewOrder.price.null == -(2**63)
    assert NewOrder.price.id == 44
    assert Tick.DTYPE.itemsize == 0
    assert Tick.frames(2).tobytes() == Tick().encode() * 2


def test_columns_of_many_events_come_out_of_a_view() -> None:
    fill = Filled(
        order_id=3,
        cl_ord_id=11,
        last_px=585,
        last_qty=60,
        leaves_qty=40,
        instrument=7,
        side=Side.BUY,
        liquidity=Liquidity.ADDED,
        trade_id=1,
    )
    view = Filled.view(fill.encode() * 1000)
    assert int((view["last_px"] * view["last_qty"]).sum()) == 1000 * 585 * 60
