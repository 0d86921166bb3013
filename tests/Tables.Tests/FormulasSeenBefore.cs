using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Operations;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Tests;

/// <summary>A formula that was seen before is not bound again where it means the same, and parts that it has twice are computed once.</summary>
public sealed class FormulasSeenBefore
{
    private readonly BoundFormulas _known = new();

    [Fact]
    public void The_same_formula_on_columns_of_the_same_types_is_bound_once()
    {
        for (int n = 0; n < 3; n++)
            Assert.Equal(7, Value<int>("A + B", ("A", (object)3), ("B", 4)));
        Assert.Equal(11, Value<int>("A + B", ("A", 5), ("B", 6)));
        Assert.Equal(1, _known.Bound);
    }

    [Fact]
    public void Other_types_and_other_names_are_another_meaning()
    {
        Assert.Equal(7, Value<int>("A + B", ("A", (object)3), ("B", 4)));
        Assert.Equal(7L, Value<long>("A + B", ("A", (object)3L), ("B", 4)));
        Assert.Equal(5, Value<int>("A + p", 2, ("A", (object)3)));
        Assert.Equal(12, Value<int>("A + p", 2, ("A", (object)3), ("p", 9)));
        Assert.Equal(4, _known.Bound);
        Assert.Equal(9, Value<int>("A + B", ("A", (object)3), ("B", 6)));
        Assert.Equal(4, _known.Bound);
    }

    [Fact]
    public void The_callers_values_are_part_of_the_meaning()
    {
        Assert.Equal(5, Value<int>("A + p", 2, ("A", (object)3)));
        Assert.Equal(6, Value<int>("A + p", 3, ("A", (object)3)));
        Assert.Equal(5, Value<int>("A + p", 2, ("A", (object)3)));
        Assert.Equal(2, _known.Bound);
    }

    [Theory]
    [InlineData("A + A_.size()")]
    [InlineData("A + (int)(random() * 0)")]
    [InlineData("A + (now() > null ? 0 : 0)")]
    public void A_formula_with_state_of_its_operation_is_bound_for_each_operation(string formula)
    {
        for (int n = 1; n <= 3; n++)
        {
            _known.Return(formula, Take(formula, null, ("A", 3)));
            Assert.Equal(n, _known.Bound);
        }
    }

