using Apache.Arrow;

namespace Wharf.Cli.Tables;

/// <summary>
/// Rejects batches with different dictionaries. An Arrow file has one dictionary per column, and its writer keeps the first, so that values of another
/// dictionary would be wrong.
/// </summary>
internal sealed class DictionaryCheck
{
    private List<ArrayData>? _first;

    /// <exception cref="CommandException">The batch has another dictionary.</exception>
    public void Check(RecordBatch batch)
    {
        var dictionaries = new List<ArrayData>();
        foreach (var array in batch.Arrays)
            Collect(array.Data, dictionaries);
        _first ??= dictionaries;
        if (!_first.SequenceEqual(dictionaries, ReferenceEqualityComparer.Instance))
            throw new CommandException(
                "the table has several dictionaries for one column, which an Arrow file does not support", advice: "use --parquet or --csv, which write the values");
    }

    private static void Collect(ArrayData data, List<ArrayData> found)
    {
        if (data.Dictionary is { } dictionary)
        {
            found.Add(dictionary);
            Collect(dictionary, found);
        }

        foreach (var child in data.Children ?? [])
            Collect(child, found);
    }
}
