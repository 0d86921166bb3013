using Microsoft.Extensions.Options;

namespace Wharf.Plugins.Hosting;

/// <summary>Options for loading and running plugins: the configuration section <c>Wharf:Plugins</c>.</summary>
public sealed class PluginsOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Wharf:Plugins";

    /// <summary>
    /// The folder with one folder per plugin. A relative path is relative to the executable. The default is <c>plugins</c>, which need not exist.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>
    /// A second such folder, of the user that the server runs as: <c>wharf plugin install</c> and the build of a plugin copy to it. It need not exist; an empty text disables it.
    /// </summary>
    public string UserFolder { get; set; } = DefaultUserFolder();

    /// <summary>
    /// Whether a plugin that cannot be loaded from the folders is skipped with a warning. Otherwise the server does not start, and the error names the plugin.
    /// </summary>
    public bool SkipBroken { get; set; }

    /// <summary>Whether plugins are loaded from folders. The server of a program may use only the program's own.</summary>
    internal bool HasFolders { get; set; } = true;

    /// <summary>The time that plugin code waits for the reply of another object.</summary>
    public TimeSpan ReplyTimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time that a message waits behind a handler that is over its time limit.</summary>
    public TimeSpan WaitBehindStuck { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time limits of handlers by object type name. They override the limits of the types.</summary>
    public Dictionary<string, TimeSpan> TimeLimits { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The threads that plugin code runs on.</summary>
    public PluginPoolOptions Pool { get; } = new();

    /// <summary>The user's folder of plugins: <c>wharf/plugins</c> under the local application data (<c>~/.local/share</c> on Linux).</summary>
    /// <returns>The path; empty for a user without a home.</returns>
    public static string DefaultUserFolder() =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } data ? Path.Combine(data, "wharf", "plugins") : "";

    /// <summary>Returns the plugin folders that exist or are required, as full paths.</summary>
    /// <returns>The distinct paths.</returns>
    public IReadOnlyList<string> FullFolders()
    {
        List<string> folders = [];
        if (!HasFolders)
            return folders;
        string own = Path.GetFullPath(Folder ?? "plugins", AppContext.BaseDirectory);
        if (Folder is not null || Directory.Exists(own))
            folders.Add(own);
        if (UserFolder.Length > 0 && Path.GetFullPath(UserFolder, AppContext.BaseDirectory) is var user && user != own && Directory.Exists(user))
            folders.Add(user);
        return folders;
    }

    /// <summary>Returns the limits of calls into the objects of a type.</summary>
    /// <param name="type">The type.</param>
    /// <returns>The limits.</returns>
    public TurnLimits LimitsFor(ObjectType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new TurnLimits
        {
            TimeLimit = TimeLimits.TryGetValue(type.Name, out TimeSpan limit) ? limit : type.HandlerTimeLimit,
            WaitBehindStuck = WaitBehindStuck,
        };
    }
}

/// <summary>Validates the options and reports all errors, each with the name of its setting.</summary>
internal sealed class PluginsOptionsValidator : IValidateOptions<PluginsOptions>
{
    public ValidateOptionsResult Validate(string? name, PluginsOptions options)
    {
        List<string> wrong = [];
        if (options.Folder is not null && string.IsNullOrWhiteSpace(options.Folder))
            wrong.Add("Wharf:Plugins:Folder is empty");
        Positive(options.ReplyTimeLimit, "Wharf:Plugins:ReplyTimeLimit");
        Positive(options.WaitBehindStuck, "Wharf:Plugins:WaitBehindStuck");
        foreach ((string type, TimeSpan limit) in options.TimeLimits)
            Positive(limit, $"Wharf:Plugins:TimeLimits:{type}");
        if (options.Pool.MinThreads < 1)
            wrong.Add($"Wharf:Plugins:Pool:MinThreads must be at least 1, not {options.Pool.MinThreads}");
        if (options.Pool.MaxThreads < options.Pool.MinThreads)
            wrong.Add($"Wharf:Plugins:Pool:MaxThreads must be at least Wharf:Plugins:Pool:MinThreads ({options.Pool.MinThreads}), not {options.Pool.MaxThreads}");
        Positive(options.Pool.IdleTime, "Wharf:Plugins:Pool:IdleTime");
        Positive(options.Pool.StopWait, "Wharf:Plugins:Pool:StopWait");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Positive(TimeSpan value, string setting)
        {
            // The maximum of a timer.
            if (value <= TimeSpan.Zero || value.TotalMilliseconds > int.MaxValue)
                wrong.Add($"{setting} must be positive and at most 24 days, not {value}");
        }
    }
}
