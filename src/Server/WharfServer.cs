using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration.Memory;
using Wharf.Gateway.Authentication;
using Wharf.Grains.Objects;
using Wharf.Plugins;
using Wharf.Server.Roles;

namespace Wharf.Server;

/// <summary>
/// A Wharf server in this program, with its own port. With the settings of a cluster it is one of its nodes. Ctrl+C and SIGTERM stop it in order; <see cref="WaitForShutdownAsync"/>
/// then returns.
/// </summary>
public sealed class WharfServer : IAsyncDisposable
{
    private WebApplication? _app;
    private Task? _stopped;

    internal WharfServer() => Scope = new Scope(() => Running.Services.GetRequiredService<IProgramObjects>());

    /// <summary>The named objects.</summary>
    public Scope Scope { get; }

    /// <summary>Creates tables for <see cref="Scope"/> or for objects of the program.</summary>
    public ITableFactory Tables => Running.Services.GetRequiredService<IProgramObjects>().Tables;

    /// <summary>The port for clients.</summary>
    public int Port => Running.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(static address => BindingAddress.Parse(address).Port).First();

    /// <summary>The pre-shared key that was generated because no login is configured; otherwise null.</summary>
    public string? GeneratedKey => Running.Services.GetRequiredService<LoginHandlers>().GeneratedKey;

    /// <summary>Cancelled when the server begins to stop.</summary>
    public CancellationToken Stopping => Running.Lifetime.ApplicationStopping;

    private WebApplication Running => _app ?? throw new InvalidOperationException("the Wharf server is not started");

    /// <summary>Starts a server.</summary>
    /// <param name="options">Options that override the configuration, and the object types of the program.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>The started server.</returns>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is invalid; the message names it.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
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
        await using var stopping = cancellationToken.UnsafeRegister(static app => ((WebApplication)app!).Lifetime.StopApplication(), app);
        await _stopped!.ConfigureAwait(false);
    }

    /// <summary>Stops the server: streams and sessions end, objects are notified and disposed, and the port is closed.</summary>
    /// <param name="cancellationToken">Cancels the wait; the stop continues.</param>
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
        // Has a lower priority than the configuration, so that the program can override the log levels.
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = QuietLogs });
        builder.Configuration.AddInMemoryCollection(options.AsSettings());
        builder.AddProgram(options);
        var role = RoleSetting.Read(builder.Configuration);
        if (role == NodeRole.Gateway)
            throw new InvalidOperationException($"{RoleSetting.Key} is gateway, but a server in a program needs a silo for its objects");
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

        _stopped = WaitForStopAsync(app);
        _app = app;
    }

    private static readonly KeyValuePair<string, string?>[] QuietLogs =
    [
        new("Logging:LogLevel:Microsoft", "Warning"),
        new("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", "None"),
        // A failed start is reported to the caller by an exception.
        new("Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host", "Critical"),
        new("Logging:LogLevel:Grpc", "Warning"),
        new("Logging:LogLevel:Orleans", "Warning"),
        // Hides the warning about the garbage collector, which the program chooses; docs/server.md has advice.
        new("Logging:LogLevel:Orleans.Runtime.Silo", "Error"),
        new("Logging:LogLevel:Polly", "Warning"),
    ];

    // Completes the stop, whether the program waits for it or not.
    private static async Task WaitForStopAsync(WebApplication app)
    {
        try
        {
            await app.WaitForShutdownAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The time limit of the stop has expired, which the stop has logged.
        }
    }
}
