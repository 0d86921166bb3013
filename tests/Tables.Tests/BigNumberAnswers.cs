using System.Text.Json;
using Apache.Arrow;
using Microsoft.Extensions.Time.Testing;

namespace Wharf.Tables.Tests;

/// <summary>Every formula and condition over big numbers whose answer was recorded from the reference server.</summary>
public sealed class BigNumberAnswers
{
    private static readonly JsonElement Deviations = GoldenTable.Load("big-deviations.json");

    [Fact]
    public void Every_recorded_formula_has_its_recorded_answer_or_a_listed_one()
    {
        var engine = new TableEngine(new FakeTimeProvider());
        ArrowTable table = BigNumberTable.Load();
        CheckFormulas("big-formulas.json", formula =>
            BigNumberTable.Computed(engine.Run(new SelectOrUpdate(SelectKind.View, ["R = " + formula]), [table], default), "R"));
    }

    [Fact]
    public void Every_recorded_condition_keeps_its_recorded_rows()
    {
        ArrowTable table = BigNumberTable.Load();
        Check("big-conditions.json", static answer => answer.ValueKind == JsonValueKind.Null ? "refused" : string.Join(", ", answer.EnumerateArray()), condition =>
            string.Join(
                ", ",
                table.Where(condition).View("N").ReadBatches()
                    .SelectMany(static batch => Enumerable.Range(0, batch.Length).Select(row => ((Int64Array)batch.Column(0)).GetValue(row)))));
    }

    [Fact]
    public void Every_recorded_condition_tree_keeps_its_recorded_rows()
    {
        var engine = new TableEngine(new FakeTimeProvider());
        ArrowTable table = BigNumberTable.Load();
        Check("big-trees.json", static answer => answer.ValueKind == JsonValueKind.Null ? "refused" : string.Join(", ", answer.EnumerateArray()), tree =>
        {
            ArrowTable kept = engine.Run(new Filter([BigNumberTrees.Parse(tree)]), [table], default);
            return string.Join(
                ", ",
                kept.View("N").ReadBatches()
                    .SelectMany(static batch => Enumerable.Range(0, batch.Length).Select(row => ((Int64Array)batch.Column(0)).GetValue(row))));
        });
    }

    /// <summary>Compares recorded formulas of a file with what is computed.</summary>
    internal static void CheckFormulas(string file, Func<string, string> compute) =>
        Check(file, static answer => answer.ValueKind == JsonValueKind.Null ? "refused" : Recorded(answer), compute);

    private static void Check(string file, Func<JsonElement, string> recorded, Func<string, string> compute)
    {
        var wrong = new List<string>();
        int equal = 0;
        foreach (JsonProperty entry in GoldenTable.Load(file).EnumerateObject())
        {
            string expected = recorded(entry.Value), actual;
            if (Deviations.TryGetProperty(entry.Name, out JsonElement deviation))
            {
                Assert.Equal(expected, deviation.GetProperty("reference").GetString());
                expected = deviation.GetProperty("wharf").GetString()!;
            }

            try
            {
                actual = compute(entry.Name);
            }
            catch (TableException refused) when (refused.Error == TableError.InvalidArgument)
            {
                actual = expected == "refused" ? expected : refused.Message;
            }

            if (expected == actual)
                equal++;
            else
                wrong.Add($"{entry.Name}\n   expected {expected}\n   actual   {actual}");
        }

        Assert.True(wrong.Count == 0, $"{equal} equal, {wrong.Count} wrong:\n{string.Join("\n", wrong)}");
    }

    private static string Recorded(JsonElement answer)
    {
        string type = answer.GetProperty("type").GetString()!;
        return type + " [" + string.Join(", ", answer.GetProperty("values").EnumerateArray().Select(value => GoldenTable.Recorded(type, value))) + "]";
    }
}
