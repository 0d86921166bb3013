using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Wharf.Tables.Tests;

/// <summary>Every formula whose answer was recorded from the reference server.</summary>
public sealed class GoldenFormulas
{
    private static readonly Dictionary<string, Deviation> Deviations = GoldenTable.Load("formula-deviations.json").EnumerateObject()
        .ToDictionary(static entry => entry.Name, static entry => entry.Value.Deserialize<Deviation>(JsonSerializerOptions.Web)!, StringComparer.Ordinal);

    private sealed record Deviation(string Reference, string Wharf, string Reason);

    [Theory]
    [InlineData("formulas.json", 2127)]
    [InlineData("asked-formulas.json", 1396)]
    [InlineData("neighbour-formulas.json", 4552)]
    [InlineData("further-formulas.json", 3510)]
    public void Every_recorded_formula_has_its_recorded_answer_or_a_listed_one(string file, int count)
    {
        var engine = new TableEngine(new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero)));
        ArrowTable table = GoldenTable.Named("b");
        var wrong = new List<string>();
        int equal = 0, listed = 0;
        foreach (JsonProperty entry in GoldenTable.Load(file).EnumerateObject())
        {
            string expected = GoldenTable.Recorded(entry.Value), actual;
            if (Deviations.TryGetValue(entry.Name, out Deviation? deviation))
            {
                Assert.Equal(expected, deviation.Reference);
                expected = deviation.Wharf;
                listed++;
            }

            try
            {
                actual = GoldenTable.Computed(engine.Run(new SelectOrUpdate(SelectKind.UpdateView, ["R = " + entry.Name]), [table], default), "R");
            }
            catch (TableException refused) when (refused.Error == TableError.InvalidArgument)
            {
                actual = expected == "error" ? "error" : refused.Message;
            }

            if (expected == actual)
                equal++;
            else
                wrong.Add($"{entry.Name}\n   expected {expected}\n   actual   {actual}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{equal - listed} as recorded, {listed} different on purpose");
        Assert.True(wrong.Count == 0, $"{equal} equal, {wrong.Count} wrong:\n{string.Join("\n", wrong)}");
        Assert.Equal(count, equal);
    }
}
