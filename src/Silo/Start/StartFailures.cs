using System.Data.Common;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using StackExchange.Redis;
using Wharf.Grains;
using Wharf.Grains.Nodes;
using Wharf.Plugins.Hosting;
using Wharf.Server.Cluster;

namespace Wharf.Silo.Start;

/// <summary>Reports a failed start. A failure that the operator can fix is one line on standard error; the exit code is 1.</summary>
internal static class StartFailures
{
    /// <summary>The exit code of a node that was declared lost by the other nodes of its cluster.</summary>
    public const int LostExitCode = 3;

    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>Suppresses the logs of the host and of Orleans until the server has started, because the failure of a start is written to standard error.</summary>
    public static void AddStartFailures(this WebApplicationBuilder builder)
    {
        var starting = new Starting();
        builder.Services.AddSingleton(starting);
        builder.Services.PostConfigure<LoggerFilterOptions>(filter =>
        {
            LoggerFilterRule[] configured = [new(null, null, filter.MinLevel, null), .. filter.Rules];
            filter.Rules.Clear();
            foreach (var rule in configured)
            {
                filter.Rules.Add(new LoggerFilterRule(
                    rule.ProviderName,
                    rule.CategoryName,
                    rule.LogLevel,
                    (provider, category, level) => starting.IsLogged(category) && (rule.Filter?.Invoke(provider, category, level) ?? true)));
            }
        });
    }

    /// <summary>Composes the server and runs it until it is stopped.</summary>
    /// <returns>0, 1 if it did not start, or <see cref="LostExitCode"/>.</returns>
    public static async Task<int> RunToExitCodeAsync(Func<WebApplication> compose)
    {
        WebApplication? app = null;
        try
        {
            app = compose();
            await app.StartAsync();
            app.Services.GetRequiredService<Starting>().End();
        }
        catch (OperationCanceledException) when (app?.Lifetime.ApplicationStopping.IsCancellationRequested == true)
        {
            // The process was stopped before the start was complete.
            await app.DisposeAsync();
            return 0;
        }
        catch (Exception failure)
        {
            // Disposed first, so that the queued log entries are written before the reason.
            if (app is not null)
                await app.DisposeAsync();
            foreach (var line in Explain(failure))
                await Console.Error.WriteLineAsync($"Wharf cannot start: {line}");
            return 1;
        }

        await using (app)
        {
            try
            {
                await app.WaitForShutdownAsync();
            }
            catch (OperationCanceledException)
            {
                // The time limit of the stop has expired, which the stop has logged.
            }

            return app.Services.GetRequiredService<MembershipLease>().IsLost ? LostExitCode : 0;
        }
    }

    /// <summary>Returns the message of a failure that the operator can fix, or all details of an unexpected exception.</summary>
    internal static IEnumerable<string> Explain(Exception failure) => failure switch
    {
        OptionsValidationException settings => settings.Failures,
        AggregateException several => several.InnerExceptions.SelectMany(Explain),
        // An unreadable settings file; the inner exception has the reason.
        InvalidDataException { InnerException: FormatException reason } unreadable => [$"{unreadable.Message} {reason.Message}"],
        // The inner exception names the setting; the exception of the server does not.
        IOException { InnerException: AddressInUseException taken } => [taken.Message],
        AddressInUseException taken => [taken.Message],
        PluginLoadException or FaultException or IOException or FormatException or UnauthorizedAccessException or OrleansConfigurationException => [failure.Message],
        DbException database => [$"{MembershipOptions.Section}:{nameof(MembershipOptions.Postgres)}: {database.Message}"],
        RedisException redis => [$"{MembershipOptions.Section}:{nameof(MembershipOptions.Redis)}: {redis.Message}"],
        // The configuration binder names the setting and the value that it could not read.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => [failure.Message],
        _ => [failure.ToString()],
    };

    private sealed class Starting
    {
        private volatile bool _isOver;

        public void End() => _isOver = true;

        public bool IsLogged(string? category) =>
            _isOver || !(category == HostCategory || category?.StartsWith("Orleans.", StringComparison.Ordinal) == true);
    }
}
