using ZmqLoop.Tool.Tests.Running;

namespace ZmqLoop.Tool.Tests;

/// <summary>How messages are written and read; what strangers send is shown and does nothing.</summary>
public sealed class FormatTests
{
    private const string Push = """
        import base64
        s = connected(zmq.PUSH)
        s.send_multipart([base64.b64decode(a) for a in arguments])
        """;

    // Colours, a bell, what is no UTF-8, a text that runs backwards, and letters that are none of ASCII.
    private static readonly byte[][] _binary = [[.. "\e[31mred\a"u8], [0, 0xff, 0x80], [], [.. "\u202Eabc ü 漢 \n\t\\"u8]];

    [Theory]
    [InlineData("text", "\\x1b[31mred\\x07\t\\x00\\xff\\x80\t\t\\u{202e}abc ü 漢 \\n\\t\\\n")]
    [InlineData("json", "[\"\\u001b[31mred\\u0007\",{\"hex\":\"00ff80\"},\"\",\"\\u202eabc ü 漢 \\u000a\\u0009\\\\\"]\n")]
    [InlineData("hex", "1b5b33316d72656407 00ff80 - e280ae61626320c3bc20e6bca220 0a095c\n")]
    public async Task What_a_terminal_would_obey_is_escaped_and_no_letter_is(string format, string expected)
    {
        string output = await PullAsync("--format", format);
        Assert.Equal(format == "hex" ? expected.Replace(" 0a", "0a", StringComparison.Ordinal) : expected, output);
    }

    [Fact]
    public async Task Raw_writes_the_bytes_as_they_are_and_nothing_else()
    {
        using ToolProcess pull = ToolProcess.Start("pull", "--bind", "tcp://127.0.0.1:*", "--count", "1", "--raw");
        await PyzmqPeer.RunAsync(Push, pull.Endpoint(), Convert.ToBase64String("a\nb"u8), Convert.ToBase64String("\e"u8));
        Assert.Equal("a\nb\e", (await pull.EndAsync()).With(0).Output);
    }

    [Theory]
    [InlineData("json")]
    [InlineData("hex")]
    public async Task What_was_written_is_read_back_as_the_same_message(string format)
    {
        string written = await PullAsync("--format", format);
        using ToolProcess pull = ToolProcess.Start("pull", "--bind", "tcp://127.0.0.1:*", "--count", "1", "--format", format);
        (await ToolProcess.RunAsync(["push", "--connect", pull.Endpoint(), "--format", format], written)).With(0);
        Assert.Equal(written, (await pull.EndAsync()).With(0).Output);
    }

    [Fact]
    public async Task A_file_is_a_frame_and_templates_count()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "of a file\n");
            using ToolProcess pull = ToolProcess.Start("pull", "--bind", "tcp://127.0.0.1:*", "--count", "2", "--format", "json");
            string[] push = ["push", "--connect", pull.Endpoint(), "--count", "2", "--template", "@" + file, "@@", "{n}"];
            (await ToolProcess.RunAsync(push)).With(0);
            Assert.Equal(["[\"of a file\\u000a\",\"@\",\"1\"]", "[\"of a file\\u000a\",\"@\",\"2\"]"],
                (await pull.EndAsync()).With(0).Lines);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task What_stands_before_a_line_that_is_no_message_is_sent()
    {
        using ToolProcess pull = ToolProcess.Start("pull", "--bind", "tcp://127.0.0.1:*", "--count", "1");
        Ending push = await ToolProcess.RunAsync(
            ["push", "--connect", pull.Endpoint(), "--format", "json"], "[\"a\"]\n{\"b\":1}\n[\"c\"]\n");
        Assert.StartsWith("zmqloop: Line 2 of stdin: A message in JSON is an array", push.With(2).OneLine(), StringComparison.Ordinal);
        Assert.Equal("a\n", (await pull.EndAsync()).With(0).Output);
    }

    private static async Task<string> PullAsync(params string[] format)
    {
        using ToolProcess pull = ToolProcess.Start(["pull", "--bind", "tcp://127.0.0.1:*", "--count", "1", .. format]);
        await PyzmqPeer.RunAsync(Push, pull.Endpoint(), [.. _binary.Select(Convert.ToBase64String)]);
        return (await pull.EndAsync()).With(0).Output;
    }
}
