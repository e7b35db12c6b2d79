using System.Reflection;
using System.Text.RegularExpressions;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>Type names are made of the field's words, in FieldWords.txt, and of few of our own, in the glossary of
/// ARCHITECTURE.md.</summary>
public sealed partial class ArchitectureWordsTests
{
    private const int MostInvented = 25;
    private const int MostPlain = 30;
    private const string DotNet = ".NET";
    private const string Plain = "plain English";

    private static readonly Dictionary<string, (string Section, string Term)> _field = ReadField();
    private static readonly Dictionary<string, string> _glossary = ReadGlossary();
    private static readonly ILookup<string, string> _typesByWord = Types()
        .SelectMany(static type => Word().Matches(WithoutInterfaceI(type)).Select(match => (match.Value, Type: type)))
        .Distinct()
        .ToLookup(static use => use.Value, static use => use.Type);

    [Fact]
    public void A_type_name_is_made_of_the_fields_words_and_those_of_the_glossary()
    {
        string[] unknown = [.. _typesByWord
            .Where(static use => Forms(use.Key).All(static form => !_field.ContainsKey(form) && !_glossary.ContainsKey(form)))
            .Select(static use => $"{use.Key} ({string.Join(", ", use)})")];
        Assert.True(unknown.Length == 0,
            "Neither a word of the field nor of the glossary: rename the type to what the field calls it; where that has no word, say in "
            + $"the glossary of ARCHITECTURE.md what comes nearest.\n{string.Join('\n', unknown)}");
    }

    [Fact]
    public void The_glossary_has_at_most_25_words_each_with_the_fields_term_beside_it()
    {
        Assert.InRange(_glossary.Count, 1, MostInvented);
        Assert.All(_glossary, static word => Assert.NotEmpty(word.Value));
        Assert.Empty(_glossary.Keys.Intersect(_field.Keys));
    }

    [Fact]
    public void A_word_that_no_type_uses_any_more_is_listed_no_longer()
    {
        HashSet<string> used = [.. _typesByWord.SelectMany(static use => Forms(use.Key))];
        Assert.Empty(_glossary.Keys.Concat(_field.Keys).Except(used));
    }

    [Fact]
    public void A_word_of_the_field_stands_beside_a_term_that_has_it()
    {
        Assert.All(_field.Where(static word => word.Value.Section != Plain),
            static word => Assert.Contains(word.Key, word.Value.Term, StringComparison.OrdinalIgnoreCase));
        Assert.InRange(_field.Count(static word => word.Value.Section == Plain), 1, MostPlain);
    }

    [Fact]
    public void A_term_of_DotNet_is_a_public_type_or_member_there()
    {
        Dictionary<string, Type[]> types = DotNetTypes();
        Assert.Empty(_field.Where(static word => word.Value.Section == DotNet).Where(word => !Exists(types, word.Value.Term))
            .Select(static word => $"{word.Key}: {word.Value.Term}"));
    }

    private static bool Exists(Dictionary<string, Type[]> types, string term)
    {
        string[] parts = term.Split('.');
        return types.TryGetValue(parts[0], out Type[]? found)
            && (parts.Length == 1 || found.Any(type => type.GetMember(parts[1]).Length > 0));
    }

    private static Dictionary<string, Type[]> DotNetTypes() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Select(static file => Path.GetFileNameWithoutExtension(file))
        .Where(static name => name.StartsWith("System.", StringComparison.Ordinal) || name == "Microsoft.Extensions.Logging.Abstractions")
        .SelectMany(static name => Assembly.Load(name).GetExportedTypes())
        .GroupBy(static type => type.Name.Split('`')[0])
        .ToDictionary(static group => group.Key, static group => group.ToArray());

    /// <summary>A word as it is, and what it may be a form of: Entries of Entry, Scheduled of Schedule, Lending of Lend.</summary>
    private static IEnumerable<string> Forms(string word)
    {
        yield return word;
        if (word.EndsWith("ies", StringComparison.Ordinal)) yield return word[..^3] + "y";
        if (word.EndsWith('s')) yield return word[..^1];
        if (!word.EndsWith("ed", StringComparison.Ordinal) && !word.EndsWith("ing", StringComparison.Ordinal)) yield break;
        string stem = word[..^(word.EndsWith('g') ? 3 : 2)];
        yield return stem;
        yield return stem + "e";
        if (stem.Length > 2 && stem[^1] == stem[^2]) yield return stem[..^1]; // Wrapped
    }

    private static string WithoutInterfaceI(string type) => Interface().IsMatch(type) ? type[1..] : type;

    /// <summary>All types of the four projects, also those inside of others; zmq_msg_t has its name from C.</summary>
    private static IEnumerable<string> Types() =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(static file => Declaration().Matches(File.ReadAllText(file)))
            .Select(static match => match.Groups[1].Value)
            .Where(static name => char.IsUpper(name[0]))
            .Distinct();

    private static Dictionary<string, (string Section, string Term)> ReadField()
    {
        Dictionary<string, (string, string)> words = [];
        string section = "";
        foreach (string line in File.ReadLines(Path.Combine(Checkout.Root, "tests", "ZmqLoop.Tests", "FieldWords.txt")))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line[0] == '[') section = line.Trim('[', ']');
            else words.Add(line.Split(':')[0], (section, line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()));
        }

        return words;
    }

    private static Dictionary<string, string> ReadGlossary()
    {
        string text = File.ReadAllText(Path.Combine(Checkout.Root, "ARCHITECTURE.md"));
        string table = Glossary().Match(text).Groups["table"].Value;
        return Row().Matches(table).Skip(1).ToDictionary(static row => row.Groups[1].Value, static row => row.Groups[2].Value.Trim());
    }

    [GeneratedRegex("ZMQ|NetMQ|LibZmq|UInt|IO(?=[A-Z]|$)|[A-Z]+(?=[A-Z][a-z])|[A-Z][a-z]+|[A-Z]+|[a-z]+")]
    private static partial Regex Word();

    [GeneratedRegex("^I[A-Z][a-z]")]
    private static partial Regex Interface();

    [GeneratedRegex(@"^\s*(?:(?:public|internal|private|protected|file)\s+)(?:[a-z]+\s+)*?"
        + @"(?:class|record struct|record class|struct|record|interface|enum|delegate\s+[\w<>?\[\]]+)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^## Words\n(?<table>.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Glossary();

    [GeneratedRegex(@"^\| (\w+) \| ([^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
