using System.Text;
using CsCheck;

namespace Wharf.Protocol.Tests;

public sealed class ErrorTexts
{
    [Fact]
    public void A_cut_text_is_the_longest_beginning_that_fits() =>
        Gen.Select(TicketGenerators.Text, Gen.Int[0, 60]).Sample((text, max) =>
        {
            var cut = ErrorText.Cut(text, max);
            if (!text.StartsWith(cut, StringComparison.Ordinal) || Encoding.UTF8.GetByteCount(cut) > max)
                return false;
            return cut == text
                || Encoding.UTF8.GetByteCount(cut) + Rune.GetRuneAt(text, cut.Length).Utf8SequenceLength > max;
        });

    [Fact]
    public void Any_text_can_be_cut_even_one_with_half_characters() =>
        Gen.Select(Gen.String, Gen.Int[0, 60]).Sample((text, max) => Encoding.UTF8.GetByteCount(ErrorText.Cut(text, max)) <= max);

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abc", 2, "ab")]
    [InlineData("aäb", 2, "a")]
    [InlineData("aäb", 3, "aä")]
    [InlineData("\U0001f6a2x", 3, "")]
    [InlineData("\U0001f6a2x", 4, "\U0001f6a2")]
    [InlineData("", 0, "")]
    public void A_text_is_cut_between_characters(string text, int max, string expected) => Assert.Equal(expected, ErrorText.Cut(text, max));

    [Fact]
    public void Three_kilobytes_are_kept_unless_said_otherwise()
    {
        Assert.Equal(3072, ErrorText.Cut(new string('x', 5000)).Length);
        var fits = new string('x', 3072);
        Assert.Same(fits, ErrorText.Cut(fits));
    }
}
