using System.Globalization;

namespace Wharf.Tables.Tests;

/// <summary>Results and messages of the engine on a thread with another culture.</summary>
public sealed class Cultures : IDisposable
{
    private readonly CultureInfo _before = CultureInfo.CurrentCulture;

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("sv-SE")]
    [InlineData("fa-IR")]
    public void Formulas_and_conditions_have_their_recorded_answers(string culture)
    {
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        new GoldenFormulas().Every_recorded_formula_has_its_recorded_answer_or_a_listed_one("formulas.json", 2127);
        new GoldenFormulas().Every_recorded_formula_has_its_recorded_answer_or_a_listed_one("asked-formulas.json", 1396);
        new GoldenConditions().Every_recorded_condition_keeps_its_recorded_rows("conditions.json", 232);
        new GoldenConditions().Every_recorded_condition_keeps_its_recorded_rows("asked-conditions.json", 214);
    }

    [Theory]
    [InlineData("A = `` + '-PT3H'", "PT-3H")]
    [InlineData("A = `` + -1.5", "-1.5")]
    [InlineData("A = `` + -12", "-12")]
    [InlineData("A = `TITLE`.toLowerCase()", "title")]
    [InlineData("A = `title`.toUpperCase()", "TITLE")]
    [InlineData("A = `` + parseDouble(`1.5`)", "1.5")]
    public void Text_of_a_value_does_not_depend_on_the_culture(string formula, string expected)
    {
        foreach (string culture in new[] { "", "de-DE", "tr-TR", "sv-SE", "fa-IR" })
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            string actual = GoldenTable.Computed(
                Engine().Run(new SelectOrUpdate(SelectKind.View, [formula]), [Engine().Run(new EmptyTable(1), [], default)], default), "A");
            Assert.Contains(expected, actual, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("A = `abc`.charAt(-5)", "-5")]
    [InlineData("A = `abc`.repeat(-5)", "-5")]
    public void A_refusal_shows_numbers_in_the_invariant_culture(string formula, string expected)
    {
        CultureInfo.CurrentCulture = new CultureInfo("sv-SE");
        Assert.NotEqual("-5", (-5).ToString(CultureInfo.CurrentCulture));
        var refused = Assert.Throws<TableException>(() =>
        {
            ArrowTable made = Engine().Run(new SelectOrUpdate(SelectKind.View, [formula]), [Engine().Run(new EmptyTable(1), [], default)], default);
            _ = GoldenTable.Computed(made, "A");
        });
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Contains("found: -7", Assert.Throws<TableException>(() => Engine().Run(new EmptyTable(-7), [], default)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Eastern Standard Time")]
    [InlineData("W. Europe Standard Time")]
    public void A_zone_by_its_name_in_Windows_is_refused(string zone)
    {
        Assert.True(TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _));
        Assert.Throws<TableException>(() => Engine().Run(
            new SelectOrUpdate(SelectKind.View, [$"A = formatDateTime('2020-01-01T00:00:00Z', timeZone(`{zone}`))"]),
            [Engine().Run(new EmptyTable(1), [], default)], default));
    }

    public void Dispose() => CultureInfo.CurrentCulture = _before;

    private static TableEngine Engine() => new(TimeProvider.System);
}
