using System.Text.RegularExpressions;

namespace Wharf.Architecture.Tests;

/// <summary>docs/protocol.md names the tests of each clause, and they exist.</summary>
public sealed partial class ProtocolPage
{
    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var named = Named(File.ReadAllText(Path.Combine(Repository.Root.FullName, "docs", "protocol.md")));
        Assert.True(named.Count > 30, $"{named.Count} tests");
        Assert.Empty(named.Except(Classes()));
    }

    [Fact]
    public void A_test_that_does_not_exist_is_found() =>
        Assert.Equal(["NoSuchTests"], Named("| 1.1 | Text with `Code`. | `ProtocolPage`, `NoSuchTests` |\nText with `Code`. Tests: `ProtocolPage`.").Except(Classes()));

    private static HashSet<string> Named(string page) =>
        [.. Lists().Matches(page).SelectMany(static list => Name().Matches(list.Groups[1].Value)).Select(static name => name.Groups[1].Value)];

    private static IEnumerable<string> Classes() =>
        new DirectoryInfo(Path.Combine(Repository.Root.FullName, "tests")).EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .SelectMany(static file => Class().Matches(File.ReadAllText(file.FullName))).Select(static match => match.Groups[1].Value);

    [GeneratedRegex(@"(?:Tests: |^\| \d\.\d \|.*\| )((?:`\w+`(?:, )?)+)", RegexOptions.Multiline)]
    private static partial Regex Lists();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"\bclass (\w+)")]
    private static partial Regex Class();
}
