namespace Wharf.Interop;

/// <summary>What the tests use but the project does not own: the guide's programs and the official clients, in the folder that WHARF_TEST_ASSETS names.</summary>
internal static class TestAssets
{
    private static readonly string? Root = Environment.GetEnvironmentVariable("WHARF_TEST_ASSETS");

    /// <summary>The clients as wheels, or null: then they come from the package index.</summary>
    public static string? Wheels => Folder("wheels");

    /// <summary>The guide's programs; without them the test is skipped.</summary>
    public static string Guide
    {
        get
        {
            var guide = Folder("guide");
            Assert.SkipWhen(guide is null, "the guide's programs are not here: set WHARF_TEST_ASSETS to the folder that holds guide/ and wheels/");
            return guide!;
        }
    }

    /// <summary>What starts Deephaven's own server; without it the test is skipped.</summary>
    public static string Reference
    {
        get
        {
            var start = Folder("reference") is { } folder ? Path.Combine(folder, "start.sh") : null;
            Assert.SkipWhen(start is null, "the reference server is not here: WHARF_TEST_ASSETS names no folder with reference/start.sh");
            return start!;
        }
    }

    private static string? Folder(string name) => Root is not null && Directory.Exists(Path.Combine(Root, name)) ? Path.Combine(Root, name) : null;
}
