using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Wharf.Server;

/// <summary>Extension methods that add a Wharf server to a .NET host.</summary>
public static class WharfHostExtensions
{
    /// <summary>
    /// Adds a Wharf server with its own port, which the host starts and stops. It uses the configuration and the logging of the host. It is registered as the service
    /// <see cref="WharfServer"/>; its <see cref="WharfServer.Scope"/> can be used after the host has started.
    /// </summary>
    /// <param name="builder">The host, such as a web application or a worker.</param>
    /// <param name="configure">Configures the options, which override the configuration. Receives the services of the host.</param>
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
        // The settings of ASP.NET Core apply to the port of the host, if it has one.
        sources.Add(new MemoryConfigurationSource { InitialData = configuration.AsEnumerable().Where(static entry => IsOurs(entry.Key)) });
        builder.Logging.ClearProviders().AddProvider(new HostLogs(loggers));
        if (services.GetService<TimeProvider>() is { } time)
            builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        await server.BeginAsync(builder, options, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => server.StopAsync(cancellationToken);

    private static bool IsOurs(string path) =>
        path.StartsWith("Wharf:", StringComparison.OrdinalIgnoreCase) || path.StartsWith("Logging:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Forwards log entries to the host, after the filters of the server.</summary>
    private sealed class HostLogs(ILoggerFactory loggers) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(categoryName);

        public void Dispose()
        {
            // The host disposes its loggers.
        }
    }

    /// <summary>Leaves Ctrl+C and SIGTERM to the host.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
