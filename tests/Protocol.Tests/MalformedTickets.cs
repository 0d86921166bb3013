using System.Text;

namespace Wharf.Protocol.Tests;

public sealed class MalformedTickets
{
    [Theory]
    [InlineData("", TicketErrorKind.Empty, "empty")]
    [InlineData("00", TicketErrorKind.UnknownRoute, "route byte 0")]
    [InlineData("7A616263", TicketErrorKind.UnknownRoute, "route byte 122")]
    [InlineData("FF", TicketErrorKind.UnknownRoute, "route byte 255")]
    [InlineData("65", TicketErrorKind.Malformed, "0x65:")]
    [InlineData("65010000", TicketErrorKind.Malformed, "0x65010000:")]
    [InlineData("650100000000", TicketErrorKind.Malformed, "0x650100000000:")]
    [InlineData("68", TicketErrorKind.Malformed, "0x68:")]
    [InlineData("73", TicketErrorKind.Malformed, "0x73:")]
    [InlineData("732F", TicketErrorKind.Malformed, "0x732f:")]
    [InlineData("737474", TicketErrorKind.Malformed, "0x737474:")]
    [InlineData("732FFF", TicketErrorKind.Malformed, "0x732fff:")]
    [InlineData("732FC080", TicketErrorKind.Malformed, "0x732fc080:")]
    [InlineData("732FEDA080", TicketErrorKind.Malformed, "0x732feda080:")]
    [InlineData("61", TicketErrorKind.Malformed, "0x61:")]
    [InlineData("612F61", TicketErrorKind.Malformed, "0x612f61:")]
    [InlineData("612F612F66", TicketErrorKind.Malformed, "0x612f612f66:")]
    [InlineData("612FFF2F662F78", TicketErrorKind.Malformed, "0x612fff2f662f78:")]
    [InlineData("612F612F662FFF", TicketErrorKind.Malformed, "0x612f612f662fff:")]
    public void Bytes_that_are_no_ticket_are_a_failed_precondition_that_shows_them(string hex, TicketErrorKind kind, string shown)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.False(Ticket.TryParse(bytes, out _, out var error));
        Assert.Equal(StatusCode.FailedPrecondition, error.Status.Code);
        Assert.Equal(kind, error.Kind);
        Assert.Contains(shown, error.Status.Text, StringComparison.Ordinal);
        Assert.Equal(error, Assert.Throws<TicketFormatException>(() => Ticket.Parse(bytes)).Error);
    }

    [Theory]
    [InlineData("", StatusCode.FailedPrecondition, TicketErrorKind.Empty)]
    [InlineData("nowhere|x", StatusCode.FailedPrecondition, TicketErrorKind.UnknownRoute)]
    [InlineData("e|1", StatusCode.FailedPrecondition, TicketErrorKind.UnknownRoute)]
    [InlineData("export", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("export|1|2", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("export|one", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("export|", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("export|2147483648", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("export| 1", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("export|1\0", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("shared", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("shared|ab|cd", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("shared|xyz0", StatusCode.InvalidArgument, TicketErrorKind.Malformed)]
    [InlineData("shared|abc", StatusCode.InvalidArgument, TicketErrorKind.Malformed)]
    [InlineData("shared|", StatusCode.NotFound, TicketErrorKind.NamesNothing)]
    [InlineData("scope", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("scope|a|b", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("scope|", StatusCode.NotFound, TicketErrorKind.NamesNothing)]
    [InlineData("app|a|field", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("app|a|field|b|c", StatusCode.FailedPrecondition, TicketErrorKind.Malformed)]
    [InlineData("app|a|f|b", StatusCode.NotFound, TicketErrorKind.NamesNothing)]
    [InlineData("app|a/b|field|c", StatusCode.NotFound, TicketErrorKind.NamesNothing)]
    public void A_path_that_is_no_ticket_has_a_status(string joined, StatusCode code, TicketErrorKind kind)
    {
        string[] path = joined.Length == 0 ? [] : joined.Split('|');
        Assert.False(Ticket.TryParsePath(path, out _, out var error));
        Assert.Equal((code, kind), (error.Status.Code, error.Kind));
        Assert.NotEmpty(error.Status.Text);
        Assert.Equal(error.Status, Assert.Throws<TicketFormatException>(() => Ticket.ParsePath(path)).Status);
    }

    [Fact]
    public void A_ticket_may_have_as_many_bytes_as_the_limit_and_no_more()
    {
        byte[] fits = [(byte)'h', .. new byte[Ticket.DefaultMaxLength - 1]];
        byte[] over = [.. fits, 0];
        Assert.Equal(new SharedTicket(fits.AsMemory(1)), Ticket.Parse(fits));
        Assert.False(Ticket.TryParse(over, out _, out var error));
        Assert.Equal((StatusCode.ResourceExhausted, TicketErrorKind.TooLong), (error.Status.Code, error.Kind));
        Assert.Equal(new SharedTicket(over.AsMemory(1)), Ticket.Parse(over, over.Length));
    }

    [Fact]
    public void A_path_may_name_a_ticket_of_as_many_bytes_as_the_limit_and_no_more()
    {
        string[] fits = ["shared", new string('0', 2 * (Ticket.DefaultMaxLength - 1))];
        string[] over = ["shared", fits[1] + "00"];
        string[] scope = ["scope", new string('ä', Ticket.DefaultMaxLength / 2)];
        Assert.IsType<SharedTicket>(Ticket.ParsePath(fits));
        foreach (var path in new[] { over, ["export", new string('0', 1_000_000)] })
        {
            Assert.False(Ticket.TryParsePath(path, out _, out var error));
            Assert.Equal(StatusCode.ResourceExhausted, error.Status.Code);
        }

        // A name ends before the ticket does.
        Assert.False(Ticket.TryParsePath(scope, out _, out var name));
        Assert.Equal(StatusCode.InvalidArgument, name.Status.Code);
    }

    [Fact]
    public void The_text_of_an_error_stays_short_whatever_was_sent()
    {
        Assert.False(Ticket.TryParse([(byte)'e', .. new byte[4000]], out _, out var bytes));
        Assert.False(Ticket.TryParsePath(["shared", new string('x', 4000)], out _, out var hex));
        Assert.False(Ticket.TryParsePath([new string('\u20ac', 4000)], out _, out var word));
        Assert.All([bytes, hex, word], error => Assert.InRange(Encoding.UTF8.GetByteCount(error.Status.Text), 1, 300));
        Assert.Contains("(4001 bytes)", bytes.Status.Text, StringComparison.Ordinal);
    }
}
