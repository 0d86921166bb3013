using System.Collections.Immutable;

namespace Wharf.Grains.Fields;

/// <summary>Reads the listed fields for followers: first all of them in chunks, then the changes.</summary>
/// <param name="directory">The id of this activation of the directory.</param>
/// <param name="table">The stored names.</param>
/// <param name="pages">The pages of the names.</param>
internal sealed class FieldReader(string directory, FieldTable table, FieldPages pages)
{
    /// <summary>The maximum number of fields in an answer; a single page may exceed it.</summary>
    private const int MostFields = 1000;

    /// <summary>Returns whether a position is the current one.</summary>
    public bool IsCurrent(FieldPosition position) => position.Directory == directory && position.Page == 0 && position.Version == table.Version;

    /// <summary>Reads the part after a position.</summary>
    public FieldUpdates Read(FieldPosition position)
    {
        var continues = position.Directory == directory && table.Log.Reaches(position.Version) && position.Page <= pages.All.Count;
        return !continues ? ReadPages(new FieldPosition(directory, table.Version, 0), isStart: true)
            : position.Page > 0 ? ReadPages(position, isStart: false)
            : ReadChanges(position);
    }

    /// <summary>Reads pages. Fields may change between two parts: the changes since the first part follow the last page.</summary>
    private FieldUpdates ReadPages(FieldPosition position, bool isStart)
    {
        var fields = ImmutableArray.CreateBuilder<FieldDescription>();
        var size = 0;
        var page = position.Page;
        for (; page < pages.All.Count && (fields.Count == 0 || (fields.Count + FieldPages.MostFields <= MostFields && size < GrainLimits.PartSize)); page++)
        {
            foreach (var field in pages.All[page].Fields.Values)
            {
                if (field.Field is null)
                    continue;
                fields.Add(field.Field);
                size += StoredField.WeightOf(field.Field);
            }
        }

        return Updates(position with { Page = page < pages.All.Count ? page : 0 }, isStart, fields.ToImmutable(), []);
    }

    /// <summary>Reads changes; only the last change of each field is returned.</summary>
    private FieldUpdates ReadChanges(FieldPosition position)
    {
        var last = new Dictionary<string, FieldDescription?>();
        var version = position.Version;
        for (var size = 0; version < table.Version && last.Count < MostFields && size < GrainLimits.PartSize; version++)
        {
            var (ticket, field) = table.Log[version];
            last[ticket] = field;
            size += ticket.Length + StoredField.WeightOf(field);
        }

        return Updates(
            position with { Version = version },
            isStart: false,
            [.. last.Values.OfType<FieldDescription>()],
            [.. last.Where(static change => change.Value is null).Select(static change => change.Key)]);
    }

    private FieldUpdates Updates(FieldPosition position, bool isStart, ImmutableArray<FieldDescription> fields, ImmutableArray<string> removed) =>
        new(position, isStart, fields, removed, HasMore: !IsCurrent(position));
}
