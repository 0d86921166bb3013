using CsCheck;

namespace Wharf.Protocol.Tests;

/// <summary>The tickets by which nodes read each other's tables.</summary>
public sealed class NodeTickets
{
    private static readonly byte[] FirstKey = [.. Enumerable.Range(0, 32).Select(number => (byte)number)];
    private static readonly byte[] SecondKey = [.. Enumerable.Range(100, 48).Select(number => (byte)number)];
    private static readonly NodeTicketSigner Signer = new([FirstKey]);

    private static readonly Gen<(string Id, long Deadline)> Contents = Gen.Select(TicketGenerators.AnyName.Where(static name => name.Length is > 0 and < 200), Gen.Long);

    [Fact]
    public void A_signed_ticket_is_verified_and_read() => Contents.Sample(content =>
        Signer.TryVerify(Signer.Sign(content.Id, content.Deadline), out var id, out var deadline) && (id, deadline) == content);

    [Fact]
    public void Every_flipped_bit_of_a_ticket_is_refused() => Contents.Sample(
        content =>
        {
            var ticket = Signer.Sign(content.Id, content.Deadline);
            for (var bit = 0; bit < ticket.Length * 8; bit++)
            {
                ticket[bit / 8] ^= (byte)(1 << (bit % 8));
                if (Signer.TryVerify(ticket, out _, out _))
                    return false;
                ticket[bit / 8] ^= (byte)(1 << (bit % 8));
            }

            return true;
        },
        iter: 20);

    [Fact]
    public void Every_key_verifies_and_the_first_one_signs()
    {
        var both = new NodeTicketSigner([SecondKey, FirstKey]);
        Assert.True(both.TryVerify(Signer.Sign("table", 1), out _, out _));
        Assert.False(Signer.TryVerify(both.Sign("table", 1), out _, out _));
    }

    [Fact]
    public void No_ticket_of_a_client_is_one()
    {
        foreach (var ticket in new Ticket[] { new ExportTicket(1), new ScopeTicket("n"), new SharedTicket("n/"u8.ToArray()), new ApplicationTicket("n", "n") })
            Assert.False(Signer.TryVerify(ticket.ToBytes(), out _, out _));
    }

    [Fact]
    public void A_short_key_is_refused() => Assert.Throws<ArgumentException>(static () => new NodeTicketSigner([new byte[31]]));
}
