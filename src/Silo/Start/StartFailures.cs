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

/// <summary>A start that fails for a reason that the operator can mend says so in a line and exits with code 1.</summary>
internal static class StartFailures
{
    /// <summary>The exit code of a node that was declared lost by the other nodes of its cluster.</summary>
    public const int LostExitCode = 3;

    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>Until the server has started, the host and Orleans do not log the failure that is told in the end.</summary>
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
                    (provider, category, level) => starting.IsToldOf(category) && (rule.Filter?.Invoke(provider, category, level) ?? true)));
            }
        });
    }

    /// <summary>Puts the server together and runs it until it is asked to stop.</summary>
    /// <returns>0, 1 when it did not start, or <see cref="LostExitCode"/>.</returns>
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
            // The process was asked to stop before the start was complete.
            await app.DisposeAsync();
            return 0;
        }
        catch (Exception failure)
        {
            // Disposed first: what is still in the log's queue comes before the reason.
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
                // The time for the stop was over; the stop itself has logged what was left.
            }

            return app.Services.GetRequiredService<MembershipLease>().IsLost ? LostExitCode : 0;
        }
    }

    /// <summary>What the operator can mend, in words; a defect of ours, with all that is known.</summary>
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

        public bool IsToldOf(string? category) =>
            _isOver || !(category == HostCategory || category?.StartsWith("Orleans.", StringComparison.Ordinal) == true);
    }
}
