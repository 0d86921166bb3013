namespace Wharf.Plugins;

/// <summary>
/// A kind of server-side object that clients can reach: its name on the wire, which .NET objects belong to it, and how clients talk to them.
/// Derive from <see cref="BidirectionalObjectType{TObject}"/> or <see cref="FetchOnlyObjectType{TObject}"/>.
/// </summary>
public abstract class ObjectType
{
    private protected ObjectType(string name) => Name = name;

    /// <summary>The name that clients connect with: unique in the server without regard to case, compared exactly, not empty, not <c>Table</c>.</summary>
    public string Name { get; }

    /// <summary>The class that the type is declared for. An object of exactly this class is offered to this type before all others.</summary>
    public abstract Type ObjectClass { get; }

    /// <summary>Further names that clients may connect with; references always carry <see cref="Name"/>.</summary>
    public virtual IReadOnlyList<string> Aliases => [];

    /// <summary>
    /// False, the default: an object serves one message at a time, over all its streams, and its author never takes a lock.
    /// True: its streams run side by side, each in order, and the author guards what they share.
    /// </summary>
    public virtual bool IsConcurrent => false;

    /// <summary>How long one call into the plugin may take before its stream ends with DEADLINE_EXCEEDED; null for no limit.</summary>
    public virtual TimeSpan? HandlerTimeLimit => null;

    /// <summary>Whether an object that a plugin sends out belongs to this type. Asked often: quick, and without side effects.</summary>
    /// <param name="value">The object.</param>
    /// <returns>True when it does.</returns>
    public abstract bool IsType(object value);

    /// <summary>Makes an object for a named field of the configuration.</summary>
    /// <param name="context">The new object's surroundings; its configuration holds the field's arguments.</param>
    /// <param name="cancellationToken">Cancelled when the server stops.</param>
    /// <returns>The object, for which <see cref="IsType"/> is true.</returns>
    /// <exception cref="PluginException">The type cannot be made from configuration; the default.</exception>
    public virtual ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken) =>
        throw new PluginException($"objects of type {Name} cannot be made from configuration");
}
