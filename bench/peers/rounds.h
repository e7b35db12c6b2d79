/* What both peers share: the clocks, and the median of a few rounds. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 5 };

static inline double read_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline double now_ns(void) { return read_ns(CLOCK_MONOTONIC); }

/* For what one thread does without ever waiting: a loaded machine disturbs its processor time less than the clock's. */
static inline double cpu_ns(void) { return read_ns(CLOCK_THREAD_CPUTIME_ID); }

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Prints the median round in nanoseconds per operation. */
static inline void print_median(double (*round)(void))
{
    double ns[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) ns[i] = round();
    qsort(ns, ROUNDS, sizeof ns[0], compare);
    printf("%.1f\n", ns[ROUNDS / 2]);
}

/* The same pseudo-random sequence on both sides: xorshift32. */
static inline uint32_t next_random(uint32_t *state)
{
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}
