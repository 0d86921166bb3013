namespace Wharf.Bench;

/// <summary>A measured computation, for servers and for DuckDB.</summary>
/// <param name="Name">The name of the line.</param>
/// <param name="Before">The formulas of the source table.</param>
/// <param name="Formulas">The measured formulas; a single condition for a filter.</param>
/// <param name="SqlBefore">The columns of the source table, in SQL over a table with <c>i</c>.</param>
/// <param name="Sql">The measured computation in SQL.</param>
/// <param name="IsFilter">Whether the line is a filter.</param>
internal sealed record FormulaLine(string Name, string[] Before, string[] Formulas, string SqlBefore, string Sql, bool IsFilter = false)
{
    public const int Rows = 10_000_000;

    // DuckDB writes only new columns, as Wharf does.
    private const string Words = "CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END AS S";

    public static readonly FormulaLine[] All =
    [
        new("A = i", [], ["A = i"], "i", "SELECT i AS A FROM t"),
        new("A = i, B = A * 2 + 1", [], ["A = i", "B = A * 2 + 1"], "i", "SELECT i AS A, i * 2 + 1 AS B FROM t"),
        new("a string literal", [], ["S = `abc`"], "i", "SELECT 'abc' AS S FROM t"),
        new("D = i * 0.5, E = sqrt(D)", [], ["D = i * 0.5", "E = sqrt(D)"], "i", "SELECT i * 0.5::DOUBLE AS D, sqrt(i * 0.5::DOUBLE) AS E FROM t"),
        new("S.length()", ["S = i % 2 == 0 ? `even` : `odd`"], ["N = S.length()"], Words, "SELECT length(S) AS N FROM t"),
        new("S.toUpperCase()", ["S = i % 2 == 0 ? `even` : `odd`"], ["U = S.toUpperCase()"], Words, "SELECT upper(S) AS U FROM t"),
        new("`x` + i", [], ["S = `x` + i"], "i", "SELECT 'x' || i AS S FROM t"),
        new(
            "minuteOfHour(T, zone)", ["T = '2020-01-01T00:00:00Z' + i * SECOND"], ["M = minuteOfHour(T, timeZone(`America/New_York`))"],
            "TIMESTAMPTZ '2020-01-01 00:00:00+00' + to_seconds(i) AS T", "SELECT minute(T) AS M FROM t"),
        new(
            "filter A % 3 == 0", ["A = i", "B = ii * 2", "C = i * 0.5", "D = ii + 1"], ["A % 3 == 0"],
            "i AS A, i::BIGINT * 2 AS B, i * 0.5::DOUBLE AS C, i::BIGINT + 1 AS D", "SELECT * FROM t WHERE A % 3 = 0", IsFilter: true),
    ];
}
