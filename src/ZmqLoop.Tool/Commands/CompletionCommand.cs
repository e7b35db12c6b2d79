using System.CommandLine;
using ZmqLoop.Tool.CommandLine;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop completion</c>: scripts for shells, which ask the tool itself what may come next.</summary>
internal sealed class CompletionCommand : ToolCommand
{
    private const string Bash = """
        # zmqloop: completion for bash. In ~/.bashrc: eval "$(zmqloop completion bash)"
        _zmqloop() {
          local word=${COMP_WORDS[COMP_CWORD]} line=${COMP_LINE:0:COMP_POINT} IFS=$'\n'
          COMPREPLY=($(compgen -W "$(zmqloop "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _zmqloop zmqloop
        """;

    private const string Zsh = """
        # zmqloop: completion for zsh. In ~/.zshrc, after compinit: eval "$(zmqloop completion zsh)"
        _zmqloop() {
          local line="${words[1,CURRENT]}"
          local -a found
          found=("${(@f)$(zmqloop "[suggest:${#line}]" "$line" 2>/dev/null)}")
          if [[ -n "$found" ]]; then compadd -- $found; else _files; fi
        }
        compdef _zmqloop zmqloop
        """;

    private const string Fish = """
        # zmqloop: completion for fish. In ~/.config/fish/config.fish: zmqloop completion fish | source
        function __zmqloop
            set --local line (commandline --cut-at-cursor)
            zmqloop "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete --command zmqloop --arguments '(__zmqloop)'
        """;

    private readonly Argument<string> _shell = new Argument<string>("shell") { Description = "Which." }
        .AcceptOnlyFromAmong("bash", "zsh", "fish");

    public CompletionCommand() : base("completion", "Writes a script that lets a shell complete commands and options.",
        "completion bash >> ~/.bash_completion",
        "completion fish > ~/.config/fish/completions/zmqloop.fish")
    {
        Arguments.Add(_shell);
        SetAction(result => result.InvocationConfiguration.Output.WriteLine((result.GetValue(_shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        }).ReplaceLineEndings("\n")));
    }
}
