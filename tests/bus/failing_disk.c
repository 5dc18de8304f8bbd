/* Preloaded into a node by test_bus_bad_disk.py: a disk that fails. While the file named by FAIL_WHEN is there, what writes to a file
 * under FAIL_UNDER, or syncs one, fails with the error number that stands in it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static bool fails(int fd) {
    const char *when = getenv("FAIL_WHEN"), *under = getenv("FAIL_UNDER");
    int before = errno, trigger = when && under ? (int)syscall(SYS_openat, AT_FDCWD, when, O_RDONLY | O_CLOEXEC) : -1;
    if (trigger < 0) {
        errno = before;
        return false;
    }
    char number[16] = "", link[64], path[4096] = "";
    (void)!read(trigger, number, sizeof number - 1);
    syscall(SYS_close, trigger);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    (void)!readlink(link, path, sizeof path - 1);
    bool ours = strncmp(path, under, strlen(under)) == 0;
    errno = ours ? atoi(number) : before;
    return ours;
}

#define FAILING(type, name, parameters, arguments) \
    type name parameters { \
        type(*real) parameters = dlsym(RTLD_NEXT, #name); \
        return fails(fd) ? -1 : real arguments; \
    }

FAILING(ssize_t, pwrite, (int fd, const void *bytes, size_t length, off_t offset), (fd, bytes, length, offset))
FAILING(ssize_t, pwrite64, (int fd, const void *bytes, size_t length, off_t offset), (fd, bytes, length, offset))
FAILING(ssize_t, write, (int fd, const void *bytes, size_t length), (fd, bytes, length))
FAILING(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count))
FAILING(int, fsync, (int fd), (fd))
FAILING(int, fdatasync, (int fd), (fd))
