using Microsoft.Extensions.Options;

namespace Wharf.Server.Settings;

/// <summary>Compares the configuration with the settings that the server has.</summary>
internal static class SettingsCheck
{
    /// <summary>Edits up to which a name outside the section is taken for a misspelt one.</summary>
    private const int Near = 2;

    /// <summary>Refuses values that cannot be meant, before anything is bound to them.</summary>
    /// <exception cref="OptionsValidationException">There are some; each is named.</exception>
    public static void Require(IConfiguration configuration)
    {
        var wrong = new List<string>();
        foreach (var (path, value) in Values(configuration.GetSection(KnownSettings.Root)))
            if (KnownSettings.Find(path.Split(':')) is { } setting && SettingValues.Problem(setting.Type, value) is { } problem)
                wrong.Add($"{setting.With(path.Split(':'))} {problem}");
        if (wrong.Count > 0)
            throw new OptionsValidationException(KnownSettings.Root, typeof(KnownSettings), wrong);
    }

    /// <summary>The settings that do not exist, each with the nearest one.</summary>
    public static IEnumerable<(string Unknown, string Nearest)> Unknown(IConfiguration configuration)
    {
        foreach (var section in configuration.GetChildren())
        {
            if (string.Equals(section.Key, KnownSettings.Root, StringComparison.OrdinalIgnoreCase))
            {
                foreach (var (path, _) in Values(section).Where(static value => KnownSettings.Find(value.Path.Split(':')) is null))
                    yield return (path, NearestSetting.Of(path));
            }
            else
            {
                // The section's own name is misspelt, or an environment variable has one underscore where it needs two.
                foreach (var (path, _) in Values(section))
                    if (Misspelt(path) is { } nearest)
                        yield return (path, nearest);
            }
        }
    }

    private static string? Misspelt(string path)
    {
        var meant = path.Replace("__", ":", StringComparison.Ordinal).Replace('_', ':');
        if (meant.IndexOf(':', StringComparison.Ordinal) is not (> 0 and var end) || NearestSetting.Distance(meant[..end], KnownSettings.Root) > Near)
            return null;
        var nearest = NearestSetting.Of(meant);
        return NearestSetting.Distance(meant, nearest) <= Near ? nearest : null;
    }

    private static IEnumerable<(string Path, string Value)> Values(IConfigurationSection section) =>
        section.AsEnumerable().Where(static entry => entry.Value is not null).Select(static entry => (entry.Key, entry.Value!));
}

/// <summary>Logs a warning for each setting that does not exist.</summary>
internal sealed partial class UnknownSettings(IConfiguration configuration, ILogger<UnknownSettings> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var (unknown, nearest) in SettingsCheck.Unknown(configuration))
            LogUnknown(unknown, nearest);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        EventId = 5401, Level = LogLevel.Warning,
        Message = "The setting {Setting} does not exist and has no effect; the nearest setting is {Nearest}")]
    private partial void LogUnknown(string setting, string nearest);
}
