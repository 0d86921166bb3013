using System.Text;

namespace Wharf.Conformance.Tests;

/// <summary>Tickets that are none, or that name nothing.</summary>
internal static class MalformedTickets
{
    public static IReadOnlyDictionary<string, byte[]?> ByName { get; } = new Dictionary<string, byte[]?>
    {
        ["unset"] = null,
        ["empty"] = [],
        ["unknown route"] = Bytes("zzz"),
        ["zero byte"] = [0],
        ["high byte"] = [0xff, 1],
        ["upper case"] = [(byte)'E', 1, 0, 0, 0],
        ["e of 1"] = Bytes("e"),
        ["e of 4"] = [(byte)'e', 1, 0, 0],
        ["e of 6"] = [(byte)'e', 0, 0, 0, 0, 0],
        ["e id 0"] = [(byte)'e', 0, 0, 0, 0],
        ["e id -7"] = [(byte)'e', 0xf9, 0xff, 0xff, 0xff],
        ["s of 1"] = Bytes("s"),
        ["s of 2"] = Bytes("s/"),
        ["s no slash"] = Bytes("sxabc"),
        ["s not UTF-8"] = [(byte)'s', (byte)'/', 0xff, 0xfe],
        ["s missing"] = Bytes("s/nosuchvariable"),
        ["h of 1"] = Bytes("h"),
        ["h unknown"] = Bytes("h0123456789abcdef"),
        ["a of 1"] = Bytes("a"),
        ["a one slash"] = Bytes("a/x"),
        ["a two slashes"] = Bytes("a/x/f"),
        ["a no name"] = Bytes("a/x/f/"),
        ["a unknown"] = Bytes("a/x/f/y"),
        ["a not f"] = Bytes("a/x/g/y"),
        ["a junk first"] = Bytes("axx/x/f/y"),
        ["a slashes"] = Bytes("a/x/f/y/z"),
        ["a of the scope"] = Bytes("a/scope/f/echo"),
        ["a not UTF-8"] = [.. Bytes("a/"), 0xff, .. Bytes("/f/y")],
        ["a path"] = Bytes("scope/echo"),
    };

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
