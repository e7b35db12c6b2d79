namespace ZmqLoop.Tests;

/// <summary>The public surface of the NetMQ engine is a reviewed text, beside those of the other assemblies.</summary>
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_reviewed_one()
    {
        string actual = PublicApi.Describe(typeof(NetMQEngine).Assembly);
        string reviewed = Path.Combine(Checkout.Root, "tests", "ZmqLoop.Tests", "PublicApi", "ZmqLoop.NetMQ.txt");
        if (Environment.GetEnvironmentVariable("ACCEPT_API") == "1") File.WriteAllText(reviewed, actual);
        Assert.Equal(File.Exists(reviewed) ? File.ReadAllText(reviewed).ReplaceLineEndings("\n") : "", actual);
    }

    [Fact]
    public void Every_public_class_is_sealed_or_static() =>
        Assert.DoesNotContain(typeof(NetMQEngine).Assembly.GetExportedTypes(), static type => type is { IsClass: true, IsSealed: false });
}
