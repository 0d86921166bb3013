namespace Wharf.Plugins;

/// <summary>An object type whose clients read a single message.</summary>
public abstract class FetchOnlyObjectType : ObjectType
{
    private protected FetchOnlyObjectType(string name)
        : base(name)
    {
    }

    /// <summary>Creates the message.</summary>
    /// <param name="instance">The object, of the type's class.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="cancellationToken">Cancelled when the caller disconnects.</param>
    /// <returns>The payload and the objects that are sent with it.</returns>
    public abstract ValueTask<FetchResult> FetchAsync(object instance, Caller caller, CancellationToken cancellationToken);
}

/// <inheritdoc cref="FetchOnlyObjectType"/>
/// <typeparam name="TObject">The class of the objects.</typeparam>
/// <param name="name">The type's name on the wire.</param>
public abstract class FetchOnlyObjectType<TObject>(string name) : FetchOnlyObjectType(name)
    where TObject : class
{
    /// <inheritdoc/>
    public sealed override Type ObjectClass => typeof(TObject);

    /// <inheritdoc/>
    public override bool IsType(object value) => value is TObject;

    /// <inheritdoc/>
    public sealed override ValueTask<FetchResult> FetchAsync(object instance, Caller caller, CancellationToken cancellationToken) =>
        FetchAsync((TObject)instance, caller, cancellationToken);

    /// <summary>Creates the message.</summary>
    /// <param name="instance">The object.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="cancellationToken">Cancelled when the caller disconnects.</param>
    /// <returns>The payload and the objects that are sent with it.</returns>
    protected abstract ValueTask<FetchResult> FetchAsync(TObject instance, Caller caller, CancellationToken cancellationToken);
}

/// <summary>The message of a fetch-only object.</summary>
/// <param name="Payload">The bytes; they must not be modified afterwards.</param>
/// <param name="References">Objects that become exports of the caller's session; see <see cref="IMessageStream.Send(ReadOnlyMemory{byte}, IReadOnlyList{object?})"/>.</param>
public sealed record FetchResult(ReadOnlyMemory<byte> Payload, IReadOnlyList<object?> References);
