using CsCheck;

namespace Wharf.Tables.Tests;

public sealed class ParserProperties
{
    private static readonly ArrowTable Table = Tables.Empty(5).Update("A = i", "D = i * 0.5", "S = i == 2 ? null : `x` + i", "T = now()", "B = i % 2 == 0", "V = new int[]{i}");

    private static readonly Gen<string> Pieces = OneOf(
        "A", "D", "S", "T", "B", "V", "A_", "i", "ii", "1", "2.5", "3L", "0x1F", "1e3", "`t`", "\"q\"", "'c'", "'PT1S'", "'2020-01-01'", "null", "true", "+", "-", "*", "/", "%", "==", "!=",
        "<", ">=", "&&", "||", "!", "?", ":", "(", ")", "[", "]", "{", "}", ",", ".", "(int)", "(String)", "(boolean)", "abs(", "sqrt(", "isNull(", ".length()", ".substring(", "new int[]{", "&", "|", "^", "=", " ",
        "min(", "avg(", "timeZone(", "matches", "`", "'", "\\", "$", "\0", "é", "/*", "*/", "_", "..");

    // A long run takes its number of inputs of each kind from the environment.
    private static int Inputs(int usual) => int.TryParse(Environment.GetEnvironmentVariable("WHARF_FUZZ_INPUTS"), out int wanted) ? wanted : usual;

    private static readonly Gen<string> ConditionPieces = OneOf(
        "A", "D", "S", "T", "B", "V", "i", " in ", " not ", " icase ", " includes ", "any ", "all ", "1", "2.5", "-", "3L", "`t`", "'c'", "'2020-01-01T00:00:00Z'", "null", "NaN", "Infinity", "true",
        ", ", "==", "=", "!=", "<", ">=", "&&", "||", "!", "(", ")", "isNull(", " ", "`", "'", "\0");

    [Fact]
    public void Any_text_is_computed_or_refused_and_nothing_else() =>
        Gen.String[0, 40].Sample(static text => ComputedOrRefused("X = " + text), iter: Inputs(20_000));

    [Fact]
    public void Any_sequence_of_pieces_is_computed_or_refused_and_nothing_else() =>
        Pieces.List[1, 12].Select(string.Concat).Sample(static text => ComputedOrRefused("X = " + text), iter: Inputs(50_000));

    [Fact]
    public void Any_well_formed_tree_is_computed_or_refused_and_nothing_else() =>
        Trees(4).Sample(static text => ComputedOrRefused("X = " + text), iter: Inputs(20_000));

    [Fact]
    public void Any_condition_keeps_rows_or_is_refused_and_nothing_else() =>
        Gen.OneOf(ConditionPieces.List[1, 12].Select(string.Concat), Trees(3)).Sample(
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

    internal static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(n => texts[n]);

    private static Gen<string> Trees(int depth)
    {
        Gen<string> leaf = OneOf("A", "D", "S", "T", "B", "V", "i", "ii", "1", "0", "2.5f", "7L", "`1`", "'c'", "'PT1S'", "null", "true", "(byte)300", "A_", "S_", "NULL_LONG", "-1", "'12:00:00'", "'2020-02-29'", "'P1M'");
        if (depth == 0)
            return leaf;
        Gen<string> inner = Trees(depth - 1);
        return Gen.OneOf(
            leaf,
            Gen.Select(inner, OneOf("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "&", "|", "^"), inner).Select(static (a, op, b) => $"({a} {op} {b})"),
            Gen.Select(inner, inner, inner).Select(static (a, b, c) => $"({a} ? {b} : {c})"),
            Gen.Select(OneOf("-", "!", "(int)", "(long)", "(double)", "(char)", "(byte)", "(String)", "(boolean)"), inner).Select(static (op, a) => $"({op}{a})"),
            Gen.Select(OneOf("abs", "sqrt", "isNull", "round", "epochNanos", "year", "sum", "count", "parseInstant", "signum"), inner).Select(static (f, a) => $"{f}({a})"),
            Gen.Select(OneOf("min", "max", "pow", "plus", "lowerBin", "replaceIfNull", "in", "randomInt"), inner, inner).Select(static (f, a, b) => $"{f}({a}, {b})"),
            Gen.Select(inner, OneOf("length()", "trim()", "substring(1)", "charAt(0)", "split(`x`)", "size()", "repeat(3)"), Gen.Const(0)).Select(static (a, m, _) => $"{a}.{m}"),
            Gen.Select(inner, inner).Select(static (a, b) => $"{a}[{b}]"));
    }
}
