/* The part of Aeron's C interface that Python calls, as cffi reads it. Structs that end in `...` are completed by the
 * compiler from Aeron's own headers. */

const char *aeron_version_full(void);
int aeron_errcode(void);
const char *aeron_errmsg(void);
int aeron_default_path(char *path, size_t path_length);
typedef void (*aeron_log_func_t)(const char *);
bool aeron_is_driver_active(const char *dirname, int64_t timeout_ms, aeron_log_func_t log_func);

typedef struct aeron_context_stct aeron_context_t;
typedef struct aeron_stct aeron_t;
typedef struct aeron_publication_stct aeron_publication_t;
typedef struct aeron_exclusive_publication_stct aeron_exclusive_publication_t;
typedef struct aeron_subscription_stct aeron_subscription_t;
typedef struct aeron_image_stct aeron_image_t;
typedef struct aeron_counter_stct aeron_counter_t;
typedef struct aeron_counters_reader_stct aeron_counters_reader_t;
typedef struct aeron_client_registering_resource_stct aeron_async_add_publication_t;
typedef struct aeron_client_registering_resource_stct aeron_async_add_exclusive_publication_t;
typedef struct aeron_client_registering_resource_stct aeron_async_add_subscription_t;
typedef struct aeron_client_registering_resource_stct aeron_async_add_counter_t;
typedef struct aeron_client_registering_resource_stct aeron_async_destination_t;
typedef struct aeron_iovec_stct { uint8_t *iov_base; size_t iov_len; } aeron_iovec_t;
typedef struct aeron_buffer_claim_stct { uint8_t *frame_header; uint8_t *data; size_t length; } aeron_buffer_claim_t;
typedef void (*aeron_notification_t)(void *clientd);

/* Media driver. */
typedef struct aeron_driver_context_stct aeron_driver_context_t;
typedef struct aeron_driver_stct aeron_driver_t;
typedef enum {
    AERON_THREADING_MODE_DEDICATED,
    AERON_THREADING_MODE_SHARED_NETWORK,
    AERON_THREADING_MODE_SHARED,
    AERON_THREADING_MODE_INVOKER,
    ...
} aeron_threading_mode_t;
int aeron_driver_context_init(aeron_driver_context_t **context);
int aeron_driver_context_close(aeron_driver_context_t *context);
int aeron_driver_init(aeron_driver_t **driver, aeron_driver_context_t *context);
int aeron_driver_start(aeron_driver_t *driver, bool manual_main_loop);
int aeron_driver_main_do_work(aeron_driver_t *driver);
int aeron_driver_close(aeron_driver_t *driver);
int aeron_driver_context_set_dir(aeron_driver_context_t *context, const char *value);
int aeron_driver_context_set_dir_warn_if_exists(aeron_driver_context_t *context, bool value);
int aeron_driver_context_set_dir_delete_on_start(aeron_driver_context_t *context, bool value);
int aeron_driver_context_set_dir_delete_on_shutdown(aeron_driver_context_t *context, bool value);
int aeron_driver_context_set_threading_mode(aeron_driver_context_t *context, aeron_threading_mode_t mode);
int aeron_driver_context_set_conductor_idle_strategy(aeron_driver_context_t *context, const char *value);
int aeron_driver_context_set_sender_idle_strategy(aeron_driver_context_t *context, const char *value);
int aeron_driver_context_set_receiver_idle_strategy(aeron_driver_context_t *context, const char *value);
int aeron_driver_context_set_sharednetwork_idle_strategy(aeron_driver_context_t *context, const char *value);
int aeron_driver_context_set_shared_idle_strategy(aeron_driver_context_t *context, const char *value);
int aeron_driver_context_set_conductor_idle_strategy_init_args(aeron_driver_context_t *context, const char *value);
int aeron_driver_context_set_sender_idle_strategy_init_args(aeron_driver_context_t *context, const char *value);
int aeron_driver_context_set_receiver_idle_strategy_init_args(aeron_driver_context_t *context, const char *value);
int aeron_driver_context_set_sharednetwork_idle_strategy_init_args(aeron_driver_context_t *context, const char *value);
int aeron_driver_context_set_shared_idle_strategy_init_args(aeron_driver_context_t *context, const char *value);
int aeron_driver_context_set_term_buffer_length(aeron_driver_context_t *context, size_t value);
int aeron_driver_context_set_ipc_term_buffer_length(aeron_driver_context_t *context, size_t value);
int aeron_driver_context_set_term_buffer_sparse_file(aeron_driver_context_t *context, bool value);
int aeron_driver_context_set_mtu_length(aeron_driver_context_t *context, size_t value);
int aeron_driver_context_set_ipc_mtu_length(aeron_driver_context_t *context, size_t value);
int aeron_driver_context_set_socket_so_rcvbuf(aeron_driver_context_t *context, size_t value);
int aeron_driver_context_set_socket_so_sndbuf(aeron_driver_context_t *context, size_t value);
int aeron_driver_context_set_rcv_initial_window_length(aeron_driver_context_t *context, size_t value);
int aeron_driver_context_set_counters_buffer_length(aeron_driver_context_t *context, size_t value);
int aeron_driver_context_set_error_buffer_length(aeron_driver_context_t *context, size_t value);
int aeron_driver_context_set_driver_timeout_ms(aeron_driver_context_t *context, uint64_t value);
int aeron_driver_context_set_client_liveness_timeout_ns(aeron_driver_context_t *context, uint64_t value);
int aeron_driver_context_set_image_liveness_timeout_ns(aeron_driver_context_t *context, uint64_t value);
int aeron_driver_context_set_publication_linger_timeout_ns(aeron_driver_context_t *context, uint64_t value);
int aeron_driver_context_set_publication_unblock_timeout_ns(aeron_driver_context_t *context, uint64_t value);
int aeron_driver_context_set_publication_connection_timeout_ns(aeron_driver_context_t *context, uint64_t value);
int aeron_driver_context_set_counters_free_to_reuse_timeout_ns(aeron_driver_context_t *context, uint64_t value);
int aeron_driver_context_set_untethered_window_limit_timeout_ns(aeron_driver_context_t *context, uint64_t value);
int aeron_driver_context_set_untethered_resting_timeout_ns(aeron_driver_context_t *context, uint64_t value);
int aeron_driver_context_set_timer_interval_ns(aeron_driver_context_t *context, uint64_t value);
int aeron_driver_context_set_spies_simulate_connection(aeron_driver_context_t *context, bool value);

