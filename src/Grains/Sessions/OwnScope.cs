using Wharf.Grains.Fields;
using Wharf.Grains.Objects;

namespace Wharf.Grains.Sessions;

/// <summary>The variables of one session that other sessions do not see. Not thread-safe: the session uses it on its scheduler.</summary>
internal sealed class OwnScope(string sessionId, SessionPlaces places, RetryingCalls calls, TimeProvider time)
{
    private readonly Dictionary<string, (FieldDescription Field, string Holder)> _fields = new(StringComparer.Ordinal);
    private readonly Signal _changed = new();
    private long _version = 1;
    private long _lastHolder;
    private bool _hasEnded;

    /// <summary>Returns the object of a variable, or null.</summary>
    public ObjectReference? Find(string ticket) => _fields.TryGetValue(ticket, out var found) ? found.Field.Object : null;

    /// <summary>Sets a variable; replaces an existing variable of the session.</summary>
    /// <exception cref="FaultException">INVALID_ARGUMENT: the name is invalid. RESOURCE_EXHAUSTED. UNAUTHENTICATED: the session has ended.</exception>
    public async Task PutAsync(string ticket, ObjectReference reference, CancellationToken cancellationToken)
    {
        var field = FieldNames.ToVariable(ticket, reference);
        var holder = Holder.OfVariable(sessionId, ++_lastHolder);
        var isNew = !_fields.ContainsKey(ticket);
        if (isNew)
            places.Enter();
        try
        {
            await calls.HoldAsync(reference, holder, lease: null, cancellationToken);
        }
        catch
        {
            if (isNew && !_hasEnded)
                places.Leave();
            throw;
        }

        if (_hasEnded)
        {
            await calls.ReleaseAsync(reference, holder);
            throw new FaultException(Fault.NoSession);
        }

        if (_fields.TryGetValue(ticket, out var before) && isNew)
            places.Leave();
        _fields[ticket] = (field, holder);
        _version++;
        _changed.Set();
        if (before.Field is not null)
            await calls.ReleaseAsync(before.Field.Object, before.Holder);
    }

    /// <summary>Reads all variables, waiting at most <see cref="GrainLimits.LongestWait"/> for a version other than the caller's.</summary>
    public async Task<FieldList> ReadAsync(long version, CancellationToken cancellationToken)
    {
        await LongPoll.UntilAsync(() => _version != version ? _fields : null, () => _changed.Next, time, cancellationToken);
        return new FieldList(_version, [.. _fields.Values.Select(static entry => entry.Field).OrderBy(static field => field.Ticket, StringComparer.Ordinal)]);
    }

    /// <summary>Releases the objects.</summary>
    public async Task EndAsync()
    {
        _hasEnded = true;
        places.LeaveAll();
        var entries = _fields.Values.ToArray();
        _fields.Clear();
        _version++;
        _changed.Set();
        foreach (var (field, holder) in entries)
            await calls.ReleaseAsync(field.Object, holder);
    }
}
