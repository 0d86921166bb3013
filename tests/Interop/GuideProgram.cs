using System.Globalization;

namespace Wharf.Interop;

/// <summary>A program of the plugin guide.</summary>
internal static class GuideProgram
{
    public static string PathOf(string name) => Path.Combine(TestAssets.Guide, name);

    public static Dictionary<string, string?> WithProxy(string folder) => new() { ["PYTHONPATH"] = folder };

    public static void AssertConversation(string output)
    {
        Assert.Matches(@"Exportable Objects: \[.*'example_service'.*\]", output);
        Assert.Contains("Result: Hello client.  You said: Hello server!", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^\s+X\s+Client\s+Server\s*$", output);
        for (var row = 0; row < 10; row++)
            Assert.Matches(string.Create(CultureInfo.InvariantCulture, $@"(?m)^{row}\s+{row}\s+Hello server!\s+Hello client!\s*$"), output);
    }
}
