using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.CommandLine;
using ZmqLoop.Tool.Running;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop keygen</c>.</summary>
internal sealed class KeygenCommand : ToolCommand
{
    private readonly Argument<string> _name = new("name") { Description = "Whose keys: the files are NAME.key and NAME.key_secret." };

    private readonly Option<DirectoryInfo> _directory = new("--directory", "-o")
    {
        Description = "Where the files go.",
        HelpName = "folder",
        DefaultValueFactory = static _ => new DirectoryInfo("."),
    };

    private readonly Option<string[]> _metadata = new("--metadata", "-m")
    {
        Description = "Goes into both files; more than once for several.",
        HelpName = "name=value",
        DefaultValueFactory = static _ => [],
    };

    public KeygenCommand() : base("keygen",
        "Makes a pair of CURVE keys, in the certificate files of czmq and pyzmq; the secret one only its owner can read. Overwrites "
        + "nothing.",
        "keygen server                                    # server.key to give away, server.key_secret to keep",
        "keygen alice --directory ~/keys --metadata email=alice@example.com")
    {
        Arguments.Add(_name);
        Options.Add(_directory);
        Options.Add(_metadata);
        RunOnLoop(MakeAsync);
    }

    private Task<int> MakeAsync(Session session, ParseResult result)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal);
        foreach (string pair in result.GetValue(_metadata)!)
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new ToolException($"--metadata takes NAME=VALUE, and not '{pair}'.");
            metadata[pair[..equals]] = pair[(equals + 1)..];
        }

        string directory = result.GetValue(_directory)!.FullName;
        if (!Directory.Exists(directory)) throw new ToolException($"There is no folder {directory}: make it, or name another --directory.");
        (string publicFile, string secretFile) = CurveCertificate.Create(directory, result.GetValue(_name)!, metadata, session.Engine);
        PrintableText.WriteText(session.Output.Buffer,
            $"{Z85.Encode(CurveCertificate.Load(publicFile).PublicKey)}\n");
        session.Note($"the public key, to give away: {publicFile}");
        session.Note($"the secret key, to keep: {secretFile}");
        return Task.FromResult(ExitCode.Done);
    }
}
