using Wharf.Grains;

namespace Wharf.Gateway.Fields;

/// <summary>The subscription of a stream that lists the fields. While the stream writes a message, further changes are combined.</summary>
/// <param name="first">All fields at the beginning.</param>
/// <param name="close">Called when the subscription is disposed.</param>
internal sealed class FieldSubscription(FieldListChanges first, Action<FieldSubscription> close) : IDisposable
{
    /// <summary>The maximum number of changed fields that are kept for a client that does not read.</summary>
    public const int MaxPendingFields = 8192;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _signal = new(0);
    private FieldListChanges? _next;
    private PendingChanges? _pending;
    private bool _isSignalled;
    private bool _hasOverflowed;

    /// <summary>All fields at the beginning.</summary>
    public FieldListChanges First => first;

    /// <summary>Whether no changes are available.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_lock)
                return !_isSignalled;
        }
    }

    /// <summary>Waits for the changes after those that were returned before.</summary>
    /// <exception cref="FaultException">RESOURCE_EXHAUSTED: too many fields have changed since then.</exception>
    public async ValueTask<FieldListChanges> NextAsync(CancellationToken cancellationToken)
    {
        await _signal.WaitAsync(cancellationToken);
        lock (_lock)
        {
            _isSignalled = false;
            if (_hasOverflowed)
                throw new FaultException(FaultCode.ResourceExhausted, $"The client has not read the list of fields while more than {MaxPendingFields} of them changed");
            var changes = _pending?.Take() ?? _next!;
            (_next, _pending) = (null, null);
            return changes;
        }
    }

    /// <summary>Adds changes for the client.</summary>
    public void Add(FieldListChanges changes)
    {
        lock (_lock)
        {
            if (_hasOverflowed)
                return;
            if (_next is null)
                _next = changes;
            else
                Combine(changes);
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

    private void Combine(FieldListChanges changes)
    {
        if (_pending is null)
        {
            _pending = new PendingChanges();
            _pending.Add(_next!);
        }

        _pending.Add(changes);
        if (_pending.Count <= MaxPendingFields)
            return;
        _hasOverflowed = true;
        _pending = null;
    }
}
