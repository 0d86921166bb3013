namespace Wharf.Plugins;

/// <summary>
/// A type of server-side object that clients can open: its name on the wire, the .NET objects that belong to it, and how clients communicate with them.
/// Derive from <see cref="BidirectionalObjectType{TObject}"/> or <see cref="FetchOnlyObjectType{TObject}"/>.
/// </summary>
public abstract class ObjectType
{
    private protected ObjectType(string name) => Name = name;

    /// <summary>The name that clients connect with: unique in the server without regard to case, compared exactly, not empty and not <c>Table</c>.</summary>
    public string Name { get; }

    /// <summary>The class that the type is declared for. An object of exactly this class is offered to this type before all others.</summary>
    public abstract Type ObjectClass { get; }

    /// <summary>Further names that clients may connect with. References always have <see cref="Name"/>.</summary>
    public virtual IReadOnlyList<string> Aliases => [];

    /// <summary>
    /// False, the default: an object handles one message at a time over all its streams, so its code needs no locks.
    /// True: its streams run concurrently, each in order, and the object synchronizes access to shared state.
    /// </summary>
    public virtual bool IsConcurrent => false;

    /// <summary>The time limit of one call into the plugin, after which its stream ends with DEADLINE_EXCEEDED; null for no limit.</summary>
    public virtual TimeSpan? HandlerTimeLimit => null;

    /// <summary>Whether an object that a plugin sends belongs to this type. Called often: it must return quickly and have no side effects.</summary>
    /// <param name="value">The object.</param>
    /// <returns>True if it does.</returns>
    public abstract bool IsType(object value);

    /// <summary>Creates an object for a named field of the configuration.</summary>
    /// <param name="context">The context of the new object; its configuration contains the arguments of the field.</param>
    /// <param name="cancellationToken">Cancelled when the server stops.</param>
    /// <returns>The object, for which <see cref="IsType"/> is true.</returns>
    /// <exception cref="PluginException">Objects of the type cannot be created from configuration; this is the default.</exception>
    public virtual ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) =>
        throw new PluginException($"objects of type {Name} cannot be created from configuration");
}
