namespace Wharf.Plugins.Testing;

/// <summary>A handle of an object that no type recognizes. It can be sent to clients, but accepts no messages.</summary>
internal sealed class UntypedHandle : IServerObject
{
    public string Id { get; } = $"untyped!{Guid.NewGuid():N}";

    public string Type => "";

    public ValueTask<IServerObject> KeepAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<IServerObject>(this);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
