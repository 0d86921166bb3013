using System.Collections.Immutable;
using Google.Protobuf;
using Wharf.Grains.Fields;
using Wharf.Protocol;
using Wire = Wharf.Protocol.Grpc;

namespace Wharf.Gateway.Services;

/// <summary>Changes of the listed fields. The message of them is made once, for all subscribers.</summary>
/// <param name="created">Fields that are new.</param>
/// <param name="updated">Fields that have changed.</param>
/// <param name="removed">Fields that do not exist any more, as they were.</param>
internal sealed class FieldChanges(ImmutableArray<FieldDescription> created, ImmutableArray<FieldDescription> updated, ImmutableArray<FieldDescription> removed)
{
    private readonly Lock _lock = new();
    private Wire.FieldsChangeUpdate? _message;

    /// <summary>Fields that are new.</summary>
    public ImmutableArray<FieldDescription> Created => created;

    /// <summary>Fields that have changed.</summary>
    public ImmutableArray<FieldDescription> Updated => updated;

    /// <summary>Fields that do not exist any more, as they were.</summary>
    public ImmutableArray<FieldDescription> Removed => removed;

    /// <summary>Whether nothing has changed.</summary>
    public bool IsEmpty => Created.IsEmpty && Updated.IsEmpty && Removed.IsEmpty;

    /// <summary>The message. Nobody changes it.</summary>
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

/// <summary>Changes that are gathered until they are sent. Of each field only the difference to what was sent before remains.</summary>
internal sealed class GatheredChanges
{
    private readonly Dictionary<string, Change> _changes = [];

    /// <summary>The number of fields.</summary>
    public int Count => _changes.Count;

    /// <summary>Adds changes that follow those before.</summary>
    public void Add(FieldChanges changes)
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

    /// <summary>Adds a removed field. One that was created meanwhile is not sent at all.</summary>
    public void Remove(FieldDescription field)
    {
        if (_changes.TryGetValue(field.Ticket, out var before) && !before.WasSent)
            _changes.Remove(field.Ticket);
        else
            _changes[field.Ticket] = new Change(field, WasSent: true, Exists: false);
    }

    /// <summary>Takes all changes out.</summary>
    public FieldChanges Take()
    {
        var changes = new FieldChanges(
            [.. _changes.Values.Where(static change => change is { WasSent: false, Exists: true }).Select(static change => change.Field)],
            [.. _changes.Values.Where(static change => change is { WasSent: true, Exists: true }).Select(static change => change.Field)],
            [.. _changes.Values.Where(static change => !change.Exists).Select(static change => change.Field)]);
        _changes.Clear();
        return changes;
    }

    private readonly record struct Change(FieldDescription Field, bool WasSent, bool Exists);
}
