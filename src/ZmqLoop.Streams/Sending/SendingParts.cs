namespace ZmqLoop.Streams;

/// <summary>All that a stream sends with, made when it is first asked to: most of an idle stream's memory would be this, and many streams
/// never send.</summary>
internal sealed class SendingParts
{
    public SendingParts(
        ZMQSocket socket, Lockstep lockstep, ISendingTurn turn, StreamLife life, StreamCallbacks callbacks, StreamMeter meter,
        StreamTraffic traffic, MessageActivities activities, ZMQStreamOptions options)
    {
        Handle = new SendQueueHandle(life.Owner);
        Queue = new SendQueue(Handle, options);
        RouteErrors = new RouteErrors(life.Loop, life.Owner, meter);
        Outcomes = new SendOutcomes(Queue, callbacks, meter, RouteErrors, life.Loop);
        Outbox = new Outbox(socket, lockstep, life.Loop, turn, Queue, Outcomes, traffic, options);
        Sender = new Sender(socket, Queue, Outbox, lockstep, turn, life, callbacks, activities, options);
    }

    public SendQueueHandle Handle { get; }

    public SendQueue Queue { get; }

    public RouteErrors RouteErrors { get; }

    public SendOutcomes Outcomes { get; }

    public Sender Sender { get; }

    public Outbox Outbox { get; }
}
