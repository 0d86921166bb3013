using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Client.Tests;

/// <summary>Uploads of batches with dictionaries, and of batches that do not fit their schema.</summary>
public sealed class Uploads
{
    private static readonly DictionaryType Words = new(Int8Type.Default, StringType.Default, false);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Unfit => new()
    {
        { "type", "batch 2 does not match the schema: column 'X' is a int64, the schema has int32" },
        { "unit", "batch 2 does not match the schema: column 'T' is a timestamp[ms], the schema has timestamp[ns]" },
        { "count", "batch 2 does not match the schema: it has 1 columns, the schema has 2" },
        { "length", "batch 2 does not match the schema: column 'X' has 2 rows, the batch has 1" },
        { "null", "batch 2 does not match the schema: column 'X' has nulls, which the schema does not allow" },
    };

    [Fact]
    public async Task Each_batch_keeps_its_own_dictionary()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        // Each batch has its own schema object, as batches of several readers do.
        await using var table = await session.ImportAsync(Schema(Words), [Batch(Coded(["a", "b"], 1, null, 0)), Batch(Coded(["c"], 0))], Cancelled);
        var batches = await table.ToArrowAsync(Cancelled);
        Assert.Equal(["b", null, "a", "c"], batches.SelectMany(batch => Decoded((DictionaryArray)batch.Column(0))));
    }

    [Fact]
    public async Task Dictionaries_inside_lists_are_uploaded_and_read()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        await using var table = await session.ImportAsync(
            Schema(new ListType(Words)), [Batch(List(["a", "b"], 1, null, 0)), Batch(List(["c", "d"], 1))], Cancelled);
        var batches = await table.ToArrowAsync(Cancelled);
        Assert.Equal(["b", null, "a", "d"], batches.SelectMany(batch => Decoded((DictionaryArray)((ListArray)batch.Column(0)).Values)));
    }

    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task A_batch_that_does_not_fit_its_schema_is_refused_before_it_is_sent(string kind, string message)
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var schema = new Schema(
            [new Apache.Arrow.Field("X", Int32Type.Default, nullable: false), new Apache.Arrow.Field("T", new TimestampType(TimeUnit.Nanosecond, (string?)null), nullable: true)], []);
        var (one, two) = (new Int32Array.Builder().Append(1).Build(), new Int32Array.Builder().Append(1).Append(2).Build());
        var stamp = Stamps(TimeUnit.Nanosecond);
        var unfit = kind switch
        {
            "type" => new RecordBatch(schema, [new Int64Array.Builder().Append(1).Build(), stamp], 1),
            "unit" => new RecordBatch(schema, [one, Stamps(TimeUnit.Millisecond)], 1),
            "count" => new RecordBatch(schema, [one], 1),
            "length" => new RecordBatch(schema, [two, stamp], 1),
            _ => new RecordBatch(schema, [new Int32Array.Builder().AppendNull().Build(), stamp], 1),
        };
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => session.ImportAsync(schema, [new RecordBatch(schema, [one, stamp], 1), unfit], Cancelled));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Tables);

        await using var fitting = await session.ImportAsync(schema, [new RecordBatch(schema, [one, stamp], 1)], Cancelled);
        Assert.Single(server.Tables);
    }

    [Fact]
    public async Task A_disposed_table_throws_ObjectDisposedException()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var session = await server.ConnectAsync();
        var table = await session.EmptyTableAsync(1, Cancelled);
        await table.DisposeAsync();
        await table.DisposeAsync();
        Assert.Single(server.Requests.OfType<Protocol.Grpc.ReleaseRequest>());
        foreach (var use in new Func<Task>[]
        {
            () => table.UpdateAsync(["X = i"], Cancelled), () => table.WhereAsync([], Cancelled), () => table.SelectDistinctAsync([], Cancelled),
            () => table.FetchAsync(Cancelled), () => table.ToArrowAsync(Cancelled), () => table.ReleaseAsync(Cancelled),
        })
        {
            Assert.Contains(
                $"the table {table.Ticket} is disposed", (await Assert.ThrowsAsync<ObjectDisposedException>(use)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_closed_session_throws_ObjectDisposedException()
    {
        await using var server = await ScriptedServer.StartAsync();
        var session = await server.ConnectAsync();
        var table = await session.EmptyTableAsync(1, Cancelled);
        await session.CloseAsync(Cancelled);
        foreach (var use in new Func<Task>[]
        {
            () => session.EmptyTableAsync(1, Cancelled), () => session.ListFieldsAsync(Cancelled), () => table.ToArrowAsync(Cancelled),
            () => session.RenewAsync(Cancelled),
            () => session.ImportAsync(Schema(Words), [], Cancelled),
            () => PluginClient.ConnectAsync(session, new(new Protocol.ScopeTicket("echo"), "Echo"), Cancelled),
        })
        {
            Assert.Contains("the session is closed", (await Assert.ThrowsAsync<ObjectDisposedException>(use)).Message, StringComparison.Ordinal);
        }
    }

    private static TimestampArray Stamps(TimeUnit unit) =>
        new TimestampArray.Builder(new TimestampType(unit, (string?)null)).Append(DateTimeOffset.UnixEpoch).Build();

    private static Schema Schema(IArrowType type) => new([new Apache.Arrow.Field("C", type, nullable: true)], []);

    private static RecordBatch Batch(IArrowArray array) => new(Schema(array.Data.DataType), [array], array.Length);

    private static DictionaryArray Coded(string[] words, params int?[] codes)
    {
        var indices = new Int8Array.Builder();
        foreach (var code in codes)
            indices.Append((sbyte?)code);
        return new DictionaryArray(
            new DictionaryType(Int8Type.Default, StringType.Default, false), indices.Build(), new StringArray.Builder().AppendRange(words).Build());
    }

    private static ListArray List(string[] words, params int?[] codes)
    {
        var coded = Coded(words, codes);
        var offsets = new ArrowBuffer.Builder<int>().AppendRange([0, coded.Length]).Build();
        return new ListArray(new ArrayData(new ListType(coded.Data.DataType), 1, 0, 0, [ArrowBuffer.Empty, offsets], [coded.Data]));
    }

    private static IEnumerable<string?> Decoded(DictionaryArray array)
    {
        for (var n = 0; n < array.Length; n++)
            yield return array.IsNull(n) ? null : ((StringArray)array.Dictionary).GetString(((Int8Array)array.Indices).Values[n]);
    }
}
