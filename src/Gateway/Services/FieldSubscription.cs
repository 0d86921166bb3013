using Wharf.Grains;

namespace Wharf.Gateway.Services;

/// <summary>A stream that lists the fields. While it is busy with a message, the changes after that are gathered for it.</summary>
/// <param name="first">All fields when it began.</param>
/// <param name="close">Called at its end.</param>
internal sealed class FieldSubscription(FieldChanges first, Action<FieldSubscription> close) : IDisposable
{
    /// <summary>The most fields that are gathered for a client that does not read.</summary>
    public const int MostGathered = 8192;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _signal = new(0);
    private FieldChanges? _next;
    private GatheredChanges? _gathered;
    private bool _isSignalled;
    private bool _isTooLate;

    /// <summary>All fields when it began.</summary>
    public FieldChanges First => first;

    /// <summary>Whether there are no changes for the client.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_lock)
                return !_isSignalled;
        }
    }

    /// <summary>Waits for changes since those that were returned before.</summary>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: too many fields have changed since then.</exception>
    public async ValueTask<FieldChanges> NextAsync(CancellationToken cancellationToken)
    {
        await _signal.WaitAsync(cancellationToken);
        lock (_lock)
        {
            _isSignalled = false;
            if (_isTooLate)
                throw new FaultException(FaultCode.ResourceExhausted, $"The client has not read the list of fields while more than {MostGathered} of them changed");
            var changes = _gathered?.Take() ?? _next!;
            (_next, _gathered) = (null, null);
            return changes;
        }
    }

    /// <summary>Adds changes for the client.</summary>
    public void Add(FieldChanges changes)
    {
        lock (_lock)
        {
            if (_isTooLate)
                return;
            if (_next is null)
                _next = changes;
            else
                Gather(changes);
            if (_isSignalled)
                return;
            _isSignalled = true;
            _signal.Release();
        }
    }

    public void Dispose()
    {
        close(this);
        _signal.Dispose();
    }

    private void Gather(FieldChanges changes)
    {
        if (_gathered is null)
        {
            _gathered = new GatheredChanges();
            _gathered.Add(_next!);
        }

        _gathered.Add(changes);
        if (_gathered.Count <= MostGathered)
            return;
        _isTooLate = true;
        _gathered = null;
    }
}
