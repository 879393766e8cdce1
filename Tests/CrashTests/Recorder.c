/* Preloaded into a process: writes down, in order, what it writes to the files of one store and when it
 * syncs them, so that the moments between can be played back.
 *
 * RECORD_TO     where to write the trace
 * RECORD_PREFIX paths that begin so are recorded
 * FAIL_SYNC     the number of the sync that fails with EIO, from 1; none if unset
 *
 * One record: type (1 byte: W write, T truncate, S sync, U remove), file (1 byte: a number for its path), offset
 * (8 bytes), length (4 bytes), then so many bytes. Little-endian. A record N (name) comes before the
 * first record of a file.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define FILES 64
#define DESCRIPTORS 4096

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static char *names[FILES];
/* For each descriptor the number of its file, plus one. */
static unsigned char file_of[DESCRIPTORS];
static long syncs;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static void put(const void *bytes, size_t count) {
  static __typeof__(&write) real;
  if (!real) real = REAL(write);
  const char *at = bytes;
  while (count > 0) {
    ssize_t done = real(trace, at, count);
    if (done <= 0) abort();
    at += done;
    count -= (size_t)done;
  }
}

static void record(char type, unsigned char file, uint64_t offset, const void *bytes, uint32_t count) {
  unsigned char head[14];
  head[0] = (unsigned char)type;
  head[1] = file;
  memcpy(head + 2, &offset, 8);
  memcpy(head + 10, &count, 4);
  put(head, sizeof head);
  if (count && bytes) put(bytes, count);
}

static void opened(int descriptor, const char *path) {
  const char *prefix = getenv("RECORD_PREFIX"), *to = getenv("RECORD_TO");
  if (descriptor < 0 || descriptor >= DESCRIPTORS || !prefix || !to) return;
  pthread_mutex_lock(&turn);
  file_of[descriptor] = 0;
  size_t length = strlen(path);
  int is_shared_memory = length > 4 && strcmp(path + length - 4, "-shm") == 0;
  if (strncmp(path, prefix, strlen(prefix)) == 0 && !is_shared_memory) {
    if (trace < 0) {
      __typeof__(&open) real = REAL(open);
      trace = real(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
      if (trace < 0) abort();
    }
    int file = 0;
    while (file < FILES && names[file] && strcmp(names[file], path) != 0) file++;
    if (file == FILES) abort();
    if (!names[file]) {
      names[file] = strdup(path);
      record('N', (unsigned char)file, 0, path, (uint32_t)length);
    }
    file_of[descriptor] = (unsigned char)(file + 1);
  }
  pthread_mutex_unlock(&turn);
}

static int file(int descriptor) {
  return descriptor >= 0 && descriptor < DESCRIPTORS ? file_of[descriptor] - 1 : -1;
}

#define OPEN(name)                                                \
  int name(const char *path, int flags, ...) {                    \
    va_list arguments;                                            \
    va_start(arguments, flags);                                   \
    mode_t mode = (flags & O_CREAT) ? va_arg(arguments, mode_t) : 0; \
    va_end(arguments);                                            \
    int descriptor = REAL(name)(path, flags, mode);               \
    int kept = errno;                                             \
    opened(descriptor, path);                                     \
    errno = kept;                                                 \
    return descriptor;                                            \
  }

OPEN(open)
OPEN(open64)

int close(int descriptor) {
  if (descriptor >= 0 && descriptor < DESCRIPTORS) file_of[descriptor] = 0;
  return REAL(close)(descriptor);
}

/* What is done and what is written down about it happen in one turn, so the trace has their order. */
#define WRITE(name, type)                                                          \
  ssize_t name(int descriptor, const void *bytes, size_t count, type offset) {     \
    if (file(descriptor) < 0) return REAL(name)(descriptor, bytes, count, offset); \
    pthread_mutex_lock(&turn);                                                     \
    ssize_t done = REAL(name)(descriptor, bytes, count, offset);                   \
    int kept = errno;                                                              \
    if (done > 0) record('W', (unsigned char)file(descriptor), (uint64_t)offset, bytes, (uint32_t)done); \
    pthread_mutex_unlock(&turn);                                                   \
    errno = kept;                                                                  \
    return done;                                                                   \
  }

WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

ssize_t write(int descriptor, const void *bytes, size_t count) {
  static __typeof__(&write) real;
  if (!real) real = REAL(write);
  if (file(descriptor) < 0) return real(descriptor, bytes, count);
  pthread_mutex_lock(&turn);
  off_t offset = lseek(descriptor, 0, SEEK_CUR);
  ssize_t done = real(descriptor, bytes, count);
  int kept = errno;
  if (done > 0) record('W', (unsigned char)file(descriptor), (uint64_t)offset, bytes, (uint32_t)done);
  pthread_mutex_unlock(&turn);
  errno = kept;
  return done;
}

#define TRUNCATE(name, type)                                                       \
  int name(int descriptor, type length) {                                          \
    if (file(descriptor) < 0) return REAL(name)(descriptor, length);               \
    pthread_mutex_lock(&turn);                                                     \
    int result = REAL(name)(descriptor, length);                                   \
    int kept = errno;                                                              \
    if (result == 0) record('T', (unsigned char)file(descriptor), (uint64_t)length, 0, 0); \
    pthread_mutex_unlock(&turn);                                                   \
    errno = kept;                                                                  \
    return result;                                                                 \
  }

TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name)                                                                 \
  int name(int descriptor) {                                                       \
    if (file(descriptor) < 0) return REAL(name)(descriptor);                       \
    pthread_mutex_lock(&turn);                                                     \
    const char *failing = getenv("FAIL_SYNC");                                     \
    int result = -1, kept = EIO;                                                   \
    syncs++;                                                                       \
    if (!failing || syncs != atol(failing)) {                                      \
      result = REAL(name)(descriptor);                                             \
      kept = errno;                                                                \
      if (result == 0) record('S', (unsigned char)file(descriptor), 0, 0, 0);      \
    }                                                                              \
    pthread_mutex_unlock(&turn);                                                   \
    errno = kept;                                                                  \
    return result;                                                                 \
  }

int unlink(const char *path) {
  pthread_mutex_lock(&turn);
  int result = REAL(unlink)(path);
  int kept = errno;
  for (int file = 0; result == 0 && file < FILES && names[file]; file++)
    if (strcmp(names[file], path) == 0) record('U', (unsigned char)file, 0, 0, 0);
  pthread_mutex_unlock(&turn);
  errno = kept;
  return result;
}

SYNC(fsync)
SYNC(fdatasync)
