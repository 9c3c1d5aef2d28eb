/* Stands between a process and its disk: writes down, or refuses, what happens under one folder.
 *
 * Preloaded into a child of the tests (see disk.py, which also reads the log) and told by ctypes what to do. It sees
 * the calls of SQLite and of Python alike, because both go through the C library.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, READ = 2, SYNC = 4, NAME = 8, OPEN = 16 };
enum { ONCE = 0, ON = 1, SHORT = 2, KILL = 3, TORN = 4 };

#define MOST_FILES 4096
static char seen[MOST_FILES]; /* whether a descriptor was opened under the folder */
static char under[4096];
static int log_to = -1;
static int kinds, mode, number;
static long nth, hits;

#define REAL(name) static __typeof__(name) *real; if (!real) real = dlsym(RTLD_NEXT, #name)

/* -------------------------------------------------------------------------------------------- for the tests to call */
void fault_watch(const char *folder) { snprintf(under, sizeof under, "%s", folder); }

void fault_arm(int wanted, long at, int error, int how) {
    kinds = wanted; nth = at; number = error; mode = how; hits = 0;
}

long fault_disarm(void) { kinds = 0; return hits; }

static void put(const void *data, size_t size) {
    REAL(write);
    while (size) {
        ssize_t done = real(log_to, data, size);
        if (done <= 0) abort();
        data = (const char *)data + done; size -= done;
    }
}

static void note(char what, uint64_t inode, int64_t place, const char *first, const void *second, size_t size) {
    if (log_to < 0) return;
    int64_t head[5] = {what, (int64_t)inode, place, (int64_t)strlen(first), (int64_t)size};
    put(head, sizeof head); put(first, strlen(first)); put(second, size);
}

void fault_record(int descriptor) { log_to = descriptor; }
void fault_mark(const char *text) { note('M', 0, 0, text, "", 0); }

/* ------------------------------------------------------------------------------------------------------ what is seen */
static int watched(const char *path) {
    size_t size = strlen(under);
    return size && path && !strncmp(path, under, size) && (path[size] == '/' || !path[size]);
}
static int is_seen(int fd) { return fd >= 0 && fd < MOST_FILES && seen[fd]; }
static uint64_t inode_of(int fd) { struct stat found; return fstat(fd, &found) ? 0 : found.st_ino; }

static int refused(int kind) {
    if (!(kinds & kind)) return 0;
    hits++;
    if (mode >= KILL) return hits < nth ? 0 : kill(getpid(), SIGKILL);
    if (mode == ONCE ? hits != nth : hits < nth) return 0;
    errno = number;
    return 1;
}

/* How much of a write is let through: -1 none of it. A disk that fills up takes the first half; and a process may be
 * killed when half of it was written, which is to say before the call with which it would write the rest. */
static ssize_t allowed(size_t size) {
    if (!(kinds & WRITE)) return size;
    if ((mode == SHORT || mode == TORN) && hits + 1 == nth && size > 1) { hits++; return size / 2; }
    return refused(WRITE) ? -1 : (ssize_t)size;
}

static int opened(int fd, const char *path, int flags, int existed, off_t before) {
    if (fd < 0 || fd >= MOST_FILES || !watched(path)) return fd;
    seen[fd] = 1;
    if ((flags & O_CREAT) && !existed) note('C', inode_of(fd), 0, path, "", 0);
    else if ((flags & O_TRUNC) && before) note('T', inode_of(fd), 0, "", "", 0);
    return fd;
}

#define OPENING(call) \
    va_list rest; va_start(rest, flags); mode_t rights = va_arg(rest, int); va_end(rest); \
    struct stat before; int existed = 1; before.st_size = 0; \
    if (watched(path)) { \
        existed = !lstat(path, &before); \
        if ((flags & O_CREAT) && !existed && refused(NAME)) return -1; \
        if (refused(OPEN)) return -1; \
    } \
    return opened(call, path, flags, existed, existed ? before.st_size : 0)

int open(const char *path, int flags, ...) { REAL(open); OPENING(real(path, flags, rights)); }
int open64(const char *path, int flags, ...) { REAL(open64); OPENING(real(path, flags, rights)); }
int openat(int at, const char *path, int flags, ...) { REAL(openat); OPENING(real(at, path, flags, rights)); }
int openat64(int at, const char *path, int flags, ...) { REAL(openat64); OPENING(real(at, path, flags, rights)); }

