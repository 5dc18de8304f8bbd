/* The one seam between Python and the native cores. cffi reads this file as it is, so it holds declarations only.
 *
 * Ownership: what a `_new` returns belongs to the caller until its `_free`; everything else is borrowed for the call.
 * Errors: functions return a negative code and leave a sentence for `seriatim_error_message` unless they say otherwise.
 */

/* CRC-32C of `length` bytes, continuing from `crc` (0 to start). */
uint32_t seriatim_crc32c(uint32_t crc, const uint8_t *bytes, size_t length);

/* --- Errors ------------------------------------------------------------------------------------------------------- */

#define SERIATIM_INVALID_ARGUMENT -1
#define SERIATIM_AERON -2
#define SERIATIM_BAD_BLOCK -3
#define SERIATIM_POISON -4
#define SERIATIM_TIME_JUMP -5
#define SERIATIM_PANIC -6
#define SERIATIM_DISCONNECTED -7
#define SERIATIM_SESSION_CLOSED -8
#define SERIATIM_SKIP_REFUSED -9
#define SERIATIM_UNKNOWN_LOGIC -10
#define SERIATIM_BAD_SNAPSHOT -11

/* The sentence of this thread's last error; valid until its next one. */
const char *seriatim_error_message(void);
/* The seq that this thread's last error is about, 0 if none. */
uint64_t seriatim_error_seq(void);

/* ---- Aeron: what the bindings in aeron/ need natively. These return Aeron's own codes, or the ones here. ---------- */

#define SERIATIM_CLOSED -4     /* closed by the caller, or because the client has stopped */
#define SERIATIM_FORKED -100   /* the object belongs to the parent of this forked process */
#define SERIATIM_BUSY -101     /* another call is polling this subscription */
#define SERIATIM_TOO_LONG -102 /* a message does not fit into the empty batch */

/* A gate guards one Aeron object (kind: 1 driver, 2 client, 3 publication, 4 exclusive publication, 5 subscription,
 * 6 counter, 7 image; `context` for 1 and 2) and owns it. Every call is made between enter (0, or a code) and leave.
 * Close refuses later calls at once; the last call inside releases the object, a client after all of its objects.
 * Close returns 1 when it was released, 0 when a call inside will do it, negative with Aeron's error. */
typedef struct seriatim_gate seriatim_gate_t;
typedef struct seriatim_inbox seriatim_inbox_t;
seriatim_gate_t *seriatim_gate_new(
    int32_t kind, void *resource, void *context, seriatim_gate_t *parent, seriatim_inbox_t *inbox);
void seriatim_gate_free(seriatim_gate_t *gate);
int32_t seriatim_gate_enter(seriatim_gate_t *gate);
void seriatim_gate_leave(seriatim_gate_t *gate);
int32_t seriatim_gate_close(seriatim_gate_t *gate);
void seriatim_gate_forked(void);

/* An inbox keeps what Aeron's conductor thread reports until `take` (1, or 0 when empty). `share` makes the second
 * reference, which is given to a gate. The handlers are for Aeron, with the inbox as client data. */
typedef struct seriatim_report
{
    int32_t kind; /* 1 error, 2 available image, 3 unavailable image */
    int32_t code;
    int32_t session_id;
    int64_t correlation_id;
    int64_t position;
    char text[1024]; /* error message or source identity */
}
seriatim_report_t;
seriatim_inbox_t *seriatim_inbox_new(void);
seriatim_inbox_t *seriatim_inbox_share(seriatim_inbox_t *inbox);
void seriatim_inbox_free(seriatim_inbox_t *inbox);
int32_t seriatim_inbox_pending(seriatim_inbox_t *inbox);
int32_t seriatim_inbox_take(seriatim_inbox_t *inbox, seriatim_report_t *out);
void seriatim_on_error(void *inbox, int code, const char *message);
void seriatim_on_available_image(void *inbox, aeron_subscription_t *subscription, aeron_image_t *image);
void seriatim_on_unavailable_image(void *inbox, aeron_subscription_t *subscription, aeron_image_t *image);
void seriatim_log_nothing(const char *text);

