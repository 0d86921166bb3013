using Microsoft.Extensions.Configuration.Memory;

namespace Wharf.Silo.Start.StartOpts;

/// <summary>Adds the settings of <c>START_OPTS</c>.</summary>
internal static class StartOptionsHosting
{
    /// <summary>Adds the settings of the variable with the lowest priority, and applies the memory limit at once.</summary>
    public static void AddStartOptions(this WebApplicationBuilder builder)
    {
        var options = StartOptions.Read(Environment.GetEnvironmentVariable(StartOptions.Variable));
        builder.Configuration.AddDefaults(options);
        if (options.MemoryLimit is { } limit)
            MemoryLimit.Set(limit);
        if (options.Unknown.Count > 0)
            builder.Services.AddHostedService(provider => new UnknownStartOptions(options, provider.GetRequiredService<ILogger<StartOptions>>()));
    }

    /// <summary>Adds the settings with the lowest priority: explicit settings of this server override them.</summary>
    internal static void AddDefaults(this IConfigurationBuilder configuration, StartOptions options) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = options.Settings });
}

/// <summary>Logs the unsupported options once.</summary>
internal sealed partial class UnknownStartOptions(StartOptions options, ILogger logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        LogUnknown(StartOptions.Variable, string.Join(' ', options.Unknown));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 5501, Level = LogLevel.Warning, Message = "{Variable} contains options that this server ignores: {Options}")]
    private partial void LogUnknown(string variable, string options);
}
