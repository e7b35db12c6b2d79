using ZmqLoop.Streams;

namespace ZmqLoop.Testing.Tests;

public sealed class EndpointTests
{
    private readonly ScriptedEngine _engine = new();
    private readonly ScriptedLoop _loop = new();

    [Theory]
    [InlineData("tcp://*:5555", "tcp://shop.example:5555")]
    [InlineData("tcp://0.0.0.0:5555", "tcp://127.0.0.1:5555")]
    [InlineData("tcp://127.0.0.1:5555", "tcp://localhost:5555")]
    public void A_service_is_found_by_whatever_name_its_host_has(string bound, string connected)
    {
        using ZMQStream server = new(_engine.CreateSocket(SocketType.Pull), _loop);
        using ZMQStream early = new(_engine.CreateSocket(SocketType.Push), _loop);
        using ZMQStream late = new(_engine.CreateSocket(SocketType.Push), _loop);
        List<string> received = [];
        server.OnRecv(message => received.Add(message[0].ToText()));
        early.Connect(connected);
        server.Bind(bound);
        late.Connect(connected);
        early.Send("early");
        late.Send("late");
        _loop.RunUntilIdle();
        Assert.Equal(["early", "late"], received);
        early.Disconnect(connected);
        early.Send("to nobody");
        _loop.RunUntilIdle();
        Assert.Equal(2, received.Count);
    }

    [Fact]
    public void A_port_is_bound_once_and_0_is_any_that_is_free()
    {
        using ZMQSocket one = _engine.CreateSocket(SocketType.Pull);
        using ZMQSocket other = _engine.CreateSocket(SocketType.Pull);
        one.Bind("tcp://127.0.0.1:0");
        other.Bind("tcp://127.0.0.1:0");
        Assert.NotEqual(one.LastEndpoint, other.LastEndpoint);
        string again = one.LastEndpoint.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        Assert.Equal(ZMQErrorCode.AddressInUse, Assert.Throws<ZMQException>(() => other.Bind(again)).Code);
    }
}
