#ifndef CCRYPT_H
#define CCRYPT_H

#include <stddef.h>

/// Hashes a phrase as the C library's crypt(3) does, with the method and salt that `setting` says.
///
/// Writes a text of at most `size` bytes, its end included. Returns 0, or -1 if the library does not
/// know the method, the setting is malformed, or the system has no such library.
int modelgate_crypt(const char *phrase, const char *setting, char *output, size_t size);

#endif
