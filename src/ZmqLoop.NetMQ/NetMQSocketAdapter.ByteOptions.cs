using System.Collections.Frozen;
using System.Text;
using NetMQ;
using NetMQ.Sockets;

namespace ZmqLoop;

public sealed partial class NetMQSocketAdapter
{
    /// <summary>The options that are strings of bytes.</summary>
    private static class ByteOptions
    {
        private static readonly FrozenDictionary<int, Entry<byte[]>> _table = new Dictionary<int, Entry<byte[]>>
        {
            [5] = new(static socket => socket._socket.Options.Identity ?? [],
                static (socket, value) => socket._socket.Options.Identity = value),
            [6] = new(null, static (socket, value) => Subscribe(socket._socket, value)),
            [7] = new(null, static (socket, value) => Unsubscribe(socket._socket, value)),
            [32] = new(static socket => Encoding.UTF8.GetBytes(socket.ReadLastEndpoint()), null),
            [48] = new(static socket => socket._curvePublicKey ?? new byte[32],
                static (socket, value) => SetCurveKeys(socket, value, socket._curveSecretKey)),
            [49] = new(static socket => socket._curveSecretKey ?? new byte[32],
                static (socket, value) => SetCurveKeys(socket, socket._curvePublicKey, value)),
            [50] = new(static socket => socket._socket.Options.CurveServerKey ?? [],
                static (socket, value) => SetCurveServerKey(socket, value)),
            [72] = new(null, static (socket, value) => Publisher(socket._socket).SetWelcomeMessage(value)),
        }.ToFrozenDictionary();

        public static Entry<byte[]>? Of(int id) => _table.GetValueOrDefault(id);

        private static void Subscribe(NetMQSocket socket, byte[] prefix)
        {
            if (socket is SubscriberSocket subscriber) subscriber.Subscribe(prefix);
            else if (socket is XSubscriberSocket raw) raw.Subscribe(prefix);
            else if (socket is XPublisherSocket manual) manual.Subscribe(prefix); // for the peer whose subscription was received last
            else throw new NotSupportedException();
        }

        private static void Unsubscribe(NetMQSocket socket, byte[] prefix)
        {
            if (socket is SubscriberSocket subscriber) subscriber.Unsubscribe(prefix);
            else if (socket is XSubscriberSocket raw) raw.Unsubscribe(prefix);
            else if (socket is XPublisherSocket manual) manual.Unsubscribe(prefix);
            else throw new NotSupportedException();
        }

        private static XPublisherSocket Publisher(NetMQSocket socket) => socket as XPublisherSocket ?? throw new NotSupportedException();

        // A server needs the secret half alone, as with libzmq; NetMQ wants both, and one follows from the other.
        private static void SetCurveKeys(NetMQSocketAdapter socket, byte[]? publicKey, byte[]? secretKey)
        {
            socket.DemandCurve($"The CURVE keys of {socket} cannot be set");
            if (secretKey is not null)
            {
                socket._socket.Options.CurveCertificate = publicKey is null
                    ? NetMQCertificate.CreateFromSecretKey(secretKey)
                    : new NetMQCertificate(secretKey, publicKey);
            }

            socket._curvePublicKey = publicKey;
            socket._curveSecretKey = secretKey;
        }

        private static void SetCurveServerKey(NetMQSocketAdapter socket, byte[] key)
        {
            socket.DemandCurve($"ZMQ_CURVE_SERVERKEY of {socket} cannot be set");
            socket._socket.Options.CurveServerKey = key;
        }
    }
}