/* Client. */
typedef void (*aeron_error_handler_t)(void *clientd, int errcode, const char *message);
int aeron_context_init(aeron_context_t **context);
int aeron_context_close(aeron_context_t *context);
int aeron_context_set_dir(aeron_context_t *context, const char *value);
int aeron_context_set_driver_timeout_ms(aeron_context_t *context, uint64_t value);
int aeron_context_set_keepalive_interval_ns(aeron_context_t *context, uint64_t value);
int aeron_context_set_resource_linger_duration_ns(aeron_context_t *context, uint64_t value);
int aeron_context_set_idle_strategy_init_args(aeron_context_t *context, const char *value);
int aeron_context_set_idle_strategy(aeron_context_t *context, const char *value);
int aeron_context_set_pre_touch_mapped_memory(aeron_context_t *context, bool value);
int aeron_context_set_client_name(aeron_context_t *context, const char *value);
int aeron_context_set_error_handler(aeron_context_t *context, aeron_error_handler_t handler, void *clientd);
int aeron_context_set_use_conductor_agent_invoker(aeron_context_t *context, bool value);
int aeron_init(aeron_t **client, aeron_context_t *context);
int aeron_start(aeron_t *client);
int aeron_main_do_work(aeron_t *client);
int aeron_close(aeron_t *client);
bool aeron_is_closed(aeron_t *client);
int64_t aeron_client_id(aeron_t *client);
int64_t aeron_next_correlation_id(aeron_t *client);

/* Publications. */
typedef struct {
    const char *channel;
    int64_t original_registration_id;
    int64_t registration_id;
    int64_t max_possible_position;
    size_t position_bits_to_shift;
    size_t term_buffer_length;
    size_t max_message_length;
    size_t max_payload_length;
    int32_t stream_id;
    int32_t session_id;
    int32_t initial_term_id;
    int32_t publication_limit_counter_id;
    int32_t channel_status_indicator_id;
    ...;
} aeron_publication_constants_t;
int aeron_async_add_publication(
    aeron_async_add_publication_t **async, aeron_t *client, const char *uri, int32_t stream_id);
int aeron_async_add_publication_poll(aeron_publication_t **publication, aeron_async_add_publication_t *async);
int aeron_async_add_publication_cancel(aeron_t *client, aeron_async_add_publication_t *async);
int aeron_publication_constants(aeron_publication_t *publication, aeron_publication_constants_t *constants);
bool aeron_publication_is_closed(aeron_publication_t *publication);
bool aeron_publication_is_connected(aeron_publication_t *publication);
int64_t aeron_publication_position(aeron_publication_t *publication);
int64_t aeron_publication_position_limit(aeron_publication_t *publication);
int64_t aeron_publication_channel_status(aeron_publication_t *publication);
int aeron_publication_local_sockaddrs(
    aeron_publication_t *publication, aeron_iovec_t *address_vec, size_t address_vec_len);