    [Fact]
    public void The_moment_of_an_operation_is_never_that_of_an_earlier_one()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Tables.Now);
        var engine = new TableEngine(time);
        ArrowTable empty = Tables.Empty(1);
        string first = engine.Run(new SelectOrUpdate(SelectKind.Update, ["T = now()"]), [empty], default).Column("T");
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, engine.Run(new SelectOrUpdate(SelectKind.Update, ["T = now()"]), [empty], default).Column("T"));
    }

    [Fact]
    public void One_engine_computes_the_same_formulas_over_many_tables()
    {
        TableEngine engine = Tables.Engine();
        foreach (int rows in new[] { 1, 5_000, 300_000, 70, 300_001 })
        {
            ArrowTable table = Tables.Empty(rows).Update("A = i * 2", "S = `n` + i");
            foreach (string formula in new[] { "X = A * 2 + 1", "X = S.toUpperCase() + A", "X = S.length() > 3 ? S.length() : -S.length()", "X = A % 3 == 0 ? `a` : S" })
            {
                string once = table.Update(formula).Column("X");
                Assert.Equal(once, engine.Run(new SelectOrUpdate(SelectKind.Update, [formula]), [table], default).Column("X"));
            }

            Assert.Equal(table.Where("A % 3 == 1").RowCount, engine.Run(new UnstructuredFilter(["A % 3 == 1"]), [table], default).RowCount);
        }
    }

    [Theory]
    [InlineData("(A + 1) * (A + 1)", 1)]
    [InlineData("(A + 1) * (1 + A)", 0)]
    [InlineData("f(A + 1) * f(A + 1)", 1)]
    [InlineData("f(A + 1) * f(A + 1) * (A + 1)", 2)]
    [InlineData("f(x) + f(y) + g(x, 1) + g(x, 1L)", 0)]
    [InlineData("A * A + 1", 0)]
    [InlineData("now() > a ? now() : a", 1)]
    public void Parts_that_are_written_alike_are_found(string expression, int parts) => Assert.Equal(parts, CommonSubexpressions.Of(Parser.ParseExpression(expression)).Count);

    [Theory]
    [InlineData("X = (A + 1) * (A + 1) - (A + 1)", "X = A * A + A")]
    [InlineData("X = A % 2 == 0 ? S.length() + A : S.length() - A", "X = S.length() + (A % 2 == 0 ? A : 0 - A)")]
    [InlineData("X = S.length() > 3 && S.length() < 5 || (S.length() == 3 && A > 4) ? S.length() : 0", "X = S.length() == 4 ? 4 : S.length() == 3 && A > 4 ? 3 : 0")]
    public void A_formula_that_is_computed_twice_returns_the_same_values(string shared, string plain)
    {
        ArrowTable table = Tables.Empty(10_000).Update("A = i % 100", "S = `n` + i");
        Assert.Equal(table.Update(plain).Column("X"), table.Update(shared).Column("X"));
    }

    [Fact]
    public void A_part_is_computed_once_for_a_block_and_chance_is_drawn_each_time()
    {
        ArrowTable table = Tables.Empty(100).Update("X = random() - random() == 0.0", "Y = (random() + 1) - (random() + 1) == 0.0");
        Assert.DoesNotContain("true", table.Column("X"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("true", table.Column("Y"), StringComparison.OrdinalIgnoreCase);

        var counted = new CountingNode();
        var part = new SharedPart<int>(counted);
        var sum = new ArithmeticNode<int, Add<int>>(EngineType.Int, (Node<int>)part.At(0), (Node<int>)part.At(5));
        int[] values = new int[10];
        sum.Fill(new Frame(0, 10), values);
        sum.Fill(new Frame(10, 10), values);
        Assert.Equal(2, counted.Blocks);
        Assert.Equal(Enumerable.Range(10, 10).Select(static row => row * 2), values);
    }

    [Fact]
    public void The_caret_stands_where_the_part_failed()
    {
        ArrowTable table = Tables.Empty(1).Update("S = i == 5 ? `` : `ab`");
        string message = Tables.Refused(() => table.Update("X = i > 5 ? S.charAt(7) : S.charAt(7)")).Message;
        string[] lines = message.Split('\n');
        Assert.Equal(lines[1].LastIndexOf("charAt", StringComparison.Ordinal), lines[2].IndexOf('^', StringComparison.Ordinal));
    }

    [Fact]
    public void A_later_formula_takes_what_an_earlier_one_computed()
    {
        ArrowTable table = Tables.Empty(10).Update("S = `n` + i").Update("U = S.toUpperCase()", "V = S.toUpperCase()", "L = S.toUpperCase().length()");
        Assert.Same(table.Columns.Single(static column => column.Key == "U").Value, table.Columns.Single(static column => column.Key == "V").Value);
        Assert.Equal(Tables.Empty(10).Update("L = 2").Column("L"), table.Column("L"));
    }

    [Fact]
    public void A_formula_with_changed_columns_or_random_numbers_is_computed_again()
    {
        ArrowTable table = Tables.Empty(3).Update("A = i", "B = abs(A)", "A = A + 1", "C = abs(A)", "A = abs(A)", "D = abs(A + A)", "A = A + A", "E = abs(A)", "F = random()", "G = random()");
        Assert.Equal(Tables.Empty(3).Update("C = i + 1").Column("C"), table.Column("C"));
        Assert.Equal(Tables.Empty(3).Update("E = 2 * (i + 1)").Column("E"), table.Column("E"));
        Assert.NotEqual(table.Column("F")[1..], table.Column("G")[1..]);
    }

    private T Value<T>(string formula, params (string, object)[] columns) => Value<T>(formula, null, columns);

    private T Value<T>(string formula, int? p, params (string, object)[] columns)
    {
        BoundFormula bound = Take(formula, p, columns);
        T value = ((Node<T>)bound.Root).Read(new Frame(0, 1))[0];
        _known.Return(formula, bound);
        return value;
    }

    private BoundFormula Take(string formula, int? p, params (string Name, object Value)[] columns)
    {
        ArrowTable table = Tables.Empty(1).Update([.. columns.Select(static column => $"{column.Name} = ii == 0 ? {column.Value}{(column.Value is long ? "L" : "")} : 0")]);
        var parameters = new Dictionary<string, FormulaParameter>();
        if (p is { } value)
            parameters["p"] = new IntParameter(value);
        FormulaContext context = new FormulaContexts(TimeProvider.System, new Random(1)).Create(table, null, parameters, default);
        return _known.Take(formula, context, noting => Binder.Bind(Parser.ParseExpression(formula), noting));
    }

    private sealed class CountingNode() : Node<int>(EngineType.Int)
    {
        public int Blocks { get; private set; }

        public override void Fill(in Frame frame, Span<int> target)
        {
            Blocks++;
            for (int n = 0; n < target.Length; n++)
                target[n] = (int)frame.Start + n;
        }
    }
}
