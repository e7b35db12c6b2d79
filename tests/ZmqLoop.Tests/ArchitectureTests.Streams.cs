using System.Text.RegularExpressions;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

// The rooms of ZmqLoop.Streams, from the bottom up. The root room has the face, ZMQStream, and its turn, which alone knows all parts.
public sealed partial class ArchitectureTests
{
    private static readonly string _streams = Path.Combine("src", "ZmqLoop.Streams");

    [Theory]
    [InlineData("Serialization")]
    [InlineData("Options", "Serialization")]
    [InlineData("Diagnostics", "Options")]
    [InlineData("Life", "Options", "Diagnostics")]
    [InlineData("Receiving", "Options", "Diagnostics", "Life")]
    [InlineData("Sending", "Options", "Diagnostics", "Life", "Receiving")]
    [InlineData("", "Options", "Diagnostics", "Life", "Receiving", "Sending", "Serialization")]
    [InlineData("Requests", "Options", "Diagnostics", "Receiving", "Sending", "Serialization", "")]
    [InlineData("Devices", "Options", "Diagnostics", "Life", "Receiving", "Sending")]
    [InlineData("Monitoring", "Options", "Diagnostics", "")]
    [InlineData("Authentication", "Options", "Diagnostics", "")]
    [InlineData("Logging", "Options", "Diagnostics", "Monitoring", "")]
    public void A_room_of_the_streams_names_only_types_of_the_rooms_below_it(string room, params string[] below)
    {
        List<string> found = [];
        foreach (string name in StreamRooms.Except([.. below, room]).SelectMany(TypesOfStreamRoom).Distinct())
        {
            Regex mention = new($@"(?<![\w.""]){Regex.Escape(name)}(?!\w)");
            foreach (string file in FilesOfStreamRoom(room))
            {
                if (mention.IsMatch(WithoutTexts(File.ReadAllText(file)))) found.Add($"{Path.GetFileName(file)} names {name}");
            }
        }

        Assert.Empty(found);
    }

    private static string[] StreamRooms =>
        ["", .. Directory.EnumerateDirectories(Path.Combine(Checkout.Root, _streams)).Select(static room => Path.GetFileName(room))
            .Order(StringComparer.Ordinal)];

    private static IEnumerable<string> FilesOfStreamRoom(string room) =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, _streams, room), "*.cs");

    private static IEnumerable<string> TypesOfStreamRoom(string room) =>
        FilesOfStreamRoom(room).SelectMany(static file => Declaration().Matches(File.ReadAllText(file)))
            .Select(static match => match.Groups[1].Value);
}
