using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

public sealed class AuthenticatorTests
{
    [Fact]
    public void An_authenticator_that_nobody_would_ask_does_not_pretend_to_keep_anybody_out()
    {
        using NetMQWorld world = new();
        using Authenticator authenticator = new(world.Loop);
        authenticator.ConfigureCurve(Authenticator.AnyDomain, [new byte[32]]);
        NotSupportedException error = Assert.Throws<NotSupportedException>(authenticator.Start);
        Assert.Contains("nobody would be kept out", error.Message, StringComparison.Ordinal);
        Assert.False(authenticator.IsRunning);
    }
}
