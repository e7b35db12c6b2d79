/* What libzmq does, in C: zmq_peer STYLE WORK SECONDS ARGUMENTS...
   STYLE is poll (zmq_poll, then drains), bare (blocks in the call itself) or, for idle alone, epoll (over the sockets'
   descriptors, then drains). Measured for SECONDS, after a warm-up:
     recv SECONDS ENDPOINT SIZE FRAMES HWM    binds, receives what `feed` sends
     send SECONDS ENDPOINT SIZE FRAMES HWM    connects, sends to `sink`
     drain SECONDS SIZE FRAMES COUNT          takes COUNT messages out of an inproc socket that holds them
     idle SECONDS N                           one socket's wake and dispatch beside N idle ones
     startup, memory N                        one message; resident memory with N idle sockets
   Answering, until killed:
     echo SECONDS ENDPOINT                    binds, answers what `ask` asks
   Helpers of every peer:
     feed SECONDS ENDPOINT SIZE FRAMES HWM    connects, sends until killed
     sink SECONDS ENDPOINT HWM                binds, receives until killed
     ask SECONDS ENDPOINT SIZE                connects, measures round trips: their median and 99th percentile */
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <zmq.h>
#include "measure.h"

enum { MAX_SIZE = 1 << 20, MAX_TRIPS = 1 << 20, ALL_WAKES = 20000 };

static void *context;
static int polls;
static int epolls = -1; /* an epoll instance, where it waits by that */
static double seconds;
static char body[MAX_SIZE];

static int check(int result, const char *what)
{
    if (result >= 0) return result;
    fprintf(stderr, "zmq_peer: %s: %s\n", what, zmq_strerror(errno));
    exit(1);
}

static void *open_socket(int type, int hwm)
{
    int linger = 0;
    void *socket = zmq_socket(context, type);
    if (!socket) check(-1, "zmq_socket");
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
    return socket;
}

static void bind_and_tell(void *socket, const char *endpoint)
{
    char bound[256];
    size_t length = sizeof bound;
    check(zmq_bind(socket, endpoint), "zmq_bind");
    check(zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, bound, &length), "ZMQ_LAST_ENDPOINT");
    printf("bound %s\n", bound);
    fflush(stdout);
}

/* All frames of one message; false if there is none. */
static int receive_one(void *socket, zmq_msg_t *message, int flags)
{
    do
    {
        if (zmq_msg_recv(message, socket, flags) < 0)
        {
            if (errno == EAGAIN) return 0;
            check(-1, "zmq_msg_recv");
        }
    } while (zmq_msg_more(message));
    return 1;
}

static void receive(const char *endpoint, int hwm)
{
    void *socket = open_socket(ZMQ_PULL, hwm);
    zmq_pollitem_t item = { .socket = socket, .events = ZMQ_POLLIN };
    window_t window = { .seconds = seconds };
    zmq_msg_t message;
    zmq_msg_init(&message);
    bind_and_tell(socket, endpoint);
    for (;;)
    {
        if (polls) check(zmq_poll(&item, 1, -1), "zmq_poll");
        while (receive_one(socket, &message, polls ? ZMQ_DONTWAIT : 0))
            if (count_one(&window)) return;
    }
}

static void send_copy(void *socket, int size, int flags)
{
    zmq_msg_t message;
    check(zmq_msg_init_size(&message, (size_t)size), "zmq_msg_init_size");
    memcpy(zmq_msg_data(&message), body, (size_t)size);
    check(zmq_msg_send(&message, socket, flags), "zmq_msg_send");
}

static void send_all(const char *endpoint, int size, int frames, int hwm)
{
    void *socket = open_socket(ZMQ_PUSH, hwm);
    window_t window = { .seconds = seconds };
    check(zmq_connect(socket, endpoint), "zmq_connect");
    do
        for (int i = 1; i <= frames; i++) send_copy(socket, size, i < frames ? ZMQ_SNDMORE : 0);
    while (!count_one(&window));
}