int close(int fd) { REAL(close); if (fd >= 0 && fd < MOST_FILES) seen[fd] = 0; return real(fd); }

#define READING(call) if (is_seen(fd) && refused(READ)) return -1; return call
ssize_t read(int fd, void *data, size_t size) { REAL(read); READING(real(fd, data, size)); }
ssize_t pread(int fd, void *data, size_t size, off_t at) { REAL(pread); READING(real(fd, data, size, at)); }
ssize_t pread64(int fd, void *data, size_t size, off64_t at) { REAL(pread64); READING(real(fd, data, size, at)); }

#define WRITING(place, call) \
    if (!is_seen(fd)) return call; \
    ssize_t most = allowed(size); \
    if (most < 0) return -1; \
    size = most; \
    off_t start = place; \
    ssize_t done = call; \
    if (done > 0) note('W', inode_of(fd), start, "", data, done); \
    return done

static off_t here(int fd) {
    struct stat found;
    if (fcntl(fd, F_GETFL) & O_APPEND) return fstat(fd, &found) ? 0 : found.st_size;
    return lseek(fd, 0, SEEK_CUR);
}
ssize_t write(int fd, const void *data, size_t size) { REAL(write); WRITING(here(fd), real(fd, data, size)); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { REAL(pwrite); WRITING(at, real(fd, data, size, at)); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    REAL(pwrite64); WRITING(at, real(fd, data, size, at));
}
/* Everybody who uses these has another way when they are not there. */
ssize_t sendfile(int to, int from, off_t *at, size_t size) {
    REAL(sendfile); if (is_seen(to)) { errno = ENOSYS; return -1; } return real(to, from, at, size);
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
    REAL(sendfile64); if (is_seen(to)) { errno = ENOSYS; return -1; } return real(to, from, at, size);
}
ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t size, unsigned flags) {
    REAL(copy_file_range); if (is_seen(to)) { errno = ENOSYS; return -1; } return real(from, a, to, b, size, flags);
}

#define CUTTING \
    if (!is_seen(fd)) return real(fd, size); \
    if (refused(WRITE)) return -1; \
    int done = real(fd, size); \
    if (!done) note('T', inode_of(fd), size, "", "", 0); \
    return done
int ftruncate(int fd, off_t size) { REAL(ftruncate); CUTTING; }
int ftruncate64(int fd, off64_t size) { REAL(ftruncate64); CUTTING; }

static int synced(int fd, int done) {
    char link[64], path[4096];
    struct stat found;
    if (done || fstat(fd, &found)) return done;
    if (!S_ISDIR(found.st_mode)) { note('S', found.st_ino, 0, "", "", 0); return done; }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    path[size > 0 ? size : 0] = 0;
    note('D', 0, 0, path, "", 0);
    return done;
}
#define SYNCING if (!is_seen(fd)) return real(fd); if (refused(SYNC)) return -1; return synced(fd, real(fd))
int fsync(int fd) { REAL(fsync); SYNCING; }
int fdatasync(int fd) { REAL(fdatasync); SYNCING; }

/* ------------------------------------------------------------------------------------------------------------- names */
static int named(int done, char what, const char *first, const char *second) {
    if (!done) note(what, 0, 0, first, second, strlen(second));
    return done;
}
#define NAMING(what, first, second, path, call) \
    if (!watched(path)) return call; \
    if (refused(NAME)) return -1; \
    return named(call, what, first, second)
int rename(const char *old, const char *new) { REAL(rename); NAMING('R', old, new, new, real(old, new)); }
int renameat(int a, const char *old, int b, const char *new) {
    REAL(renameat); NAMING('R', old, new, new, real(a, old, b, new));
}
int link(const char *old, const char *new) { REAL(link); NAMING('L', old, new, new, real(old, new)); }
int linkat(int a, const char *old, int b, const char *new, int flags) {
    REAL(linkat); NAMING('L', old, new, new, real(a, old, b, new, flags));
}
int unlink(const char *path) { REAL(unlink); NAMING('U', path, "", path, real(path)); }
int unlinkat(int at, const char *path, int flags) { REAL(unlinkat); NAMING('U', path, "", path, real(at, path, flags)); }
