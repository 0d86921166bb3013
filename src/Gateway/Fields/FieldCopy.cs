using Wharf.Grains.Fields;
using Wharf.Protocol;

namespace Wharf.Gateway.Fields;

/// <summary>A gateway's copy of the listed fields, and the changes that are not sent yet.</summary>
internal sealed class FieldCopy
{
    private readonly Dictionary<string, FieldDescription> _fields = [];
    private ListedFields? _reload;
    private FieldListChanges? _all;

    /// <summary>The position of the last part that was read.</summary>
    public FieldPosition Position { get; private set; } = new();

    /// <summary>The changes that are not sent yet.</summary>
    public PendingChanges Unsent { get; } = new();

    /// <summary>All fields, as the first message of a subscriber.</summary>
    public FieldListChanges All => _all ??= new FieldListChanges([.. _fields.Values], [], []);

    /// <summary>Adds a part, unless another one has been added since it was requested.</summary>
    /// <param name="from">The position from which the part was requested.</param>
    /// <param name="updates">The part.</param>
    /// <returns>Whether it was added.</returns>
    public bool TryApply(FieldPosition from, FieldUpdates updates)
    {
        if (from != Position)
            return false;
        Position = updates.Position;
        if (updates.IsStart)
            _reload = new ListedFields();
        if (_reload is null)
        {
            foreach (var field in updates.Fields)
                Put(field);
            foreach (var ticket in updates.Removed)
                Remove(ticket);
            return true;
        }

        // A full list in several parts: the changes are computed after the last part.
        _reload.Apply(updates);
        if (updates.HasMore)
            return true;
        foreach (var ticket in _fields.Keys.Where(ticket => !_reload.Fields.ContainsKey(ticket)).ToArray())
            Remove(ticket);
        foreach (var field in _reload.Fields.Values)
            Put(field);
        _reload = null;
        return true;
    }

    // A variable without a type cannot be used and is omitted; fields of applications are always listed.
    private static bool IsListed(FieldDescription field) => field.ApplicationId != WireNames.ScopeApplicationId || field.Object.TypeName.Length > 0;

    private void Put(FieldDescription field)
    {
        if (!IsListed(field))
        {
            Remove(field.Ticket);
            return;
        }

        var exists = _fields.TryGetValue(field.Ticket, out var before);
        if (before == field)
            return;
        _fields[field.Ticket] = field;
        _all = null;
        if (exists)
            Unsent.Update(field);
        else
            Unsent.Create(field);
    }

    private void Remove(string ticket)
    {
        if (!_fields.Remove(ticket, out var field))
            return;
        _all = null;
        Unsent.Remove(field);
    }
}
