/* The seam to market data (native/src/market/): the publisher's side and the receiver's. Ownership and errors are those of
 * seriatim.h. Rows are those of marketdata/src/update.rs and of seriatim.marketdata. */

/* Packets that lie in one buffer; borrowed until the next call on what made them. */
typedef struct {
    const uint8_t *bytes; /* all of them, each at a multiple of 8 */
    size_t length;
    const int64_t *offsets;
    const int64_t *lengths;
    size_t count;
    uint64_t first_number; /* of the first message in them */
    uint64_t next_number;  /* after the last one */
    uint64_t next_seq;     /* after what was told so far */
} seriatim_packets_t;

/* --- The publisher's side: events in, packets out ------------------------------------------------------------------- */

typedef struct seriatim_market_t seriatim_market_t;

seriatim_market_t *seriatim_market_new(uint64_t feed);
void seriatim_market_free(seriatim_market_t *market);
/* Executes the next block of the log and gives what everybody may know of it; returns how many frames it held. */
int seriatim_market_apply(seriatim_market_t *market, seriatim_replica_t *replica, const uint8_t *bytes, size_t length,
                          seriatim_packets_t *packets);
/* A packet that says which number comes next. */
void seriatim_market_heartbeat(seriatim_market_t *market, seriatim_packets_t *packets);
/* How many instruments are listed. */
size_t seriatim_market_listed(const seriatim_market_t *market);
/* The instrument in the given place of the list, as a snapshot; returns 1, or 0 beyond its end. */
int seriatim_market_snapshot(seriatim_market_t *market, size_t place, seriatim_packets_t *packets);
/* The place in that list of an instrument; negative if it is not listed. */
int64_t seriatim_market_place(const seriatim_market_t *market, uint32_t instrument);
/* Where the packets lie that hold messages of [from_number, to_number), in bytes that hold packets one behind the other;
 * returns how many, at most `capacity`. */
size_t seriatim_market_find(const uint8_t *bytes, size_t length, uint64_t from_number, uint64_t to_number, int64_t *offsets,
                            int64_t *lengths, size_t capacity);

/* --- The receiver's side: packets in, books out ---------------------------------------------------------------------- */

typedef struct seriatim_receiver_t seriatim_receiver_t;

typedef struct {
    uint64_t number, seq;
    int64_t time_ns;
    uint64_t order_id, trade_id;
    int64_t price, quantity, left;
    uint32_t index, instrument, orders;
    uint8_t kind, side, flags, state;
} seriatim_update_t;

typedef struct {
    uint64_t next_number; /* 0 before anything was heard */
    uint64_t gap_from, gap_count; /* what is missing; count 0: nothing */
    uint64_t seq; /* of the message that was applied last */
    int64_t time_ns;
    uint64_t orders; /* shown in all books */
    uint64_t applied, gaps, skipped, snapshots, malformed, foreign, wrong; /* how often; marketdata/src/receiver.rs */
    uint64_t ended; /* correlation id of the last request that was answered, 0 if none */
    uint64_t heard; /* packets of our feed */
    uint64_t waiting; /* updates that were not taken yet */
    uint32_t listed;
    uint8_t ended_reason;
    uint8_t is_current;    /* every instrument is, and nothing is missing */
    uint8_t is_consistent; /* the message that was applied last was its command's last */
    uint8_t is_exact;      /* every book is the venue's before next_number; more may be missing behind it */
} seriatim_receiver_state_t;

typedef struct {
    uint64_t from_number, count;
} seriatim_gap_t;

typedef struct {
    uint64_t order_id;
    int64_t price, shown;
} seriatim_resting_t;

typedef struct {
    int64_t open, high, low, last; /* INT64_MIN: none */
    int64_t volume;
    uint64_t trades;
    int64_t indicative_price; /* INT64_MIN: none */
    int64_t indicative_volume, indicative_surplus;
    uint8_t phase;
    uint8_t is_current;
} seriatim_listing_t;

seriatim_receiver_t *seriatim_receiver_new(void);
void seriatim_receiver_free(seriatim_receiver_t *receiver);
/* Takes what was received; `source` tells streams apart. */
void seriatim_receiver_take(seriatim_receiver_t *receiver, uint32_t source, const uint8_t *bytes, const int64_t *offsets,
                              const int64_t *lengths, size_t count);
/* Gives waiting updates up to `capacity`; returns how many. */
size_t seriatim_receiver_updates(seriatim_receiver_t *receiver, seriatim_update_t *updates, size_t capacity);
void seriatim_receiver_skip_gap(seriatim_receiver_t *receiver);
/* From here on, what lies behind a gap that was closed waits for steps, each of which applies one packet: 1, or 0 if none
 * can be. */
void seriatim_receiver_go_in_steps(seriatim_receiver_t *receiver);
int seriatim_receiver_step(seriatim_receiver_t *receiver);
void seriatim_receiver_state(const seriatim_receiver_t *receiver, seriatim_receiver_state_t *state);
/* What is missing, the first ones; returns how many. */
size_t seriatim_receiver_gaps(const seriatim_receiver_t *receiver, seriatim_gap_t *gaps, size_t capacity);
/* Ids of the instruments that are listed; returns how many there are. */
size_t seriatim_receiver_instruments(const seriatim_receiver_t *receiver, uint32_t *ids, size_t capacity);
/* Returns 1, or 0 if it is not listed. */
int seriatim_receiver_listing(const seriatim_receiver_t *receiver, uint32_t instrument, seriatim_listing_t *listing,
                              seriatim_instrument_t *terms);
/* The best levels of one side (1 buy, 2 sell); returns how many. */
size_t seriatim_receiver_levels(const seriatim_receiver_t *receiver, uint32_t instrument, uint8_t side,
                                seriatim_level_t *levels, size_t capacity);
/* The orders of one side as they would trade; returns how many there are. */
size_t seriatim_receiver_orders(const seriatim_receiver_t *receiver, uint32_t instrument, uint8_t side,
                                seriatim_resting_t *orders, size_t capacity);
/* Nanoseconds that this receiver takes for these packets, for benchmarks. */
int64_t seriatim_receiver_measure(seriatim_receiver_t *receiver, const uint8_t *bytes, const int64_t *offsets,
                                  const int64_t *lengths, size_t count);
