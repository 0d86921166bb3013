using System.Text;
using CsCheck;

namespace Wharf.Protocol.Tests;

public sealed class TicketForms
{
    [Fact]
    public void Bytes_are_read_as_the_ticket_that_wrote_them() =>
        TicketGenerators.Ticket.Sample(ticket => Ticket.Parse(ticket.ToBytes()) == ticket && Ticket.Parse(ticket.ToBytes()).GetHashCode() == ticket.GetHashCode());

    [Fact]
    public void A_path_is_read_as_the_ticket_that_wrote_it() =>
        TicketGenerators.Ticket.Where(ticket => ticket is not FlightSqlTicket).Sample(ticket => Ticket.ParsePath(ticket.ToPath()!) == ticket);

    [Fact]
    public void Canonical_text_is_read_as_the_ticket_that_wrote_it() =>
        TicketGenerators.Ticket.Sample(ticket => Ticket.ParseCanonical(ticket.Canonical) == ticket);

    [Fact]
    public void Tickets_are_equal_exactly_when_their_canonical_texts_are() =>
        Gen.Select(TicketGenerators.Ticket, TicketGenerators.Ticket).Sample((left, right) => (left == right) == (left.Canonical == right.Canonical));

    [Fact]
    public void Tickets_are_equal_exactly_when_their_bytes_are() =>
        Gen.Select(TicketGenerators.Ticket, TicketGenerators.Ticket).Sample((left, right) => (left == right) == left.ToBytes().AsSpan().SequenceEqual(right.ToBytes()));

    [Fact]
    public void Any_bytes_are_a_ticket_or_an_error_and_what_was_read_stays_the_same_when_written_and_read_again() =>
        Gen.Select(Gen.OneOf((byte)'e', (byte)'h', (byte)'s', (byte)'a', (byte)'q', (byte)0), Gen.OneOf("", "/", "/x/f/"), TicketGenerators.Bytes)
            .Select((route, start, rest) => (byte[])[route, .. Encoding.UTF8.GetBytes(start), .. rest])
            .Sample(bytes =>
            {
                if (!Ticket.TryParse(bytes, out var ticket, out var error))
                    return error is { Status.Code: StatusCode.FailedPrecondition, Status.Text.Length: > 0 };
                return error is null && Ticket.Parse(ticket.ToBytes()) == ticket && Ticket.ParseCanonical(ticket.Canonical) == ticket;
            });

    [Fact]
    public void Any_text_is_canonical_of_a_ticket_that_has_exactly_this_text_or_of_none() =>
        Gen.Select(Gen.OneOf("export/", "shared/", "scope/", "app/", "sql/", "app/x/field/", ""), TicketGenerators.Text)
            .Select((start, rest) => start + rest)
            .Sample(text => !Ticket.TryParseCanonical(text, out var ticket) || ticket.Canonical == text);

    [Fact]
    public void Any_path_is_a_ticket_or_an_error() =>
        Gen.Select(Gen.OneOf("export", "shared", "scope", "app", "field", ""), TicketGenerators.Text.List[0, 4])
            .Select((word, rest) => (string[])[word, .. rest])
            .Sample(path => Ticket.TryParsePath(path, out var ticket, out var error)
                ? error is null && Ticket.ParsePath(ticket.ToPath()!) == ticket
                : error is { Status.Text.Length: > 0 });

    [Theory]
    [InlineData("6501000000", "export/1")]
    [InlineData("6502010000", "export/258")]
    [InlineData("65FFFFFFFF", "export/-1")]
    [InlineData("6500000000", "export/0")]
    [InlineData("68ABCD", "shared/abcd")]
    [InlineData("732F74", "scope/t")]
    [InlineData("732F612F62", "scope/a/b")]
    [InlineData("612F6170702F662F782F79", "app/app/field/x/y")]
    [InlineData("612F2F662F", "app//field/")]
    [InlineData("71", "sql/")]
    [InlineData("710AFF", "sql/0aff")]
    public void Known_bytes_have_known_canonical_texts(string hex, string canonical)
    {
        var bytes = Convert.FromHexString(hex);
        var ticket = Ticket.Parse(bytes);
        Assert.Equal(canonical, ticket.Canonical);
        Assert.Equal(bytes, ticket.ToBytes());
    }

