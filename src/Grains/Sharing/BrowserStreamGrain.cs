using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Wharf.Grains.Sharing;

/// <summary>Connects the two halves of a browser's message stream.</summary>
[Reentrant]
[GrainType("wharf.browser-stream")]
internal sealed class BrowserStreamGrain(TimeProvider time) : Grain, IBrowserStreamGrain
{
    private const int MaxMessages = 10_000;
    private const long MaxBytes = 8 * 1024 * 1024;

    private readonly BrowserSequencer _sequencer = new(MaxMessages, MaxBytes);
    private readonly Signal _changed = new();

    public Task OpenAsync(CancellationToken cancellationToken)
    {
        _sequencer.Open();
        _changed.Set();
        return Task.CompletedTask;
    }

    public async Task<bool> PushAsync(BrowserMessage message, CancellationToken cancellationToken)
    {
        if (!_sequencer.IsOpen && !_sequencer.HasEnded)
        {
            await LongPoll.UntilAsync(
                () => _sequencer.IsOpen || _sequencer.HasEnded ? _sequencer : null, () => _changed.Next, time, cancellationToken);
        }

        if (!_sequencer.IsOpen && !_sequencer.HasEnded)
            return false;
        _sequencer.Push(message);
        _changed.Set();
        return true;
    }

    public async Task<ImmutableArray<BrowserMessage>> PullAsync(int next, CancellationToken cancellationToken)
    {
        var found = await LongPoll.UntilAsync(
            () => _sequencer.Read(next) is { IsEmpty: false } messages ? new Found(messages) : _sequencer.HasEnded ? new Found([]) : null,
            () => _changed.Next,
            time,
            cancellationToken);
        return found?.Messages ?? [];
    }

    public Task EndAsync(CancellationToken cancellationToken)
    {
        _sequencer.End();
        _changed.Set();
        return Task.CompletedTask;
    }

    private sealed record Found(ImmutableArray<BrowserMessage> Messages);
}
