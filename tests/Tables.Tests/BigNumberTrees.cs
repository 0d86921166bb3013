using System.Globalization;

namespace Wharf.Tables.Tests;

/// <summary>Reads the recorded condition trees: words with blanks between them.</summary>
internal static class BigNumberTrees
{
    private static readonly Dictionary<string, CompareOperator> Operators = new(StringComparer.Ordinal)
    {
        ["<"] = CompareOperator.Less, ["<="] = CompareOperator.LessOrEqual, [">"] = CompareOperator.Greater, [">="] = CompareOperator.GreaterOrEqual,
        ["=="] = CompareOperator.Equal, ["!="] = CompareOperator.NotEqual,
    };

    public static FilterCondition Parse(string text)
    {
        string[] words = text.Split(' ', 3);
        return words switch
        {
            ["search", var columns, var wanted] => new SearchCondition(wanted, columns.Split(',')),
            ["isnull", var column] => new IsNullCondition(column),
            ["isnan", var column] => new InvokeCondition("isNaN", null, [new ColumnOperand(column)]),
            ["contains", var column, var part] => new ContainsCondition(column, part),
            ["matches", var column, var pattern] => new MatchesCondition(column, pattern),
            ["invoke", "signum", var column] => new InvokeCondition("signum", new ColumnOperand(column), []),
            ["invoke", "equals", var columns] =>
                new InvokeCondition("equals", new ColumnOperand(columns.Split(' ')[0]), [new ColumnOperand(columns.Split(' ')[1])]),
            ["invoke", var name, var arguments] =>
                new InvokeCondition(name, null, [.. arguments.Split(' ').Select(static word => word == "5" ? Operand("l5") : Operand(word))]),
            ["not", var column, var rest] => new NotCondition(Parse($"{column} {rest}")),
            [var column, "in", var candidates] => new InCondition(Operand(column), [.. candidates.Split(',').Select(Operand)]),
            [var column, "not", var rest] => ((InCondition)Parse($"{column} {rest}")) with { IsInverted = true },
            [var left, var symbol, var right] => new CompareCondition(Operators[symbol], Operand(left), Operand(right)),
            _ => throw new ArgumentException(text),
        };
    }

    // A literal starts with a lower-case letter for its type.
    private static FilterOperand Operand(string word) => word[0] switch
    {
        'l' => new LiteralOperand(new LongParameter(word == "lmin" ? -1 : long.Parse(word[1..], CultureInfo.InvariantCulture))),
        'd' => new LiteralOperand(new DoubleParameter(double.Parse(word[1..], CultureInfo.InvariantCulture))),
        's' => new LiteralOperand(new TextParameter(word[1..])),
        'b' => new LiteralOperand(new BooleanParameter(word == "btrue")),
        'n' => new LiteralOperand(new InstantParameter(long.Parse(word[1..], CultureInfo.InvariantCulture))),
        _ => new ColumnOperand(word),
    };
}