int aeron_publication_async_add_destination(
    aeron_async_destination_t **async, aeron_t *client, aeron_publication_t *publication, const char *uri);
int aeron_publication_async_remove_destination(
    aeron_async_destination_t **async, aeron_t *client, aeron_publication_t *publication, const char *uri);
int aeron_publication_async_destination_poll(aeron_async_destination_t *async);

int aeron_async_add_exclusive_publication(
    aeron_async_add_exclusive_publication_t **async, aeron_t *client, const char *uri, int32_t stream_id);
int aeron_async_add_exclusive_publication_poll(
    aeron_exclusive_publication_t **publication, aeron_async_add_exclusive_publication_t *async);
int aeron_async_add_exclusive_publication_cancel(aeron_t *client, aeron_async_add_exclusive_publication_t *async);
int aeron_exclusive_publication_constants(
    aeron_exclusive_publication_t *publication, aeron_publication_constants_t *constants);
bool aeron_exclusive_publication_is_closed(aeron_exclusive_publication_t *publication);
bool aeron_exclusive_publication_is_connected(aeron_exclusive_publication_t *publication);
int64_t aeron_exclusive_publication_position(aeron_exclusive_publication_t *publication);
int64_t aeron_exclusive_publication_position_limit(aeron_exclusive_publication_t *publication);
int64_t aeron_exclusive_publication_channel_status(aeron_exclusive_publication_t *publication);
int aeron_exclusive_publication_local_sockaddrs(
    aeron_exclusive_publication_t *publication, aeron_iovec_t *address_vec, size_t address_vec_len);
int aeron_exclusive_publication_async_add_destination(
    aeron_async_destination_t **async, aeron_t *client, aeron_exclusive_publication_t *publication, const char *uri);
int aeron_exclusive_publication_async_remove_destination(
    aeron_async_destination_t **async, aeron_t *client, aeron_exclusive_publication_t *publication, const char *uri);
int aeron_exclusive_publication_async_destination_poll(aeron_async_destination_t *async);

/* Subscriptions and images. */
typedef void (*aeron_on_available_image_t)(void *clientd, aeron_subscription_t *subscription, aeron_image_t *image);
typedef void (*aeron_on_unavailable_image_t)(void *clientd, aeron_subscription_t *subscription, aeron_image_t *image);
typedef struct {
    const char *channel;
    int64_t registration_id;
    int32_t stream_id;
    int32_t channel_status_indicator_id;
    ...;
} aeron_subscription_constants_t;
int aeron_async_add_subscription(
    aeron_async_add_subscription_t **async,
    aeron_t *client,
    const char *uri,
    int32_t stream_id,
    aeron_on_available_image_t on_available_image_handler,
    void *on_available_image_clientd,
    aeron_on_unavailable_image_t on_unavailable_image_handler,
    void *on_unavailable_image_clientd);
int aeron_async_add_subscription_poll(aeron_subscription_t **subscription, aeron_async_add_subscription_t *async);
int aeron_async_add_subscription_cancel(aeron_t *client, aeron_async_add_subscription_t *async);
int aeron_subscription_constants(aeron_subscription_t *subscription, aeron_subscription_constants_t *constants);
bool aeron_subscription_is_connected(aeron_subscription_t *subscription);
bool aeron_subscription_is_closed(aeron_subscription_t *subscription);
int64_t aeron_subscription_channel_status(aeron_subscription_t *subscription);
int aeron_subscription_local_sockaddrs(
    aeron_subscription_t *subscription, aeron_iovec_t *address_vec, size_t address_vec_len);
int aeron_subscription_resolved_endpoint(aeron_subscription_t *subscription, char *address, size_t address_len);
int aeron_subscription_try_resolve_channel_endpoint_port(
    aeron_subscription_t *subscription, char *uri, size_t uri_len);
int aeron_subscription_async_add_destination(
    aeron_async_destination_t **async, aeron_t *client, aeron_subscription_t *subscription, const char *uri);
int aeron_subscription_async_remove_destination(
    aeron_async_destination_t **async, aeron_t *client, aeron_subscription_t *subscription, const char *uri);
int aeron_subscription_async_destination_poll(aeron_async_destination_t *async);
int aeron_subscription_image_count(aeron_subscription_t *subscription);
aeron_image_t *aeron_subscription_image_at_index(aeron_subscription_t *subscription, size_t index);
aeron_image_t *aeron_subscription_image_by_session_id(aeron_subscription_t *subscription, int32_t session_id);

