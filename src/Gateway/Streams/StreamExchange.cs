using Wharf.Grains.Streams;

namespace Wharf.Gateway.Streams;

/// <summary>
/// The loop of an open stream: it sends batches to the object, one in flight, and writes the object's output. While no batch is in flight, a pull waits for output; a batch completes it.
/// The loop runs on one thread at a time: the one that set the signal.
/// </summary>
internal sealed class StreamExchange
{
    private readonly StreamConnection _connection;
    private readonly BatchSender _sender;
    private readonly ResponseWriter _writer;
    private readonly PullScheduler _pulls;
    private readonly PumpSignal _signal;
    private readonly CancellationTokenSource _stop;
    private readonly Action _wake;
    private Task<StreamOutput>? _pull;
    private Task<StreamOutput>? _batch;
    private Task? _resolution;
    private StreamOutput _output;

    public StreamExchange(
        StreamConnection connection, StreamOutput first, BatchSender sender, ResponseWriter writer, PullScheduler pulls, PumpSignal signal, CancellationTokenSource stop)
    {
        _connection = connection;
        _output = first;
        _sender = sender;
        _writer = writer;
        _pulls = pulls;
        _signal = signal;
        _stop = stop;
        _wake = signal.Set;
    }

    /// <summary>Runs until the object ends the stream.</summary>
    /// <returns>The last output.</returns>
    public async Task<StreamOutput> RunAsync()
    {
        await _writer.WriteAsync(_output);
        try
        {
            while (_connection.End is null)
            {
                if (await TryCompleteAsync() || TrySend() || TryPull())
                    continue;
                _stop.Token.ThrowIfCancellationRequested();
                await _signal.WaitAsync();
                _stop.Token.ThrowIfCancellationRequested();
            }

            return _output;
        }
        finally
        {
            await _stop.CancelAsync();
            _pull?.Observe();
            _batch?.Observe();
            _resolution?.Observe();
        }
    }

    private async ValueTask<bool> TryCompleteAsync()
    {
        // A batch completes a waiting pull. The connection drops parts that both return.
        if (_pull is { IsCompleted: true } pull)
        {
            _output = await pull;
            _pull = null;
            await _writer.WriteAsync(_output);
        }
        else if (_batch is { IsCompleted: true } batch && (_pull is null || _connection.PullsBesideBatch))
        {
            _output = await batch;
            _batch = null;
            _pulls.OnBatchCompleted();
            await _writer.WriteAsync(_output);
        }
        else if (_resolution is { IsCompleted: true } resolution)
        {
            await resolution;
            _resolution = null;
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool TrySend()
    {
        if (_batch is not null || _resolution is not null || !_connection.CanSend || !_sender.HasNext(out var unresolved))
            return false;
        if (unresolved is not null)
        {
            WakeAfter(_resolution = _sender.ResolveAsync(unresolved));
            return true;
        }

        _pulls.OnBatchSent();
        WakeAfter(_batch = _sender.SendAsync());
        return true;
    }

    private bool TryPull()
    {
        if (_pull is not null || (_batch is not null && !_connection.PullsBesideBatch) || _pulls.TryDelay(besideBatch: _batch is not null, _connection.CanSend))
            return false;
        WakeAfter(_pull = _connection.PullAsync(CancellationToken.None));
        return true;
    }

    private void WakeAfter(Task task)
    {
        if (!task.IsCompleted)
            task.GetAwaiter().UnsafeOnCompleted(_wake);
    }
}
