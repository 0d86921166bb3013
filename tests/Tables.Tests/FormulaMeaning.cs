using Apache.Arrow;
using Microsoft.Extensions.Time.Testing;

namespace Wharf.Tables.Tests;

/// <summary>What formulas mean beyond the recorded answers: names, parameters, laziness, chance, errors, limits.</summary>
public sealed class FormulaMeaning
{
    [Fact]
    public void A_later_formula_sees_an_earlier_one_and_may_replace_it()
    {
        ArrowTable table = Tables.Empty(3).Update("A = i", "B = A + 1", "A = B * 10");
        Assert.Equal(["A", "B"], table.Names());
        Assert.Equal("int [10, 20, 30]", table.Column("A"));
        Assert.Equal("int [1, 2, 3]", table.Column("B"));
    }

    [Theory]
    [InlineData(SelectKind.Update, "A,B,C")]
    [InlineData(SelectKind.LazyUpdate, "A,B,C")]
    [InlineData(SelectKind.UpdateView, "A,B,C")]
    [InlineData(SelectKind.View, "C,A")]
    [InlineData(SelectKind.Select, "C,A")]
    public void Update_appends_and_select_keeps_the_order_asked_for(SelectKind kind, string expected)
    {
        ArrowTable table = Tables.Empty(2).Update("A = i", "B = i");
        Assert.Equal(expected.Split(','), Tables.Engine().Run(new SelectOrUpdate(kind, ["C = A", "A"]), [table], default).Names());
    }

    [Fact]
    public void Columns_are_shared_not_copied()
    {
        ArrowTable table = Tables.Empty(2).Update("A = i", "S = `x`");
        ArrowTable other = table.Update("B = A", "C = A + 1").View("X = B", "S", "C");
        Assert.Same(table.Find("A"), other.Find("X"));
        Assert.Same(table.Find("S"), other.Find("S"));
    }

    [Theory]
    [InlineData("16777217 == 16777217f", true)]
    [InlineData("16777217 < 16777217f", false)]
    [InlineData("9007199254740993L == 9007199254740992.0", true)]
    [InlineData("9007199254740993L > 9007199254740992.0", true)]
    [InlineData("9007199254740993L <= 9007199254740992.0", false)]
    [InlineData("MAX_LONG < 9.3e18", true)]
    [InlineData("MAX_LONG < 9223372036854775808.0", false)]
    [InlineData("-3L < -2.5", true)]
    [InlineData("-2L > -2.5", true)]
    [InlineData("-0.0 < 0.0", true)]
    [InlineData("-0.0 == 0.0", true)]
    [InlineData("-0.0 < 0L", false)]
    public void Ints_meet_floats_as_floats_and_longs_are_not_rounded_to_be_ordered(string formula, bool expected) =>
        Assert.Equal($"java.lang.Boolean [{(expected ? "true" : "false")}]", Tables.Empty(1).Update("X = " + formula).Column("X"));

    [Theory]
    [InlineData("X == 0.1", 1)]
    [InlineData("X <= 0.1", 1)]
    [InlineData("X > 0.1", 1)]
    [InlineData("X == (0.1)", 0)]
    [InlineData("X == 16777217", 1)]
    [InlineData("X < 0.0", 0)]
    public void A_condition_on_one_column_reads_its_literal_as_the_column_s_type(string condition, int kept) =>
        Assert.Equal(kept, Tables.Empty(2).Update("X = i == 0 ? 0.1f : 16777216f").Where(condition).RowCount);

