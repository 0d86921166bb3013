using Wharf.Processes;

namespace Wharf.Packaging.Tests.Images;

/// <summary>The server's image with an author's plugin on top of it, built once for the tests of a class.</summary>
public sealed class ServerImage : IAsyncLifetime
{
    internal Image Author { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var server = await Image.BuildServerAsync(CancellationToken.None);
        var sample = Path.Combine(Checkout.Root, "samples", "Greeter");
        // What the author's Dockerfile takes is what "dotnet publish" of the plugin has made; the build made the same.
        var context = Directory.CreateTempSubdirectory("wharf-author-");
        Directory.CreateSymbolicLink(Path.Combine(context.FullName, "published"), Path.Combine(sample, "bin", Checkout.Configuration, "net10.0"));
        Author = server.BuildOnTop(Path.Combine(sample, "Dockerfile"), context.FullName);
        context.Delete(recursive: true);
    }

    public ValueTask DisposeAsync()
    {
        Author.Dispose();
        return ValueTask.CompletedTask;
    }
}
