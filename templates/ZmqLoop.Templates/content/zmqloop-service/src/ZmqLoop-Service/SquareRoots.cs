using System.Globalization;
using ZmqLoop;
using ZmqLoop.Hosting;
using ZmqLoop.Streams;

namespace ZmqLoop_Service;

/// <summary>What the service does: replace it by yours. There is one for each request, made with what its constructor asks for.</summary>
public sealed class SquareRoots(ILogger<SquareRoots> logger) : IRequestHandler
{
    public Task<Message> HandleAsync(ReceivedRequest request, CancellationToken cancellationToken)
    {
        // What comes is up to the client. What is thrown is answered as an error.
        if (request.Body is not [Frame number] || !double.TryParse(number.ToText(), CultureInfo.InvariantCulture, out double square))
            throw new RemoteException(RemoteException.BadRequest, "Send one number.");

        logger.LogDebug("{Peer} asks for the root of {Square}", request.Peer, square);
        return Task.FromResult(new Message(Math.Sqrt(square).ToString(CultureInfo.InvariantCulture)));
    }
}