    [Fact]
    public void Parameters_stand_behind_columns_and_have_their_types()
    {
        DateTimeOffset moment = DateTimeOffset.UnixEpoch.AddSeconds(1);
        var parameters = new Dictionary<string, object?> { ["data"] = "sent", ["n"] = 5, ["l"] = 6L, ["x"] = 0.5, ["yes"] = true, ["at"] = moment, ["none"] = null, ["A"] = "hidden" };
        var operation = new SelectOrUpdate(SelectKind.Update, ["Client = data", "N = n + A", "L = l", "X = x * 2", "Y = yes", "T = at", "Z = none", "B = A"])
        {
            Parameters = parameters.ToDictionary(static entry => entry.Key, static entry => FormulaParameter.From(entry.Value)),
        };
        ArrowTable table = Tables.Engine().Run(operation, [Tables.Empty(2).Update("A = i")], default);
        Assert.Equal("java.lang.String [sent, sent]", table.Column("Client"));
        Assert.Equal("int [5, 6]", table.Column("N"));
        Assert.Equal("long [6, 6]", table.Column("L"));
        Assert.Equal("double [1, 1]", table.Column("X"));
        Assert.Equal("java.lang.Boolean [true, true]", table.Column("Y"));
        Assert.Equal("java.time.Instant [1000000000, 1000000000]", table.Column("T"));
        Assert.Equal("java.lang.String [null, null]", table.Column("Z"));
        Assert.Equal("int [0, 1]", table.Column("B"));
    }

    [Fact]
    public void A_parameter_survives_the_way_between_nodes()
    {
        var operation = new SelectOrUpdate(SelectKind.Update, ["X = x"]) { Parameters = new Dictionary<string, FormulaParameter> { ["x"] = new DoubleParameter(double.NaN) } };
        TableOperation back = TableOperationCodec.Read(TableOperationCodec.Write(operation));
        Assert.Equal("double [NaN]", Tables.Engine().Run(back, [Tables.Empty(1)], default).Column("X"));
    }

    [Fact]
    public void Only_the_branch_that_a_row_takes_is_computed()
    {
        ArrowTable table = Tables.Empty(10_000).Update("A = i % 3", "R = A == 0 ? -1 : 10 % A", "S = A == 0 ? null : `x`", "L = isNull(S) ? -1 : S.length()", "C = A != 0 && 10 % A == 0");
        string expected = string.Join(", ", Enumerable.Range(0, 10_000).Select(static n => n % 3 == 0 ? -1 : 10 % (n % 3)));
        Assert.Equal($"int [{expected}]", table.Column("R"));
        Assert.Equal(10_000, table.ReadBatches().Sum(static batch => batch.Length));
        Tables.Refused(() => table.Update("X = 10 % A"));
        Tables.Refused(() => table.Update("X = S.length()"));
    }

    [Fact]
    public void Branches_inside_branches_pick_the_right_rows()
    {
        ArrowTable table = Tables.Empty(5000).Update("A = i % 7", "R = A == 0 ? 100 % (A + 1) : A == 1 ? 100 % A : A == 2 ? null : 100 % (A * 2)");
        string expected = string.Join(", ", Enumerable.Range(0, 5000).Select(static n => (n % 7) switch { 0 or 1 => "0", 2 => "null", var a => (100 % (a * 2)).ToString() }));
        Assert.Equal($"int [{expected}]", table.Column("R"));
    }

    [Fact]
    public void A_branch_that_no_row_takes_is_never_computed() => Assert.Equal("int [1, 1]", Tables.Empty(2).Update("X = i >= 0 ? 1 : 1 % 0").Column("X"));

    [Fact]
    public void Without_rows_nothing_is_computed_and_the_type_is_known()
    {
        ArrowTable table = Tables.Empty(0).Update("X = 1 % 0", "Y = `a`.substring(5)");
        Assert.Equal("int []", table.Column("X"));
        Assert.Equal("java.lang.String []", table.Column("Y"));
    }

