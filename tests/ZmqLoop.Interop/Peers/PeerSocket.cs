using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace ZmqLoop.Interop.Peers;

/// <summary>A socket in another process.</summary>
internal sealed class PeerSocket(Peer peer, string id)
{
    public const int Long = 4096; // a longer frame is told of by its length and hash

    public async Task<string> BindAsync(string endpoint = "tcp://127.0.0.1:*") =>
        (string)(await CallAsync("bind", ("endpoint", endpoint)))["endpoint"]!;

    public Task ConnectAsync(string endpoint) => CallAsync("connect", ("endpoint", endpoint));

    public Task SubscribeAsync(string prefix) => CallAsync("subscribe", ("prefix", prefix));

    public Task SendAsync(params byte[][] frames) =>
        CallAsync("send", ("frames", new JsonArray([.. frames.Select(static frame => (JsonNode)Convert.ToBase64String(frame))])));

    /// <summary>Sends a long frame of equal bytes after a short one.</summary>
    public Task SendLongAsync(string head, int size, byte content) => CallAsync("send", ("frames", new JsonArray(
        Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(head)), new JsonObject { ["size"] = size, ["byte"] = content })));

    /// <summary>Receives a message: each frame in hexadecimal, or, where it is long, its length and hash.</summary>
    /// <param name="milliseconds">For how long to wait; then there are no frames. 0 for as long as it takes.</param>
    public async Task<string[]> ReceiveAsync(int milliseconds = 0) => [.. ((JsonArray)(await CallAsync(
        "recv", milliseconds == 0 ? [] : [("timeout", milliseconds)]))["frames"]!).Select(static frame => frame is JsonObject big
        ? $"{big["size"]} {big["sha256"]}"
        : Convert.ToHexString(Convert.FromBase64String((string)frame!)))];

    /// <summary>Sends messages that begin with their number until it would block.</summary>
    /// <returns>How many have gone, those before <paramref name="first"/> included.</returns>
    public async Task<int> SendNumberedAsync(int first, int count, int padding) =>
        (int)(await CallAsync("send numbered", ("first", first), ("count", count), ("padding", padding)))["sent"]!;

    public async Task<int[]> ReceiveNumberedAsync(int count) =>
        [.. ((JsonArray)(await CallAsync("recv numbered", ("count", count)))["numbers"]!).Select(static number => (int)number!)];

    public Task EchoAsync(int count) => CallAsync("echo", ("count", count));

    public Task CloseAsync() => CallAsync("close");

    /// <summary>A frame as <see cref="ReceiveAsync"/> tells of it.</summary>
    public static string Describe(ReadOnlySpan<byte> frame) => frame.Length <= Long
        ? Convert.ToHexString(frame)
        : $"{frame.Length} {Convert.ToHexStringLower(SHA256.HashData(frame))}";

    private Task<JsonObject> CallAsync(string name, params (string Name, JsonNode? Value)[] arguments)
    {
        JsonObject command = new() { ["cmd"] = name, ["id"] = id };
        foreach ((string argument, JsonNode? value) in arguments) command[argument] = value;
        return peer.CallAsync(command);
    }
}
