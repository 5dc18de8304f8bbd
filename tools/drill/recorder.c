/* Records what a process does to the files of one folder: preloaded into a node by `seriatim drill power`.
 *
 * SERIATIM_RECORD_FOLDER names the folder (an absolute path), SERIATIM_RECORD_TO the file that records are appended to. What changes
 * bytes or names is recorded before it is done, and DONE follows with its result: whatever lies between the two may or may not have
 * reached the disk. A sync is the same, so that it can be told which writes had ended before it began.
 *
 * What is written through a mapping is not seen; the journal writes none of its data so. sync_file_range promises nothing and is not
 * recorded either.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { DONE = 1, WRITE, TRUNCATE, ALLOCATE, SYNC, CREATE, RENAME, UNLINK, MAKE_FOLDER, SYNC_FOLDER, SYNC_PARENT };
enum { DURABLE_WHEN_DONE = 1, ZEROS = 2 };
enum { FDS_MAX = 4096, PATH_BYTES_MAX = 4096 };

/* `struct` format "<IIQQqqqQ" in tools/drill/trace.py; `payload` bytes follow. */
typedef struct {
    uint32_t kind;
    uint32_t flags;
    uint64_t id;
    uint64_t inode;
    int64_t offset;
    int64_t length;
    int64_t result;
    uint64_t payload;
} record_t;

static struct {
    uint64_t inode;
    uint32_t kind; /* 0: not ours; SYNC: a file; SYNC_FOLDER, SYNC_PARENT */
    bool synced;
} opened[FDS_MAX];

static int record_fd = -1;
static char folder[PATH_BYTES_MAX];
static size_t folder_length;
static atomic_uint next_id;

__attribute__((constructor)) static void start(void) {
    const char *to = getenv("SERIATIM_RECORD_TO"), *of = getenv("SERIATIM_RECORD_FOLDER");
    if (to == NULL || of == NULL || strlen(of) >= sizeof folder) {
        return;
    }
    strcpy(folder, of);
    folder_length = strlen(folder);
    record_fd = (int)syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
}

/* One writev to a file opened with O_APPEND: records of several threads and processes never mix. */
static uint64_t record(record_t entry, const void *payload) {
    if (entry.id == 0) {
        entry.id = (uint64_t)getpid() << 32 | atomic_fetch_add(&next_id, 1);
    }
    struct iovec parts[2] = {{&entry, sizeof entry}, {(void *)payload, entry.payload}};
    if (syscall(SYS_writev, record_fd, parts, entry.payload ? 2 : 1) != (long)(sizeof entry + entry.payload)) {
        static const char failed[] = "seriatim drill: a record could not be written\n";
        (void)!write(STDERR_FILENO, failed, sizeof failed - 1);
        abort(); /* a trace with a hole would prove nothing */
    }
    return entry.id;
}

static int64_t done(uint64_t id, int64_t result) {
    int error = errno;
    record((record_t){.kind = DONE, .id = id, .result = result}, NULL);
    errno = error;
    return result;
}

static bool is_tracked(int fd, uint32_t kind) {
    return record_fd >= 0 && fd >= 0 && fd < FDS_MAX && opened[fd].kind == kind;
}

/* The name of a file that lies directly in the folder, or NULL. */
static const char *name_of(const char *path) {
    if (record_fd < 0 || path == NULL || strncmp(path, folder, folder_length) != 0 || path[folder_length] != '/') {
        return NULL;
    }
    const char *name = path + folder_length + 1;
    return *name != '\0' && strchr(name, '/') == NULL ? name : NULL;
}

static bool is_parent(const char *path) {
    const char *end = strrchr(folder, '/');
    return strlen(path) == (size_t)(end - folder) && strncmp(path, folder, (size_t)(end - folder)) == 0;
}

static bool is_zeros(const char *bytes, size_t length) {
    return length > 0 && bytes[0] == 0 && memcmp(bytes, bytes + 1, length - 1) == 0;
}

static int after_open(int fd, const char *name, int flags, bool existed) {
    if (fd < 0 || fd >= FDS_MAX) {
        return fd;
    }
    struct stat status;
    fstat(fd, &status);
    opened[fd].kind = SYNC;
    opened[fd].inode = status.st_ino;
    opened[fd].synced = (flags & O_DSYNC) != 0; /* O_SYNC contains its bit */
    if (!existed) {
        done(record((record_t){.kind = CREATE, .inode = status.st_ino, .payload = strlen(name)}, name), 0);
    } else if (flags & O_TRUNC) {
        done(record((record_t){.kind = TRUNCATE, .inode = status.st_ino}, NULL), 0);
    }
    return fd;
}

