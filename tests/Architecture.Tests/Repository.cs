namespace Wharf.Architecture.Tests;

/// <summary>The checkout that the tests were built from, and what was built from it.</summary>
internal static class Repository
{
    public static DirectoryInfo Root { get; } = FindRoot();

    public static IEnumerable<Room> SourceRooms => Rooms("src");

    public static IEnumerable<Room> PluginRooms => Rooms("plugins");

    private static IEnumerable<Room> Rooms(string folder)
    {
        var parent = new DirectoryInfo(Path.Combine(Root.FullName, folder));
        return parent.Exists
            ? parent.EnumerateDirectories().SelectMany(room => room.EnumerateFiles("*.csproj")).Select(Room.Read).OrderBy(room => room.Name, StringComparer.Ordinal)
            : [];
    }

    private static DirectoryInfo FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
                return folder;
        throw new InvalidOperationException($"no Orleans.sln above {AppContext.BaseDirectory}");
    }
}
