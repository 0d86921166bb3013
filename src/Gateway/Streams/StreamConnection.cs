using System.Collections.Immutable;
using Orleans.Runtime;
using Wharf.Gateway.Errors;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Streams;

/// <summary>The gateway's end of the stream protocol: it counts sent, handled and received parts, and retries calls that fail in transit.</summary>
internal sealed class StreamConnection(IPluginObjectGrain grain, Func<string, IStreamGrain> getStreamGrain, string streamId, long epoch)
{
    // From this batch on, the stream has its own grain. The activation does not pay off for shorter streams.
    private const int FirstBatchOfStreamGrain = 4;

    private long _sent;
    private long _handled;
    private long _received;
    private bool _connected;
    private bool _halfClosed;
    private int _batches;
    private IStreamGrain? _streamGrain;

    /// <summary>The id of the stream.</summary>
    public string Id => streamId;

    /// <summary>Whether the plugin has accepted the stream.</summary>
    public bool IsConnected => _connected;

    /// <summary>The number of the next expected part.</summary>
    public long Received => _received;

    /// <summary>Whether the last batch was handled, so that the next can be sent.</summary>
    public bool CanSend => _connected && !_halfClosed && _handled >= _sent;

    /// <summary>Whether output is pulled while a batch is in flight, because the stream's own grain does not return output before the batch is handled.</summary>
    public bool PullsBesideBatch => _streamGrain is not null;

    /// <summary>The end of the stream; null while it is open.</summary>
    public StreamEnd? End { get; private set; }

    /// <summary>Opens the stream.</summary>
    public Task<StreamOutput> ConnectAsync(string typeName, CallerIdentity caller, CancellationToken cancellationToken) =>
        grain.ConnectAsync(new StreamConnect(streamId, typeName, epoch, caller), cancellationToken);

    /// <summary>Sends a batch. To cancel the call, disconnect: a cancellation token for each grain call would cost more than the call.</summary>
    public Task<StreamOutput> SendAsync(ImmutableArray<StreamPart> parts, bool halfClose)
    {
        var batch = new StreamBatch(streamId, epoch, _sent, parts, halfClose, _received);
        _sent += parts.Length;
        _halfClosed |= halfClose;
        if (++_batches == FirstBatchOfStreamGrain)
            _streamGrain = getStreamGrain($"{grain.GetPrimaryKeyString()}|{streamId}");
        return OnOpenStreamAsync(batch, null, CancellationToken.None);
    }

    /// <summary>Waits for output. A running stream cancels it like <see cref="SendAsync"/>.</summary>
    public Task<StreamOutput> PullAsync(CancellationToken cancellationToken) =>
        OnOpenStreamAsync(null, new StreamPull(streamId, epoch, _received), cancellationToken);

    /// <summary>Waits for the end of the stream without output, for a client that does not read.</summary>
    public Task<StreamOutput> AwaitEndAsync(CancellationToken cancellationToken) =>
        OnOpenStreamAsync(null, new StreamPull(streamId, epoch, _received) { Window = 0 }, cancellationToken);

    /// <summary>Records the output of a call.</summary>
    /// <returns>The new parts.</returns>
    public ReadOnlyMemory<StreamPart> Accept(StreamOutput output)
    {
        _connected |= output.IsConnected;
        _handled = Math.Max(_handled, output.Handled);
        End ??= output.End;
        // Two calls may return the same parts.
        long skip = _received - output.First;
        // A stream that has ended may have dropped unread parts.
        if (skip < 0 && End is null)
            throw new FaultException(FaultCode.DataLoss, "Output of the stream is missing");
        if (skip < 0 || skip >= output.Parts.Length)
            return default;
        _received = output.Next;
        return output.Parts.AsMemory()[(int)skip..];
    }

    /// <summary>Ends the stream.</summary>
    public Task DisconnectAsync(StreamEndReason reason) => GrainCallRetry.RetryOnceAsync(
        (grain, streamId, reason),
        static async (state, token) =>
        {
            await state.grain.DisconnectAsync(state.streamId, state.reason, token);
            return true;
        },
        CancellationToken.None);

    /// <summary>Confirms that all output has arrived, so that the stream releases the references of its last messages.</summary>
    public Task AcknowledgeAsync() => PullAsync(CancellationToken.None);

    // The object exists on its node only. If the node is lost, so is the stream, and a retry cannot succeed.
    private async Task<StreamOutput> OnOpenStreamAsync(StreamBatch? batch, StreamPull? pull, CancellationToken cancellationToken)
    {
        for (bool again = false; ; again = true)
        {
            try
            {
                if (batch is not null && _streamGrain is not null)
                    return await _streamGrain.SendAsync(batch, cancellationToken);
                return await (batch is not null ? grain.SendAsync(batch, cancellationToken) : grain.PullAsync(pull!, cancellationToken));
            }
            catch (Exception exception) when (!again && FaultTranslation.IsTransient(exception) && exception is not SiloUnavailableException)
            {
                // Both calls are idempotent. If a handler blocks the stream's own grain, the object's grain receives the retry.
                if (batch is not null)
                    _streamGrain = null;
            }
            catch (FaultException lost) when (lost.Fault.Code == FaultCode.DataLoss && _connected)
            {
                throw new FaultException(FaultCode.Unavailable, $"The stream was lost: {lost.Fault.Message}");
            }
        }
    }
}
