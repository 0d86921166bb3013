using Microsoft.Extensions.Options;
using Wharf.Server.Start;

namespace Wharf.Server.Settings;

/// <summary>Compares the configuration with the settings of the server.</summary>
internal static class SettingsCheck
{
    /// <summary>The edit distance up to which a name outside of the section is considered misspelt.</summary>
    private const int Near = 2;

    /// <summary>Rejects invalid values before they are bound to options.</summary>
    /// <exception cref="OptionsValidationException">Values are invalid; the message names each.</exception>
    public static void Require(IConfiguration configuration)
    {
        var wrong = new List<string>();
        foreach (var (path, value) in Values(configuration.GetSection(KnownSettings.Root)))
            if (KnownSettings.Find(path.Split(':')) is { } setting && SettingValues.Problem(setting.Type, value) is { } problem)
                wrong.Add($"{setting.With(path.Split(':'))} {problem}");
        if (wrong.Count > 0)
            throw new OptionsValidationException(KnownSettings.Root, typeof(KnownSettings), wrong);
    }

    /// <summary>Returns the settings that do not exist, each with the nearest one.</summary>
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
                // The name of the section is misspelt, or an environment variable has one underscore instead of two.
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
internal sealed partial class UnknownSettings(IConfiguration configuration, ILogger<UnknownSettings> logger) : LifecycleService
{
    public override Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var (unknown, nearest) in SettingsCheck.Unknown(configuration))
            LogUnknown(unknown, nearest);
        return Task.CompletedTask;
    }

    [LoggerMessage(
        EventId = 5401, Level = LogLevel.Warning,
        Message = "The setting {Setting} does not exist and has no effect; the nearest setting is {Nearest}")]
    private partial void LogUnknown(string setting, string nearest);
}
