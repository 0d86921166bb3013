using CsCheck;
using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Functions;

namespace Wharf.Tables.Tests;

/// <summary>Regular expressions mean what they mean to Java.</summary>
public sealed class JavaPatterns
{
    private static readonly Gen<string> Pieces = RandomFormulas.OneOf(
        "[", "]", "[^", "&&", "^", "-", "\\", "\\w", "\\W", "\\d", "\\S", "\\h", "\\Q", "\\E", "\\0", "\\07", "\\p", "\\p{", "\\P{", "Alpha", "}", "{", "{1", "{2,3}", ",", "(", "(?i)", "(?s:", "(?<n>",
        "\\k<n>", ")", "|", "+", "*", "?", ".", "$", "a", "Z", "1", "é", "\ud83d", "\ude00", " ", "\n");

    [Theory]
    [InlineData("\\w", "é", false)]
    [InlineData("\\W", "é", true)]
    [InlineData("\\d", "٣", false)]
    [InlineData("\\p{Alpha}+", "aZ", true)]
    [InlineData("\\P{Digit}", "7", false)]
    [InlineData("a++a", "aaa", false)]
    [InlineData("a+a", "aaa", true)]
    [InlineData("[a-z&&[^b]]", "b", false)]
    [InlineData("[a-z&&[^b]]", "c", true)]
    [InlineData("[a[0-9]]+", "a7", true)]
    [InlineData("\\Qa.b\\E", "a.b", true)]
    [InlineData("\\Qa.b\\E", "axb", false)]
    [InlineData(".", "\ud83d\ude00", true)]
    [InlineData("[^a]", "\ud83d\ude00", true)]
    [InlineData("a.b", "a\u2028b", false)]
    [InlineData("(?s)a.b", "a\nb", true)]
    [InlineData("(?i)ä", "Ä", false)]
    [InlineData("(?i)a[b-d]", "AC", true)]
    [InlineData("\\0101", "A", true)]
    public void They_match_as_there(string pattern, string text, bool matches) => Assert.Equal(matches, TextFunctions.WholeMatch(pattern, ignoreCase: false).IsMatch(text));

    [Fact]
    public void Any_sequence_of_pieces_is_a_pattern_or_refused_and_nothing_else() =>
        Pieces.List[1, 12].Select(string.Concat).Sample(IsUnderstoodOrRefused, iter: 20_000);

    [Theory]
    [InlineData("[")]
    [InlineData("[a&&")]
    [InlineData("(")]
    [InlineData("(?:a")]
    public void Depth_is_refused_and_harms_nothing(string opening) =>
        IsUnderstoodOrRefused(string.Concat(Enumerable.Repeat(opening, 100_000)));

    private static void IsUnderstoodOrRefused(string pattern)
    {
        try
        {
            TextFunctions.WholeMatch(pattern, ignoreCase: false).IsMatch("aZ1");
        }
        catch (FormulaError)
        {
            // Whoever asked is told.
        }
    }
}
