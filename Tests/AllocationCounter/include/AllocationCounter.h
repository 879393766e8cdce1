#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this executable counts: only where the C library lets a program put its own `malloc` in
/// front (glibc), and not under a sanitizer, which does so itself.
bool allocation_counter_works(void);

/// How often this thread has asked for heap memory since it began: `malloc`, `calloc`, `realloc`
/// and the aligned forms, whoever called them. Freeing does not count.
uint64_t allocation_count(void);

/// Octets of heap memory that this process has asked for and not given back; what the C library
/// keeps for later does not count. Zero where it does not say.
size_t allocation_octets(void);

/// Asks the heap for memory once and gives it back: the control that shows that counting works.
void allocation_plant(size_t octets);

#endif
