using Wharf.Grains.Objects;
using Wharf.Plugins;

namespace Wharf.Grains.References;

/// <summary>A handle of plugin code, which holds its object.</summary>
internal class ServerObject(ReferenceMapper mapper, ObjectHold hold, bool isKept) : IServerObject
{
    private int _expired;

    /// <inheritdoc/>
    public string Id => hold.Reference.ObjectId;

    /// <inheritdoc/>
    public string Type => hold.Reference.TypeName;

    /// <summary>The hold.</summary>
    public ObjectHold Hold => hold;

    /// <summary>The mapper that created the handle.</summary>
    protected ReferenceMapper Mapper => mapper;

    /// <inheritdoc/>
    public ValueTask<IServerObject> KeepAsync(CancellationToken cancellationToken = default)
    {
        CheckHeld();
        return ValueTask.FromResult<IServerObject>(mapper.Keep(hold));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (isKept && Interlocked.Exchange(ref _expired, 1) == 0)
            mapper.ReleaseKept(hold);
        return ValueTask.CompletedTask;
    }

    /// <summary>Expires the handle and releases its hold: the handler that received the handle has returned.</summary>
    public void Expire()
    {
        if (Interlocked.Exchange(ref _expired, 1) == 0)
            hold.Release();
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ServerObject other && other.Id == Id && other.Hold.Reference.Epoch == Hold.Reference.Epoch;

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Type.Length == 0 ? $"object {Id}" : $"{Type} {Id}";

    /// <summary>Increments the count of the hold.</summary>
    /// <exception cref="PluginException">The handle has expired: its handler has returned, and it was not kept.</exception>
    public ObjectHold Share()
    {
        CheckHeld();
        return hold.TryShare() ? hold : throw NotHeld();
    }

    /// <summary>Throws if the handle has expired.</summary>
    protected void CheckHeld()
    {
        if (Volatile.Read(ref _expired) != 0 || hold.IsReleased)
            throw NotHeld();
    }

    private PluginException NotHeld() => new(
        PluginStatus.FailedPrecondition, $"{this} is not held any more: a handle is good until its handler returns, or until it is disposed if it was kept");
}
