using System.Text.RegularExpressions;
using Wharf.Processes;

namespace Wharf.Packaging.Tests.Images;

/// <summary>
/// Builds the content of an image in a folder, by the instructions of its Dockerfile and without an engine. The base images and the
/// packages of the system are this machine's, and the published files are the build of the tests.
/// </summary>
internal sealed partial class Image : IDisposable
{
    private Image(string root, IReadOnlyDictionary<string, string> environment, string[] entryPoint, string[] healthCheck) =>
        (Root, Environment, EntryPoint, HealthCheck) = (root, environment, entryPoint, healthCheck);

    public string Root { get; }

    public IReadOnlyDictionary<string, string> Environment { get; }

    public string[] EntryPoint { get; }

    public string[] HealthCheck { get; }

    /// <summary>Builds the server's image.</summary>
    public static async Task<Image> BuildServerAsync(CancellationToken cancellationToken)
    {
        var file = Dockerfile.Read(Path.Combine(Checkout.Root, "deploy", "Dockerfile"));
        var stage = Directory.CreateTempSubdirectory("wharf-stage-").FullName;
        var root = Directory.CreateTempSubdirectory("wharf-image-").FullName;
        try
        {
            foreach (var (name, rest) in file.StagesBefore)
                if (name == "RUN")
                    await ShellAsync(Checkout.Root, Placed(rest, stage).Replace("--configuration Release", $"--no-build --configuration {Checkout.Configuration}", StringComparison.Ordinal), cancellationToken);
            foreach (var (name, rest) in file.LastStage)
            {
                if (name == "COPY")
                    Copy(rest, stage, root, "--from=build ");
                else if (name == "RUN" && !rest.StartsWith("apt-get ", StringComparison.Ordinal))
                    await ShellAsync(root, Placed(rest, root), cancellationToken);
            }
        }
        finally
        {
            Directory.Delete(stage, recursive: true);
        }

        return new Image(root, file.Environment, file.EntryPoint!, file.HealthCheck!);
    }

    /// <summary>Builds an author's image on top of this one: the same root, which has more in it then.</summary>
    /// <param name="dockerfile">The author's.</param>
    /// <param name="context">The author's folder.</param>
    public Image BuildOnTop(string dockerfile, string context)
    {
        var file = Dockerfile.Read(dockerfile);
        Assert.Equal(("FROM", "wharf"), file.LastStage.First());
        foreach (var (_, rest) in file.LastStage.Where(static one => one.Name == "COPY"))
            Copy(rest, context, Root, "");
        return new Image(
            Root, Environment.Concat(file.Environment).ToDictionary(), file.EntryPoint ?? EntryPoint, file.HealthCheck ?? HealthCheck);
    }

    /// <summary>A path of the image, on this machine.</summary>
    public string Place(string path) => path.StartsWith('/') ? Root + path : path;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void Copy(string rest, string from, string to, string option)
    {
        Assert.StartsWith(option, rest, StringComparison.Ordinal);
        var paths = rest[option.Length..].Split(' ');
        Assert.Equal(2, paths.Length);
        var source = Path.GetFullPath(from + "/" + paths[0]);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = to + paths[1] + "/" + Path.GetRelativePath(source, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static string Placed(string command, string root) => AbsolutePath().Replace(command, $" {root}/");

    private static async Task ShellAsync(string folder, string command, CancellationToken cancellationToken)
    {
        await using var shell = RunningProcess.Start("sh", ["-ec", command], folder: folder);
        Assert.True(await shell.ExitAsync(cancellationToken) == 0, shell.Output);
    }

    [GeneratedRegex(" /")]
    private static partial Regex AbsolutePath();
}
