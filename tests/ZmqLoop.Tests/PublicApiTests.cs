using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>The public surface is a reviewed text: PublicApi/*.txt.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Assemblies { get; } = [.. PublicAssemblies.All.Select(static assembly => assembly.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void The_public_surface_is_the_reviewed_one(string name)
    {
        string actual = PublicApi.Describe(PublicAssemblies.All.Single(assembly => assembly.GetName().Name == name));
        string reviewed = Path.Combine(Checkout.Root, "tests", "ZmqLoop.Tests", "PublicApi", name + ".txt");
        if (Environment.GetEnvironmentVariable("ACCEPT_API") == "1") File.WriteAllText(reviewed, actual);
        string expected = File.Exists(reviewed) ? File.ReadAllText(reviewed).ReplaceLineEndings("\n") : "";
        if (actual == expected) return;

        string received = Path.Combine(AppContext.BaseDirectory, name + ".received.txt");
        File.WriteAllText(received, actual);
        string[] before = expected.Split('\n');
        string[] now = actual.Split('\n');
        IEnumerable<string> changes = before.Except(now).Select(static line => "- " + line)
            .Concat(now.Except(before).Select(static line => "+ " + line));
        Assert.Fail($"""
            The public surface of {name} is not the reviewed one:
            {string.Join('\n', changes.Take(40))}
            If that is what you want, accept it: run this test with ACCEPT_API=1, or copy
              {received}
            to
              {reviewed}
            """);
    }
}
