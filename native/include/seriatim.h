/* The one seam between Python and the native cores. cffi reads this file as it is, so it holds declarations only.
 *
 * Ownership: what a `_new` returns belongs to the caller until its `_free`; everything else is borrowed for the call.
 * Errors: functions return a negative code and leave a sentence for `seriatim_error_message` unless they say otherwise.
 */

/* CRC-32C of `length` bytes, continuing from `crc` (0 to start). */
uint32_t seriatim_crc32c(uint32_t crc, const uint8_t *bytes, size_t length);

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
typedef struct seriatim_event
{
    int32_t kind; /* 1 error, 2 available image, 3 unavailable image */
    int32_t code;
    int32_t session_id;
    int64_t correlation_id;
    int64_t position;
    char text[1024]; /* error message or source identity */
}
seriatim_event_t;
seriatim_inbox_t *seriatim_inbox_new(void);
seriatim_inbox_t *seriatim_inbox_share(seriatim_inbox_t *inbox);
void seriatim_inbox_free(seriatim_inbox_t *inbox);
int32_t seriatim_inbox_pending(seriatim_inbox_t *inbox);
int32_t seriatim_inbox_take(seriatim_inbox_t *inbox, seriatim_event_t *out);
void seriatim_on_error(void *inbox, int code, const char *message);
void seriatim_on_available_image(void *inbox, aeron_subscription_t *subscription, aeron_image_t *image);
void seriatim_on_unavailable_image(void *inbox, aeron_subscription_t *subscription, aeron_image_t *image);
void seriatim_log_nothing(const char *text);

/* Offering through a gate. The many-message forms return how many went; `position` gets the last position, or the
 * reason why they stopped. A successful claim holds its gate until it is finished (commit 1, or abort 0). */
int64_t seriatim_offer(seriatim_gate_t *gate, const uint8_t *message, size_t length);
int64_t seriatim_offer_parts(seriatim_gate_t *gate, aeron_iovec_t *parts, size_t count);
int64_t seriatim_offer_rows(
    seriatim_gate_t *gate, const uint8_t *rows, size_t length, size_t stride, size_t count, int64_t *position);
int64_t seriatim_offer_lengths(
    seriatim_gate_t *gate,
    const uint8_t *messages,
    const int64_t *lengths,
    const int64_t *offsets,
    size_t count,
    int64_t *position);
int64_t seriatim_claim(seriatim_gate_t *gate, size_t length, aeron_buffer_claim_t *claim);
int32_t seriatim_claim_finish(seriatim_gate_t *gate, aeron_buffer_claim_t *claim, int32_t commit);

/* A poll is begin, any number of commit and next, and end unless begin or next returned 0. The block's fragments lie in
 * Aeron's memory and are valid until the next of these calls. */
typedef struct seriatim_block
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
seriatim_block_t;
typedef struct seriatim_poller seriatim_poller_t;
seriatim_poller_t *seriatim_poller_new(seriatim_gate_t *gate);
void seriatim_poller_free(seriatim_poller_t *poller);
int32_t seriatim_poller_begin(seriatim_poller_t *poller, int32_t limit, seriatim_block_t *block);
int32_t seriatim_poller_next(seriatim_poller_t *poller, int32_t limit, seriatim_block_t *block);
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