/* Offering through a gate. `reserved_value` goes into the header of every frame. The many-message forms return how many went; `position` gets the last position, or the
 * reason why they stopped. A successful claim holds its gate until it is finished (commit 1, or abort 0). */
int64_t seriatim_offer(seriatim_gate_t *gate, const uint8_t *message, size_t length, int64_t reserved_value);
int64_t seriatim_offer_parts(seriatim_gate_t *gate, aeron_iovec_t *parts, size_t count, int64_t reserved_value);
int64_t seriatim_offer_rows(
    seriatim_gate_t *gate,
    const uint8_t *rows,
    size_t length,
    size_t stride,
    size_t count,
    int64_t reserved_value,
    int64_t *position);
int64_t seriatim_offer_lengths(
    seriatim_gate_t *gate,
    const uint8_t *messages,
    const int64_t *lengths,
    const int64_t *offsets,
    size_t count,
    int64_t reserved_value,
    int64_t *position);
int64_t seriatim_claim(seriatim_gate_t *gate, size_t length, aeron_buffer_claim_t *claim);
int32_t seriatim_claim_finish(seriatim_gate_t *gate, aeron_buffer_claim_t *claim, int32_t commit);

/* A poller reads a subscription or one image. A poll is begin, any number of commit and next, and end unless begin or next returned 0. The block's fragments lie in
 * Aeron's memory and are valid until the next of these calls. */
typedef struct seriatim_fragments
{
    const uint8_t *base;
    int64_t length;
    int64_t position;
    int32_t count;
    int32_t events;
    int32_t session_id;
    int32_t stream_id;
    int32_t term_id;
    int32_t term_offset;
    int32_t initial_term_id;
    int32_t spans[768]; /* start, end, flags of each of 256 fragments */
    int32_t ends[256];
    int64_t reserved_values[256];
}
seriatim_fragments_t;
typedef struct seriatim_poller seriatim_poller_t;
seriatim_poller_t *seriatim_poller_new(seriatim_gate_t *gate);
void seriatim_poller_free(seriatim_poller_t *poller);
int32_t seriatim_poller_begin(seriatim_poller_t *poller, int32_t limit, seriatim_fragments_t *block);
int32_t seriatim_poller_next(seriatim_poller_t *poller, int32_t limit, seriatim_fragments_t *block);
void seriatim_poller_commit(seriatim_poller_t *poller, int64_t position);
void seriatim_poller_end(seriatim_poller_t *poller);
void seriatim_poller_forget(seriatim_poller_t *poller, int32_t session_id);

typedef struct seriatim_batch
{
    uint8_t *data;
    size_t capacity;
    size_t used;
    size_t needed;
    int32_t max_messages;
    int32_t count;
    int32_t events;
    int64_t *offsets;
    int64_t *lengths;
    int64_t *positions;
    int32_t *session_ids;
    int64_t *reserved_values;
}
seriatim_batch_t;
int32_t seriatim_poll_batch(seriatim_poller_t *poller, seriatim_batch_t *batch, int32_t assemble);

/* Operation: 0 get, 1 set, 2 add. `value` goes in, the value before the change comes out. */
int32_t seriatim_counter_apply(seriatim_gate_t *gate, int32_t operation, int64_t *value);

/* The same work by native threads alone: messages per second, and round trips of `count` messages. */
double seriatim_bench_throughput(
    seriatim_gate_t *publication, seriatim_gate_t *subscription, size_t length, uint64_t duration_ns);
int64_t seriatim_bench_ping_pong(
    seriatim_gate_t *there,
    seriatim_gate_t *there_end,
    seriatim_gate_t *back,
    seriatim_gate_t *back_end,
    size_t length,
    uint32_t spins_before_yield,
    size_t count,
    uint64_t *round_trips_ns);

/* A price level: price in ticks, quantity in lots, number of orders. */
typedef struct {
    int64_t price, quantity;
    uint32_t orders;
} seriatim_level_t;

