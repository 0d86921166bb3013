using System.Collections.Immutable;
using Orleans.Runtime;
using Wharf.Grains.Objects;

namespace Wharf.Grains.Streams;

/// <summary>
/// The caller's side of a stream to an object: numbers the parts that it sends, acknowledges the parts that it receives, and retries calls. Not thread-safe, except that a
/// pull may be in flight while a batch is sent; the results of both are passed to <see cref="Accept"/>.
/// </summary>
/// <param name="grain">The grain of the object.</param>
/// <param name="streamId">The stream's id, unique in the cluster.</param>
/// <param name="epoch">The epoch of the object's reference.</param>
/// <param name="isTransient">Returns whether a retry of a failed call may succeed.</param>
internal sealed class StreamClient(IPluginObjectGrain grain, string streamId, long epoch, Func<Exception, bool> isTransient)
{
    // A stream with fewer batches does not need a grain of its own.
    private const int BatchesOfAShortStream = 4;

    private long _sent;
    private long _handled;
    private int _batches;
    private IStreamGrain? _streamGrain;

    /// <summary>The stream's id.</summary>
    public string Id => streamId;

    /// <summary>Returns the stream's own grain, which receives the batches of a long stream; null if the object's grain receives all of them.</summary>
    public Func<IStreamGrain>? GetStreamGrain { get; init; }

    /// <summary>Whether the object has accepted the stream.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether the caller has closed its side.</summary>
    public bool IsHalfClosed { get; private set; }

    /// <summary>The number of the next expected part.</summary>
    public long Received { get; private set; }

    /// <summary>The end of the stream; null while it is open.</summary>
    public StreamEnd? End { get; private set; }

    /// <summary>Whether the previous batch is handled, so that the next can be sent.</summary>
    public bool CanSend => IsConnected && !IsHalfClosed && _handled >= _sent;

    /// <summary>Whether batches are sent to the stream's own grain. A batch that is not answered does not return later output then; a concurrent pull does.</summary>
    public bool HasStreamGrain => _streamGrain is not null;

    /// <summary>Opens the stream.</summary>
    /// <param name="typeName">The type name that the caller expects.</param>
    /// <param name="caller">The caller.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public Task<StreamOutput> ConnectAsync(string typeName, CallerIdentity caller, CancellationToken cancellationToken) =>
        grain.ConnectAsync(new StreamConnect(streamId, typeName, epoch, caller), cancellationToken);

    /// <summary>Sends a batch.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="halfClose">Whether the caller closes its side after these parts.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public Task<StreamOutput> SendAsync(ImmutableArray<StreamPart> parts, bool halfClose, CancellationToken cancellationToken)
    {
        var batch = new StreamBatch(streamId, epoch, _sent, parts, halfClose, Received);
        _sent += parts.Length;
        IsHalfClosed |= halfClose;
        if (++_batches == BatchesOfAShortStream)
            _streamGrain = GetStreamGrain?.Invoke();
        return SendAsync(batch, cancellationToken);
    }

    /// <summary>Waits for output.</summary>
    /// <param name="window">The number of bytes that the caller can receive; 0 waits only for the end of the stream.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    public async Task<StreamOutput> PullAsync(int window, CancellationToken cancellationToken)
    {
        var pull = new StreamPull(streamId, epoch, Received) { Window = window };
        try
        {
            return await grain.PullAsync(pull, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failed) when (CanRetry(failed))
        {
            return await grain.PullAsync(pull, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Applies the result of a call.</summary>
    /// <param name="output">The result.</param>
    /// <returns>The parts that the caller has not received yet.</returns>
    /// <exception cref="FaultException">DATA_LOSS: parts before the result are missing.</exception>
    public ReadOnlyMemory<StreamPart> Accept(StreamOutput output)
    {
        IsConnected |= output.IsConnected;
        _handled = Math.Max(_handled, output.Handled);
        End ??= output.End;
        // Concurrent calls may return the same parts.
        var skip = Received - output.First;
        // A stream that has ended may have dropped its unread output.
        if (skip < 0 && End is null)
            throw new FaultException(FaultCode.DataLoss, "Output of the stream is missing");
        if (skip < 0 || skip >= output.Parts.Length)
            return default;
        Received = output.Next;
        return output.Parts.AsMemory()[(int)skip..];
    }

    private async Task<StreamOutput> SendAsync(StreamBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            if (_streamGrain is { } own)
                return await own.SendAsync(batch, cancellationToken).ConfigureAwait(false);
            return await grain.SendAsync(batch, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failed) when (CanRetry(failed))
        {
            // If a handler blocks the stream's own grain, the object's grain still answers.
            _streamGrain = null;
            return await grain.SendAsync(batch, cancellationToken).ConfigureAwait(false);
        }
    }

    // The object exists only on its silo: if that is lost, so is the stream.
    private bool CanRetry(Exception exception) => isTransient(exception) && exception is not SiloUnavailableException;
}