/* Without copying, so that the sender is no slower than it must be. */
static void feed(const char *endpoint, int size, int frames, int hwm)
{
    void *socket = open_socket(ZMQ_PUSH, hwm);
    check(zmq_connect(socket, endpoint), "zmq_connect");
    for (;;)
        for (int i = 1; i <= frames; i++) check(zmq_send_const(socket, body, (size_t)size, i < frames ? ZMQ_SNDMORE : 0), "zmq_send_const");
}

static void sink(const char *endpoint, int hwm)
{
    void *socket = open_socket(ZMQ_PULL, hwm);
    zmq_msg_t message;
    zmq_msg_init(&message);
    bind_and_tell(socket, endpoint);
    for (;;) receive_one(socket, &message, 0);
}

static struct { void *near_end, *far_end; int size, frames, count; } pair;

static double drain_round(void)
{
    zmq_pollitem_t item = { .socket = pair.far_end, .events = ZMQ_POLLIN };
    zmq_msg_t message;
    for (int n = 0; n < pair.count; n++)
        for (int i = 1; i <= pair.frames; i++) send_copy(pair.near_end, pair.size, i < pair.frames ? ZMQ_SNDMORE : 0);
    zmq_msg_init(&message);
    double start = cpu_ns();
    for (int left = pair.count; left > 0;)
    {
        if (polls) check(zmq_poll(&item, 1, -1), "zmq_poll");
        while (left > 0 && receive_one(pair.far_end, &message, polls ? ZMQ_DONTWAIT : 0)) left--;
    }
    double ns = (cpu_ns() - start) / pair.count;
    zmq_msg_close(&message);
    return ns;
}

static void drain(int size, int frames, int count)
{
    pair.near_end = open_socket(ZMQ_PAIR, 0);
    pair.far_end = open_socket(ZMQ_PAIR, 0);
    pair.size = size;
    pair.frames = frames;
    pair.count = count;
    check(zmq_bind(pair.far_end, "inproc://drain"), "zmq_bind");
    check(zmq_connect(pair.near_end, "inproc://drain"), "zmq_connect");
    print_median(seconds, drain_round);
}

static void echo(const char *endpoint)
{
    void *socket = open_socket(ZMQ_DEALER, 1000);
    zmq_pollitem_t item = { .socket = socket, .events = ZMQ_POLLIN };
    zmq_msg_t message;
    zmq_msg_init(&message);
    bind_and_tell(socket, endpoint);
    for (;;)
    {
        if (polls) check(zmq_poll(&item, 1, -1), "zmq_poll");
        while (receive_one(socket, &message, polls ? ZMQ_DONTWAIT : 0)) check(zmq_msg_send(&message, socket, 0), "zmq_msg_send");
    }
}

static void ask(const char *endpoint, int size)
{
    static double ns[MAX_TRIPS];
    long trips = 0;
    double warm = now_ns() + WARM_UP * 1e9, end = warm + seconds * 1e9;
    void *socket = open_socket(ZMQ_DEALER, 1000);
    check(zmq_connect(socket, endpoint), "zmq_connect");
    for (double start = 0; start < end && trips < MAX_TRIPS;)
    {
        start = now_ns();
        check(zmq_send(socket, body, (size_t)size, 0), "zmq_send");
        check(zmq_recv(socket, body, (size_t)size, 0), "zmq_recv");
        if (start >= warm) ns[trips++] = now_ns() - start;
    }
    qsort(ns, (size_t)trips, sizeof ns[0], compare);
    printf("p50 %.1f\np99 %.1f\n", ns[trips / 2], ns[trips / 100 * 99]);
}

static int idle_count;
static zmq_pollitem_t *items;
static void *busy;

static int take_all(void *socket)
{
    zmq_msg_t message;
    int taken = 0;
    zmq_msg_init(&message);
    while (receive_one(socket, &message, ZMQ_DONTWAIT)) taken++;
    zmq_msg_close(&message);
    return taken;
}

