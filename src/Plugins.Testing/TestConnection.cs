namespace Wharf.Plugins.Testing;

/// <summary>A stream that plugin code has opened to another object of the test.</summary>
internal sealed class TestConnection(TestStream stream) : IObjectConnection
{
    public async ValueTask SendAsync(ReadOnlyMemory<byte> payload, IReadOnlyList<object?> references, CancellationToken cancellationToken = default) =>
        await stream.SendAsync(payload, [.. references.OfType<IServerObject>()]).ConfigureAwait(false);

    public async ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default) =>
        await stream.ReceiveAsync(cancellationToken).ConfigureAwait(false) is { } message
            ? new ReceivedMessage(message.Payload, [.. message.References.OfType<IServerObject>().Select(LentHandle.Of)], TestObject.DefaultCaller)
            : null;

    public ValueTask DisposeAsync() => stream.DisposeAsync();
}
