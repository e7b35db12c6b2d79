/* What libzmq does, in C, for bench/compare.sh:
   zmq_peer idle N                  one socket's wake and dispatch beside N idle ones, by zmq_poll
   zmq_peer receive ENDPOINT        binds, receives what `send` sends: zmq_poll, then drains
   zmq_peer send ENDPOINT           connects, sends
   zmq_peer echo ENDPOINT           binds, answers what `ask` asks
   zmq_peer ask ENDPOINT PERCENT    connects, asks, prints that percentile of the round trips
   As many messages and trips as are measured go before, so that a peer that compiles while it runs has done so. */
#include <errno.h>
#include <zmq.h>
#include "rounds.h"

enum { WAKES = 20000, MESSAGES = 1000000, SIZE = 100, TRIPS = 30000 };

static void *context;

static void check(int result, const char *what)
{
    if (result >= 0) return;
    fprintf(stderr, "zmq_peer: %s: %s\n", what, zmq_strerror(errno));
    exit(1);
}

static void *open_socket(int type)
{
    int linger = 0, unlimited = 0;
    void *socket = zmq_socket(context, type);
    if (!socket) check(-1, "zmq_socket");
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &unlimited, sizeof unlimited);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &unlimited, sizeof unlimited);
    return socket;
}

static int idle_count;
static zmq_pollitem_t *items;
static void *near_end;

static double idle_round(void)
{
    int wakes = idle_count > 100 ? WAKES / (idle_count / 100) : WAKES;
    double start = cpu_ns();
    for (int i = 0; i < wakes; i++)
    {
        zmq_msg_t message;
        check(zmq_send(near_end, "x", 1, ZMQ_DONTWAIT), "zmq_send");
        check(zmq_poll(items, idle_count + 1, -1), "zmq_poll");
        for (int j = 0; j <= idle_count; j++)
        {
            if (!(items[j].revents & ZMQ_POLLIN)) continue;
            zmq_msg_init(&message);
            while (zmq_msg_recv(&message, items[j].socket, ZMQ_DONTWAIT) >= 0) { }
            zmq_msg_close(&message);
        }
    }
    return (cpu_ns() - start) / wakes;
}

static void idle(int count)
{
    char name[64];
    idle_count = count;
    items = calloc((size_t)count + 1, sizeof *items);
    for (int i = 0; i <= count; i++)
    {
        items[i] = (zmq_pollitem_t){ .socket = open_socket(ZMQ_PAIR), .events = ZMQ_POLLIN };
        snprintf(name, sizeof name, "inproc://%d", i);
        check(zmq_bind(items[i].socket, name), "zmq_bind");
    }
    near_end = open_socket(ZMQ_PAIR);
    check(zmq_connect(near_end, name), "zmq_connect");
    print_median(idle_round);
}

static void receive(const char *endpoint)
{
    void *socket = open_socket(ZMQ_PULL);
    zmq_pollitem_t item = { .socket = socket, .events = ZMQ_POLLIN };
    zmq_msg_t message;
    double start = 0;
    long received = 0;
    check(zmq_bind(socket, endpoint), "zmq_bind");
    zmq_msg_init(&message);
    while (received < 2 * MESSAGES)
    {
        check(zmq_poll(&item, 1, -1), "zmq_poll");
        while (zmq_msg_recv(&message, socket, ZMQ_DONTWAIT) >= 0)
        {
            if (++received == MESSAGES) start = now_ns();
        }
    }
    printf("%.1f\n", (now_ns() - start) / MESSAGES);
    zmq_close(socket);
}

static void send_all(const char *endpoint)
{
    static char body[SIZE];
    int hwm = 100000, linger = -1;
    void *socket = open_socket(ZMQ_PUSH);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    check(zmq_connect(socket, endpoint), "zmq_connect");
    for (int i = 0; i < 2 * MESSAGES; i++) check(zmq_send(socket, body, SIZE, 0), "zmq_send");
    zmq_close(socket);
}

static void echo(const char *endpoint)
{
    void *socket = open_socket(ZMQ_DEALER);
    zmq_pollitem_t item = { .socket = socket, .events = ZMQ_POLLIN };
    zmq_msg_t message;
    check(zmq_bind(socket, endpoint), "zmq_bind");
    zmq_msg_init(&message);
    for (int left = 2 * TRIPS; left > 0;)
    {
        check(zmq_poll(&item, 1, -1), "zmq_poll");
        while (zmq_msg_recv(&message, socket, ZMQ_DONTWAIT) >= 0)
        {
            check(zmq_msg_send(&message, socket, 0), "zmq_msg_send");
            left--;
        }
    }
    zmq_msg_close(&message);
    int linger = 1000;
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_close(socket);
}

static void ask(const char *endpoint, int percent)
{
    static double ns[TRIPS];
    char body[SIZE] = { 0 };
    void *socket = open_socket(ZMQ_DEALER);
    check(zmq_connect(socket, endpoint), "zmq_connect");
    for (int i = -TRIPS; i < TRIPS; i++)
    {
        double start = now_ns();
        check(zmq_send(socket, body, SIZE, 0), "zmq_send");
        check(zmq_recv(socket, body, SIZE, 0), "zmq_recv");
        if (i >= 0) ns[i] = now_ns() - start;
    }
    qsort(ns, TRIPS, sizeof ns[0], compare);
    printf("%.1f\n", ns[TRIPS / 100 * percent]);
    zmq_close(socket);
}

int main(int argc, char **argv)
{
    if (argc < 3) return fprintf(stderr, "zmq_peer: WORK ARGUMENT [PERCENT]\n"), 2;
    context = zmq_ctx_new();
    zmq_ctx_set(context, ZMQ_MAX_SOCKETS, 65535);
    if (strcmp(argv[1], "idle") == 0) return idle(atoi(argv[2])), 0;
    if (strcmp(argv[1], "receive") == 0) receive(argv[2]);
    else if (strcmp(argv[1], "send") == 0) send_all(argv[2]);
    else if (strcmp(argv[1], "echo") == 0) echo(argv[2]);
    else if (strcmp(argv[1], "ask") == 0) ask(argv[2], argc > 3 ? atoi(argv[3]) : 50);
    else return fprintf(stderr, "zmq_peer: no work '%s'\n", argv[1]), 2;
    zmq_ctx_term(context);
    return 0;
}