typedef struct {
    const char *source_identity;
    int64_t correlation_id;
    int64_t join_position;
    size_t term_buffer_length;
    size_t mtu_length;
    int32_t session_id;
    int32_t initial_term_id;
    int32_t subscriber_position_id;
    ...;
} aeron_image_constants_t;
int aeron_image_constants(aeron_image_t *image, aeron_image_constants_t *constants);
int64_t aeron_image_position(aeron_image_t *image);
bool aeron_image_is_closed(aeron_image_t *image);
bool aeron_image_is_end_of_stream(aeron_image_t *image);
int64_t aeron_image_end_of_stream_position(aeron_image_t *image);
int aeron_image_active_transport_count(aeron_image_t *image);
int aeron_image_reject(aeron_image_t *image, const char *reason);

/* Counters. */
typedef struct { int64_t correlation_id; int64_t registration_id; int32_t counter_id; ...; } aeron_counter_constants_t;
typedef struct {
    uint8_t *values;
    uint8_t *metadata;
    size_t values_length;
    size_t metadata_length;
    ...;
} aeron_counters_reader_buffers_t;
int aeron_async_add_counter(
    aeron_async_add_counter_t **async,
    aeron_t *client,
    int32_t type_id,
    const uint8_t *key_buffer,
    size_t key_buffer_length,
    const char *label_buffer,
    size_t label_buffer_length);
int aeron_async_add_counter_poll(aeron_counter_t **counter, aeron_async_add_counter_t *async);
int aeron_async_add_counter_cancel(aeron_t *client, aeron_async_add_counter_t *async);
int aeron_counter_constants(aeron_counter_t *counter, aeron_counter_constants_t *constants);
bool aeron_counter_is_closed(aeron_counter_t *counter);
int64_t *aeron_counter_addr(aeron_counter_t *counter);
aeron_counters_reader_t *aeron_counters_reader(aeron_t *client);
int aeron_counters_reader_get_buffers(aeron_counters_reader_t *reader, aeron_counters_reader_buffers_t *buffers);

/* The files that a driver leaves, read with or without it. */
typedef struct aeron_cnc_stct aeron_cnc_t;
typedef struct {
    int32_t cnc_version;
    int32_t to_driver_buffer_length;
    int32_t to_clients_buffer_length;
    int32_t counter_metadata_buffer_length;
    int32_t counter_values_buffer_length;
    int32_t error_log_buffer_length;
    int64_t client_liveness_timeout;
    int64_t start_timestamp;
    int64_t pid;
    int32_t file_page_size;
    ...;
} aeron_cnc_constants_t;
typedef void (*aeron_error_log_reader_func_t)(
    int32_t observation_count,
    int64_t first_observation_timestamp,
    int64_t last_observation_timestamp,
    const char *error,
    size_t error_length,
    void *clientd);
typedef void (*aeron_loss_reporter_read_entry_func_t)(
    void *clientd,
    int64_t observation_count,
    int64_t total_bytes_lost,
    int64_t first_observation_timestamp,
    int64_t last_observation_timestamp,
    int32_t session_id,
    int32_t stream_id,
    const char *channel,
    int32_t channel_length,
    const char *source,
    int32_t source_length);
int aeron_cnc_init(aeron_cnc_t **aeron_cnc, const char *base_path, int64_t timeout_ms);
int aeron_cnc_constants(aeron_cnc_t *aeron_cnc, aeron_cnc_constants_t *constants);
int64_t aeron_cnc_to_driver_heartbeat(aeron_cnc_t *aeron_cnc);
size_t aeron_cnc_error_log_read(
    aeron_cnc_t *aeron_cnc, aeron_error_log_reader_func_t callback, void *clientd, int64_t since_timestamp);
aeron_counters_reader_t *aeron_cnc_counters_reader(aeron_cnc_t *aeron_cnc);
int aeron_cnc_loss_reporter_read(
    aeron_cnc_t *aeron_cnc, aeron_loss_reporter_read_entry_func_t entry_func, void *clientd);
void aeron_cnc_close(aeron_cnc_t *aeron_cnc);

/* These two run in the calling Python thread, once per record. */
extern "Python" void seriatim_on_error_record(
    int32_t observation_count,
    int64_t first_observation_timestamp,
    int64_t last_observation_timestamp,
    const char *error,
    size_t error_length,
    void *clientd);
extern "Python" void seriatim_on_loss_record(
    void *clientd,
    int64_t observation_count,
    int64_t total_bytes_lost,
    int64_t first_observation_timestamp,
    int64_t last_observation_timestamp,
    int32_t session_id,
    int32_t stream_id,
    const char *channel,
    int32_t channel_length,
    const char *source,
    int32_t source_length);
