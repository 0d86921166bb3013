using Microsoft.Extensions.Configuration.Memory;

namespace Wharf.Silo.Start.StartOpts;

/// <summary>Reads <c>START_OPTS</c>.</summary>
internal static class StartOptionsHosting
{
    /// <summary>Adds what the variable means below everything else that is configured, and has the memory limit take effect at once.</summary>
    public static void AddStartOptions(this WebApplicationBuilder builder)
    {
        var options = StartOptions.Read(Environment.GetEnvironmentVariable(StartOptions.Variable));
        builder.Configuration.AddBelow(options);
        if (options.MemoryLimit is { } limit)
            MemoryLimit.Set(limit);
        if (options.Unknown.Count > 0)
            builder.Services.AddHostedService(provider => new UnknownStartOptions(options, provider.GetRequiredService<ILogger<StartOptions>>()));
    }

    /// <summary>Adds the settings at the lowest place: whoever names a setting of this server means it.</summary>
    internal static void AddBelow(this IConfigurationBuilder configuration, StartOptions options) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = options.Settings });
}

/// <summary>Says once what was not understood.</summary>
internal sealed partial class UnknownStartOptions(StartOptions options, ILogger logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        LogUnknown(StartOptions.Variable, string.Join(' ', options.Unknown));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 5201, Level = LogLevel.Warning, Message = "{Variable} holds options that mean nothing to this server: {Options}")]
    private partial void LogUnknown(string variable, string options);
}