static int open_as(const char *function, int at, const char *path, int flags, mode_t mode) {
    int (*real)(int, const char *, int, ...) = dlsym(RTLD_NEXT, function);
    const char *name = name_of(path);
    bool existed = name != NULL && faccessat(at, path, F_OK, 0) == 0;
    int fd = real(at, path, flags, mode);
    if (name != NULL) {
        return after_open(fd, name, flags, existed);
    }
    if (record_fd >= 0 && fd >= 0 && fd < FDS_MAX && path != NULL) {
        opened[fd].kind = strcmp(path, folder) == 0 ? SYNC_FOLDER : is_parent(path) ? SYNC_PARENT : 0;
    }
    return fd;
}

#define MODE_ARGUMENT(flags, mode) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE_ARGUMENT(flags, mode) return open_as("openat", AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_ARGUMENT(flags, mode) return open_as("openat64", AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE_ARGUMENT(flags, mode) return open_as("openat", at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE_ARGUMENT(flags, mode) return open_as("openat64", at, path, flags, mode); }

int close(int fd) {
    if (fd >= 0 && fd < FDS_MAX) {
        opened[fd].kind = 0;
    }
    int (*real)(int) = dlsym(RTLD_NEXT, "close");
    return real(fd);
}

static uint64_t record_write(int fd, const void *bytes, size_t length, off_t offset) {
    bool zeros = is_zeros(bytes, length);
    uint32_t flags = (opened[fd].synced ? DURABLE_WHEN_DONE : 0) | (zeros ? ZEROS : 0);
    record_t entry = {.kind = WRITE, .flags = flags, .inode = opened[fd].inode, .offset = offset, .length = (int64_t)length};
    entry.payload = zeros ? 0 : length;
    return record(entry, bytes);
}

/* Where a write without an offset goes. */
static off_t place_of(int fd) {
    return fcntl(fd, F_GETFL) & O_APPEND ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);
}

static ssize_t pwrite_as(const char *function, int fd, const void *bytes, size_t length, off_t offset) {
    ssize_t (*real)(int, const void *, size_t, off_t) = dlsym(RTLD_NEXT, function);
    if (!is_tracked(fd, SYNC)) {
        return real(fd, bytes, length, offset);
    }
    uint64_t id = record_write(fd, bytes, length, offset);
    return done(id, real(fd, bytes, length, offset));
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite_as("pwrite", fd, bytes, length, offset); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t offset) { return pwrite_as("pwrite64", fd, bytes, length, offset); }

ssize_t write(int fd, const void *bytes, size_t length) {
    ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    if (!is_tracked(fd, SYNC)) {
        return real(fd, bytes, length);
    }
    uint64_t id = record_write(fd, bytes, length, place_of(fd));
    return done(id, real(fd, bytes, length));
}

/* Several pieces are recorded as one write. */
static uint64_t record_vector(int fd, const struct iovec *parts, int count, off_t offset) {
    size_t length = 0, filled = 0;
    for (int part = 0; part < count; part++) {
        length += parts[part].iov_len;
    }
    char *joined = malloc(length + 1);
    if (joined == NULL) {
        abort();
    }
    for (int part = 0; part < count; filled += parts[part].iov_len, part++) {
        memcpy(joined + filled, parts[part].iov_base, parts[part].iov_len);
    }
    uint64_t id = record_write(fd, joined, length, offset);
    free(joined);
    return id;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    ssize_t (*real)(int, const struct iovec *, int) = dlsym(RTLD_NEXT, "writev");
    if (!is_tracked(fd, SYNC)) {
        return real(fd, parts, count);
    }
    uint64_t id = record_vector(fd, parts, count, place_of(fd));
    return done(id, real(fd, parts, count));
}

static ssize_t pwritev_as(const char *function, int fd, const struct iovec *parts, int count, off_t offset) {
    ssize_t (*real)(int, const struct iovec *, int, off_t) = dlsym(RTLD_NEXT, function);
    if (!is_tracked(fd, SYNC)) {
        return real(fd, parts, count, offset);
    }
    uint64_t id = record_vector(fd, parts, count, offset);
    return done(id, real(fd, parts, count, offset));
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) { return pwritev_as("pwritev", fd, parts, count, offset); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t offset) { return pwritev_as("pwritev64", fd, parts, count, offset); }

