namespace ZmqLoop.Tests.Contexts;

/// <summary>All that <see cref="CapturedCallbackTests"/> ask for, on a .NET that keeps elsewhere what belongs to a thread.</summary>
public sealed class UnknownThreadTests : CapturedCallbackTests, IDisposable
{
    private readonly bool _known = ThreadInternals.AreKnown;

    public UnknownThreadTests() => ThreadInternals.AreKnown = false;

    [Fact]
    public void This_NET_keeps_it_where_it_is_looked_for() => Assert.True(_known);

    public void Dispose() => ThreadInternals.AreKnown = _known;
}