/* --- Replica: sessions and engine, advanced block by block ---------------------------------------------------------- */

typedef struct seriatim_replica seriatim_replica_t;

typedef struct {
    uint64_t seq;
    int64_t time_ns;
    uint64_t index;
    uint64_t outcome_hash;
    uint64_t state_hash;
    uint64_t live_orders;
    uint64_t last_order_id;
    uint32_t epoch;
    uint32_t sessions;
    uint32_t logic_version;
    uint8_t header_hash[32];
} seriatim_state_t;

seriatim_replica_t *seriatim_replica_new(void);
void seriatim_replica_free(seriatim_replica_t *replica);
/* Has the command with this seq rejected instead of executed; `crc` is the CRC-32C of its frame without the stamp. */
void seriatim_replica_skip(seriatim_replica_t *replica, uint64_t seq, uint32_t crc);
/* The newest rules that the engine knows. */
uint32_t seriatim_logic_version(void);
/* Executes the next block of the log; returns how many frames it held. */
int seriatim_replica_apply(seriatim_replica_t *replica, const uint8_t *bytes, size_t length);
void seriatim_replica_state(const seriatim_replica_t *replica, seriatim_state_t *state);
/* Writes up to `depth` levels of a book, best first; returns how many. */
size_t seriatim_replica_levels(const seriatim_replica_t *replica, uint32_t instrument, uint8_t side,
                               seriatim_level_t *levels, size_t depth);

/* --- engine: the matching engine without a bus (native/src/engine_api.rs) ------------------------------------------
 * Calls on one engine from several threads wait for each other. After a panic inside, every call returns -1 and
 * seriatim_engine_fault tells why. Rows are those of engine/src/rows.rs and of seriatim.engine.COMMAND and EVENT. */
typedef struct seriatim_engine_t seriatim_engine_t;

typedef struct {
    uint8_t kind, side, ord_type, time_in_force;
    uint32_t instrument, account, session;
    uint64_t cl_ord_id, orig_cl_ord_id;
    int64_t price, quantity;
} seriatim_command_row_t;

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
    uint8_t outcome; /* of an answer to a repeat or a query: the schema's OutcomeKind */
    uint8_t reserved[1];
} seriatim_event_row_t;

typedef struct {
    int64_t tick_mantissa, lot_mantissa;
    uint32_t id;
    int8_t tick_exponent, lot_exponent;
    uint8_t symbol[16];
} seriatim_instrument_t;

typedef struct {
    uint64_t outcome_hash, last_order_id, live_orders;
} seriatim_engine_state_t;

/* Writes the row's SBE message to `body`, which has room for 128 bytes; returns its length. */
size_t seriatim_command_encode(const seriatim_command_row_t *row, uint8_t *body);
/* An engine that holds at most `orders_max` live orders; null if that is beyond the limit. */
seriatim_engine_t *seriatim_engine_new(uint32_t orders_max);
void seriatim_engine_free(seriatim_engine_t *engine);
/* Takes the memory for so many more orders now; returns 1, or 0 if there is not so much. */
int64_t seriatim_engine_make_room(const seriatim_engine_t *engine, uint32_t orders);
/* Follows other rules from here on; returns 1, or 0 if it does not know them. */
int64_t seriatim_engine_set_logic_version(const seriatim_engine_t *engine, uint32_t version);
/* Writes waiting events, then executes commands, numbered from `first`, while there is room; `executed` says how many.
 * Returns the number of events written. Call again with the rest until all are executed and fewer events than `capacity` came. */
int64_t seriatim_engine_apply(const seriatim_engine_t *engine, const seriatim_command_row_t *commands, size_t count,
                              uint64_t first, size_t *executed, seriatim_event_row_t *events, size_t capacity);
