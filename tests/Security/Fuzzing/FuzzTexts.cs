using System.Globalization;
using System.Text;
using Google.Protobuf.Reflection;
using Wharf.Tables.Tests;

namespace Wharf.Security.Fuzzing;

/// <summary>Values of text and byte fields, by the name of the field.</summary>
internal static class FuzzTexts
{
    /// <summary>Texts that a reader may not expect.</summary>
    public static readonly string[] Odd =
    [
        "", " ", "\0", "a\0b", "\r\n", "\u001b[2J", "/", "//", "..", "../x", "%", "%00", "%s", "{0}", "$(true)", "`x`", "'", "\"", "\\", "=", "=1+1", "Ä", "\u202e", "😀", "\uffff", "null", "NaN", "-0", "true",
        new('x', 300), new('/', 64), new('(', 400), new('é', 5_000),
    ];

    private static readonly string[] Columns = ["A", "D", "S", "T", "B", "V", "X"];

    private static readonly string[] Methods =
    [
        """{"method":"hello_string","data":"x"}""", """{"method":"hello_table"}""", """{"method":"nothing"}""", """{"method":1}""", "{}", "[]", "{\"method\":", "\"\\ud800\"",
        """{"method":"list"}""", """{"method":"list_types"}""", """{"method":"create","type":"Counter","name":"made1","arguments":{"Start":"5"}}""", """{"method":"delete","name":"made1"}""",
        """{"method":"create","type":"Nothing","name":"made2"}""", """{"method":"create","type":"Counter","name":"\u001b"}""", new string('[', 5_000),
    ];

    /// <summary>Returns a value that a field accepts, mostly.</summary>
    public static string Text(FieldDescriptor field, FuzzRandom random) => field.Name switch
    {
        "column_specs" => $"{random.Pick("X", "A", "Y")} = {Formula(random)}",
        "column_names" or "column_name" or "columns" or "match_columns" => random.Pick(Columns),
        "filters" => random.Of(RandomFormulas.Conditions),
        "variable_name" => "v" + random.Next(20).ToString(CultureInfo.InvariantCulture),
        "type" => random.Pick("", "Table", "Echo", "Counter", "ExampleService", "Wharf.Objects", "Nothing"),
        "method" => random.Pick("equals", "startsWith", "matches", "length", "x"),
        "regex" => random.Pick("a*", ".*", "[", "(a|b)+", "\\"),
        "service" or "file_containing_symbol" => random.Pick("", "grpc.health.v1.Health", "io.deephaven.proto.backplane.grpc.TableService", "x.Y"),
        _ => random.Pick("A", "x", "1", "2020-01-01T00:00:00Z", "python", random.Pick(Odd)),
    };

    /// <summary>Returns the value of a field of bytes.</summary>
    public static byte[] Bytes(FieldDescriptor field, FuzzRandom random) => field.Name switch
    {
        "payload" => random.Next(6) switch
        {
            0 => Encoding.UTF8.GetBytes(random.Next(-5, 100).ToString(CultureInfo.InvariantCulture)),
            1 => [],
            2 => Encoding.UTF8.GetBytes(random.Pick(FuzzServer.PreSharedKeyHeader, "Anonymous", FuzzServer.PreSharedKeyHeader + "x", "Bearer x", "Basic eDp5", "Nothing x")),
            3 => random.Bytes(random.Next(200)),
            _ => Encoding.UTF8.GetBytes(random.Pick(Methods)),
        },
        _ => random.Once(3) ? [] : random.Bytes(random.Next(60)),
    };

    private static string Formula(FuzzRandom random) => random.Next(4) switch
    {
        0 => random.Of(RandomFormulas.Pieces),
        1 => random.Pick("A + 1", "S + `x`", "i", "ii * 2L", "A == 2 ? D : null", "V[0]"),
        _ => random.Of(RandomFormulas.Trees(3)),
    };
}
