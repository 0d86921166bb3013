using System.Collections.Immutable;
using Wharf.Gateway.Authentication;
using Wharf.Grains.Fields;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Fields;

/// <summary>Selects the named fields that a caller may list. A decision applies until the field changes.</summary>
internal sealed class VisibleFields(Permissions permissions, CallerIdentity caller)
{
    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);

    /// <summary>Selects the fields that may be listed.</summary>
    public async ValueTask<ImmutableArray<FieldDescription>> FilterAsync(ImmutableArray<FieldDescription> fields, CancellationToken cancellationToken)
    {
        if (permissions.AllowsEverything)
            return fields;
        var visible = ImmutableArray.CreateBuilder<FieldDescription>(fields.Length);
        foreach (var field in fields)
        {
            if (await IsVisibleAsync(field, cancellationToken))
                visible.Add(field);
        }
        return visible.ToImmutable();
    }

    /// <summary>Selects the changes that the caller may see. It omits the removal of a field that was never sent, and removes a field that may no longer be listed.</summary>
    public async ValueTask<FieldListChanges> FilterAsync(FieldListChanges changes, CancellationToken cancellationToken)
    {
        if (permissions.AllowsEverything)
            return changes;
        var created = ImmutableArray.CreateBuilder<FieldDescription>();
        var updated = ImmutableArray.CreateBuilder<FieldDescription>();
        var removed = ImmutableArray.CreateBuilder<FieldDescription>();
        foreach (var field in changes.Removed)
        {
            if (_sent.Remove(field.Ticket))
                removed.Add(field);
        }
        foreach (var field in changes.Created.Concat(changes.Updated))
        {
            if (!await IsVisibleAsync(field, cancellationToken))
            {
                if (_sent.Remove(field.Ticket))
                    removed.Add(field);
            }
            else if (_sent.Add(field.Ticket))
            {
                created.Add(field);
            }
            else
            {
                updated.Add(field);
            }
        }
        return new FieldListChanges(created.ToImmutable(), updated.ToImmutable(), removed.ToImmutable());
    }

    private ValueTask<bool> IsVisibleAsync(FieldDescription field, CancellationToken cancellationToken) =>
        permissions.AllowsAsync(caller, GatewayActions.List, field.Ticket, cancellationToken);
}
