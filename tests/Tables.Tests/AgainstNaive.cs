using System.Collections.Concurrent;
using System.Text.Json;
using Apache.Arrow;
using CsCheck;

namespace Wharf.Tables.Tests;

/// <summary>Whatever an expression is, the engine's blocks say what going row by row says.</summary>
public sealed class AgainstNaive
{
    [Fact]
    public void Random_expressions_over_random_tables_have_the_values_of_row_by_row() =>
        Gen.Int[0, 1_000].SelectMany(static seed => Gen.Select(Gen.Const(seed), Gen.Int[1, 300], Gen.Int[1, 4])).SelectMany(static (seed, rows, chunks) =>
        {
            var table = new NaiveTable(seed, rows, chunks);
            return new NaiveExpressions(table).Any(4).Select(expression => (table, rows, expression));
        }).Sample(static drawn => Same(drawn.table, drawn.rows, drawn.expression), iter: 3_000, print: static drawn => drawn.expression.Text);

    [Fact]
    public void Tables_of_several_blocks_equal_the_naive_tables()
    {
        var table = new NaiveTable(7, 9_001, 3);
        new NaiveExpressions(table).Any(3).Sample(expression => Same(table, 9_001, expression), iter: 60, print: static expression => expression.Text);
    }

    [Fact]
    public void Tables_that_all_processors_compute_equal_the_naive_tables()
    {
        var table = new NaiveTable(11, 200_000, 3);
        new NaiveExpressions(table).Any(3).Sample(expression => Same(table, 200_000, expression), iter: 5, print: static expression => expression.Text);
    }

    [Fact]
    public void Random_conditions_keep_the_rows_of_row_by_row()
    {
        var table = new NaiveTable(3, 5_000, 3);
        ArrowTable numbered = table.Table.Update("N = i");
        new NaiveExpressions(table).Truth(4).Sample(
            condition =>
            {
                IEnumerable<int> expected = Enumerable.Range(0, 5_000).Where(row => (bool)condition.At(row)!);
                IEnumerable<int> kept = numbered.Where(condition.Text).View("N").ReadBatches().SelectMany(static batch => ((Int32Array)batch.Column(0)).Values.ToArray());
                Assert.Equal(expected, kept);
            },
            iter: 200,
            print: static condition => condition.Text);
    }

    /// <summary>For tests/reference-expressions.py, which asks the reference server for the same.</summary>
    [Fact]
    public void Expressions_are_written_out_for_the_reference_server()
    {
        string? file = Environment.GetEnvironmentVariable("WHARF_EXPRESSIONS_TO");
        Assert.SkipWhen(file is null, "WHARF_EXPRESSIONS_TO names no file");
        const int rows = 200;
        var table = new NaiveTable(5, rows, 1);
        var written = new ConcurrentDictionary<string, object>();
        new NaiveExpressions(table).Any(4).Sample(
            expression =>
            {
                Same(table, rows, expression);
                written[expression.Text] = new { type = $"{expression.Type}", values = Enumerable.Range(0, rows).Select(expression.Shown) };
            },
            iter: 500);
        string[] names = ["B", "H", "I", "L", "F", "D", "S"];
        object columns = names.Select(name => new { name, type = $"{table.Column(name).Type}", values = Enumerable.Range(0, rows).Select(table.Column(name).Shown) });
        File.WriteAllText(file, JsonSerializer.Serialize(new { columns, expressions = written }));
    }

    [Fact]
    public void A_wrong_value_would_be_found()
    {
        var table = new NaiveTable(1, 100, 1);
        NaiveExpression right = table.Column("I");
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Same(table, 100, right with { At = row => row == 57 ? 12345 : right.At(row) }));
    }

    private static void Same(NaiveTable table, int rows, NaiveExpression expression)
    {
        string computed = table.Table.Update("X = " + expression.Text).Column("X");
        string expected = string.Join(", ", Enumerable.Range(0, rows).Select(expression.Shown));
        Assert.Equal(expected, computed[(computed.IndexOf('[', StringComparison.Ordinal) + 1)..^1]);
    }
}
