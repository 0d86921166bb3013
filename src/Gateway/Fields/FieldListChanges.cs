using System.Collections.Immutable;
using Google.Protobuf;
using Wharf.Gateway.Sessions;
using Wharf.Grains.Fields;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Fields;

/// <summary>Changes of the listed fields. All subscribers share one message.</summary>
/// <param name="created">The new fields.</param>
/// <param name="updated">The fields that have changed.</param>
/// <param name="removed">The last values of the removed fields.</param>
internal sealed class FieldListChanges(ImmutableArray<FieldDescription> created, ImmutableArray<FieldDescription> updated, ImmutableArray<FieldDescription> removed)
{
    private readonly Lock _lock = new();
    private Wire.FieldsChangeUpdate? _message;

    /// <summary>The new fields.</summary>
    public ImmutableArray<FieldDescription> Created => created;

    /// <summary>The fields that have changed.</summary>
    public ImmutableArray<FieldDescription> Updated => updated;

    /// <summary>The last values of the removed fields.</summary>
    public ImmutableArray<FieldDescription> Removed => removed;

    /// <summary>Whether nothing has changed.</summary>
    public bool IsEmpty => Created.IsEmpty && Updated.IsEmpty && Removed.IsEmpty;

    /// <summary>The message. It must not be modified.</summary>
    public Wire.FieldsChangeUpdate Message
    {
        get
        {
            lock (_lock)
                return _message ??= ToWire();
        }
    }

    private Wire.FieldsChangeUpdate ToWire()
    {
        var update = new Wire.FieldsChangeUpdate();
        update.Created.AddRange(Created.Select(ToWire));
        update.Updated.AddRange(Updated.Select(ToWire));
        update.Removed.AddRange(Removed.Select(ToWire));
        return update;
    }

    private static Wire.FieldInfo ToWire(FieldDescription field) => new()
    {
        TypedTicket = new Wire.TypedTicket
        {
            Ticket = Tickets.ToWire(ByteString.CopyFrom(Ticket.ParseCanonical(field.Ticket).ToBytes())),
            Type = field.Object.TypeName,
        },
        FieldName = field.FieldName,
        FieldDescription = field.Description,
        ApplicationName = field.ApplicationName,
        ApplicationId = field.ApplicationId,
    };
}

/// <summary>Combines changes until they are sent. For each field it keeps the difference from the value that was sent last.</summary>
internal sealed class PendingChanges
{
    private readonly Dictionary<string, Change> _changes = [];

    /// <summary>The number of fields.</summary>
    public int Count => _changes.Count;

    /// <summary>Adds later changes.</summary>
    public void Add(FieldListChanges changes)
    {
        foreach (var field in changes.Created)
            Create(field);
        foreach (var field in changes.Updated)
            Update(field);
        foreach (var field in changes.Removed)
            Remove(field);
    }

    /// <summary>Adds a new field.</summary>
    public void Create(FieldDescription field) => _changes[field.Ticket] = new Change(field, WasSent: _changes.ContainsKey(field.Ticket), Exists: true);

    /// <summary>Adds a changed field.</summary>
    public void Update(FieldDescription field) =>
        _changes[field.Ticket] = new Change(field, !_changes.TryGetValue(field.Ticket, out var before) || before.WasSent, Exists: true);

    /// <summary>Adds a removed field. A field that was created since the last message is dropped.</summary>
    public void Remove(FieldDescription field)
    {
        if (_changes.TryGetValue(field.Ticket, out var before) && !before.WasSent)
            _changes.Remove(field.Ticket);
        else
            _changes[field.Ticket] = new Change(field, WasSent: true, Exists: false);
    }

    /// <summary>Returns and removes all changes.</summary>
    public FieldListChanges Take()
    {
        var changes = new FieldListChanges(
            [.. _changes.Values.Where(static change => change is { WasSent: false, Exists: true }).Select(static change => change.Field)],
            [.. _changes.Values.Where(static change => change is { WasSent: true, Exists: true }).Select(static change => change.Field)],
            [.. _changes.Values.Where(static change => !change.Exists).Select(static change => change.Field)]);
        _changes.Clear();
        return changes;
    }

    private readonly record struct Change(FieldDescription Field, bool WasSent, bool Exists);
}
