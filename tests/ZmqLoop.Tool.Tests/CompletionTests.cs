using System.Text.RegularExpressions;
using ZmqLoop.Tool.Tests.Running;

namespace ZmqLoop.Tool.Tests;

/// <summary>What <c>zmqloop completion</c> writes, in the shells themselves.</summary>
public sealed partial class CompletionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("zmqloop-completion-").FullName;

    public CompletionTests() => File.WriteAllText(Path.Combine(_folder, "server.key_secret"), "");

    /// <summary>The tool, for a shell's function of its name.</summary>
    private static string Tool => string.Join(' ', ToolProcess.Command.Select(static part => $"'{part}'"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Bash_completes_commands_options_and_values()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no bash on Windows.");
        string script = $$"""
            zmqloop() { {{Tool}} "$@"; }
            eval "$(zmqloop completion bash)"
            complete_line() {
              COMP_LINE=$1 COMP_POINT=${#1}; read -ra COMP_WORDS <<< "$1"; [[ $1 != *' ' ]] || COMP_WORDS+=('')
              COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
              _zmqloop; echo "${COMPREPLY[*]}"
            }
            complete -p zmqloop > /dev/null || echo 'not registered'
            complete_line 'zmqloop pu'
            complete_line 'zmqloop pull --str'
            complete_line 'zmqloop pull --forma'
            complete_line 'zmqloop pull --format '
            complete_line 'zmqloop pull --format=j'
            LC_ALL=C; complete_line 'zmqloop pub Grüße 😀😀 --forma'
            """;
        using ToolProcess shell = ToolProcess.StartProgram(["bash", "-c", script]);
        string[] lines = (await shell.EndAsync()).With(0).Output.Split('\n');
        Assert.Equal(["pub", "pull", "push"], Sorted(lines[0]));
        Assert.Equal("", lines[1]);
        Assert.Equal("--format", lines[2]);
        Assert.Equal(["hex", "json", "text"], Sorted(lines[3]));
        Assert.Equal(["json", "--format"], lines[4..6]);
    }

    [Fact]
    public async Task Fish_completes_commands_options_values_and_files()
    {
        SkipWithout("fish");
        string script = $$"""
            function zmqloop; {{Tool}} $argv; end
            zmqloop completion fish | source
            cd '{{_folder}}'
            for line in 'zmqloop pu' 'zmqloop pull --forma' 'zmqloop pull --format ' 'echo x | zmqloop comp' \
                    'zmqloop pub Grüße 😀😀 --forma' 'zmqloop pull -fj --format=j' 'zmqloop rep --cert se'
                echo (complete --do-complete $line)
            end
            """;
        using ToolProcess shell = ToolProcess.StartProgram(["fish", "--no-config", "-c", script]);
        string[] lines = (await shell.EndAsync()).With(0).Output.Split('\n');
        Assert.Equal(["pub", "pull", "push"], Sorted(lines[0]));
        Assert.Equal("--format", lines[1]);
        Assert.Equal(["hex", "json", "text"], Sorted(lines[2]));
        Assert.Equal("completion", lines[3]);
        Assert.Equal("--format", lines[4]);
        Assert.Equal("--format=json", lines[5]);
        Assert.Equal("server.key_secret", lines[6].TrimEnd());
    }

    // Each line is typed, completed and run; what it has become is what the tool would have been called with.
    [Fact]
    public async Task Zsh_completes_commands_options_values_and_files()
    {
        SkipWithout("zsh");
        string script = Path.Combine(_folder, "setup.zsh");
        File.WriteAllText(script, $$"""
            autoload -U compinit && compinit -D -u
            zmqloop() { if [[ $1 == '[suggest]' || $1 == completion ]]; then {{Tool}} "$@"; else print -r -- "ran <$*>"; fi }
            eval "$(zmqloop completion zsh)"
            cd '{{_folder}}'
            PS1='ready> '
            """);
        using TerminalProcess shell = TerminalProcess.Start(["zsh", "-f", "-i"], ("TERMINAL_SIZE", "24 100"));
        await shell.DoAsync($"text . '{script}'");
        await shell.WaitForAsync("ready> ");
        foreach ((string typed, string ran) in (IEnumerable<(string, string)>)[
            ("pul\t", "pull"), ("pull --forma\tj\t", "pull --format json"), ("pull --format=h\t", "pull --format=hex"),
            ("pub Grüße 😀😀 --forma\t", "pub Grüße 😀😀 --format"),
            ("rep --cert ser\t", "rep --cert server.key_secret")])
        {
            await shell.DoAsync($"text zmqloop {typed}");
            await shell.WaitForAsync($"ran <{ran}>");
        }

        await shell.DoAsync("type zmqloop pu\t");
        await shell.WaitAsync(static shown => Listed().IsMatch(TerminalProcess.Plain(shown)));
    }

    [GeneratedRegex("pub +pull +push")]
    private static partial Regex Listed();

    private static string[] Sorted(string words) =>
        [.. words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    private static void SkipWithout(string shell)
    {
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(folders.Any(folder => File.Exists(Path.Combine(folder, shell))),
            $"{shell} is missing: ./build.sh setup fetches it (Debian: apt-get install {shell}).");
    }
}
