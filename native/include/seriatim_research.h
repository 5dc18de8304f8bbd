/* The seam for those who look into the engine or time it; after seriatim.h. */

/* --- Queues of a price (native/src/queue_api.rs) -------------------------------------------------------------------- */

/* The orders at a price, in the order in which they trade: writes up to `capacity`; returns how many there are. */
typedef struct {
    uint64_t order_id, cl_ord_id;
    int64_t leaves;
    uint32_t session, account;
} seriatim_queued_t;
int64_t seriatim_engine_queue(const seriatim_engine_t *engine, uint32_t instrument, uint8_t side, int64_t price,
                              seriatim_queued_t *queued, size_t capacity);
/* Where a live order stands, with what trades before it at its price; returns 1, or 0 if there is no such order. */
typedef struct {
    int64_t price, leaves, quantity_ahead;
    uint32_t orders_ahead, instrument;
    uint8_t side;
} seriatim_queue_position_t;
int64_t seriatim_engine_queue_position(const seriatim_engine_t *engine, uint32_t session, uint64_t cl_ord_id,
                                       seriatim_queue_position_t *position);

/* --- Time and sessions (native/src/time_api.rs) --------------------------------------------------------------------- */

/* The stamp of what comes next; an earlier one than before changes nothing. Returns 0. */
int64_t seriatim_engine_set_time(const seriatim_engine_t *engine, int64_t time_ns);
/* Does what time and unfinished work cause; returns how many events now wait for seriatim_engine_apply. */
int64_t seriatim_engine_tick(const seriatim_engine_t *engine);
/* The earliest time at which a tick would do something, INT64_MIN for unfinished work; returns 1, or 0 if there is none. */
int64_t seriatim_engine_next_due(const seriatim_engine_t *engine, int64_t *due_ns);
/* A logon has ended (`end`: the schema's SessionEnd); returns how many events now wait for seriatim_engine_apply. */
int64_t seriatim_engine_session_closed(const seriatim_engine_t *engine, uint32_t session, uint8_t end);

/* --- Measuring (native/src/measure_api.rs) -------------------------------------------------------------------------- */

/* For benchmarks: what seriatim_engine_apply takes for the commands in arrays of `array_length`, in nanoseconds, every
 * event written to the same room. */
int64_t seriatim_engine_measure_arrays(const seriatim_engine_t *engine, const seriatim_command_row_t *commands, size_t count,
                                       size_t array_length, seriatim_event_row_t *events, size_t capacity);
/* What each of `count` measurements of nothing says: the share of the clock in a time that was measured alone. */
void seriatim_measure_clock(uint32_t *each_ns, size_t count);
