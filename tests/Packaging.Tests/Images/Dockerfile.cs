using System.Text.Json;
using System.Text.RegularExpressions;

namespace Wharf.Packaging.Tests.Images;

/// <summary>The instructions of a Dockerfile, as far as those of this repository go; what is not understood fails.</summary>
internal sealed partial class Dockerfile
{
    private static readonly string[] Known = ["FROM", "WORKDIR", "COPY", "RUN", "ENV", "VOLUME", "EXPOSE", "USER", "HEALTHCHECK", "ENTRYPOINT"];

    private readonly List<(string Name, string Text)> _instructions;

    private Dockerfile(List<(string Name, string Text)> instructions) => _instructions = instructions;

    /// <summary>The instructions of the last stage, which is the image.</summary>
    public IEnumerable<(string Name, string Text)> LastStage => _instructions.Skip(_instructions.FindLastIndex(static one => one.Name == "FROM"));

    /// <summary>The instructions of the stages before.</summary>
    public IEnumerable<(string Name, string Text)> StagesBefore => _instructions.Take(_instructions.FindLastIndex(static one => one.Name == "FROM"));

    /// <summary>What is set in the image.</summary>
    public IReadOnlyDictionary<string, string> Environment => LastStage.Where(static one => one.Name == "ENV")
        .SelectMany(static one => Assignment().Matches(one.Text)).ToDictionary(static match => match.Groups[1].Value, static match => match.Groups[2].Value);

    /// <summary>The command that a container of the image is.</summary>
    public string[]? EntryPoint => Command("ENTRYPOINT", "");

    /// <summary>The command by which a container is found to be well.</summary>
    public string[]? HealthCheck => Command("HEALTHCHECK", "CMD");

    public static Dockerfile Read(string path)
    {
        var lines = File.ReadAllLines(path).Where(static line => line.Trim().Length > 0 && !line.TrimStart().StartsWith('#'));
        var whole = Continued().Replace(string.Join('\n', lines), " ");
        return new Dockerfile([.. whole.Split('\n').Select(static line =>
        {
            var parts = line.Trim().Split(' ', 2);
            Assert.Contains(parts[0], Known);
            return (parts[0], parts[1].Trim());
        })]);
    }

    private string[]? Command(string instruction, string after) => LastStage.Where(one => one.Name == instruction).Select(static one => one.Text).LastOrDefault() is { } rest
        ? JsonSerializer.Deserialize<string[]>(rest[rest.IndexOf(after + (after.Length > 0 ? " [" : "["), StringComparison.Ordinal)..][after.Length..])
        : null;

    [GeneratedRegex(@"\\\s*\n")]
    private static partial Regex Continued();

    [GeneratedRegex(@"(\w+)=(\S+)")]
    private static partial Regex Assignment();
}
