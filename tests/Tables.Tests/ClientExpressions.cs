using System.Text.RegularExpressions;

namespace Wharf.Tables.Tests;

/// <summary>The expressions in the test suites and examples of the official clients.</summary>
public sealed partial class ClientExpressions
{
    private static readonly string[] TextColumns = ["Ticker", "ImportDate", "S", "Group", "col2", "string_col"];

    public static IEnumerable<TheoryDataRow<string>> Selectables => Named("selectables");

    public static IEnumerable<TheoryDataRow<string>> Conditions => Named("conditions").Where(static row => !row.Data.Contains(" in ", StringComparison.Ordinal));

    public static IEnumerable<TheoryDataRow<string>> RefusedOnes => Named("refused");

    [Theory]
    [MemberData(nameof(Selectables))]
    public void A_selectable_can_be_computed(string expression)
    {
        // Static access to classes is refused on purpose, also where one suite of a later tier uses it.
        if (expression == "LocalTime=LocalTime.now()")
        {
            Tables.Refused(() => Tables.Empty(3).Update(expression));
            return;
        }

        var operation = new SelectOrUpdate(SelectKind.Update, [expression]) { Parameters = new Dictionary<string, FormulaParameter> { ["data"] = FormulaParameter.From("sent") } };
        ArrowTable result = Tables.Engine().Run(operation, [TableFor(expression)], default);
        Assert.Contains(expression.Split('=')[0].Trim(), result.Names());
        Assert.Equal(20, result.ReadBatches().Sum(static batch => batch.Length));
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public void A_condition_is_a_truth_value(string condition) =>
        Assert.Equal("java.lang.Boolean", TableFor(condition).Update($"Result = {condition}").Field("Result").Metadata["deephaven:type"]);

    [Theory]
    [MemberData(nameof(RefusedOnes))]
    public void Expressions_that_the_client_suites_expect_to_fail_are_refused(string expression)
    {
        Tables.Refused(() => TableFor(expression).Update(expression));
        Tables.Refused(() => TableFor(expression).Update($"Result = {expression}"));
    }

    /// <summary>A table with every name in the expression as a column of a type that suits it.</summary>
    private static ArrowTable TableFor(string expression)
    {
        IEnumerable<string> names = Names().Matches(Literals().Replace(expression, "")).Select(static match => match.Value).Distinct()
            .Where(static name => name is not ("i" or "ii" or "k" or "in" or "null" or "new" or "data" or "l" or "d" or "SECOND" or "MINUTE" or "HOUR" or "java" or "Math" or "LocalTime"))
            .Where(static name => name is not ("byte" or "short" or "char" or "int" or "long" or "float" or "double" or "String" or "Instant"))
            .Append("d");
        bool lists = expression.Contains("[0]", StringComparison.Ordinal);
        return Tables.Empty(20).Update([.. names.Select(name => name switch
        {
            "Deleted" => name + " = i % 2 == 0",
            _ when TextColumns.Contains(name) => name + " = `AAPL` + i",
            _ when lists => name + " = new int[]{i}",
            _ => name + " = i",
        })]);
    }

    private static IEnumerable<TheoryDataRow<string>> Named(string kind) =>
        GoldenTable.Load("client-expressions.json").GetProperty(kind).EnumerateArray().Select(static entry => new TheoryDataRow<string>(entry.GetString()!));

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Names();

    [GeneratedRegex("`[^`]*`|'[^']*'|\"[^\"]*\"")]
    private static partial Regex Literals();
}
