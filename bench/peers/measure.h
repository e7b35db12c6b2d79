/* What the peers in C share: clocks, rounds, and the window in which messages are counted. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_ROUNDS = 4096, LEAST_ROUNDS = 3 };

/* Seconds: those who compile while they run, on two cores that four threads keep busy, take more than one until they have. All sides warm
   up alike. */
static const double WARM_UP = 1.5;

static inline double read_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline double now_ns(void) { return read_ns(CLOCK_MONOTONIC); }

/* For what one thread does without ever waiting: a loaded machine disturbs its processor time less than the clock's. */
static inline double cpu_ns(void) { return read_ns(CLOCK_THREAD_CPUTIME_ID); }

static inline int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Prints the median round, which returns nanoseconds per operation, after a warm-up as long. */
static inline void print_median(double seconds, double (*round)(void))
{
    static double ns[MAX_ROUNDS];
    int n = 0;
    for (double end = now_ns() + seconds * 1e9; now_ns() < end;) round();
    for (double end = now_ns() + seconds * 1e9; n < MAX_ROUNDS && (n < LEAST_ROUNDS || now_ns() < end);) ns[n++] = round();
    qsort(ns, (size_t)n, sizeof ns[0], compare);
    printf("ns %.1f\n", ns[n / 2]);
}

/* Counts messages in a window of time, which opens after a warm-up, and that begins with the first messages. */
typedef struct { double seconds, end, opened, cpu; long count, before; enum { COLD, WARMING, OPEN } state; } window_t;

/* True when the window has closed, and its figures are printed. */
static inline int count_one(window_t *w)
{
    if (++w->count & 63) return 0;
    double now = now_ns();
    if (w->state != COLD && now < w->end) return 0;
    if (w->state == OPEN)
    {
        double n = (double)(w->count - w->before);
        printf("rate %.1f\ncpu %.1f\n", n * 1e9 / (now - w->opened), (cpu_ns() - w->cpu) / n);
        return 1;
    }
    w->state++;
    w->end = now + (w->state == WARMING ? WARM_UP : w->seconds) * 1e9;
    w->opened = now;
    w->cpu = cpu_ns();
    w->before = w->count;
    return 0;
}

/* The same pseudo-random sequence on all sides: xorshift32. */
static inline uint32_t next_random(uint32_t *state)
{
    uint32_t x = *state;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}
