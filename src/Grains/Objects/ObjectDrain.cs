using Wharf.Grains.Streams;

namespace Wharf.Grains.Objects;

/// <summary>Ends the objects of a node that is shutting down.</summary>
public interface IObjectDrain
{
    /// <summary>
    /// Rejects new streams, ends the open ones (plugins receive <see cref="StreamEndReason.Shutdown"/>) and disposes the objects. Does not wait for handlers
    /// that do not return.
    /// </summary>
    /// <param name="patience">The maximum time to wait for plugin code.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>Completes when all objects have ended, or after <paramref name="patience"/>.</returns>
    Task DrainAsync(TimeSpan patience, CancellationToken cancellationToken);
}

/// <inheritdoc cref="IObjectDrain"/>
internal sealed class ObjectDrain(NodeObjects node) : IObjectDrain
{
    /// <inheritdoc/>
    public async Task DrainAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        node.Stop();
        LiveObject[] objects = [.. node.Live.All];
        foreach (var live in objects)
            live.EndStreams(StreamEndReason.Shutdown, new Fault(FaultCode.Unavailable, "the server is shutting down"));
        foreach (var live in objects)
            live.End();
        try
        {
            await Task.WhenAll(objects.Select(static live => live.Disposed)).WaitAsync(patience, node.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A handler does not return; the process still ends.
        }
    }
}