/* Executes an SBE body; returns how many events now wait for seriatim_engine_apply. */
int64_t seriatim_engine_execute(const seriatim_engine_t *engine, uint32_t session, const uint8_t *body, size_t length);
/* Defines an instrument; returns how many events now wait for seriatim_engine_apply. */
int64_t seriatim_engine_define(const seriatim_engine_t *engine, uint32_t session, const seriatim_instrument_t *terms);
/* The terms of an instrument; returns 1, or 0 if there is none. */
int64_t seriatim_engine_instrument(const seriatim_engine_t *engine, uint32_t id, seriatim_instrument_t *terms);
/* The best levels of one side (1 buy, 2 sell); returns how many. */
int64_t seriatim_engine_levels(const seriatim_engine_t *engine, uint32_t instrument, uint8_t side,
                               seriatim_level_t *levels, size_t capacity);
int64_t seriatim_engine_position(const seriatim_engine_t *engine, seriatim_engine_state_t *state);
/* Why the engine panicked, UTF-8 without a closing zero; returns the length. */
size_t seriatim_engine_fault(const seriatim_engine_t *engine, uint8_t *text, size_t capacity);
/* For benchmarks: executes commands, drops their events and returns the nanoseconds taken; the time of each command
 * goes to `each_ns` unless null, which costs two readings of the clock each. */
int64_t seriatim_engine_measure(const seriatim_engine_t *engine, const seriatim_command_row_t *commands, size_t count,
                                uint32_t *each_ns, uint64_t *events);

/* --- Recording: a replica's events as rows, one block at a time (native/src/recording_api.rs) ------------------------- */

typedef struct seriatim_recording seriatim_recording_t;

typedef struct {
    uint64_t number; /* of the session's first command in the block */
    uint32_t session;
    uint32_t reserved;
} seriatim_first_number_t;

/* Of one block; the arrays are the recording's, and valid until the next block is recorded. */
typedef struct {
    const seriatim_event_row_t *events; /* by seq, then index */
    size_t event_count;
    const seriatim_instrument_t *terms; /* of the instruments that were defined */
    size_t term_count;
    const seriatim_first_number_t *sessions; /* one for each session with a command */
    size_t session_count;
    uint32_t commands;
} seriatim_recorded_t;

seriatim_recording_t *seriatim_recording_new(void);
void seriatim_recording_free(seriatim_recording_t *recording);
/* Executes the next block of the log and gives what it caused; returns how many frames it held. */
int seriatim_recording_apply(seriatim_recording_t *recording, seriatim_replica_t *replica, const uint8_t *bytes, size_t length,
                             seriatim_recorded_t *recorded);
/* The state hash right after a seq: 1, or 0 if that was not recorded or is too long ago. */
int seriatim_recording_hash(const seriatim_recording_t *recording, uint64_t seq, uint64_t *hash);

/* --- Node: one thread runs it, the journal's thread takes blocks from it, any thread may stop it -------------------- */

typedef struct seriatim_node seriatim_node_t;

typedef struct {
    const uint8_t *key; /* shared with that user, for logons */
    size_t key_length;
    uint8_t name[16]; /* ASCII, padded with zeros; empty for the operator */
    uint8_t roles;    /* the schema's Roles */
} seriatim_user_t;

typedef struct {
    aeron_t *client;
    aeron_subscription_t **subscriptions; /* of ingress; open until the node is freed */
    size_t subscription_count;
    int64_t **counters; /* one address for each label */
    const seriatim_user_t *users; /* who may log on */
    size_t user_count;
    uint8_t nonce_seed[32]; /* secret and random */
    int64_t tick_interval_ns;
    int64_t session_expiry_ns; /* 0 for never */
    uint64_t park_max_ns;
    uint32_t room_orders;
    uint32_t logic_version; /* of the epoch that it opens; 0 for the newest */
    uint8_t durability; /* the schema's Durability */
    bool hot;           /* spin when idle */
    bool answers_beyond_loopback; /* over UDP; otherwise only to this machine */
} seriatim_node_config_t;

typedef struct {
    uint64_t index;
    const uint8_t *bytes; /* unchanged until the block is persisted */
    size_t length;
} seriatim_block_t;

