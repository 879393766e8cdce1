#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE
#endif
#include "CCrypt.h"

#if defined(__linux__)
#include <crypt.h>
#include <stdlib.h>
#include <string.h>

int modelgate_crypt(const char *phrase, const char *setting, char *output, size_t size) {
  // 32 KiB with libxcrypt: too much for the stack of a thread that somebody else made.
  struct crypt_data *data = calloc(1, sizeof *data);
  if (data == NULL) return -1;
  int status = -1;
  const char *hash = crypt_r(phrase, setting, data);
  // A failure is a null pointer, or a text that begins with `*` and matches no hash.
  if (hash != NULL && hash[0] != '*' && strlen(hash) < size) {
    memcpy(output, hash, strlen(hash) + 1);
    status = 0;
  }
  // What was computed from the phrase does not stay in memory.
  volatile unsigned char *bytes = (volatile unsigned char *)data;
  for (size_t i = 0; i < sizeof *data; i++) bytes[i] = 0;
  free(data);
  return status;
}
#else
int modelgate_crypt(const char *phrase, const char *setting, char *output, size_t size) {
  (void)phrase; (void)setting; (void)output; (void)size;
  return -1;
}
#endif
