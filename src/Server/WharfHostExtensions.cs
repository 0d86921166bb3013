using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Wharf.Server;

/// <summary>A Wharf server as part of a .NET host.</summary>
public static class WharfHostExtensions
{
    /// <summary>
    /// Has the host start and stop a Wharf server, on a port of its own. It takes the host's configuration, logs where the host does, and is found among the host's services as
    /// <see cref="WharfServer"/>; its <see cref="WharfServer.Scope"/> can be used once the host has started.
    /// </summary>
    /// <param name="builder">The host: a web application, a worker, any.</param>
    /// <param name="configure">Says what is not as the configuration says, with the host's services at hand.</param>
    /// <returns>The same host.</returns>
    public static IHostApplicationBuilder AddWharf(this IHostApplicationBuilder builder, Action<WharfServerOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.TryAddSingleton(static _ => new WharfServer());
        builder.Services.AddHostedService(services => new HostedServer(
            services.GetRequiredService<WharfServer>(), configure, services, services.GetRequiredService<IConfiguration>(), services.GetRequiredService<ILoggerFactory>()));
        return builder;
    }

    /// <inheritdoc cref="AddWharf(IHostApplicationBuilder, Action{WharfServerOptions, IServiceProvider})"/>
    public static IHostApplicationBuilder AddWharf(this IHostApplicationBuilder builder, Action<WharfServerOptions>? configure = null) =>
        builder.AddWharf((options, _) => configure?.Invoke(options));
}

/// <summary>Starts and stops the server with the host.</summary>
internal sealed class HostedServer(WharfServer server, Action<WharfServerOptions, IServiceProvider> configure, IServiceProvider services, IConfiguration configuration, ILoggerFactory loggers)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var options = new WharfServerOptions { Report = null };
        configure(options, services);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var sources = ((IConfigurationBuilder)builder.Configuration).Sources;
        sources.Clear();
        // ASP.NET Core's own settings are for the host's port, if it has one.
        sources.Add(new MemoryConfigurationSource { InitialData = configuration.AsEnumerable().Where(static entry => IsOurs(entry.Key)) });
        builder.Logging.ClearProviders().AddProvider(new HostLogs(loggers));
        if (services.GetService<TimeProvider>() is { } time)
            builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IHostLifetime, HostDecides>();
        await server.BeginAsync(builder, options, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    private static bool IsOurs(string path) =>
        path.StartsWith("Wharf:", StringComparison.OrdinalIgnoreCase) || path.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Logs where the host does; what is worth it, the server's own filters say first.</summary>
    private sealed class HostLogs(ILoggerFactory loggers) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(categoryName);

        public void Dispose()
        {
            // The host's loggers are the host's.
        }
    }

    /// <summary>The host hears of Ctrl+C and SIGTERM, not this server.</summary>
    private sealed class HostDecides : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