/* The label of counter `index`, or NULL after the last. */
const char *seriatim_node_counter_label(size_t index);
/* Takes over `replica`, also when it fails. */
int seriatim_node_new(const seriatim_node_config_t *config, seriatim_replica_t *replica, seriatim_node_t **node);
void seriatim_node_free(seriatim_node_t *node);
/* Runs until stopped. */
int seriatim_node_run(const seriatim_node_t *node);
/* Says that everything up to `persisted` is committed, and how long ago the commit returned, and waits for the next block: 1 a block,
 * 0 none in time, 2 none ever. */
int seriatim_node_next_block(const seriatim_node_t *node, uint64_t persisted, int64_t since_commit_ns, uint32_t timeout_ms,
                             seriatim_block_t *block);
/* Refuses new commands, or takes them again. */
void seriatim_node_stop_intake(const seriatim_node_t *node, bool stopped);
/* Finishes what was taken in, then ends. */
void seriatim_node_stop(const seriatim_node_t *node);
/* Ends at once: the journal has failed. */
void seriatim_node_abort(const seriatim_node_t *node);
/* After `seriatim_node_run` has returned. */
void seriatim_node_state(const seriatim_node_t *node, seriatim_state_t *state);

/* --- Session: a client's end of one logon; one thread at a time ----------------------------------------------------- */

typedef struct seriatim_session seriatim_session_t;

typedef struct {
    uint64_t next_number;
    uint32_t session;
    uint32_t epoch;
    uint32_t window;
} seriatim_logon_t;

typedef struct {
    uint64_t commands;
    uint64_t events;
    uint64_t fills;
    uint64_t elapsed_ns;
    uint64_t latencies;
} seriatim_load_result_t;

/* What sending again cannot mend. */
typedef struct {
    uint64_t first, last; /* numbers of commands, or 0 */
    uint8_t kind;         /* 1 logged off, 2 logged on elsewhere, 3 refused, 4 lost by the order,
                             5 unknown */
    uint8_t reason;       /* of a refusal: the schema's RefusalReason */
} seriatim_trouble_t;

/* Publication and subscription stay the caller's, and open while the session lives. */
int seriatim_session_new(aeron_exclusive_publication_t *publication, aeron_subscription_t *subscription,
                         const seriatim_logon_t *logon, seriatim_session_t **session);
void seriatim_session_free(seriatim_session_t *session);
/* Continues over a new connection after a new logon; sends again what has no answer. 0, or a trouble's kind. */
int seriatim_session_resume(seriatim_session_t *session, aeron_exclusive_publication_t *publication,
                            aeron_subscription_t *subscription, const seriatim_logon_t *logon,
                            seriatim_trouble_t *trouble);
/* 0 while the session is logged on; SERIATIM_SESSION_CLOSED after its end was polled, as send and poll give from then on. */
int seriatim_session_check_open(const seriatim_session_t *session);
/* Takes rows until the window is full. */
int seriatim_session_send(seriatim_session_t *session, const seriatim_command_row_t *rows, size_t count, size_t *taken);
/* Takes one SBE message; 0 if the window is full. */
int seriatim_session_send_body(seriatim_session_t *session, const uint8_t *body, size_t length);
/* Asks what became of a command; 0 if no command has had this number yet. The answer is an event row of kind 25. */
int seriatim_session_query(seriatim_session_t *session, uint64_t number);
/* Reads, and sends again what is due. `capacity` must be at least 4,096, so that a whole fragment fits; `now_ns` is of any
 * clock that does not go back. 0, or a trouble's kind. */
int seriatim_session_poll(seriatim_session_t *session, seriatim_event_row_t *rows, size_t capacity, int64_t now_ns,
                          size_t *count, seriatim_trouble_t *trouble);
void seriatim_session_numbers(const seriatim_session_t *session, uint64_t *next, uint64_t *answered);
/* Sends rows over and over for so long, and times each answer. */
int seriatim_session_load(seriatim_session_t *session, const seriatim_command_row_t *rows, size_t count, uint64_t id_stride,
                          uint32_t window, uint64_t duration_ns, uint32_t *latencies_ns, size_t latency_count,
                          seriatim_load_result_t *result);