    [Fact]
    public void Now_is_one_moment_for_all_rows_and_formulas()
    {
        var clock = new FakeTimeProvider(Tables.Now) { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        ArrowTable table = new TableEngine(clock).Run(new SelectOrUpdate(SelectKind.Update, ["A = now()", "B = now()", "D = epochNanos(A) - epochNanos(B)"]), [Tables.Empty(3)], default);
        Assert.Equal("long [0, 0, 0]", table.Column("D"));
        long nanos = (Tables.Now - DateTimeOffset.UnixEpoch).Ticks * 100;
        Assert.Equal($"java.time.Instant [{nanos}, {nanos}, {nanos}]", table.Column("A"));
    }

    [Fact]
    public void Random_numbers_are_drawn_once_per_row_and_stay()
    {
        ArrowTable table = Tables.Empty(1000).Update("R = randomInt(0, 1000000)", "G = randomGaussian(0, 1)", "B = randomBool()", "D = randomDouble(2.0, 3.0)", "U = random()");
        Assert.Equal(table.Column("R"), table.Column("R"));
        Assert.True(table.Column("R").Split(',').Distinct().Count() > 900);
        Assert.Equal(string.Join(", ", Enumerable.Repeat("true", 1000)), table.Update("X = D >= 2 && D < 3 && U >= 0 && U < 1").Column("X")[19..^1]);
        ArrowTable again = Tables.Engine().Run(new SelectOrUpdate(SelectKind.Update, ["R = randomInt(0, 1000000)"]), [Tables.Empty(1000)], default);
        Assert.Equal(table.Column("R"), again.Column("R"));
    }

    [Theory]
    [InlineData("X = Nope + 1", "there is no column, parameter or constant Nope", 5)]
    [InlineData("X = 1 + `a` * 2", "* is not defined for java.lang.String and int", 13)]
    [InlineData("X = nope(1)", "there is no function nope", 5)]
    [InlineData("X = sqrt(`a`)", "the function sqrt does not take (java.lang.String); it takes (double)", 5)]
    [InlineData("X = 1 +", "the formula ends too early", 8)]
    [InlineData("X = (1", "')' is expected, the formula ends", 7)]
    [InlineData("X = 1 % 0", "division by zero", 7)]
    [InlineData("X = `ab`.charAt(2)", "charAt: position 2 is outside of a string of 2 characters", 10)]
    [InlineData("X = `a`.matches(`[`)", "matches: the pattern is not a regular expression", 9)]
    [InlineData("X", "there is no column, parameter or constant X", 1)]
    [InlineData("i = 5", "i is not a legal column name", 1)]
    [InlineData("3 = 5", "a column name is expected", 1)]
    [InlineData("X == 5", "'=' is expected", 3)]
    public void An_error_names_the_formula_the_problem_and_the_place(string formula, string problem, int position)
    {
        string message = Tables.Refused(() => Tables.Empty(1).Update(formula)).Message;
        Assert.StartsWith(formula.StartsWith("X = ", StringComparison.Ordinal) ? "formula of column X: " : "formula", message, StringComparison.Ordinal);
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.EndsWith($"\n  {formula}\n  {new string(' ', position - 1)}^", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_that_are_stored_a_byte_a_character_and_others_are_treated_alike()
    {
        foreach (string[] texts in new[] { new[] { "abc", "", "Z", "x y" }, ["abc", "\u00e9", "", "\ud83d\ude00x"] })
        {
            ArrowTable table = Tables.Upload("S", new StringArray.Builder().AppendRange(texts).Build()).Update("L = S.length()", "U = S.toUpperCase()", "D = S.toLowerCase()", "J = `<` + S + i + `>`");
            Assert.Equal($"int [{string.Join(", ", texts.Select(static text => text.Length))}]", table.Column("L"));
            Assert.Equal($"java.lang.String [{string.Join(", ", texts.Select(static text => text.ToUpperInvariant()))}]", table.Column("U"));
            Assert.Equal($"java.lang.String [{string.Join(", ", texts.Select(static text => text.ToLowerInvariant()))}]", table.Column("D"));
            Assert.Equal($"java.lang.String [{string.Join(", ", texts.Select(static (text, row) => $"<{text}{row}>"))}]", table.Column("J"));
        }

        ArrowTable withNull = Tables.Upload("S", new StringArray.Builder().Append("a").AppendNull().Build());
        Tables.Refused(() => withNull.Update("X = S.length()"));
        Tables.Refused(() => withNull.Update("X = S.toUpperCase()"));
        Assert.Equal("java.lang.String [a0, null1]", withNull.Update("X = S + i").Column("X"));
        Assert.Equal("int [1, 0]", withNull.Update("X = isNull(S) ? 0 : S.length()").Column("X"));
    }

    [Theory]
    [InlineData("X = Prise + 1", "did you mean Price?")]
    [InlineData("X = price + 1", "did you mean Price?")]
    [InlineData("X = sqrd(Price)", "did you mean sqrt?")]
    [InlineData("X = `a`.lenght()", "did you mean length?")]
    [InlineData("X = SECONDS", "did you mean SECOND?")]
    public void An_error_names_the_nearest_known_name(string formula, string hint) =>
        Assert.Contains(hint + "\n", Tables.Refused(() => Tables.Empty(1).Update("Price = 2.5").Update(formula)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_caret_stands_under_the_place_also_in_a_long_formula()
    {
        string formula = "X = " + string.Join(" + ", Enumerable.Repeat("1", 100)) + " + Nope + " + string.Join(" + ", Enumerable.Repeat("1", 100));
        string[] lines = Tables.Refused(() => Tables.Empty(1).Update(formula)).Message.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal(lines[1].IndexOf("Nope", StringComparison.Ordinal), lines[2].IndexOf('^', StringComparison.Ordinal));
        Assert.True(lines[1].Length < 120);
    }

    [Theory]
    [InlineData("X = S.getClass()")]
    [InlineData("X = System.exit(0)")]
    [InlineData("X = java.lang.Runtime.getRuntime().exec(`x`)")]
    [InlineData("X = new java.io.File(`x`)")]
    [InlineData("X = new File(`x`)")]
    [InlineData("X = Class.forName(`x`)")]
    [InlineData("X = S.class")]
    [InlineData("X = Math.abs(1)")]
    public void Only_listed_functions_and_methods_can_be_called(string formula) => Tables.Refused(() => Tables.Empty(1).Update("S = `x`").Update(formula));

    [Fact]
    public void A_pattern_that_would_backtrack_for_ever_does_not()
    {
        ArrowTable table = Tables.Empty(1).Update("S = `a`.repeat(50000) + `!`");
        Assert.Equal("java.lang.Boolean [false]", table.Update("X = S.matches(`(a+)+`)").Column("X"));
        Assert.Equal("java.lang.Boolean [false]", table.Update("X = S.matches(`(a|aa)+$`)").Column("X"));
    }

    [Fact]
    public void A_text_cannot_be_made_to_fill_the_memory()
    {
        Tables.Refused(() => Tables.Empty(1).Update("X = `0123456789`.repeat(2000000000)"));
        Tables.Refused(() => Tables.Empty(1).Update("X = `a`.repeat(100000).replace(``, `b`.repeat(100000))"));
        Tables.Refused(() => Tables.Empty(1).Update("X = `a`.repeat(10000).replaceAll(`a`, `b`.repeat(10000))"));
        Tables.Refused(() => Tables.Empty(1).Update("X = `a`.repeat(100000).replaceAll(`a+`, `$0`.repeat(1000))"));
        Tables.Refused(() => Tables.Empty(4096).Update("X = `0123456789`.repeat(1000000 + i)"));
        Tables.Refused(() => Tables.Empty(1).Update([.. Enumerable.Repeat("S = S + S", 40).Prepend("S = `0123456789`")]));
        Assert.Equal("java.lang.String [ccc, $b]", Tables.Empty(2).Update("X = i == 0 ? `aba`.replaceAll(`[ab]`, `c`) : `ab`.replaceFirst(`a`, `\\\\$`)").Column("X"));
    }

    [Fact]
    public void A_long_computation_stops_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var clock = new FakeTimeProvider();
        var engine = new TableEngine(clock, new Cancelling(cancellation));
        Assert.Throws<OperationCanceledException>(
            () => engine.Run(new SelectOrUpdate(SelectKind.Update, ["X = random()"]), [Tables.Empty(50_000_000)], cancellation.Token));
    }

    [Fact]
    public void A_row_that_runs_through_a_whole_column_can_be_cancelled_too()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        ArrowTable table = Tables.Empty(3_000_000).Update("A = i");
        Assert.Throws<OperationCanceledException>(
            () => Tables.Engine().Run(new SelectOrUpdate(SelectKind.Update, ["X = sum(A_.subVector(0, ii + 2000000))"]), [table], cancellation.Token));
    }

    private sealed class Cancelling(CancellationTokenSource cancellation) : Random
    {
        private int _drawn;

        public override double NextDouble()
        {
            if (++_drawn == 10_000)
                cancellation.Cancel();
            Assert.True(_drawn < 100_000, "the computation went on long after it was cancelled");
            return 0.5;
        }
    }

    [Fact]
    public void Elements_of_columns_and_arrays()
    {
        ArrowTable table = Tables.Empty(4).Update("A = i * 10", "P = A_[i - 1]", "M = max(A_)", "V = new int[]{i, 7}", "W = V[1] + V[0]", "Z = new int[2]", "N = V[5]", "S = `a b`.split(` `)[1]");
        Assert.Equal("int [null, 0, 10, 20]", table.Column("P"));
        Assert.Equal("int [30, 30, 30, 30]", table.Column("M"));
        Assert.Equal("int[] [[0, 7], [1, 7], [2, 7], [3, 7]]", table.Column("V"));
        Assert.Equal("int [7, 8, 9, 10]", table.Column("W"));
        Assert.Equal("int [null, null, null, null]", table.Column("N"));
        Assert.Equal("java.lang.String [b, b, b, b]", table.Column("S"));
        Tables.Refused(() => Tables.Empty(1_000_000).Update("A = i", "X = A_"));
        Tables.Refused(() => Tables.Empty(2).Update("A = i", "X = A_.subVector(MIN_LONG, MAX_LONG).size()"));
    }

    [Theory]
    [InlineData("'2020-01-01T00:00:00Z'", "2020-01-01T00:00:00Z")]
    [InlineData("'2020-01-01T00:00:00.5 UTC'", "2020-01-01T00:00:00.500Z")]
    [InlineData("'2020-07-01T12:00 ET'", "2020-07-01T16:00:00Z")]
    [InlineData("'2020-01-01T12:00:00+02:00'", "2020-01-01T10:00:00Z")]
    [InlineData("'1969-12-31T23:59:59.999999999Z'", "1969-12-31T23:59:59.999999999Z")]
    [InlineData("'12:34'", "12:34")]
    [InlineData("'12:34:56.123456'", "12:34:56.123456")]
    [InlineData("'PT1H30M5.5S'", "PT1H30M5.5S")]
    [InlineData("'-PT1S'", "PT-1S")]
    [InlineData("'PT-0.5S'", "PT-0.5S")]
    [InlineData("'P1DT1S'", "PT24H1S")]
    [InlineData("'P1Y2M3W'", "P1Y2M21D")]
    [InlineData("'2020-01-31' + 'P1M'", "2020-02-29")]
    [InlineData("'23:59:59'.plus('PT2S')", "00:00:01")]
    [InlineData("'2020-01-01'.plusDays(366)", "2021-01-01")]
    public void Times_are_written_as_they_are_read(string literal, string text) =>
        Assert.Equal($"java.lang.String [{text}]", Tables.Empty(1).Update($"X = `` + ({literal})").Column("X"));

    [Theory]
    [InlineData("1e7", "1.0E7")]
    [InlineData("9999999.0", "9999999.0")]
    [InlineData("0.001", "0.001")]
    [InlineData("0.00099", "9.9E-4")]
    [InlineData("123456.789", "123456.789")]
    [InlineData("1e300", "1.0E300")]
    [InlineData("-0.5", "-0.5")]
    [InlineData("100.0", "100.0")]
    [InlineData("0.1f", "0.1")]
    [InlineData("1.0f / 3.0f", "0.33333334")]
    [InlineData("5e-324", "4.9E-324")]
    public void Numbers_are_written_as_Java_writes_them(string number, string text) =>
        Assert.Equal($"java.lang.String [{text}]", Tables.Empty(1).Update($"X = `` + {number}").Column("X"));
}
