namespace Wharf.Tables.Tests;

/// <summary>Only what is certain to be quick is computed where one must not stay long.</summary>
public sealed class QuickOnes
{
    private static readonly ArrowTable Few = Tables.Empty(10).Update("A = i", "S = `n` + i");

    [Theory]
    [InlineData("X = i + 5")]
    [InlineData("X = A % 3 == 0 ? A * 2.5 : (double)A")]
    [InlineData("X = ii - HOUR")]
    [InlineData("X = A")]
    public void Sums_and_branches_of_numbers_are_fast(string formula) => Assert.True(IsFast(Few, formula));

    [Theory]
    [InlineData("X = A_")]
    [InlineData("X = sqrt(A)")]
    [InlineData("X = S + 1")]
    [InlineData("X = S == null")]
    [InlineData("X = `a`")]
    [InlineData("X = S.length()")]
    [InlineData("X = A_[i]")]
    [InlineData("X = (")]
    public void Calls_texts_and_whole_columns_are_not_fast(string formula) => Assert.False(IsFast(Few, formula));

    [Fact]
    public void Many_rows_uncopied_rows_and_long_formulas_are_not_fast()
    {
        Assert.False(IsFast(Tables.Empty(5_000), "X = i"));
        Assert.False(IsFast(Few.Where("A > 5"), "X = A"));
        Assert.False(IsFast(Few, "X = A" + string.Concat(Enumerable.Repeat(" + A", 100))));
        Assert.False(TableEngine.IsFast(new UnstructuredFilter(["A > 5"]), [Few]));
        Assert.True(TableEngine.IsFast(new EmptyTable(5), []));
    }

    private static bool IsFast(ArrowTable table, string formula) => TableEngine.IsFast(new SelectOrUpdate(SelectKind.Update, [formula]), [table]);
}
