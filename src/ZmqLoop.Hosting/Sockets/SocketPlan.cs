namespace ZmqLoop.Hosting;

/// <summary>What a socket of the host's is to be, as code and configuration have said.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Bind">What it listens on.</param>
/// <param name="Connect">What it connects to.</param>
/// <param name="Apply">Sets its options.</param>
/// <param name="RequiredPeers">How many connections there must be.</param>
internal sealed record SocketPlan(
    SocketType Type, PlannedEndpoint[] Bind, PlannedEndpoint[] Connect, Action<ZMQSocket> Apply, int RequiredPeers);

/// <param name="Socket">Of the socket.</param>
/// <param name="Options">Of what is made over it.</param>
internal sealed record SocketPlan<TOptions>(SocketPlan Socket, TOptions Options);
