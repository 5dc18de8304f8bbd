/* The seam to the simulator; after seriatim.h. */

/* --- The simulator: a venue in one thread under a virtual clock, network and disk ---------------------------------- */

typedef struct {
    uint64_t seed;
    uint64_t steps;
    uint32_t faults; /* bit n: the fault whose name has index n may happen */
    uint32_t clients;
    uint8_t durability; /* 1 relaxed, 2 fsync */
} seriatim_simulation_t;

typedef struct {
    uint64_t steps;
    uint64_t trace;
    uint64_t counts[64];
    char violation[512];
} seriatim_simulation_result_t;

typedef struct {
    uint64_t next_number;
    uint64_t answered; /* every command up to this one has its answer */
    uint64_t window;
    uint64_t instance; /* tells it from others who want its session */
    uint32_t session; /* 0 before its first logon, and while it is closed */
    uint32_t epoch;
} seriatim_world_client_t;

typedef struct seriatim_run seriatim_run_t;
typedef struct seriatim_world seriatim_world_t;

/* Names, or NULL after the last. */
const char *seriatim_simulation_fault(size_t index);
const char *seriatim_simulation_count(size_t index);
/* One run; each call goes on for at most so many steps, so that the caller can be interrupted in between. 1 once it has
   ended and `result` says what came of it. */
int seriatim_run_new(const seriatim_simulation_t *simulation, seriatim_run_t **run);
void seriatim_run_free(seriatim_run_t *run);
int seriatim_run_advance(seriatim_run_t *run, uint64_t steps, seriatim_simulation_result_t *result);

/* A world whose clients somebody leads, besides those that lead themselves. */
int seriatim_world_new(const seriatim_simulation_t *simulation, seriatim_world_t **world);
void seriatim_world_free(seriatim_world_t *world);
/* 1 if a promise is broken. */
int seriatim_world_step(seriatim_world_t *world, uint64_t steps, bool with_faults);
/* 1 the node dies, 2 it is stopped and started, 3 what was wrong is put right, 4 everything is compared. 1 if a promise is broken. */
int seriatim_world_act(seriatim_world_t *world, uint8_t act);
/* 1 if nothing is left to do. `state` is that of the committed order. */
int seriatim_world_look(const seriatim_world_t *world, seriatim_simulation_result_t *result, seriatim_state_t *state,
                        int64_t *now_ns);
int seriatim_world_add_client(seriatim_world_t *world);
/* 1 if it was taken, 0 if the client is not logged on or its window is full. */
int seriatim_world_send(seriatim_world_t *world, size_t client, const uint8_t *body, size_t length, uint64_t *number);
/* 0, 1 if the order has lost what was answered and the client began anew, 2 if it began anew for another reason. */
int seriatim_world_poll(seriatim_world_t *world, size_t client, seriatim_event_row_t *rows, size_t capacity, size_t *count);
/* Asks what became of a command; the answer is an event of template Outcome. 0 if no command has had this number. */
int seriatim_world_query(seriatim_world_t *world, size_t client, uint64_t number);
/* Closes its connection, which forgets what has no answer, or lets it log on to its session again. */
int seriatim_world_connect(seriatim_world_t *world, size_t client, bool connected);
/* 1 if it is closed, or logged on and every command has its answer. */
int seriatim_world_client(seriatim_world_t *world, size_t client, seriatim_world_client_t *fields);
