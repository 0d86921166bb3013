using System.Text;
using CsCheck;

namespace Wharf.Protocol.Tests;

internal static class TicketGenerators
{
    private static readonly Gen<Rune> AnyRune = Gen.Frequency(
        (6, Gen.Char['a', 'z'].Select(letter => new Rune(letter))),
        (2, Gen.OneOf(new Rune('/'), new Rune('f'), new Rune('%'), new Rune(' '), new Rune(0), new Rune('\ufeff'))),
        (2, Gen.Int[0, 0x10f7ff].Select(number => new Rune(number < 0xd800 ? number : number + 0x800))));

    public static readonly Gen<string> Text = AnyRune.List[0, 40].Select(runes => string.Concat(runes));

    public static readonly Gen<string> AnyName = Text.Where(text => text.Length > 0);

    public static readonly Gen<string> Name = AnyName.Select(text => string.Concat(text.EnumerateRunes().Where(rune => NameRules.IsName(rune.ToString())))).Where(NameRules.IsName);

    public static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 60];

    public static readonly Gen<Ticket> Export = Gen.Frequency((3, Gen.Int), (1, Gen.Int[-3, 3])).Select(Ticket (id) => new ExportTicket(id));

    public static readonly Gen<Ticket> Shared = Gen.Byte.Array[1, 60].Select(Ticket (id) => new SharedTicket(id));

    public static readonly Gen<Ticket> Scope = Name.Select(Ticket (name) => new ScopeTicket(name));

    public static readonly Gen<Ticket> Application =
        Gen.Select(Name, Name).Select(Ticket (pair) => new ApplicationTicket(pair.Item1.Replace("/", ""), pair.Item2));

    public static readonly Gen<Ticket> FlightSql = Bytes.Select(Ticket (any) => new FlightSqlTicket(any));

    public static readonly Gen<Ticket> Ticket = Gen.OneOf(Export, Shared, Scope, Application, FlightSql);
}
