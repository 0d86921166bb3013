using System.Text;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Wharf.Cli.Tables;
using Wharf.Client;

namespace Wharf.Cli.Tests;

/// <summary>Every Arrow type in every format: the values are complete, or the table is refused before a byte is written.</summary>
public sealed class TableFormats
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Types => [.. ArrowSamples.All.Select(static sample => sample.Name)];

    [Theory]
    [InlineData(-1, "-00:00:00.000000001")]
    [InlineData(-3_661_500_000_000, "-01:01:01.5")]
    [InlineData(long.MinValue, "-2562047:47:16.854775808")]
    public void A_negative_time_of_day_has_a_sign(long value, string text) =>
        Assert.Equal(text, ArrowTimeText.Time(value, Apache.Arrow.Types.TimeUnit.Nanosecond));

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Csv_holds_every_value_and_distinguishes_null_from_empty_text(string name)
    {
        var sample = ArrowSamples.Find(name);
        var csv = Encoding.UTF8.GetString(await WriteAsync(TableFormat.Csv, sample.Schema, sample.Batch));
        Assert.Equal(["C", .. sample.Texts], Records(csv));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Json_holds_every_value(string name)
    {
        var sample = ArrowSamples.Find(name);
        var rows = TablePreview.Describe(new TablePreview(sample.Schema, sample.Array.Length, [sample.Batch], sample.Array.Length))["rows"]!.AsArray();
        Assert.Equal(
            sample.Json.Select(static text => JsonNode.Parse(text)?.ToJsonString() ?? "null"), rows.Select(static row => row!["C"]?.ToJsonString() ?? "null"));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task An_Arrow_file_holds_every_type_and_value(string name)
    {
        var sample = ArrowSamples.Find(name);
        using var reader = new ArrowFileReader(new MemoryStream(await WriteAsync(TableFormat.Arrow, sample.Schema, sample.Batch)));
        using var batch = await reader.ReadNextRecordBatchAsync(Cancelled);
        Assert.Equal(ArrowTypeText.Of(sample.Array.Data.DataType), ArrowTypeText.Of(reader.Schema.FieldsList[0].DataType));
        Assert.Equal(Values(sample.Array), Values(batch.Column(0)));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_Parquet_file_holds_every_value_or_the_type_is_refused_before_a_byte_is_written(string name)
    {
        var sample = ArrowSamples.Find(name);
        if (!sample.IsInParquet)
        {
            var refused = Assert.Throws<CommandException>(() => TableFormat.Parquet.Check(sample.Schema));
            Assert.Contains("column 'C' is a " + ArrowTypeText.Of(sample.Array.Data.DataType), refused.Message, StringComparison.Ordinal);
            Assert.Equal((ExitCodes.Failed, "--arrow supports all types"), (refused.ExitCode, refused.Advice));
            return;
        }

        var bytes = await WriteAsync(TableFormat.Parquet, sample.Schema, sample.Batch);
        if (!sample.IsReadBack)
            return;
        using var reader = new ParquetSharp.Arrow.FileReader(new MemoryStream(bytes));
        using var batches = reader.GetRecordBatchReader();
        using var batch = await batches.ReadNextRecordBatchAsync(Cancelled);
        Assert.Equal(Values(sample.Array), Values(batch.Column(0)));
    }

    [Fact]
    public async Task A_table_without_rows_is_a_whole_file_in_every_format()
    {
        var schema = ArrowSamples.Find("int32").Schema;
        Assert.Equal("C\r\n", Encoding.UTF8.GetString(await WriteAsync(TableFormat.Csv, schema)));
        using var arrow = new ArrowFileReader(new MemoryStream(await WriteAsync(TableFormat.Arrow, schema)));
        Assert.Equal(0, await arrow.RecordBatchCountAsync());
        Assert.Equal("C", arrow.Schema.FieldsList[0].Name);
        using var parquet = new ParquetSharp.Arrow.FileReader(new MemoryStream(await WriteAsync(TableFormat.Parquet, schema)));
        Assert.Equal("C", parquet.Schema.FieldsList[0].Name);
    }

    [Fact]
    public void A_table_without_columns_is_refused_by_the_formats_that_write_columns()
    {
        var none = new Schema([], []);
        foreach (var format in new[] { TableFormat.Csv, TableFormat.Arrow, TableFormat.Parquet })
            Assert.Contains("no columns", Assert.Throws<CommandException>(() => format.Check(none)).Message, StringComparison.Ordinal);
        Assert.Equal("""[{},{}]""", TablePreview.Describe(new TablePreview(none, 2, [new RecordBatch(none, [], 2)], 2))["rows"]!.ToJsonString());
    }

    [Fact]
    public async Task An_Arrow_file_is_refused_when_a_later_batch_has_another_dictionary()
    {
        var sample = ArrowSamples.Find("dictionary");
        var (first, schema) = ((DictionaryArray)sample.Array, sample.Schema);
        var other = new DictionaryArray(
            (Apache.Arrow.Types.DictionaryType)first.Data.DataType, first.Indices, new StringArray.Builder().Append("x").Append("y").Build());
        var error = await Assert.ThrowsAsync<CommandException>(() => WriteAsync(
            TableFormat.Arrow, schema, new RecordBatch(schema, [first], 3), new RecordBatch(schema, [other], 3)));
        Assert.Contains("several dictionaries", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await WriteAsync(TableFormat.Arrow, schema, new RecordBatch(schema, [first], 3), new RecordBatch(schema, [first], 3)));
    }

    private static async Task<byte[]> WriteAsync(TableFormat format, Schema schema, params RecordBatch[] batches)
    {
        format.Check(schema);
        using var stream = new MemoryStream();
        await using (var file = format.Create(stream, schema))
        {
            foreach (var batch in batches)
                await file.WriteAsync(batch, Cancelled);
            await file.CompleteAsync(Cancelled);
        }

        return stream.ToArray();
    }

    private static IEnumerable<string> Values(IArrowArray array) =>
        Enumerable.Range(0, array.Length).Select(n => ArrowCell.Json(array, n)?.ToJsonString() ?? "null");

    /// <summary>Reads the fields of a file of one column, as the documentation defines it: an empty field is null, two quotes are an empty text.</summary>
    private static IEnumerable<string?> Records(string csv)
    {
        for (var at = 0; at < csv.Length; at += 2)
        {
            if (csv[at] != '"')
            {
                var end = csv.IndexOf("\r\n", at, StringComparison.Ordinal);
                yield return end == at ? null : csv[at..end];
                at = end;
                continue;
            }

            var text = new StringBuilder();
            for (at++; csv[at] != '"' || csv[at + 1] == '"'; at++)
            {
                text.Append(csv[at]);
                at += csv[at] == '"' ? 1 : 0;
            }

            at++;
            yield return text.ToString();
        }
    }
}
