using Wharf.Tables.Formulas;

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
    public void A_worker_that_cannot_be_made_fails_the_computation()
    {
        if (Environment.ProcessorCount == 1)
            return;
        using var tried = new ManualResetEventSlim();
        int None()
        {
            tried.Set();
            throw new FormulaError("no worker");
        }

        var failure = Assert.Throws<FormulaError>(() => RowRanges.Compute(
            Rows, 0, None, (_, start, _) => tried.Wait(TimeSpan.FromMinutes(1)) ? start : throw new TimeoutException(), default));

        Assert.Equal("no worker", failure.Message);
    }

    [Fact]
    public void Texts_that_are_computed_after_others_were_cancelled_share_no_memory()
    {
        ArrowTable table = Tables.Empty(4 * Rows).Update("S = `Text ` + i");
        TableEngine engine = Tables.Engine();
        ArrowTable Turned(string formula, CancellationToken cancellationToken) => engine.Run(new SelectOrUpdate(SelectKind.View, [formula]), [table], cancellationToken);

        for (int attempt = 0; attempt < 20; attempt++)
        {
            using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(attempt));
            try
            {
                ArrowTable made = Turned("U = S.toUpperCase()", source.Token);
                made.TryHold();
                made.LetGo();
            }
            catch (OperationCanceledException)
            {
            }
        }

        ArrowTable upper = Turned("U = S.toUpperCase()", default), lower = Turned("L = S.toLowerCase()", default);
        Assert.Equal("java.lang.String [TEXT 7, TEXT 3999999]", upper.Where("i == 7 || i == 3999999").Column("U"));
        Assert.Equal("java.lang.String [text 7, text 3999999]", lower.Where("i == 7 || i == 3999999").Column("L"));
    }

    [Fact]
    public void The_error_of_a_row_is_that_of_the_first_wrong_row()
    {
        string message = Tables.Refused(() => Tables.Empty(Rows).Update("X = 1 % (i == 700000 ? 0 : 1) + (i == 100 ? `ab` : `abc`).charAt(2)")).Message;
        Assert.Contains("position 2 is outside of a string of 2 characters", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(Rows)]
    public void A_cancelled_copy_ends(int rows)
    {
        var cancelled = new CancellationToken(canceled: true);
        ArrowTable table = Tables.Empty(rows).Update("A = i");
        Assert.Throws<OperationCanceledException>(() => Tables.Engine().Run(new SelectOrUpdate(SelectKind.Update, ["X = A * 2"]), [table], cancelled));
        Assert.Throws<OperationCanceledException>(() => Tables.Engine().Run(new UnstructuredFilter(["A > 2"]), [table], cancelled));
    }
}
