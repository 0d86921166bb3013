using Microsoft.Extensions.Configuration;

namespace Wharf.Plugins.Hosting;

/// <summary>An object type with its plugin, settings and limits on this server.</summary>
public sealed class RegisteredObjectType
{
    internal RegisteredObjectType(ObjectType type, LoadedPlugin plugin, IServiceProvider services, IConfiguration settings, TurnLimits limits, HandlerSpeed speed)
    {
        Type = type;
        Plugin = plugin;
        Services = services;
        Settings = settings;
        Limits = limits;
        Speed = speed;
        Aliases = [.. type.Aliases];
        IsConcurrent = type.IsConcurrent;
    }

    /// <summary>The type.</summary>
    public ObjectType Type { get; }

    /// <summary>The name of the type in references.</summary>
    public string Name => Type.Name;

    /// <summary>The aliases of the type at its registration.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>Whether the streams of an object run concurrently, read at the registration.</summary>
    public bool IsConcurrent { get; }

    /// <summary>The plugin that registered it.</summary>
    public LoadedPlugin Plugin { get; }

    /// <summary>The plugin's services.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The section <c>Wharf:Plugins:Settings:{name}</c> of the configuration.</summary>
    public IConfiguration Settings { get; }

    /// <summary>Whether objects can be created by the name of the type; see <see cref="ObjectType.CreateAsync"/>.</summary>
    public bool CanCreate => ((Func<IObjectContext, CancellationToken, ValueTask<object>>)Type.CreateAsync).Method.DeclaringType != typeof(ObjectType);

    /// <summary>The limits of calls into its objects.</summary>
    public TurnLimits Limits { get; }

    /// <summary>Whether its handlers are fast, so that they may run inline.</summary>
    public HandlerSpeed Speed { get; }

    /// <summary>Whether clients may connect under a name: the name of the type or an alias, compared exactly.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True if it is one of the type's names.</returns>
    public bool HasName(string name) => string.Equals(Name, name, StringComparison.Ordinal) || Aliases.Contains(name, StringComparer.Ordinal);
}
