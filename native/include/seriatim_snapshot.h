/* Snapshots of engines and replicas (native/src/snapshot_api.rs, docs/SNAPSHOTS.md). Errors and ownership as in seriatim.h, which
 * comes before. */

/* Bytes that the library has made; whoever gets them frees them. */
typedef struct seriatim_bytes seriatim_bytes_t;
const uint8_t *seriatim_bytes_data(const seriatim_bytes_t *bytes);
size_t seriatim_bytes_length(const seriatim_bytes_t *bytes);
void seriatim_bytes_free(seriatim_bytes_t *bytes);

/* The whole state of an engine. -1 after a panic, which seriatim_engine_fault tells. */
int64_t seriatim_engine_snapshot(const seriatim_engine_t *engine, seriatim_bytes_t **bytes);
/* A new engine in that state; SERIATIM_BAD_SNAPSHOT if the bytes are none. */
int seriatim_engine_load(const uint8_t *bytes, size_t length, seriatim_engine_t **engine);

/* The state of a replica after its last block; `cluster` is the id, 16 bytes, of whose log it is. */
int seriatim_replica_save(const seriatim_replica_t *replica, const uint8_t *cluster, seriatim_bytes_t **bytes);
/* A new replica in that state; SERIATIM_BAD_SNAPSHOT if the bytes are none, or of another cluster's log. */
int seriatim_replica_load(const uint8_t *bytes, size_t length, const uint8_t *cluster, seriatim_replica_t **replica);
