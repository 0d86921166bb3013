using Wharf.Protocol;

namespace Wharf.Plugins.Hosting;

/// <summary>The names of object types: unique without regard to case, not empty, and not reserved for tables.</summary>
internal sealed class TypeNames
{
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase) { "table", "rolluptable", "treetable" };

    private readonly Dictionary<string, string> _owners = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<ObjectType, string[]> _claimed = new(ReferenceEqualityComparer.Instance);

    /// <summary>Releases the names of a type whose plugin could not be loaded.</summary>
    public void Release(ObjectType type)
    {
        if (!_claimed.Remove(type, out string[]? names))
            return;
        foreach (string name in names)
            _owners.Remove(name);
    }

    /// <summary>Claims the name and the aliases of a type, all or none.</summary>
    public void Claim(ObjectType type, string plugin)
    {
        string[] wanted = [type.Name, .. type.Aliases ?? throw Refused($"the aliases of the object type '{type.Name}' are null")];
        HashSet<string> own = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in wanted)
        {
            if (string.IsNullOrWhiteSpace(name))
                throw Refused($"{type.GetType()} has an empty type name");
            if (NameRules.FindProblem(name, "type name") is { } problem)
                throw Refused($"{problem} ({type.GetType()})");
            if (Reserved.Contains(name))
                throw Refused($"the object type name '{name}' is reserved");
            if (_owners.TryGetValue(name, out string? owner))
                throw Refused($"the object type name '{name}' is taken by plugin {owner}");
            if (!own.Add(name))
                throw Refused($"the object type '{type.Name}' has the name '{name}' twice");
        }

        foreach (string name in wanted)
            _owners.Add(name, plugin);
        _claimed[type] = wanted;

        static ArgumentException Refused(string why) => new(why);
    }
}
