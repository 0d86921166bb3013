using Apache.Arrow;

namespace Wharf.Tables.Tests;

public sealed class BatchSizes
{
    [Fact]
    public void A_table_without_rows_has_no_batches() => Assert.Empty(Tables.Empty(0).Update("A = i", "S = `x`").ReadBatches());

    [Fact]
    public void The_first_batch_has_4096_rows_and_later_ones_grow()
    {
        int[] sizes = [.. Tables.Empty(100_000).Update("A = i").ReadBatches().Select(static batch => batch.Length)];
        Assert.Equal(4096, sizes[0]);
        Assert.Equal(100_000, sizes.Sum());
        Assert.True(sizes[1] > sizes[0] && sizes[2] > sizes[1]);
    }

    [Fact]
    public void No_batch_comes_near_the_message_limit_whatever_the_rows_weigh()
    {
        ArrowTable table = Tables.Empty(3000).Update("S = i % 2 == 0 ? `x` : `0123456789`.repeat(10000)");
        int rows = 0;
        foreach (RecordBatch batch in table.ReadBatches())
        {
            rows += batch.Length;
            var texts = (StringArray)batch.Column(0);
            Assert.InRange(texts.ValueOffsets[batch.Length] - texts.ValueOffsets[0], 0, 16 << 20);
        }

        Assert.Equal(3000, rows);
    }

    [Fact]
    public void A_row_larger_than_a_batch_still_travels()
    {
        ArrowTable table = Tables.Empty(3).Update("S = `0123456789`.repeat(1000000)");
        Assert.Equal([1, 1, 1], table.ReadBatches().Select(static batch => batch.Length));
    }

    [Fact]
    public void The_caller_can_ask_for_smaller_batches() =>
        Assert.All(Tables.Empty(10_000).Update("A = i").ReadBatches(maxRows: 1000), static batch => Assert.Equal(1000, batch.Length));

    [Fact]
    public void A_table_without_columns_sends_its_rows() => Assert.Equal(5, Tables.Empty(5).ReadBatches().Sum(static batch => batch.Length));

    [Fact]
    public void Reading_stops_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        IEnumerator<RecordBatch> batches = Tables.Empty(1_000_000).Update("A = i").ReadBatches(1000, cancellation.Token).GetEnumerator();
        Assert.True(batches.MoveNext());
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => batches.MoveNext());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public void An_Arrow_reader_receives_the_same_rows_for_every_batch_size(int maxRows)
    {
        ArrowTable table = Tables.Empty(3000).Update(
            "A = i % 3 == 0 ? null : i", "B = ii * 0.5", "C = i % 2 == 0", "S = i % 5 == 0 ? null : `row ` + i", "K = `same`", "V = new int[]{i, 2}", "N = (double)null");
        (Schema schema, List<RecordBatch> batches) = Tables.OverTheWire(table, maxRows);
        ArrowTable back = ArrowTable.FromBatches(schema, batches);
        Assert.Equal(3000, back.RowCount);
        foreach (string name in table.Names())
            Assert.Equal(table.Column(name), back.Column(name));
    }
}
