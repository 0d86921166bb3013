using Wharf.Plugins.Hosting;

namespace Wharf.Plugins.Testing;

/// <summary>A stream from plugin code to another object of the test.</summary>
internal sealed class TestConnection(TestStream stream) : IObjectConnection
{
    public async ValueTask SendAsync(ReadOnlyMemory<byte> payload, IReadOnlyList<object?> references, CancellationToken cancellationToken = default) =>
        await AfterOwnTurn(stream.SendAsync(payload, [.. references.OfType<IServerObject>()])).ConfigureAwait(false);

    public async ValueTask<ReceivedMessage?> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var receiving = stream.ReceiveAsync(giveUp.Token);
        if (stream.IsOwnTurn
            && await Task.WhenAny(receiving, Task.Delay(SelfWait.Limit, TimeProvider.System, cancellationToken)).ConfigureAwait(false) != receiving)
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            throw SelfWait.CreateFailure(stream.Target.Id);
        }

        return await receiving.ConfigureAwait(false) is { } message
            ? new ReceivedMessage(message.Payload, [.. message.References.OfType<IServerObject>().Select(ScopedHandle.Of)], TestObject.DefaultCaller)
            : null;
    }

    public ValueTask DisposeAsync() => new(AfterOwnTurn(stream.DisposeAsync().AsTask()));

    /// <summary>Waits for a call, except in a turn of the called object, which handles the call after that turn.</summary>
    private Task AfterOwnTurn(Task call)
    {
        if (!stream.IsOwnTurn)
            return call;
        _ = call.ContinueWith(static failed => _ = failed.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return Task.CompletedTask;
    }
}
