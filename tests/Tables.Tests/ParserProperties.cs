using CsCheck;
using Wharf.Tables.Formulas;

namespace Wharf.Tables.Tests;

public sealed class ParserProperties
{
    private static readonly ArrowTable Table = Tables.Empty(5).Update("A = i", "D = i * 0.5", "S = i == 2 ? null : `x` + i", "T = now()", "B = i % 2 == 0", "V = new int[]{i}");

    // A long run takes its number of inputs of each kind from the environment.
    private static int Inputs(int usual) => int.TryParse(Environment.GetEnvironmentVariable("WHARF_FUZZ_INPUTS"), out int wanted) ? wanted : usual;

    [Fact]
    public void Any_text_is_computed_or_refused_and_nothing_else() =>
        Gen.String[0, 40].Sample(static text => ComputedOrRefused("X = " + text), iter: Inputs(20_000));

    [Fact]
    public void Any_sequence_of_pieces_is_computed_or_refused_and_nothing_else() =>
        RandomFormulas.Pieces.Sample(static text => ComputedOrRefused("X = " + text), iter: Inputs(50_000));

    [Fact]
    public void Any_well_formed_tree_is_computed_or_refused_and_nothing_else() =>
        RandomFormulas.Trees(4).Sample(static text => ComputedOrRefused("X = " + text), iter: Inputs(20_000));

    [Fact]
    public void Any_condition_keeps_rows_or_is_refused_and_nothing_else() =>
        RandomFormulas.Conditions.Sample(
            static text =>
            {
                try
                {
                    Assert.InRange(Table.Where(text).RowCount, 0, 5);
                }
                catch (TableException refused)
                {
                    Assert.Equal(TableError.InvalidArgument, refused.Error);
                    Assert.StartsWith("condition: ", refused.Message, StringComparison.Ordinal);
                }
            },
            iter: Inputs(20_000));

    [Theory]
    [InlineData("(", ")")]
    [InlineData("-", "")]
    [InlineData("!", "")]
    [InlineData("(int)", "")]
    [InlineData("abs(", ")")]
    [InlineData("true ? 1 : ", "")]
    [InlineData("true ? ", " : 1")]
    [InlineData("A_[", "]")]
    [InlineData("1 + ", "")]
    [InlineData("", " + 1")]
    [InlineData("", ".trim()")]
    [InlineData("", "[0]")]
    [InlineData("new int[", "]")]
    [InlineData("new int[]{", "}")]
    [InlineData("{", "}")]
    public void Nesting_is_bounded_not_by_the_stack(string before, string after)
    {
        foreach (int depth in new[] { 10, 190, 210, 499, 1_000, 2_500, 30_000 })
            ComputedOrRefused("X = " + string.Concat(Enumerable.Repeat(before, depth)) + "A" + string.Concat(Enumerable.Repeat(after, depth)));
    }

    [Fact]
    public void The_deepest_allowed_formula_is_computed_on_a_small_stack()
    {
        var thread = new Thread(static () =>
        {
            string sum = "X = A" + string.Concat(Enumerable.Repeat(" + 1", Parser.MaxDepth - 2));
            Assert.StartsWith($"int [{Parser.MaxDepth - 2}", Table.Update(sum).Column("X"), StringComparison.Ordinal);
            string nested = "X = " + new string('(', 150) + "A" + new string(')', 150);
            Assert.Equal("int [0, 1, 2, 3, 4]", Table.Update(nested).Column("X"));
        }, maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();
    }

    [Fact]
    public void A_formula_longer_than_the_limit_is_refused() =>
        Assert.Contains("characters", Tables.Refused(() => Table.Update("X = " + new string(' ', Parser.MaxLength) + "1")).Message, StringComparison.Ordinal);

    private static void ComputedOrRefused(string formula)
    {
        try
        {
            foreach (Apache.Arrow.RecordBatch batch in Table.Update(formula).ReadBatches())
                Assert.Equal(5, batch.Length);
        }
        catch (TableException refused)
        {
            Assert.Equal(TableError.InvalidArgument, refused.Error);
            Assert.StartsWith("formula", refused.Message, StringComparison.Ordinal);
        }
    }
}
