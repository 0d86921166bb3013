using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration.Memory;
using Wharf.Gateway.Authentication;
using Wharf.Grains.Objects;
using Wharf.Plugins;
using Wharf.Server.Roles;

namespace Wharf.Server;

/// <summary>
/// A Wharf server in this program. It has a port of its own and needs nothing else; with the settings of a cluster it is one of its nodes. Ctrl+C and SIGTERM end it in order:
/// <see cref="WaitForShutdownAsync"/> returns then.
/// </summary>
public sealed class WharfServer : IAsyncDisposable
{
    private WebApplication? _app;
    private Task? _stopped;

    internal WharfServer() => Scope = new Scope(() => Running.Services.GetRequiredService<IProgramObjects>());

    /// <summary>The named objects.</summary>
    public Scope Scope { get; }

    /// <summary>Makes tables, to be put into <see cref="Scope"/> or handed to objects of the program.</summary>
    public ITableFactory Tables => Running.Services.GetRequiredService<IProgramObjects>().Tables;

    /// <summary>The port that it listens on.</summary>
    public int Port => Running.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(static address => BindingAddress.Parse(address).Port).First();

    /// <summary>The pre-shared key that was made up because nothing says how clients log in; else null.</summary>
    public string? GeneratedKey => Running.Services.GetRequiredService<LoginHandlers>().GeneratedKey;

    /// <summary>Cancelled when the server begins to stop.</summary>
    public CancellationToken Stopping => Running.Lifetime.ApplicationStopping;

    private WebApplication Running => _app ?? throw new InvalidOperationException("the Wharf server has not started");

    /// <summary>Starts a server.</summary>
    /// <param name="options">What is not as the configuration says, the program's own object types among it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The server, once it serves.</returns>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is wrong; the message names it.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="Plugins.Hosting.PluginLoadException">A plugin cannot be loaded.</exception>
    public static async Task<WharfServer> StartAsync(WharfServerOptions? options = null, CancellationToken cancellationToken = default)
    {
        var server = new WharfServer();
        await server.BeginAsync(WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }), options ?? new(), cancellationToken).ConfigureAwait(false);
        return server;
    }

    /// <summary>Waits until the server has stopped: by Ctrl+C, by SIGTERM, or by <see cref="StopAsync"/>.</summary>
    /// <param name="cancellationToken">Stops the server.</param>
    /// <returns>Completes when it has stopped.</returns>
    public async Task WaitForShutdownAsync(CancellationToken cancellationToken = default)
    {
        var app = Running;
        await using var asked = cancellationToken.UnsafeRegister(static app => ((WebApplication)app!).Lifetime.StopApplication(), app);
        await _stopped!.ConfigureAwait(false);
    }

    /// <summary>Stops the server: streams and sessions end, objects are told and disposed, the port closes.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Completes when it has stopped.</returns>
    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_app is null)
            return Task.CompletedTask;
        _app.Lifetime.StopApplication();
        return _stopped!.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is not { } app)
            return;
        app.Lifetime.StopApplication();
        await _stopped!.ConfigureAwait(false);
        await app.DisposeAsync().ConfigureAwait(false);
    }

    internal async Task BeginAsync(WebApplicationBuilder builder, WharfServerOptions options, CancellationToken cancellationToken)
    {
        // Below the configuration: the program's words about logging come first.
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = QuietLogs });
        builder.Configuration.AddInMemoryCollection(options.AsSettings());
        builder.AddProgram(options);
        var role = RoleSetting.Read(builder.Configuration);
        if (role == NodeRole.Gateway)
            throw new InvalidOperationException($"{RoleSetting.Key} is gateway, but a program's objects live on a silo");
        builder.AddServer(role, options.Report ?? TextWriter.Null);

        var app = builder.Build();
        try
        {
            app.MapServer(role);
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        _stopped = StopWhenAskedAsync(app);
        _app = app;
    }

    private static readonly KeyValuePair<string, string?>[] QuietLogs =
    [
        new("Logging:LogLevel:Microsoft", "Warning"),
        new("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", "None"),
        // Why a start failed, the caller is told by an exception.
        new("Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host", "Critical"),
        new("Logging:LogLevel:Grpc", "Warning"),
        new("Logging:LogLevel:Orleans", "Warning"),
        // Which collector a program runs with is the program's decision; docs/server.md says what suits many clients.
        new("Logging:LogLevel:Orleans.Runtime.Silo", "Error"),
        new("Logging:LogLevel:Polly", "Warning"),
    ];

    // Whether the program waits for it or not, a server that is asked to stop does so.
    private static async Task StopWhenAskedAsync(WebApplication app)
    {
        try
        {
            await app.WaitForShutdownAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The time for the stop was over; the stop itself has logged what was left.
        }
    }
}