/* The least that a wake can cost with libzmq: the kernel says which descriptor, and the receive that finds nothing arms it again. */
static int wake_by_epoll(void)
{
    struct epoll_event ready[256];
    int woken = 0;
    int count = check(epoll_wait(epolls, ready, 256, -1), "epoll_wait");
    for (int j = 0; j < count; j++) woken += take_all(ready[j].data.ptr);
    return woken;
}

static int wake_by_poll(void)
{
    int woken = 0;
    check(zmq_poll(items, idle_count + 1, -1), "zmq_poll");
    for (int j = 0; j <= idle_count; j++)
        if (items[j].revents & ZMQ_POLLIN) woken += take_all(items[j].socket);
    return woken;
}

static int wake_once(void)
{
    check(zmq_send(busy, "x", 1, ZMQ_DONTWAIT), "zmq_send");
    return epolls >= 0 ? wake_by_epoll() : wake_by_poll();
}

static double idle_round(void)
{
    int wakes = epolls >= 0 ? 100 : ALL_WAKES / (idle_count + 100) + 1;
    double start = cpu_ns();
    for (int i = 0; i < wakes; i++)
        if (wake_once() != 1) abort();
    return (cpu_ns() - start) / wakes;
}

static void watch(void *socket)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = socket };
    int descriptor;
    size_t length = sizeof descriptor;
    check(zmq_getsockopt(socket, ZMQ_FD, &descriptor, &length), "ZMQ_FD");
    check(epoll_ctl(epolls, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
    take_all(socket); /* silent until something is new */
}

static void open_idle(int count)
{
    char name[64];
    idle_count = count;
    items = calloc((size_t)count + 1, sizeof *items);
    for (int i = 0; i <= count; i++)
    {
        items[i] = (zmq_pollitem_t){ .socket = open_socket(ZMQ_PAIR, 1000), .events = ZMQ_POLLIN };
        snprintf(name, sizeof name, "inproc://%d", i);
        check(zmq_bind(items[i].socket, name), "zmq_bind");
    }
    busy = open_socket(ZMQ_PAIR, 1000);
    check(zmq_connect(busy, name), "zmq_connect");
    for (int i = 0; epolls >= 0 && i <= count; i++) watch(items[i].socket);
}

static void print_resident(void)
{
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    long kilobytes = 0;
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmRSS: %ld", &kilobytes) == 1) printf("kB %ld\n", kilobytes);
    if (status) fclose(status);
}

static int run(const char *work, char **given, int count)
{
#define IS(name, arguments) (strcmp(work, name) == 0 && count == arguments)
#define NUMBER(i) atoi(given[i])
    if (IS("recv", 4)) receive(given[0], NUMBER(3));
    else if (IS("send", 4)) send_all(given[0], NUMBER(1), NUMBER(2), NUMBER(3));
    else if (IS("feed", 4)) feed(given[0], NUMBER(1), NUMBER(2), NUMBER(3));
    else if (IS("sink", 2)) sink(given[0], NUMBER(1));
    else if (IS("drain", 3)) drain(NUMBER(0), NUMBER(1), NUMBER(2));
    else if (IS("echo", 1)) echo(given[0]);
    else if (IS("ask", 2)) ask(given[0], NUMBER(1));
    else if (IS("idle", 1)) open_idle(NUMBER(0)), print_median(seconds, idle_round);
    else if (IS("memory", 1)) open_idle(NUMBER(0)), wake_once(), print_resident();
    else if (IS("startup", 0)) open_idle(0), printf("first %d\n", wake_once());
    else return fprintf(stderr, "zmq_peer: no work '%s' with %d arguments\n", work, count), 2;
    return fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc < 4) return fprintf(stderr, "zmq_peer: STYLE WORK SECONDS ARGUMENTS...\n"), 2;
    polls = strcmp(argv[1], "poll") == 0;
    if (strcmp(argv[1], "epoll") == 0) epolls = check(epoll_create1(0), "epoll_create1");
    seconds = atof(argv[3]);
    context = zmq_ctx_new();
    zmq_ctx_set(context, ZMQ_MAX_SOCKETS, 65535);
    _exit(run(argv[2], argv + 4, argc - 4)); /* without closing thousands of sockets first */
}
