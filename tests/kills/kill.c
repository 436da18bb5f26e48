/* Preloaded: ends the process by SIGKILL at the n-th system call that writes, right before it or right after it; or lets
   that call fail, but for what goes to standard output and error. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/types.h>
#include <unistd.h>

static long left = 0, seen = 0;
static int after = 0, failure = 0;

void omtui_kill_at(long number, int behind) { left = number; after = behind; failure = 0; seen = 0; }
void omtui_fail_at(long number, int error) { left = number; failure = error; seen = 0; }
long omtui_seen(void) { return seen; }

static int due(void) { seen++; return left > 0 && --left == 0; }
static void end(void) { kill(getpid(), SIGKILL); for (;;) pause(); }

#define CALL(type, name, parameters, arguments)                 \
    type name parameters {                                      \
        static type (*real) parameters;                         \
        if (!real) real = dlsym(RTLD_NEXT, #name);              \
        int is_due = due();                                     \
        if (is_due && failure) { if (MAY_FAIL) { errno = failure; return -1; } return real arguments; } \
        if (is_due && !after) end();                            \
        type found = real arguments;                            \
        if (is_due) end();                                      \
        return found;                                           \
    }

#define MAY_FAIL (fd > 2)
CALL(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size))
CALL(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at))
CALL(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
CALL(int, fsync, (int fd), (fd))
CALL(int, fdatasync, (int fd), (fd))
CALL(int, ftruncate64, (int fd, off64_t size), (fd, size))
CALL(int, ftruncate, (int fd, off_t size), (fd, size))
CALL(int, fchmod, (int fd, mode_t mode), (fd, mode))
#undef MAY_FAIL
#define MAY_FAIL 1
CALL(int, rename, (const char *old, const char *new), (old, new))
CALL(int, unlink, (const char *path), (path))
CALL(int, link, (const char *old, const char *new), (old, new))
CALL(int, linkat, (int a, const char *old, int b, const char *new, int flags), (a, old, b, new, flags))
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode))
