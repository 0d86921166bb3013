using System.Text;
using CsCheck;

namespace Wharf.Protocol.Tests;

public sealed class NamesAndTheirLimits
{
    [Theory]
    [InlineData("t")]
    [InlineData("my table")]
    [InlineData("a/b")]
    [InlineData("größe-漢字.v1 \"quoted\" $HOME")]
    [InlineData("\U0001f600")]
    public void Printable_text_is_a_name(string name) => Assert.Null(NameRules.FindProblem(name, "variable name"));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" ", "blank")]
    [InlineData(" a", "blank")]
    [InlineData("a ", "blank")]
    [InlineData("a\nb", "U+000A")]
    [InlineData("a\r\nb", "U+000D")]
    [InlineData("a\tb", "U+0009")]
    [InlineData("a\0b", "U+0000")]
    [InlineData("\u001b[2J", "U+001B")]
    [InlineData("a\u007fb", "U+007F")]
    [InlineData("a\u009bb", "U+009B")]
    [InlineData("a\u00a0b", "U+00A0")]
    [InlineData("a\u200bb", "U+200B")]
    [InlineData("a\u2028b", "U+2028")]
    [InlineData("a\u202eb", "U+202E")]
    [InlineData("a\u2066b", "U+2066")]
    [InlineData("a\ue000b", "U+E000")]
    [InlineData("a\uffffb", "U+FFFF")]
    [InlineData("a\U000e0001b", "U+E0001")]
    public void Other_text_is_refused_without_its_characters(string name, string part)
    {
        var problem = NameRules.FindProblem(name, "variable name");

        Assert.StartsWith("The variable name ", problem, StringComparison.Ordinal);
        Assert.Contains(part, problem, StringComparison.Ordinal);
        Assert.All(problem!, static character => Assert.InRange(character, ' ', '~'));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused() =>
        Assert.Contains("surrogate", NameRules.FindProblem("a" + '\ud83d', "name"), StringComparison.Ordinal);

    [Theory]
    [InlineData("x", 256)]
    [InlineData("ö", 128)]
    [InlineData("漢", 85)]
    [InlineData("\U0001f600", 64)]
    public void The_length_is_limited_in_bytes(string character, int most)
    {
        Assert.True(NameRules.IsName(string.Concat(Enumerable.Repeat(character, most))));
        Assert.Equal("The name is longer than 256 bytes", NameRules.FindProblem(string.Concat(Enumerable.Repeat(character, most + 1)), "name"));
    }

    [Fact]
    public void A_shown_text_has_only_characters_of_names() => TicketGenerators.Text.Sample(text =>
    {
        var shown = NameRules.Shown(text, 10);
        return shown.Length <= 14 && shown.EnumerateRunes().All(static rune => rune.Value == ' ' || NameRules.IsName(rune.ToString()));
    });

    [Theory]
    [InlineData("s/a\nb", "variable name")]
    [InlineData("a/a\nb/f/x", "application id")]
    [InlineData("a/x/f/a\nb", "field name")]
    public void A_ticket_with_such_a_name_is_refused_by_its_bytes(string ticket, string subject)
    {
        Assert.False(Ticket.TryParse(Encoding.UTF8.GetBytes(ticket), out _, out var error));
        Assert.Equal((StatusCode.InvalidArgument, $"The {subject} has the character U+000A; a name is printable text"), (error.Status.Code, error.Status.Text));
        Assert.True(Ticket.TryParse(Encoding.UTF8.GetBytes(ticket.Replace('\n', ' ')), out _, out _));
    }

    [Theory]
    [InlineData("variable name", "scope", "a\nb")]
    [InlineData("application id", "app", "a\nb", "field", "x")]
    [InlineData("field name", "app", "x", "field", "a\nb")]
    public void A_ticket_with_such_a_name_is_refused_by_its_path(string subject, params string[] path)
    {
        Assert.False(Ticket.TryParsePath(path, out _, out var error));
        Assert.Equal((StatusCode.InvalidArgument, $"The {subject} has the character U+000A; a name is printable text"), (error.Status.Code, error.Status.Text));
        Assert.True(Ticket.TryParsePath([.. path.Select(static part => part.Replace('\n', ' '))], out _, out _));
    }
}
