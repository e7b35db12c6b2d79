namespace ZmqLoop;

/// <summary>What is done with an endpoint.</summary>
internal enum EndpointCall
{
    Bind,
    Connect,
    Unbind,
    Disconnect,
}