static int truncate_as(const char *function, int fd, off_t length) {
    int (*real)(int, off_t) = dlsym(RTLD_NEXT, function);
    if (!is_tracked(fd, SYNC)) {
        return real(fd, length);
    }
    uint64_t id = record((record_t){.kind = TRUNCATE, .inode = opened[fd].inode, .length = length}, NULL);
    return (int)done(id, real(fd, length));
}

int ftruncate(int fd, off_t length) { return truncate_as("ftruncate", fd, length); }
int ftruncate64(int fd, off_t length) { return truncate_as("ftruncate64", fd, length); }

static uint64_t record_allocate(int fd, off_t offset, off_t length) {
    return record((record_t){.kind = ALLOCATE, .inode = opened[fd].inode, .offset = offset, .length = length}, NULL);
}

static int posix_allocate_as(const char *function, int fd, off_t offset, off_t length) {
    int (*real)(int, off_t, off_t) = dlsym(RTLD_NEXT, function);
    if (!is_tracked(fd, SYNC)) {
        return real(fd, offset, length);
    }
    uint64_t id = record_allocate(fd, offset, length);
    int error = real(fd, offset, length);
    done(id, -error);
    return error;
}

int posix_fallocate(int fd, off_t offset, off_t length) { return posix_allocate_as("posix_fallocate", fd, offset, length); }
int posix_fallocate64(int fd, off_t offset, off_t length) { return posix_allocate_as("posix_fallocate64", fd, offset, length); }

static int allocate_as(const char *function, int fd, int mode, off_t offset, off_t length) {
    int (*real)(int, int, off_t, off_t) = dlsym(RTLD_NEXT, function);
    if (!is_tracked(fd, SYNC)) {
        return real(fd, mode, offset, length);
    }
    if (mode != 0) {
        errno = EOPNOTSUPP; /* the journal asks for no other mode; one that frees or keeps its size would need a record of its own */
        return -1;
    }
    uint64_t id = record_allocate(fd, offset, length);
    return (int)done(id, real(fd, mode, offset, length));
}

int fallocate(int fd, int mode, off_t offset, off_t length) { return allocate_as("fallocate", fd, mode, offset, length); }
int fallocate64(int fd, int mode, off_t offset, off_t length) { return allocate_as("fallocate64", fd, mode, offset, length); }

static int sync_as(const char *function, int fd) {
    int (*real)(int) = dlsym(RTLD_NEXT, function);
    if (record_fd < 0 || fd < 0 || fd >= FDS_MAX || opened[fd].kind == 0) {
        return real(fd);
    }
    uint64_t id = record((record_t){.kind = opened[fd].kind, .inode = opened[fd].inode}, NULL);
    return (int)done(id, real(fd));
}

int fsync(int fd) { return sync_as("fsync", fd); }
int fdatasync(int fd) { return sync_as("fdatasync", fd); }

int rename(const char *from, const char *to) {
    int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
    const char *old = name_of(from), *new = name_of(to);
    if (old == NULL || new == NULL) {
        return real(from, to);
    }
    char names[PATH_BYTES_MAX];
    size_t old_length = strlen(old) + 1, length = old_length + strlen(new);
    if (length > sizeof names) {
        abort();
    }
    memcpy(names, old, old_length);
    memcpy(names + old_length, new, length - old_length);
    uint64_t id = record((record_t){.kind = RENAME, .payload = length}, names);
    return (int)done(id, real(from, to));
}

int unlink(const char *path) {
    int (*real)(const char *) = dlsym(RTLD_NEXT, "unlink");
    const char *name = name_of(path);
    if (name == NULL) {
        return real(path);
    }
    uint64_t id = record((record_t){.kind = UNLINK, .payload = strlen(name)}, name);
    return (int)done(id, real(path));
}

int mkdir(const char *path, mode_t mode) {
    int (*real)(const char *, mode_t) = dlsym(RTLD_NEXT, "mkdir");
    if (record_fd < 0 || strcmp(path, folder) != 0) {
        return real(path, mode);
    }
    uint64_t id = record((record_t){.kind = MAKE_FOLDER}, NULL);
    return (int)done(id, real(path, mode));
}
