using System.CommandLine;
using ZmqLoop.Tool.CommandLine;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop completion</c>: scripts for shells, which ask the tool itself what may come next.</summary>
internal sealed class CompletionCommand : ToolCommand
{
    private const string Bash = """
        # zmqloop: completion for bash. In ~/.bashrc: eval "$(zmqloop completion bash)"
        _zmqloop() {
          local line=${COMP_LINE:0:COMP_POINT} IFS=$'\n'
          COMPREPLY=($(compgen -W "$(zmqloop "[suggest]" "$line" 2>/dev/null)" -- "${line##* }"))
          COMPREPLY=("${COMPREPLY[@]#*=}") # = begins a word
        }
        complete -o default -F _zmqloop zmqloop
        """;

    private const string Zsh = """
        # zmqloop: completion for zsh. In ~/.zshrc, after compinit: eval "$(zmqloop completion zsh)"
        _zmqloop() {
          local -a found
          found=("${(@f)$(zmqloop "[suggest]" "${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)}")
          if [[ -n "$found" ]]; then compadd -- $found; else _files; fi
        }
        compdef _zmqloop zmqloop
        """;

    private const string Fish = """
        # zmqloop: completion for fish. zmqloop completion fish > ~/.config/fish/completions/zmqloop.fish
        function __zmqloop
            set --local line (commandline --current-process --cut-at-cursor)
            set --local found (zmqloop "[suggest]" "$line" 2>/dev/null)
            if set --query found[1]
                printf '%s\n' $found
            else
                __fish_complete_path (commandline --current-token --cut-at-cursor)
            end
        end
        complete --command zmqloop --no-files --arguments '(__zmqloop)'
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
