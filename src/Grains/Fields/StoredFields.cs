using System.Collections.Immutable;

namespace Wharf.Grains.Fields;

/// <summary>The first record of the directory. The names are stored in pages, which are separate records.</summary>
[GenerateSerializer]
[Alias("wharf.StoredFields")]
internal sealed class StoredFields
{
    /// <summary>A version that is not later than that of the directory. Each page has a version, too.</summary>
    [Id(0)]
    public long Version { get; set; }

    /// <summary>The fields of a record that an earlier version wrote without pages. Empty once the pages are written.</summary>
    [Id(1)]
    public ImmutableArray<FieldDescription> Fields { get; set; } = [];

    /// <summary>The configured fields of a record that an earlier version wrote without pages. Empty once the pages are written.</summary>
    [Id(2)]
    public ImmutableArray<FieldConfiguration> Configured { get; set; } = [];

    /// <summary>The nodes that can create objects, by type.</summary>
    [Id(3)]
    public Dictionary<string, List<string>> Makers { get; set; } = [];

    /// <summary>The number of pages. A page without a record is empty.</summary>
    [Id(4)]
    public int Pages { get; set; }

    /// <summary>The activation that writes the records; empty in a record without pages.</summary>
    [Id(5)]
    public string Writer { get; set; } = "";

    /// <summary>The number of activations so far that have taken over the records. A record with a lower number is from an older copy of the store.</summary>
    [Id(6)]
    public long Term { get; set; }

    /// <summary>Whether the names are in this record: it has no pages, or not all of its pages are written yet.</summary>
    public bool HasNames => Writer.Length == 0 || !Fields.IsDefaultOrEmpty || !Configured.IsDefaultOrEmpty;
}

/// <summary>A page: a bounded number of names.</summary>
[GenerateSerializer]
[Alias("wharf.StoredFieldPage")]
internal sealed class StoredFieldPage
{
    /// <summary>A version that is not earlier than any change in this page.</summary>
    [Id(0)]
    public long Version { get; set; }

    /// <summary>The names.</summary>
    [Id(1)]
    public ImmutableArray<StoredField> Fields { get; set; } = [];
}

/// <summary>A stored name.</summary>
/// <param name="Ticket">The ticket, in canonical text.</param>
/// <param name="Field">The listed field; null while a configured field waits for a node with its type.</param>
/// <param name="Configuration">The configuration to recreate a lost object; null for a variable that a session or a plugin has set.</param>
[GenerateSerializer]
[Immutable]
[Alias("wharf.StoredField")]
internal sealed record StoredField(
    [property: Id(0)] string Ticket, [property: Id(1)] FieldDescription? Field, [property: Id(2)] FieldConfiguration? Configuration)
{
    /// <summary>The object of the name; null while a configured field waits.</summary>
    public ObjectReference? Object => Field?.Object;

    /// <summary>The approximate number of characters of the name in a record.</summary>
    public int Weight =>
        Ticket.Length + WeightOf(Field) + (Configuration is null ? 0 : Configuration.Ticket.Length + Configuration.TypeName.Length + Configuration.ApplicationName.Length
            + Configuration.Description.Length + Configuration.Arguments.Sum(static argument => argument.Key.Length + (argument.Value?.Length ?? 0)));

    /// <summary>Returns whether two configurations create the same object.</summary>
    public static bool AreEqual(FieldConfiguration? one, FieldConfiguration? other) =>
        one is null || other is null
            ? one == other
            : one with { Arguments = other.Arguments } == other
                && one.Arguments.Count == other.Arguments.Count
                && one.Arguments.All(argument => other.Arguments.TryGetValue(argument.Key, out var value) && value == argument.Value);

    /// <summary>Returns whether two names have the same content.</summary>
    public static bool AreEqual(StoredField? one, StoredField? other) =>
        one is null || other is null ? one == other : one.Field == other.Field && AreEqual(one.Configuration, other.Configuration);

    /// <summary>Returns the approximate number of characters of a listed field in a message.</summary>
    public static int WeightOf(FieldDescription? field) => field is null
        ? 0
        : field.Ticket.Length + field.FieldName.Length + field.ApplicationId.Length + field.ApplicationName.Length + field.Description.Length
            + field.Object.ObjectId.Length + field.Object.TypeName.Length + (field.Owner?.Length ?? 0) + (field.SessionId?.Length ?? 0);
}
