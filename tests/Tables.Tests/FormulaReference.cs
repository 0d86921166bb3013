using System.Text;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Formulas.Functions;
using Wharf.Tables.Formulas.Functions.Vectors;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Tests;

/// <summary>docs/formulas.md is generated from the function library; WHARF_WRITE_DOCS=1 writes it.</summary>
public sealed class FormulaReference
{
    private static readonly ArrowTable Table = Tables.Empty(1).Update("A = i");

    public static IEnumerable<TheoryDataRow<string>> Examples =>
        FunctionDocs.Functions.Values.Concat(FunctionDocs.Operators.Select(static entry => entry.Doc)).Select(static doc => new TheoryDataRow<string>(doc.Example));

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_can_be_computed(string example) => Assert.DoesNotContain("null", Value(example), StringComparison.Ordinal);

    [Fact]
    public void Every_function_has_its_documentation_and_every_documentation_its_function()
    {
        string[] special = ["isNull", "in", "inObj"];
        IEnumerable<string> known = FunctionLibrary.Functions.Select(static function => function.Name).Concat(VectorFunctions.Names).Concat(special).Concat(OperatorFunctions.Names).Distinct();
        Assert.Equal(known.Order(StringComparer.Ordinal), FunctionDocs.Functions.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_page_is_up_to_date()
    {
        string file = Path.Combine(Folder(), "formulas.md"), page = Page();
        if (Environment.GetEnvironmentVariable("WHARF_WRITE_DOCS") == "1")
            File.WriteAllText(file, page);
        Assert.Equal(page, File.ReadAllText(file));
    }

    private static string Page()
    {
        var page = new StringBuilder();
        page.Append("""
            # Formulas and conditions

            This page is generated from the function library by `tests/Tables.Tests/FormulaReference.cs` (`WHARF_WRITE_DOCS=1` writes it), which also runs every example.

            A formula is `Name = expression` or the name of a column. A condition is a Boolean expression, or one of the forms that only a whole condition can have:
            `Column [icase] [not] in value, ..` and `Column [icase] [not] includes [any|all] text, ..`. In a condition, a column can be compared with the literal `null`.

            A whole condition that compares a column of big numbers (`BigDecimal`, `BigInteger`) with a number literal is a special case: `P = 1.5`, and `P in 1.5`, keep only decimals
            that have the same scale, like Java's `equals`, so that `1.50` is another number. `P = 1.5 + 0`, `P == Q`, ordering comparisons, and all formulas compare by value.

            A column with values of any type (a union, or nulls only) is compared by value and type. After `in`, a string literal is a string, digits are an int, and a number with a decimal point is a double.

            Names are columns, `i` (the row index as an int), `ii` and `k` (as a long), parameters, and the constants at the end. Literals: `1`, `1L`, `0x1F`, `0b101`, `017`, `1_000`, `1.5`, `1e-3`, `1.5f`, `'c'`,
            `` `text` `` and `"text"`, `true`, `false`, `null`, and in single quotes an instant `'2020-01-01T09:30:00 ET'`, a date `'2020-01-01'`, a time of day `'12:34:56'`, a duration `'PT1S'`, a
            period `'P1D'`, a time zone `'ET'`. The classes
            `java.math.BigDecimal` and `java.math.BigInteger` can be created with `new`, used in casts, and used with the listed members, always by their qualified names. Formulas cannot access other classes, fields, files or processes. A formula has at most 32 768 characters and 500 levels.

            | null rule | effect of a null argument |
            |---|---|
            | propagates | the result is null |
            | receives it | the function handles it, as described |
            | rejects it | an error, like a method call on null; test with `isNull` first |

            ## Operators

            In ascending order of precedence: `?:`, `||`, `&&`, `|`, `^`, `&`, `== = !=`, `< <= > >=`, `+ -`, `* / %`, unary `-`, `!` and casts, then `.` and `[]`.

            | operator | types | null | | example | value |
            |---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach ((string symbol, string types, string nulls, FunctionDoc doc) in FunctionDocs.Operators)
            page.Append($"| {Code(symbol)} | {types} | {nulls} | {doc.Summary} | {Code(doc.Example)} | {Code(Value(doc.Example))} |\n");
        Section(page, "Functions", static name => name[0] != '.' && name != "*");
        Section(page, "Methods", static name => name[0] == '.');
        page.Append("\n## Constants\n\n").AppendJoin(", ", FormulaConstants.Names.Order(StringComparer.Ordinal).Select(static name => $"`{name}`")).Append('\n');
        return page.ToString();
    }

    private static void Section(StringBuilder page, string title, Func<string, bool> belongs)
    {
        page.Append($"\n## {title}\n\n| name | parameters | result | null | | example | value |\n|---|---|---|---|---|---|---|\n");
        foreach (string name in FunctionDocs.Functions.Keys.Where(belongs).Order(StringComparer.Ordinal))
        {
            FunctionDoc doc = FunctionDocs.Functions[name];
            Function[] overloads = [.. FunctionLibrary.Functions.Where(function => function.Name == name)];
            string takes = string.Join("<br>", overloads.Select(static function => string.Join(", ", function.Parameters.Select(Short))).Distinct());
            string gives = string.Join(", ", overloads.Select(static function => Short(function.Result)).Distinct());
            string nulls = string.Join(", ", overloads.Select(static function => Nulls(function.Nulls)).Distinct());
            if (VectorFunctions.Names.Contains(name))
                takes = takes.Length == 0 ? "vector" : takes + "<br>vector";
            page.Append($"| `{name.TrimStart('.')}` | {takes} | {gives} | {nulls} | {doc.Summary} | {Code(doc.Example)} | {Code(Value(doc.Example))} |\n");
        }
    }

    private static string Nulls(NullRule rule) => rule switch
    {
        NullRule.Propagate => "propagates",
        NullRule.Pass => "receives it",
        _ => "rejects it",
    };

    private static string Short(EngineType type) => type.ClassName[(type.ClassName.LastIndexOf('.') + 1)..];

    /// <summary>Backticks delimit strings in formulas, so two of them mark the code.</summary>
    private static string Code(string text)
    {
        string escaped = text.Replace("|", "\\|", StringComparison.Ordinal);
        return escaped.Contains('`', StringComparison.Ordinal) ? $"`` {escaped} ``" : $"`{escaped}`";
    }

    private static string Value(string example)
    {
        string column = Table.Update("X = " + example).Column("X");
        int start = column.IndexOf('[', StringComparison.Ordinal) + 1;
        return column[start..^1];
    }

    private static string Folder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ARCHITECTURE.md")))
                return Path.Combine(folder.FullName, "docs");
        }

        throw new DirectoryNotFoundException("the repository is not around the tests");
    }
}
