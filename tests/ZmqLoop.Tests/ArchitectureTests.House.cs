using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

// The sizes of things, and the picture of the house in ARCHITECTURE.md.
public sealed partial class ArchitectureTests
{
    private static readonly string _core = Path.Combine("src", "ZmqLoop");
    private static readonly string[] _roomsFromBelow =
        ["Threads", "Messages", "Engine", "Polling", "Contexts", "Scheduling", "Diagnostics", "Loop", "LowLevel"];

    [Theory]
    [InlineData("ZmqLoop")]
    [InlineData("ZmqLoop.Streams")]
    [InlineData("ZmqLoop.LibZmq")]
    [InlineData("ZmqLoop.NetMQ")]
    [InlineData("ZmqLoop.Testing")]
    [InlineData("ZmqLoop.Hosting")]
    [InlineData("ZmqLoop.Dashboard")]
    [InlineData("ZmqLoop.Tool")]
    public void A_file_has_one_type(string project) // or one name, with several numbers of type parameters
    {
        string[] found = [.. Sources(Path.Combine("src", project))
            .Where(static file =>
                Declaration().Matches(File.ReadAllText(file)).Select(static match => match.Groups[1].Value).Distinct().Count() != 1)
            .Select(static file => Path.GetFileName(file))];
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("ZmqLoop")]
    [InlineData("ZmqLoop.Streams")]
    [InlineData("ZmqLoop.LibZmq")]
    [InlineData("ZmqLoop.NetMQ")]
    [InlineData("ZmqLoop.Testing")]
    [InlineData("ZmqLoop.Hosting")]
    [InlineData("ZmqLoop.Dashboard")]
    [InlineData("ZmqLoop.Tool")]
    public void A_type_has_at_most_20_mutable_fields(string assembly)
    {
        const FieldAttributes Constant = FieldAttributes.InitOnly | FieldAttributes.Literal;
        using PEReader file = new(File.OpenRead(PublicAssemblies.FileOf(assembly))); // read, not loaded: what it refers to is not here
        MetadataReader metadata = file.GetMetadataReader();
        (string Name, int Count)[] types = [.. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
            .Select(type => (Name: metadata.GetString(type.Name), Count: type.GetFields().Select(metadata.GetFieldDefinition)
                .Count(static field => (field.Attributes & Constant) == 0)))
            .Where(static type => !type.Name.Contains('<', StringComparison.Ordinal))
            .Where(static type => type.Name != "SnapshotJson")]; // a generator's
        Assert.Contains(types, static type => type.Count > 3);
        Assert.Empty(types.Where(static type => type.Count > 20).Select(static type => $"{type.Name}: {type.Count}"));
    }

    [Fact]
    public void A_method_has_at_most_60_lines() =>
        Assert.Empty(Sources("src").SelectMany(static file => MethodsOver(60, File.ReadAllLines(file)).Select(method =>
            $"{Path.GetFileName(file)}, {method}")));

    [Fact]
    public void A_method_of_a_type_in_a_type_is_measured_and_the_types_are_not()
    {
        const string Source = """
            public sealed class Outer
            {
                private sealed class Inner(int first)
                    : Base
                {
                    private static readonly Dictionary<int, int> _table = new()
                    {
                        [1] = 1,
                    };

                    public void Long()
                    {
                        First();
                        if (Second())
                        {
                            Third();
                        }
                    }
                }
            }
            """;
        Assert.Equal(["line 11: 6"], MethodsOver(5, Source.Split('\n')));
        Assert.Equal(["line 6: 2", "line 11: 6", "line 14: 2"], MethodsOver(1, Source.Split('\n')));
    }

    /// <summary>The bodies, of members and of blocks inside them, whose braces stand alone in their lines; those of types are
    /// none.</summary>
    private static IEnumerable<string> MethodsOver(int most, string[] lines)
    {
        for (int i = 1; i < lines.Length; i++)
        {
            if (lines[i].Trim() != "{" || IsOfType(lines, i)) continue;
            string end = lines[i].TrimEnd()[..^1] + "}";
            int length = Array.FindIndex(lines, i, line => line.StartsWith(end, StringComparison.Ordinal)) - i;
            if (length > most) yield return $"line {i}: {length}";
        }
    }

    /// <summary>True for the brace of a type or of a namespace: what is declared begins after the last blank line, brace or end of a
    /// statement.</summary>
    private static bool IsOfType(string[] lines, int brace)
    {
        int i = brace - 1;
        while (i > 0 && !EndsBefore().IsMatch(lines[i - 1])) i--;
        return lines[i..brace].Any(static line => TypeBegins().IsMatch(line));
    }

