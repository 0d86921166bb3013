namespace Wharf.Tables.Tests;

/// <summary>Large tables are computed range by range on all processors, and nobody can tell.</summary>
public sealed class SharedRows
{
    private const int Rows = 1_000_000;

    [Fact]
    public void Results_come_in_the_order_of_the_rows_whoever_was_quicker()
    {
        long[] starts = RowRanges.Compute(Rows, 0, static () => 0, static (_, start, _) => start, default);
        Assert.Equal(starts.Order(), starts);
        Assert.True(starts.Length > 1);
        int[] counts = RowRanges.Compute(Rows, 0, static () => 0, static (_, _, count) => count, default);
        Assert.Equal(Rows, counts.Sum());
    }

    [Fact]
    public void The_failure_of_the_first_range_that_fails_is_told()
    {
        for (int attempt = 0; attempt < 50; attempt++)
        {
            var failure = Assert.Throws<FormulaError>(() => RowRanges.Compute(
                Rows, 0, static () => 0, static (_, start, _) => start > 0 ? throw new FormulaError($"range at {start}") : start, default));
            Assert.Equal($"range at {RowRanges.Length(Rows, Environment.ProcessorCount)}", failure.Message);
        }
    }

    [Fact]
    public void The_error_of_a_row_is_that_of_the_first_wrong_row()
    {
        string message = Tables.Refused(() => Tables.Empty(Rows).Update("X = 1 % (i == 700000 ? 0 : 1) + (i == 100 ? `ab` : `abc`).charAt(2)")).Message;
        Assert.Contains("position 2 is outside of a text of 2 characters", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(Rows)]
    public void What_is_cancelled_ends(int rows)
    {
        var cancelled = new CancellationToken(canceled: true);
        ArrowTable table = Tables.Empty(rows).Update("A = i");
        Assert.Throws<OperationCanceledException>(() => Tables.Engine().Run(new SelectOrUpdate(SelectKind.Update, ["X = A * 2"]), [table], cancelled));
        Assert.Throws<OperationCanceledException>(() => Tables.Engine().Run(new UnstructuredFilter(["A > 2"]), [table], cancelled));
    }
}
