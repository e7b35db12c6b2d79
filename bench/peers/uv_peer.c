/* What libuv does, in C: uv_peer WORK SECONDS COUNT
   callbacks, chain        COUNT callbacks that add themselves again, a thousand a turn or one
   timers-cancel           COUNT timers added, all cancelled
   timers-fire             COUNT timers added, all run
   posts-1, posts-4        COUNT callbacks posted by so many threads */
#include <pthread.h>
#include <uv.h>
#include "measure.h"

enum { BATCH = 1000 };

static uv_loop_t loop;
static int size;
static long count, target;

/* libuv has no callback queue of its own; an idle handle that stops itself is its cheapest callback for the next
   turn. Ours run once each, and add themselves again: so does this. */
static void on_idle(uv_idle_t *handle)
{
    uv_idle_stop(handle);
    if (++count == target) uv_stop(&loop);
    uv_idle_start(handle, on_idle);
}

static double run_idle(int handles, long callbacks)
{
    static uv_idle_t idle[BATCH];
    count = 0;
    target = callbacks;
    for (int i = 0; i < handles; i++)
    {
        uv_idle_init(&loop, &idle[i]);
        uv_idle_start(&idle[i], on_idle);
    }
    double start = cpu_ns();
    uv_run(&loop, UV_RUN_DEFAULT);
    double ns = (cpu_ns() - start) / (double)callbacks;
    for (int i = 0; i < handles; i++) uv_close((uv_handle_t *)&idle[i], NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    return ns;
}

static double callbacks(void) { return run_idle(BATCH, size); }

static double chain(void) { return run_idle(1, size); }

static void on_timer(uv_timer_t *timer)
{
    (void)timer;
    count++;
}

static uv_timer_t *timers;

static double timers_cancel(void)
{
    uint32_t random = 1;
    double start = cpu_ns();
    for (int i = 0; i < size; i++)
    {
        uv_timer_init(&loop, &timers[i]);
        uv_timer_start(&timers[i], on_timer, 1000 + next_random(&random) % 3600000, 0);
    }
    for (int i = 0; i < size; i++) uv_timer_stop(&timers[i]);
    double ns = (cpu_ns() - start) / size;
    for (int i = 0; i < size; i++) uv_close((uv_handle_t *)&timers[i], NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    return ns;
}

/* All are due, at different times, when the loop begins: the time between is not counted. */
static double timers_fire(void)
{
    uint32_t random = 1;
    count = 0;
    uv_update_time(&loop);
    double start = cpu_ns();
    for (int i = 0; i < size; i++)
    {
        uv_timer_init(&loop, &timers[i]);
        uv_timer_start(&timers[i], on_timer, next_random(&random) % 50, 0);
    }
    double ns = cpu_ns() - start;
    uv_sleep(60);
    start = cpu_ns();
    uv_run(&loop, UV_RUN_DEFAULT);
    ns += cpu_ns() - start;
    if (count != size) abort();
    for (int i = 0; i < size; i++) uv_close((uv_handle_t *)&timers[i], NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    return ns / size;
}

/* uv_async_send only wakes; what is posted goes through a list under a mutex, taken over as a whole. */
typedef void (*posted_fn)(void *);
typedef struct { posted_fn call; void *argument; } post_t;

static struct { pthread_mutex_t mutex; post_t *items; size_t count, capacity; } queue = { PTHREAD_MUTEX_INITIALIZER, NULL, 0, 0 };
static post_t *taken;
static size_t taken_capacity;
static uv_async_t async;
static int threads;

static void post(posted_fn call, void *argument)
{
    pthread_mutex_lock(&queue.mutex);
    if (queue.count == queue.capacity)
    {
        queue.capacity = queue.capacity ? queue.capacity * 2 : 16;
        queue.items = realloc(queue.items, queue.capacity * sizeof(post_t));
    }
    queue.items[queue.count++] = (post_t){ call, argument };
    pthread_mutex_unlock(&queue.mutex);
    uv_async_send(&async);
}

static void on_post(void *argument)
{
    (void)argument;
    if (++count == target) uv_close((uv_handle_t *)&async, NULL);
}

static void on_async(uv_async_t *handle)
{
    (void)handle;
    pthread_mutex_lock(&queue.mutex);
    post_t *items = queue.items;
    size_t n = queue.count, capacity = queue.capacity;
    queue.items = taken;
    queue.capacity = taken_capacity;
    queue.count = 0;
    pthread_mutex_unlock(&queue.mutex);
    taken = items;
    taken_capacity = capacity;
    for (size_t i = 0; i < n; i++) items[i].call(items[i].argument);
}

static void *producer(void *argument)
{
    for (int i = 0; i < size / threads; i++) post(on_post, argument);
    return NULL;
}

static double posts(void)
{
    pthread_t producers[4];
    count = 0;
    target = size;
    uv_async_init(&loop, &async, on_async);
    double start = now_ns();
    for (int i = 0; i < threads; i++) pthread_create(&producers[i], NULL, producer, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    double ns = (now_ns() - start) / size;
    for (int i = 0; i < threads; i++) pthread_join(producers[i], NULL);
    return ns;
}

int main(int argc, char **argv)
{
    if (argc < 4) return fprintf(stderr, "uv_peer: WORK SECONDS COUNT\n"), 2;
    const char *work = argv[1];
    double seconds = atof(argv[2]);
    size = atoi(argv[3]);
    timers = calloc((size_t)size, sizeof *timers);
    uv_loop_init(&loop);
    threads = strcmp(work, "posts-4") == 0 ? 4 : 1;
    if (strcmp(work, "callbacks") == 0) print_median(seconds, callbacks);
    else if (strcmp(work, "chain") == 0) print_median(seconds, chain);
    else if (strcmp(work, "timers-cancel") == 0) print_median(seconds, timers_cancel);
    else if (strcmp(work, "timers-fire") == 0) print_median(seconds, timers_fire);
    else if (strncmp(work, "posts-", 6) == 0) print_median(seconds, posts);
    else return fprintf(stderr, "uv_peer: no work '%s'\n", work), 2;
    return 0;
}
