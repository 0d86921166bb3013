using Microsoft.Extensions.Options;

namespace Wharf.Plugins.Hosting;

/// <summary>How plugins are found and run: the section <c>Wharf:Plugins</c> of the configuration.</summary>
public sealed class PluginsOptions
{
    /// <summary>The name of the configuration's section.</summary>
    public const string Section = "Wharf:Plugins";

    /// <summary>The folder with one folder per plugin; a relative path begins beside the executable.</summary>
    public string Folder { get; set; } = "plugins";

    /// <summary>How long plugin code waits for the answer of another object.</summary>
    public TimeSpan ReplyTimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a message waits behind a handler that is over its time limit.</summary>
    public TimeSpan WaitBehindStuck { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Time limits of handlers by object type name; they override what the types say of themselves.</summary>
    public Dictionary<string, TimeSpan> TimeLimits { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The threads that plugin code runs on.</summary>
    public PluginPoolOptions Pool { get; } = new();

    /// <summary>The folder as a full path.</summary>
    /// <returns>The path.</returns>
    public string FullFolder() => Path.GetFullPath(Folder, AppContext.BaseDirectory);

    /// <summary>What calls into a type's objects may take.</summary>
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

/// <summary>Refuses options that cannot work, all of them at once and by name.</summary>
internal sealed class PluginsOptionsValidator : IValidateOptions<PluginsOptions>
{
    public ValidateOptionsResult Validate(string? name, PluginsOptions options)
    {
        List<string> wrong = [];
        if (string.IsNullOrWhiteSpace(options.Folder))
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
            // Timers take no more than this.
            if (value <= TimeSpan.Zero || value.TotalMilliseconds > int.MaxValue)
                wrong.Add($"{setting} must be positive and at most 24 days, not {value}");
        }
    }
}
