using Apache.Arrow;
using Apache.Arrow.Ipc;
using Microsoft.Extensions.Time.Testing;
using Wharf.Tables.Columns;
using Column = Wharf.Tables.Columns.Column;

namespace Wharf.Tables.Tests;

/// <summary>Short ways to make tables and look into them.</summary>
internal static class Tables
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    public static TableEngine Engine(int seed = 1) => new(new FakeTimeProvider(Now), new Random(seed));

    public static ArrowTable Empty(long rows) => Engine().Run(new EmptyTable(rows), [], default);

    public static ArrowTable Update(this ArrowTable table, params string[] formulas) => Engine().Run(new SelectOrUpdate(SelectKind.Update, formulas), [table], default);

    public static ArrowTable View(this ArrowTable table, params string[] formulas) => Engine().Run(new SelectOrUpdate(SelectKind.View, formulas), [table], default);

    public static ArrowTable Where(this ArrowTable table, params string[] conditions) => Engine().Run(new UnstructuredFilter(conditions), [table], default);

    public static ArrowTable Where(this ArrowTable table, FilterCondition condition) => Engine().Run(new Filter([condition]), [table], default);

    public static string[] Names(this ArrowTable table) => [.. table.Schema.FieldsList.Select(static field => field.Name)];

    public static string Column(this ArrowTable table, string name) => GoldenTable.Computed(table, name);

    public static Field Field(this ArrowTable table, string name) => table.Schema.FieldsList.Single(field => field.Name == name);

    public static TableException Refused(Action action, TableError error = TableError.InvalidArgument)
    {
        TableException refused = Assert.Throws<TableException>(action);
        Assert.Equal(error, refused.Error);
        return refused;
    }

    /// <summary>Sends a table through the Arrow format and back.</summary>
    public static (Schema Schema, List<RecordBatch> Batches) OverTheWire(ArrowTable table, int maxRows = int.MaxValue)
    {
        var stream = new MemoryStream();
        using (var writer = new ArrowStreamWriter(stream, table.Schema, leaveOpen: true))
        {
            writer.WriteStart();
            foreach (RecordBatch batch in table.ReadBatches(maxRows))
                writer.WriteRecordBatch(batch);
            writer.WriteEnd();
        }

        stream.Position = 0;
        var reader = new ArrowStreamReader(stream);
        var batches = new List<RecordBatch>();
        while (reader.ReadNextRecordBatch() is { } batch)
            batches.Add(batch);
        return (reader.Schema, batches);
    }

    public static ArrowTable Upload(string name, IArrowArray array, string? type = null)
    {
        Dictionary<string, string>? metadata = type is null ? null : new() { ["deephaven:type"] = type };
        var schema = new Schema([new Field(name, array.Data.DataType, true, metadata)], null);
        return ArrowTable.FromBatches(schema, [new RecordBatch(schema, [array], array.Length)]);
    }
}
