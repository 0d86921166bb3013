namespace Wharf.Architecture.Tests;

/// <summary>
/// Counts sentences that a reader of technical English would not expect: in comments, texts of logs and errors, and documentation. The limit of a room only falls.
/// </summary>
public sealed class PlainEnglish
{
    // A lower count lowers the limit in the same commit.
    private const int Slack = 3;

    private static readonly Dictionary<string, int> Limits = new(StringComparer.Ordinal)
    {
        ["ExampleService"] = 1,
        ["docs"] = 0,
    };

    public static TheoryData<string> Rooms => [.. Directories.Select(static room => room.Name).Append("docs")];

    private static IEnumerable<DirectoryInfo> Directories =>
        new[] { "src", "plugins" }.SelectMany(static top => new DirectoryInfo(Path.Combine(Repository.Root.FullName, top)).EnumerateDirectories()).OrderBy(static room => room.Name, StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_has_no_more_unexpected_sentences_than_its_limit(string room)
    {
        var marked = Sentences.Of(Files(room)).Where(static sentence => Sentences.Mark(sentence.Text) is not null).ToArray();
        foreach (var sentence in marked)
            TestContext.Current.TestOutputHelper!.WriteLine($"{sentence.Place}: {Sentences.Mark(sentence.Text)}: {sentence.Text}");
        int limit = Limits.GetValueOrDefault(room);
        Assert.True(marked.Length <= limit, $"{room} has {marked.Length} such sentences; at most {limit} are allowed. The output of this test lists them.");
        Assert.True(marked.Length >= limit - Slack, $"{room} has {marked.Length} such sentences; lower its limit from {limit} to {marked.Length}.");
    }

    [Theory]
    [InlineData("What the plugin sends goes into the log.", "free relative")]
    [InlineData("Whoever asks waits for the same one.", "free relative")]
    [InlineData("The node says which sessions it has.", "speech or thought")]
    [InlineData("The client is told the status.", "speech or thought")]
    [InlineData("It lets go of the object.", "let go")]
    [InlineData("The object is made anew.", "anew")]
    [InlineData("Nobody holds the object.", "somebody")]
    public void An_unexpected_sentence_is_found(string sentence, string mark) => Assert.Equal(mark, Sentences.Mark(sentence));

    [Theory]
    [InlineData("Releases the lease of the holder.")]
    [InlineData("Returns null if the ticket is unknown.")]
    [InlineData("What is a ticket?")]
    [InlineData("The known types are listed below.")]
    [InlineData("The authorizer decides which caller may connect.")]
    public void A_plain_sentence_passes(string sentence) => Assert.Null(Sentences.Mark(sentence));

    private static IEnumerable<FileInfo> Files(string room) => room == "docs"
        ? new DirectoryInfo(Path.Combine(Repository.Root.FullName, "docs")).EnumerateFiles("*.md").Concat(Repository.Root.EnumerateFiles("*.md"))
        : Directories.Single(directory => directory.Name == room).EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.FullName.Split(Path.DirectorySeparatorChar).Any(static part => part is "obj" or "bin"));
}
