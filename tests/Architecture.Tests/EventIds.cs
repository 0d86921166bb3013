using System.Globalization;
using System.Text.RegularExpressions;

namespace Wharf.Architecture.Tests;

/// <summary>The event ids of log messages: each is unique and in the range of its room. CONTRIBUTING.md lists the ranges.</summary>
public sealed partial class EventIds
{
    private static readonly Dictionary<string, (int First, int Last)[]> Ranges = new(StringComparer.Ordinal)
    {
        ["Client"] = [(1, 99)],
        ["Gateway"] = [(1, 10), (3100, 3999)],
        ["Grains"] = [(11, 20), (2000, 2999)],
        ["Plugins.Abstractions"] = [(4000, 4099)],
        ["Grains.Abstractions"] = [(1000, 1099)],
        ["Plugins.Hosting"] = [(3000, 3099)],
        ["Plugins.Testing"] = [(4100, 4199)],
        ["Server"] = [(5000, 5499)],
        ["Silo"] = [(5500, 5599)],
    };

    public static TheoryData<string> Rooms => [.. Messages.Select(static message => message.Room).Distinct().Order(StringComparer.Ordinal)];

    private static IReadOnlyList<(string Room, int? Id)> Messages { get; } =
    [
        .. new DirectoryInfo(Path.Combine(Repository.Root.FullName, "src")).EnumerateDirectories().SelectMany(static room =>
            room.EnumerateFiles("*.cs", SearchOption.AllDirectories)
                .Where(static file => !file.FullName.Split(Path.DirectorySeparatorChar).Any(static part => part is "obj" or "bin"))
                .SelectMany(static file => Read(File.ReadAllText(file.FullName)))
                .Select(id => (room.Name, id))),
    ];

    [Fact]
    public void Event_ids_of_a_server_are_unique()
    {
        // The client runs in another process and has its own ids.
        var ids = Messages.Where(static message => message.Room != "Client").Select(static message => message.Id);
        Assert.Empty(Duplicates(ids));
    }

    [Fact]
    public void Event_ids_of_the_client_are_unique() =>
        Assert.Empty(Duplicates(Messages.Where(static message => message.Room == "Client").Select(static message => message.Id)));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Event_ids_are_in_the_range_of_their_room(string room)
    {
        // A new room needs a range here and in CONTRIBUTING.md.
        var ranges = Ranges[room];
        Assert.All(
            Messages.Where(message => message.Room == room).Select(static message => message.Id).OfType<int>(),
            id => Assert.Contains(ranges, range => id >= range.First && id <= range.Last));
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Log_messages_have_event_ids(string room)
    {
        var missing = Messages.Count(message => message.Room == room && message.Id is null);
        Assert.True(missing == 0, $"{room} has {missing} log messages without an event id.");
    }

    [Fact]
    public void Ranges_of_a_server_do_not_overlap()
    {
        var ranges = Ranges.Where(static room => room.Key != "Client").SelectMany(static room => room.Value).OrderBy(static range => range.First).ToArray();
        Assert.All(ranges.Zip(ranges.Skip(1)), static pair => Assert.True(pair.First.Last < pair.Second.First));
    }

    [Theory]
    [InlineData("[LoggerMessage(EventId = 12, Level = LogLevel.Error)]", new[] { 12 })]
    [InlineData("[LoggerMessage(\n    EventId = 12,\n    Level = LogLevel.Error)]", new[] { 12 })]
    [InlineData("[LoggerMessage(12, LogLevel.Error, \"a text\")]", new[] { 12 })]
    [InlineData("[LoggerMessage(EventId = 12)] [LoggerMessage(EventId = 13)]", new[] { 12, 13 })]
    [InlineData("[LoggerMessage(LogLevel.Error, \"a text (EventId = 12)\")]", new[] { 0 })]
    public void The_event_ids_of_a_source_are_read(string source, int[] ids) => Assert.Equal(ids, Read(source).Select(static id => id ?? 0));

    [Fact]
    public void A_duplicate_is_found() => Assert.Equal(12, Assert.Single(Duplicates([11, 12, null, 12, null, 13])));

    private static IEnumerable<int?> Read(string source) => Attribute().Matches(source)
        .Select(static attribute => Id().Match(attribute.Groups[1].Value))
        .Select(static id => id.Success ? int.Parse(id.Groups[1].Value, CultureInfo.InvariantCulture) : (int?)null);

    private static IEnumerable<int> Duplicates(IEnumerable<int?> ids) =>
        ids.OfType<int>().CountBy(static id => id).Where(static id => id.Value > 1).Select(static id => id.Key).Order();

    [GeneratedRegex(@"\[LoggerMessage\(((?:[^""\]]|""(?:[^""\\]|\\.)*"")*)\)\]")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^\s*(?:EventId\s*=\s*)?(\d+)\s*(?:,|$)")]
    private static partial Regex Id();
}
