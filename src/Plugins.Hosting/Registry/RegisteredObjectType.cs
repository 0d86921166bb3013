using Microsoft.Extensions.Configuration;

namespace Wharf.Plugins.Hosting;

/// <summary>An object type and what belongs to it in this server.</summary>
public sealed class RegisteredObjectType
{
    internal RegisteredObjectType(ObjectType type, LoadedPlugin plugin, IServiceProvider services, IConfiguration settings, TurnLimits limits, TurnPace pace)
    {
        Type = type;
        Plugin = plugin;
        Services = services;
        Settings = settings;
        Limits = limits;
        Pace = pace;
        Aliases = [.. type.Aliases];
        IsConcurrent = type.IsConcurrent;
    }

    /// <summary>The type itself.</summary>
    public ObjectType Type { get; }

    /// <summary>The name that references carry.</summary>
    public string Name => Type.Name;

    /// <summary>The aliases of the type at its registration.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>Whether the streams of an object run concurrently, read at the registration.</summary>
    public bool IsConcurrent { get; }

    /// <summary>The plugin that brought it.</summary>
    public LoadedPlugin Plugin { get; }

    /// <summary>The plugin's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The section <c>Wharf:Plugins:Settings:{name}</c> of the configuration.</summary>
    public IConfiguration Settings { get; }

    /// <summary>Whether the type makes objects by its name; see <see cref="ObjectType.CreateAsync"/>.</summary>
    public bool CanCreate => ((Func<IObjectContext, CancellationToken, ValueTask<object>>)Type.CreateAsync).Method.DeclaringType != typeof(ObjectType);

    /// <summary>What calls into its objects may take.</summary>
    public TurnLimits Limits { get; }

    /// <summary>Whether its handlers have been quick so far.</summary>
    public TurnPace Pace { get; }

    /// <summary>Whether clients may connect under a name: the type's own or an alias, compared exactly.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True when it is one of the type's.</returns>
    public bool AnswersTo(string name) => string.Equals(Name, name, StringComparison.Ordinal) || Aliases.Contains(name, StringComparer.Ordinal);
}
