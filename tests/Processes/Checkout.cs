namespace Wharf.Processes;

/// <summary>The checkout that the tests were built from.</summary>
public static class Checkout
{
    /// <summary>Its root, where Orleans.sln is.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: what the tests themselves were built as.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The server's assembly.</summary>
    public static string Server => Path.Combine(Root, "src", "Silo", "bin", Configuration, "net10.0", "Wharf.Silo.dll");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"no Orleans.sln above {AppContext.BaseDirectory}");
    }
}
