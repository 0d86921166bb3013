using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Wharf.Security.Fuzzing;

/// <summary>Tickets of all kinds: those of objects that exist, of results of other inputs, of nothing, and malformed ones.</summary>
internal static class FuzzTickets
{
    /// <summary>The exports that <see cref="FuzzSession"/> makes: 1 to 4 are tables, 5 to 8 are objects.</summary>
    public const int FirstBase = 1, LastTable = 4, LastBase = 8;

    // The exports of inputs follow; nobody defines those below.
    private const int FirstUndefined = 100, FirstResult = 1_000, ResultsOfInput = 8;

    private static readonly string[] Names = ["echo", "counter", "example_service", "objects", "v1", "v2", "missing", "a/b", "", "Ünï", "\u0001"];

    /// <summary>Returns the id of an export that no other input makes.</summary>
    public static int Result(FuzzRandom random) => FirstResult + (int)(random.Index * ResultsOfInput % 200_000_000) + random.Next(ResultsOfInput);

    /// <summary>Returns the ticket of a table or an object.</summary>
    public static byte[] Source(FuzzRandom random) => random.Next(20) switch
    {
        < 12 => Export(random.Next(FirstBase, LastBase + 1)),
        < 14 => Export(FirstResult + (int)(Math.Max(0, random.Index - random.Next(1, 16)) * ResultsOfInput % 200_000_000) + random.Next(ResultsOfInput)),
        14 => Export(random.Next(FirstUndefined, FirstUndefined + 50)),
        15 or 16 => Encoding.UTF8.GetBytes("s/" + random.Pick(Names)),
        17 => Shared(random),
        18 => Encoding.UTF8.GetBytes($"a/demo/f/{random.Pick(Names)}"),
        _ => Odd(random),
    };

    /// <summary>Returns the ticket of a table.</summary>
    public static byte[] Table(FuzzRandom random) => random.Next(8) < 6 ? Export(random.Next(FirstBase, LastTable + 1)) : Source(random);

    /// <summary>Returns a ticket for a result.</summary>
    public static byte[] Target(FuzzRandom random) => random.Next(20) switch
    {
        < 14 => Export(Result(random)),
        14 => Export(0),
        15 => Encoding.UTF8.GetBytes("s/v" + random.Next(20).ToString(CultureInfo.InvariantCulture)),
        16 => Shared(random),
        _ => Source(random),
    };

    /// <summary>Returns a path of a Flight descriptor.</summary>
    public static string[] Path(FuzzRandom random) => random.Next(10) switch
    {
        < 3 => ["export", random.Next(FirstBase, LastBase + 1).ToString(CultureInfo.InvariantCulture)],
        < 6 => ["export", Result(random).ToString(CultureInfo.InvariantCulture)],
        6 => ["scope", random.Pick(Names)],
        7 => ["app", "demo", "field", random.Pick(Names)],
        8 => ["shared", random.Pick("00", "0102", "xy", "0")],
        _ => [random.Pick("export", "scope", "app", "shared", "sql", ""), random.Pick(FuzzTexts.Odd), random.Pick(FuzzTexts.Odd)],
    };

    public static byte[] Export(int id)
    {
        byte[] bytes = [(byte)'e', 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), id);
        return bytes;
    }

    private static byte[] Shared(FuzzRandom random) => [(byte)'h', (byte)random.Next(8), .. new byte[random.Next(2) * 15]];

    private static byte[] Odd(FuzzRandom random) => random.Next(8) switch
    {
        0 => [],
        1 => [(byte)random.Next(256)],
        2 => Export(random.Pick(0, -1, int.MinValue, int.MaxValue)),
        3 => Export(1)[..random.Next(1, 5)],
        4 => [.. Export(1), .. random.Bytes(3)],
        5 => [(byte)'q', .. random.Bytes(20)],
        6 => [(byte)random.Pick('s', 'a', 'h', 'e'), (byte)'/', .. random.Bytes(random.Pick(1, 100, 5_000))],
        _ => random.Bytes(random.Next(40)),
    };
}