    [Fact]
    public void No_base_class_asks_for_its_subclasses()
    {
        (string Name, string Text)[] files = [.. Sources("src").Select(static file =>
            (Path.GetFileName(file), WithoutTexts(File.ReadAllText(file))))];
        (string Class, string Base)[] derivations = [.. files.SelectMany(static file => Derivation().Matches(file.Text))
            .Select(static match => (match.Groups["class"].Value, match.Groups["base"].Value)).Distinct()];
        Assert.Contains(("ExceptionStackContext", "CallbackContext"), derivations);
        Assert.Empty(
            from derivation in derivations
            from file in files
            where Regex.IsMatch(file.Text, $@"\bclass {derivation.Base}\b")
                && Regex.IsMatch(file.Text, $@"\b(?:is|as|is not|case|typeof\() *{derivation.Class}\b")
            select $"{file.Name}: {derivation.Base} asks for {derivation.Class}");
    }

    // Of libzmq its own function tells, which on Windows is the only one to know.
    [Theory]
    [InlineData("Marshal.GetLastPInvokeError(", "Errno.cs")]
    [InlineData("Libzmq.zmq_errno(", "Errors.cs")]
    [InlineData("new ZMQException(code, number, name, ", "Errno.cs", "NetMQErrors.cs")]
    public void The_number_of_an_error_is_read_in_one_place_and_made_an_exception_in_one_for_each_kind(string call, params string[] files)
    {
        IEnumerable<string?> found = Sources("src").Where(file => File.ReadAllText(file).Contains(call, StringComparison.Ordinal))
            .Select(Path.GetFileName).Order();
        Assert.Equal(files, found);
        Assert.DoesNotContain(Sources("src"), static file => Regex.IsMatch(File.ReadAllText(file), "GetLastSystemError|__errno_location"));
    }

    [Fact]
    public void Every_import_says_its_calling_convention()
    {
        string[] imports =
            [.. Sources("src").SelectMany(static file => Import().Matches(File.ReadAllText(file))).Select(static match => match.Value)];
        Assert.NotEmpty(imports);
        Assert.All(imports,
            static import => Assert.Contains("UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])", import, StringComparison.Ordinal));
    }

    [Fact]
    public void The_picture_of_the_core_is_that_of_the_sources()
    {
        string page = Path.Combine(Checkout.Root, "ARCHITECTURE.md");
        string text = File.ReadAllText(page);
        Match shown = Picture().Match(text);
        string drawn = Draw();
        if (shown.Groups["picture"].Value == drawn) return;
        if (Environment.GetEnvironmentVariable("ACCEPT_PICTURE") == "1")
            File.WriteAllText(page,
                text[..shown.Groups["picture"].Index] + drawn + text[(shown.Groups["picture"].Index + shown.Groups["picture"].Length)..]);
        else
            Assert.Fail(
                $"The picture in ARCHITECTURE.md is out of date: run this test with ACCEPT_PICTURE=1, or paste this there.\n{drawn}");
    }

    /// <summary>Each room with the rooms that it names, and in how many of its files: from the top down, so that all arrows point
    /// down.</summary>
    private static string Draw()
    {
        StringBuilder picture = new();
        foreach (string room in _roomsFromBelow.Reverse())
        {
            string[] texts = [.. Sources(Path.Combine(_core, room)).Select(static file => WithoutTexts(File.ReadAllText(file)))];
            string[] arrows = [.. _roomsFromBelow.Where(other => other != room).Reverse()
                .Select(other => (Room: other, Files: texts.Count(text =>
                    TypesOf(other).Any(name => Regex.IsMatch(text, $@"(?<![\w.""]){Regex.Escape(name)}(?!\w)")))))
                .Where(static arrow => arrow.Files > 0)
                .Select(static arrow => $"{arrow.Room} {arrow.Files}")];
            picture.Append($"{room,-12}{texts.Length,3} files").Append(arrows.Length == 0 ? "" : "  --> " + string.Join(", ", arrows))
                .Append('\n');
        }

        return picture.ToString();
    }

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|static|sealed|abstract|readonly|ref|partial|unsafe|file)\s+)*"
        + @"(?:class|struct|record|interface|enum|namespace)\s+\w")]
    private static partial Regex TypeBegins();

    [GeneratedRegex(@"^\s*$|[;{}]\s*$|^\s*//|^\s*#")]
    private static partial Regex EndsBefore();

    [GeneratedRegex(@"\bclass (?<class>\w+)(?:<[^>]*>)?(?:\([^;{]*?\))?\s*:\s*(?<base>\w+)")]
    private static partial Regex Derivation();

    [GeneratedRegex(@"^    \[LibraryImport\(.*\n    .*", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex("<!-- drawn by ArchitectureTests -->\n```\n(?<picture>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Picture();
}