    [Fact]
    public void Known_tickets_have_known_paths()
    {
        Assert.Equal(["export", "-7"], new ExportTicket(-7).ToPath());
        Assert.Equal(["shared", "abcd"], new SharedTicket(new byte[] { 0xab, 0xcd }).ToPath());
        Assert.Equal(["scope", "t"], new ScopeTicket("t").ToPath());
        Assert.Equal(["app", "id", "field", "f/g"], new ApplicationTicket("id", "f/g").ToPath());
        Assert.Null(new FlightSqlTicket(new byte[] { 1 }).ToPath());
    }

    [Theory]
    [InlineData("axy/app/f/field")]
    [InlineData("a/app//field")]
    [InlineData("a/app/field/field")]
    public void An_application_ticket_is_read_by_its_slashes_alone(string text) =>
        Assert.Equal(new ApplicationTicket("app", "field"), Ticket.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("+5", 5)]
    [InlineData("-5", -5)]
    [InlineData("007", 7)]
    [InlineData("2147483647", int.MaxValue)]
    public void A_path_may_write_an_export_id_in_several_ways(string text, int id) =>
        Assert.Equal(new ExportTicket(id), Ticket.ParsePath(["export", text]));

    [Fact]
    public void A_path_may_write_a_shared_id_in_capitals() => Assert.Equal("shared/abcd", Ticket.ParsePath(["shared", "aBCd"]).Canonical);

    [Theory]
    [InlineData("export/007")]
    [InlineData("export/+7")]
    [InlineData("export/ 7")]
    [InlineData("export/-0")]
    [InlineData("export/2147483648")]
    [InlineData("export/7/8")]
    [InlineData("export/")]
    [InlineData("shared/ABCD")]
    [InlineData("shared/abc")]
    [InlineData("shared/")]
    [InlineData("scope/")]
    [InlineData("app/x")]
    [InlineData("app/x/f/y")]
    [InlineData("app/x/field")]
    [InlineData("sql/zz")]
    [InlineData("nothing/x")]
    [InlineData("scope")]
    [InlineData("")]
    public void A_text_that_is_not_canonical_is_no_ticket(string text)
    {
        Assert.False(Ticket.TryParseCanonical(text, out _));
        Assert.Throws<TicketFormatException>(() => Ticket.ParseCanonical(text));
    }

    [Fact]
    public void Half_a_character_is_no_part_of_a_canonical_text()
    {
        Assert.False(Ticket.TryParseCanonical("scope/\ud800", out _));
        Assert.False(Ticket.TryParseCanonical("app/x/field/\udc00", out _));
    }

    [Fact]
    public void An_export_means_the_same_to_everyone_once_its_session_is_named() =>
        Gen.Select(TicketGenerators.Name.Where(name => !name.Contains('/')), TicketGenerators.Export).Sample((session, ticket) =>
            ExportTicket.TryParseCanonicalIn(((ExportTicket)ticket).CanonicalIn(session), out var readSession, out var readTicket)
            && readSession == session && readTicket == ticket);

    [Theory]
    [InlineData("export/7")]
    [InlineData("export//7")]
    [InlineData("export/s/07")]
    [InlineData("export/s/7/8")]
    [InlineData("scope/s/7")]
    public void Other_texts_are_no_export_of_a_session(string text) => Assert.False(ExportTicket.TryParseCanonicalIn(text, out _, out _));

    [Fact]
    public void A_session_id_cannot_blur_which_export_is_meant() => Assert.Throws<ArgumentException>(() => new ExportTicket(1).CanonicalIn("a/b"));

    [Fact]
    public void A_ticket_that_has_no_bytes_cannot_be_made()
    {
        Assert.Throws<ArgumentException>(() => new ApplicationTicket("a/b", "x"));
        Assert.Throws<ArgumentException>(() => new ApplicationTicket("\ud800", "x"));
        Assert.Throws<ArgumentException>(() => new ApplicationTicket("x", "\udc00"));
        Assert.Throws<ArgumentException>(() => new ScopeTicket(""));
        Assert.Throws<ArgumentException>(() => new ScopeTicket("\ud800"));
        Assert.Throws<ArgumentException>(() => new SharedTicket(ReadOnlyMemory<byte>.Empty));
    }

    [Fact]
    public void The_secret_of_a_shared_ticket_is_not_in_what_a_log_prints()
    {
        var ticket = new SharedTicket(new byte[] { 0xab, 0xcd, 0xef });
        Assert.Equal("shared/(3 bytes)", $"{ticket}");
        Assert.Equal("scope/x", $"{new ScopeTicket("x")}");
    }
}
