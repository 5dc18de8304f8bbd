/* The one seam between Python and the native cores. cffi reads this file as it is, so it holds declarations only.
 *
 * Ownership: what a `_new` returns belongs to the caller until its `_free`; everything else is borrowed for the call.
 * Errors: functions return a negative code and leave a sentence for `seriatim_error_message` unless they say otherwise.
 */

/* CRC-32C of `length` bytes, continuing from `crc` (0 to start). */
uint32_t seriatim_crc32c(uint32_t crc, const uint8_t *bytes, size_t length);

/* --- engine: the matching engine without a bus (native/src/engine_api.rs) ------------------------------------------
 * Calls on one engine from several threads wait for each other. After a panic inside, every call returns -1 and
 * seriatim_engine_fault tells why. Rows are those of engine/src/rows.rs and of seriatim.engine.COMMAND and EVENT. */
typedef struct seriatim_engine seriatim_engine;

typedef struct {
    uint8_t kind, side, ord_type, time_in_force;
    uint32_t instrument, account, session;
    uint64_t cl_ord_id, orig_cl_ord_id;
    int64_t price, quantity;
} seriatim_command_row;

typedef struct {
    uint64_t seq;
    int64_t time_ns;
    uint64_t number, order_id, cl_ord_id, orig_cl_ord_id;
    int64_t price, quantity, leaves;
    uint64_t contra_order_id, contra_cl_ord_id;
    int64_t contra_leaves;
    uint32_t contra_session, session, index, instrument, account;
    uint16_t template_id;
    uint8_t kind, side, ord_type, time_in_force, reason, liquidity, priority_kept, flags;
    uint8_t reserved[2];
} seriatim_event_row;

typedef struct {
    int64_t tick_mantissa, lot_mantissa;
    uint32_t id;
    int8_t tick_exponent, lot_exponent;
    uint8_t symbol[16];
} seriatim_instrument;

typedef struct {
    int64_t price, quantity;
    uint32_t orders;
} seriatim_level;

typedef struct {
    uint64_t outcome_hash, last_order_id, live_orders;
} seriatim_engine_state;

/* An engine that holds at most `orders_max` live orders; null if that is beyond the limit. */
seriatim_engine *seriatim_engine_new(uint32_t orders_max);
void seriatim_engine_free(seriatim_engine *engine);
/* Writes waiting events, then executes commands, numbered from `first`, while there is room; `executed` says how many.
 * Returns the number of events written. Call again with the rest until all are executed and fewer events than `capacity` came. */
int64_t seriatim_engine_apply(const seriatim_engine *engine, const seriatim_command_row *commands, size_t count,
                              uint64_t first, size_t *executed, seriatim_event_row *events, size_t capacity);
/* Executes an SBE body; returns how many events now wait for seriatim_engine_apply. */
int64_t seriatim_engine_execute(const seriatim_engine *engine, uint32_t session, const uint8_t *body, size_t length);
/* Defines an instrument; returns how many events now wait for seriatim_engine_apply. */
int64_t seriatim_engine_define(const seriatim_engine *engine, uint32_t session, const seriatim_instrument *terms);
/* The terms of an instrument; returns 1, or 0 if there is none. */
int64_t seriatim_engine_instrument(const seriatim_engine *engine, uint32_t id, seriatim_instrument *terms);
/* The best levels of one side (1 buy, 2 sell); returns how many. */
int64_t seriatim_engine_levels(const seriatim_engine *engine, uint32_t instrument, uint8_t side,
                               seriatim_level *levels, size_t capacity);
int64_t seriatim_engine_position(const seriatim_engine *engine, seriatim_engine_state *state);
/* Why the engine panicked, UTF-8 without a closing zero; returns the length. */
size_t seriatim_engine_fault(const seriatim_engine *engine, uint8_t *text, size_t capacity);
/* For benchmarks: executes commands, drops their events and returns the nanoseconds taken; the time of each command
 * goes to `each_ns` unless null, which costs two readings of the clock each. */
int64_t seriatim_engine_measure(const seriatim_engine *engine, const seriatim_command_row *commands, size_t count,
                                uint32_t *each_ns, uint64_t *events);
