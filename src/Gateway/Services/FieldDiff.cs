using System.Collections.Immutable;
using Wharf.Grains.Fields;
using Wharf.Protocol;

namespace Wharf.Gateway.Services;

/// <summary>What one subscriber has been told of the named fields, and what it must be told next.</summary>
internal sealed class FieldDiff
{
    private Dictionary<string, FieldDescription> _known = [];

    /// <summary>Compares with what was told before; afterwards the given fields count as told.</summary>
    public FieldChanges Advance(ImmutableArray<FieldDescription> fields)
    {
        var now = fields.Where(IsListed).ToDictionary(field => field.Ticket, StringComparer.Ordinal);
        var created = ImmutableArray.CreateBuilder<FieldDescription>();
        var updated = ImmutableArray.CreateBuilder<FieldDescription>();
        foreach (var field in now.Values)
        {
            if (!_known.TryGetValue(field.Ticket, out var before))
                created.Add(field);
            else if (before != field)
                updated.Add(field);
        }
        var removed = _known.Values.Where(field => !now.ContainsKey(field.Ticket)).ToImmutableArray();
        _known = now;
        return new FieldChanges(created.ToImmutable(), updated.ToImmutable(), removed);
    }

    // A variable that nothing can be done with is left out; the field of an application is not.
    private static bool IsListed(FieldDescription field) => field.ApplicationId != WireNames.ScopeApplicationId || field.Object.TypeName.Length > 0;
}

/// <summary>Changes of the named fields.</summary>
internal sealed record FieldChanges(
    ImmutableArray<FieldDescription> Created, ImmutableArray<FieldDescription> Updated, ImmutableArray<FieldDescription> Removed)
{
    public bool IsEmpty => Created.IsEmpty && Updated.IsEmpty && Removed.IsEmpty;
}
