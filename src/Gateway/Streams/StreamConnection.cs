using System.Collections.Immutable;
using Orleans.Runtime;
using Wharf.Gateway.Errors;
using Wharf.Grains;
using Wharf.Grains.Objects;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Streams;

/// <summary>One stream as this gateway keeps count of it: what was sent, what was handled, what was received. Calls that may be repeated are.</summary>
internal sealed class StreamConnection(IPluginObjectGrain grain, Func<string, IStreamGrain> ownGrain, string streamId, long epoch)
{
    // A stream that says no more than this is not worth a grain of its own.
    private const int BatchesOfAShortStream = 4;


    private long _sent;
    private long _handled;
    private long _received;
    private bool _connected;
    private bool _halfClosed;
    private int _batches;
    private IStreamGrain? _own;

    /// <summary>The stream's id.</summary>
    public string Id => streamId;

    /// <summary>Whether the plugin has accepted the stream.</summary>
    public bool IsConnected => _connected;

    /// <summary>The number of the next part that is expected.</summary>
    public long Received => _received;

    /// <summary>Whether the last batch is handled, so that the next may go.</summary>
    public bool CanSend => _connected && !_halfClosed && _handled >= _sent;

    /// <summary>Whether a batch that is not answered says nothing of what the object has sent since: a pull beside it does.</summary>
    public bool IsPulledBeside => _own is not null;

    /// <summary>How it ended, once it did.</summary>
    public StreamEnd? End { get; private set; }

    /// <summary>Opens the stream.</summary>
    public Task<StreamOutput> ConnectAsync(string typeName, CallerIdentity caller, CancellationToken cancellationToken) =>
        grain.ConnectAsync(new StreamConnect(streamId, typeName, epoch, caller), cancellationToken);

    /// <summary>Hands over a batch. Whoever gives up waiting disconnects, which ends the call: a token of its own for each call would cost more than the rest of it.</summary>
    public Task<StreamOutput> SendAsync(ImmutableArray<StreamPart> parts, bool halfClose)
    {
        var batch = new StreamBatch(streamId, epoch, _sent, parts, halfClose, _received);
        _sent += parts.Length;
        _halfClosed |= halfClose;
        if (++_batches == BatchesOfAShortStream)
            _own = ownGrain($"{grain.GetPrimaryKeyString()}|{streamId}");
        return OnOpenStreamAsync(batch, null, CancellationToken.None);
    }

    /// <summary>Waits for output; in a stream's run given up on as <see cref="SendAsync"/> is.</summary>
    public Task<StreamOutput> PullAsync(CancellationToken cancellationToken) =>
        OnOpenStreamAsync(null, new StreamPull(streamId, epoch, _received), cancellationToken);

    /// <summary>Waits for the end alone: for a client that takes no output now.</summary>
    public Task<StreamOutput> AwaitEndAsync(CancellationToken cancellationToken) =>
        OnOpenStreamAsync(null, new StreamPull(streamId, epoch, _received) { Window = 0 }, cancellationToken);

    /// <summary>Takes note of what a call returned.</summary>
    /// <returns>The parts that are new.</returns>
    public ReadOnlyMemory<StreamPart> Accept(StreamOutput output)
    {
        _connected |= output.IsConnected;
        _handled = Math.Max(_handled, output.Handled);
        End ??= output.End;
        // Two calls may have been answered with the same parts.
        long skip = _received - output.First;
        // At its end a stream may have dropped what was not read.
        if (skip < 0 && End is null)
            throw new FaultException(FaultCode.DataLoss, "Output of the stream is missing");
        if (skip < 0 || skip >= output.Parts.Length)
            return default;
        _received = output.Next;
        return output.Parts.AsMemory()[(int)skip..];
    }

    /// <summary>Ends the stream from this side.</summary>
    public Task DisconnectAsync(StreamEndReason reason) => GrainCalls.RetryOnceAsync(
        (grain, streamId, reason),
        static async (state, token) =>
        {
            await state.grain.DisconnectAsync(state.streamId, state.reason, token);
            return true;
        },
        CancellationToken.None);

    /// <summary>Says that everything has arrived: the stream lets go of what its last words referred to.</summary>
    public Task AcknowledgeAsync() => PullAsync(CancellationToken.None);

    // The object is nowhere but on its node: when that is lost, so is the stream, and nobody need be asked again.
    private async Task<StreamOutput> OnOpenStreamAsync(StreamBatch? batch, StreamPull? pull, CancellationToken cancellationToken)
    {
        for (bool again = false; ; again = true)
        {
            try
            {
                if (batch is not null && _own is not null)
                    return await _own.SendAsync(batch, cancellationToken);
                return await (batch is not null ? grain.SendAsync(batch, cancellationToken) : grain.PullAsync(pull!, cancellationToken));
            }
            catch (Exception exception) when (!again && FaultTranslation.IsTransient(exception) && exception is not SiloUnavailableException)
            {
                // Both may be repeated; a call that failed on its way is, once. A grain of its own that a handler keeps does not answer: the object's does.
                if (batch is not null)
                    _own = null;
            }
            catch (FaultException lost) when (lost.Fault.Code == FaultCode.DataLoss && _connected)
            {
                throw new FaultException(FaultCode.Unavailable, $"The stream was lost: {lost.Fault.Message}");
            }
        }
    }
}
