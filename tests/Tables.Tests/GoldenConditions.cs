using System.Text.Json;
using Apache.Arrow;

namespace Wharf.Tables.Tests;

/// <summary>Every condition whose answer was recorded from the reference server: the rows that it keeps, or null where it is refused.</summary>
public sealed class GoldenConditions
{
    [Theory]
    [InlineData("conditions.json", 232)]
    [InlineData("asked-conditions.json", 214)]
    [InlineData("neighbour-conditions.json", 284)]
    [InlineData("further-conditions.json", 1087)]
    public void Every_recorded_condition_keeps_its_recorded_rows(string file, int count)
    {
        ArrowTable table = GoldenTable.Named("b");
        var wrong = new List<string>();
        int equal = 0;
        foreach (JsonProperty entry in GoldenTable.Load(file).EnumerateObject())
        {
            string expected = entry.Value.ValueKind == JsonValueKind.Null ? "refused" : string.Join(", ", entry.Value.EnumerateArray()), actual;
            try
            {
                actual = Rows(table.Where(entry.Name));
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
        Assert.Equal(count, equal);
    }

    private static string Rows(ArrowTable table) =>
        string.Join(", ", table.View("N").ReadBatches().SelectMany(static batch => Enumerable.Range(0, batch.Length).Select(row => ((Int64Array)batch.Column(0)).GetValue(row))));
}
