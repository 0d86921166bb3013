using System.Globalization;
using System.Runtime.InteropServices;
using Wharf.Client;
using Wharf.Processes;

namespace Wharf.Packaging.Tests.Images;

/// <summary>An image's entry command with its environment, as a process of this machine.</summary>
internal sealed class Container : IAsyncDisposable
{
    private readonly Image _image;
    private readonly Dictionary<string, string?> _environment;

    private Container(Image image, Dictionary<string, string?> environment, RunningProcess process, int port) =>
        (_image, _environment, Running, Port) = (image, environment, process, port);

    public RunningProcess Running { get; }

    /// <summary>The port of this machine that stands for the one of the container.</summary>
    public int Port { get; }

    public Uri Address => new($"http://localhost:{Port}");

    /// <summary>Starts a container and waits until it serves.</summary>
    /// <param name="image">What it is made of.</param>
    /// <param name="environment">What it is told beside what the image says.</param>
    /// <param name="port">The port of this machine; 0 for any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Container> StartAsync(Image image, IEnumerable<KeyValuePair<string, string>> environment, int port, CancellationToken cancellationToken)
    {
        var all = new Dictionary<string, string?>();
        foreach (var (name, value) in image.Environment)
            all[name] = image.Place(value);
        foreach (var (name, value) in environment)
            all[name] = value;
        all["DOTNET_ROOT"] = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());
        all["Wharf__Port"] = port.ToString(CultureInfo.InvariantCulture);
        var process = RunningProcess.Start(image.Place(image.EntryPoint[0]), image.EntryPoint[1..], all, image.Root);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(TimeSpan.FromMinutes(1));
            var serving = await process.WaitForLineAsync(@"^\s*serving on port (\d+)", patience.Token);
            return new Container(image, all, process, int.Parse(serving.Groups[1].Value, CultureInfo.InvariantCulture));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the image's health check in the container.</summary>
    /// <returns>Whether it is well.</returns>
    public async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        await using var check = RunningProcess.Start(_image.Place(_image.HealthCheck[0]), _image.HealthCheck[1..], _environment, _image.Root);
        return await check.ExitAsync(cancellationToken) == 0;
    }

    public Task<Session> LoginAsync(string key, CancellationToken cancellationToken) =>
        Session.ConnectAsync(Address, Credentials.PreSharedKey(key), cancellationToken: cancellationToken);

    public ValueTask DisposeAsync() => Running.DisposeAsync();
}
