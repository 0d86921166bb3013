namespace Wharf.Architecture.Tests;

/// <summary>A name says what is inside: there is no place for things that belong nowhere.</summary>
public sealed class NoDrawers
{
    [Theory]
    [InlineData("src")]
    [InlineData("plugins")]
    [InlineData("tests")]
    [InlineData("bench")]
    public void No_folder_or_file_is_a_drawer(string top)
    {
        var folder = new DirectoryInfo(Path.Combine(Repository.Root.FullName, top));
        Assert.Empty(folder.Exists ? Names(folder).Where(Rules.IsDrawer) : []);
    }

    [Theory]
    [InlineData("Utils", true)]
    [InlineData("Helpers", true)]
    [InlineData("TicketHelper", true)]
    [InlineData("StringUtils", true)]
    [InlineData("Common", true)]
    [InlineData("TicketText", false)]
    [InlineData("Commons", false)]
    public void A_drawer_is_recognized(string name, bool isDrawer) => Assert.Equal(isDrawer, Rules.IsDrawer(name));

    private static IEnumerable<string> Names(DirectoryInfo folder) =>
        folder.EnumerateFileSystemInfos()
            .Where(entry => entry.Name is not ("bin" or "obj"))
            .SelectMany(entry => entry is DirectoryInfo inner ? Names(inner).Prepend(inner.Name) : [Path.GetFileNameWithoutExtension(entry.Name)]);
}
